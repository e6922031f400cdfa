#include "arguments.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija::cli {

namespace {

Unexpected usage(std::string message, std::string hint) {
  return fail(Kind::usage, Blast::program, std::move(message), std::move(hint));
}

std::string help_hint(const CommandRow& command) {
  const std::string name =
      std::string_view(command.name).empty() ? "valija --help" : fmt::format("valija {} --help", command.name);
  return fmt::format(fmt::runtime(_("See: {}")), name);
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const CommandRow& row : commands) {
    if (!std::string_view(row.name).empty()) names.emplace_back(row.name);
  }
  return names;
}

/// A search has signs of one: a prefix, a blank, an operator. A bare word could be a command that is spelt wrong.
bool looks_like_search(std::string_view word) {
  return word.empty() ||
         !std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() < 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The values that notmuch has for the same option.
std::string without_notmuch_suffix(std::string_view option, std::string value) {
  if (option == "--sort" && (value == "newest-first" || value == "oldest-first")) value.resize(6);
  return value;
}

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& typed) : typed_(typed) {}

  Result<Arguments> parse() {
    for (; next_ < typed_.size(); ++next_) {
      const std::string& word = typed_[next_];
      if (word == "--") {
        arguments_.words.insert(arguments_.words.end(), typed_.begin() + static_cast<std::ptrdiff_t>(next_) + 1,
                                typed_.end());
        break;
      }
      if (auto done = take(word); !done) return Unexpected(std::move(done).error());
    }
    return std::move(arguments_);
  }

 private:
  Result<void> take(const std::string& word) {
    if (arguments_.command->name == std::string_view("send") && word.size() > 1 && word[0] == '-' && word != "--help") return take_sendmail_options(word);
    const bool is_tag = arguments_.command->name == std::string_view("tag");
    if (word == "-h" || word == "--help") {
      arguments_.wants_help = true;
    } else if (word == "--version" && is_without_command()) {
      arguments_.wants_version = true;
    } else if (word == "-c") {
      return take_settings_file();
    } else if (is_tag && arguments_.words.empty() && word.size() > 1 && (word[0] == '+' || word[0] == '-')) {
      return take_change(word);
    } else if (word.size() > 1 && word[0] == '-') {
      return take_option(word);
    } else if (is_without_command() && arguments_.words.empty()) {
      return take_command(word);
    } else {
      arguments_.words.push_back(word);
    }
    return {};
  }

  bool is_without_command() const { return arguments_.command == &commands[0]; }

  Result<void> take_settings_file() {
    if (next_ + 1 >= typed_.size() || typed_[next_ + 1].empty())
      return usage(_("-c needs the name of a file."), help_hint(*arguments_.command));
    arguments_.settings_file = typed_[++next_];
    return {};
  }

  Result<void> take_change(const std::string& word) {
    // A tag with a minus in front could not be told from a removal, and 200 octets are libnotmuch's limit.
    if (word[1] == '-' || word.size() > 201 || clean(word) != word) {
      return usage(fmt::format(fmt::runtime(_("{} is not a change of a tag.")), clean(word)),
                   _("Write +TAG or -TAG; a tag does not begin with a minus."));
    }
    arguments_.changes.push_back(word);
    return {};
  }

  Result<void> take_command(const std::string& word) {
    if (const CommandRow* command = find_command(word)) {
      arguments_.command = command;
      return {};
    }
    const std::string near = looks_like_search(word) ? "" : nearest(word, command_names());
    if (!near.empty()) {
      return usage(
          fmt::format(fmt::runtime(_("There is no command {}.")), clean(word)),
          fmt::format(fmt::runtime(_("Did you mean {}? To search for the word: valija -- {}")), near, clean(word)));
    }
    arguments_.words.push_back(word);
    return {};
  }

  Result<void> take_option(const std::string& word) {
    const CommandRow& command = *arguments_.command;
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto row = std::find_if(command.options.begin(), command.options.end(),
                                  [&](const OptionRow& option) { return name == option.name; });
    if (row == command.options.end()) return unknown_option(name);
    if (!row->value) {
      if (equals != std::string::npos)
        return usage(fmt::format(fmt::runtime(_("{} takes no value.")), name), help_hint(command));
      arguments_.options.emplace_back(name, "");
      return {};
    }
    if (equals == std::string::npos && next_ + 1 >= typed_.size()) {
      return usage(fmt::format(fmt::runtime(_("{} needs a value: {}.")), name, row->value), help_hint(command));
    }
    const std::string value =
        without_notmuch_suffix(name, equals == std::string::npos ? typed_[++next_] : word.substr(equals + 1));
    if (!fits(*row, value)) {
      return usage(fmt::format(fmt::runtime(_("{} does not take \"{}\".")), name, clean(value)),
                   fmt::format(fmt::runtime(_("It takes: {}.")), row->value));
    }
    arguments_.options.emplace_back(name, value);
    return {};
  }

  /// As getopt(3) reads the options of sendmail: letters may stand together, a value behind its letter or alone.
  Result<void> take_sendmail_options(const std::string& word) {
    constexpr std::string_view switches = "GImniUtv", with_value = "BCFfhLNORrVX", attached = "Abdoq";
    for (std::size_t at = 1; at < word.size(); ++at) {
      const std::string name{'-', word[at] == 'r' ? 'f' : word[at]};
      if (word[at] == 'b' && word != "-bm") break;
      if (attached.find(word[at]) != std::string_view::npos) return {};  // -oi, -oem, -bm, -q: all of it is one
      if (with_value.find(word[at]) != std::string_view::npos) {
        if (at + 1 == word.size() && next_ + 1 >= typed_.size()) return usage(fmt::format(fmt::runtime(_("{} needs a value: {}.")), name, "..."), help_hint(*arguments_.command));
        arguments_.options.emplace_back(name, at + 1 < word.size() ? word.substr(at + 1) : typed_[++next_]);
        return {};
      }
      if (switches.find(word[at]) == std::string_view::npos) return unknown_option(name);
      arguments_.options.emplace_back(name, "");
      if (at + 1 == word.size()) return {};
    }
    return unknown_option(word);
  }

  Unexpected unknown_option(const std::string& name) const {
    const CommandRow& command = *arguments_.command;
    std::vector<std::string> known{"--help", "-c"};
    for (const OptionRow& option : command.options) known.emplace_back(option.name);
    const std::string near = nearest(name, known);
    std::string message = is_without_command() ? fmt::format(fmt::runtime(_("There is no option {}.")), clean(name))
                                               : fmt::format(fmt::runtime(_("The command {} has no option {}.")),
                                                             command.name, clean(name));
    if (near.empty())
      return usage(
          std::move(message),
          fmt::format(fmt::runtime(_("Put -- in front of a search that begins with a minus. {}")), help_hint(command)));
    return usage(std::move(message), fmt::format(fmt::runtime(_("Did you mean {}?")), near));
  }

  static bool fits(const OptionRow& row, const std::string& value) {
    const std::string_view form = row.value;
    if (form.find('|') != std::string_view::npos) {
      const auto choices = split(form, '|');
      return std::find(choices.begin(), choices.end(), value) != choices.end();
    }
    if (form != "N") return !value.empty();
    if (row.name != std::string_view("--part")) return is_digits(value);
    const auto numbers = split(value, '.');
    return numbers.size() <= 100 && std::all_of(numbers.begin(), numbers.end(), is_digits);
  }

  const std::vector<std::string>& typed_;
  std::size_t next_ = 0;
  Arguments arguments_;
};

}  // namespace

bool Arguments::has(std::string_view option) const {
  return std::any_of(options.begin(), options.end(), [&](const auto& typed) { return typed.first == option; });
}

std::string Arguments::value(std::string_view option, std::string_view fallback) const {
  const auto found =
      std::find_if(options.rbegin(), options.rend(), [&](const auto& typed) { return typed.first == option; });
  return found == options.rend() ? std::string(fallback) : found->second;
}

std::vector<std::string> Arguments::values(std::string_view option) const {
  std::vector<std::string> all;
  for (const auto& [name, value] : options) {
    if (name == option) all.push_back(value);
  }
  return all;
}

std::string Arguments::query() const { return join(words, " "); }

Result<Arguments> parse_arguments(const std::vector<std::string>& typed) { return Parser(typed).parse(); }

}  // namespace valija::cli
