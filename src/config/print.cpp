#include "print.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "server_url.hpp"
#include "valija/base/text.hpp"

namespace valija::config {

namespace {

constexpr int comment_columns = 78;

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

/// A paragraph as comment lines.
std::string comment(std::string_view text) {
  std::string lines, line = "#";
  for (const std::string& word : split(text, ' ')) {
    if (display_width(line) + 1 + display_width(word) > comment_columns && line.size() > 1) {
      lines += line + "\n";
      line = "#";
    }
    line += " " + word;
  }
  return lines + line + "\n";
}

template <typename Row>
std::string sample_option(const Row& row) {
  const std::string fallback = fallback_text(row.fallback);
  std::string text = comment(_(row.doc));
  if (row.type == Type::choice || row.type == Type::integer)
    text += comment(value_form(row.type, row.range, row.choices));
  return text + fmt::format("#{} = {}\n\n", row.key, std::string_view(row.example).empty() ? fallback : row.example);
}

std::string toml_list(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  for (const std::string& text : texts) quoted.push_back(toml_text(text));
  return "[" + join(quoted, ", ") + "]";
}

/// The value of a slot as TOML; empty: not set.
template <typename Object, typename Slot>
std::string value_in_force(const Object& object, const Slot& slot) {
  return std::visit(
      [&](auto member) {
        return Overloaded{
            [](const std::string& text) { return text.empty() ? std::string() : toml_text(text); },
            [](std::int64_t number) { return std::to_string(number); },
            [](bool value) { return std::string(value ? "true" : "false"); },
            [](const std::vector<std::string>& texts) { return texts.empty() ? std::string() : toml_list(texts); },
            [](const std::optional<ServerUrl>& url) { return url ? toml_text(to_text(*url)) : std::string(); },
            [](const Secret& secret) { return secret.empty() ? std::string() : toml_text(_("(hidden)")); },
        }(object.*member);
      },
      slot);
}

template <typename Map>
std::string show_map(std::string_view section, const Map& map) {
  if (map.empty()) return {};
  std::string text = fmt::format("\n[{}]\n", section);
  for (const auto& [key, value] : map) {
    const bool is_tag = section == "theme" && key.starts_with("tag.");
    text += fmt::format("{} = {}\n", is_tag ? "tag." + toml_key(key.substr(4)) : toml_key(key), toml_text(value));
  }
  return text;
}

}  // namespace

std::string show_account(const Account& account) {
  std::string text = fmt::format("\n[account.{}]\n", toml_key(account.name));
  for (const AccountOption& row : account_options) {
    std::string value = value_in_force(account, row.slot);
    if (row.type == Type::send_url && !account.send_command.empty())
      value = toml_text("command:" + account.send_command);
    if (!value.empty()) text += fmt::format("{} = {}\n", row.key, value);
  }
  return text;
}

std::string value_text(const Settings& settings, const SettingsOption& row) { return value_in_force(settings, row.slot); }

std::string toml_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string toml_key(std::string_view key) {
  const bool is_bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  return is_bare ? std::string(key) : toml_text(key);
}

std::string fallback_text(const Fallback& fallback) {
  return std::visit(Overloaded{[](std::monostate) { return std::string(); },
                               [](bool value) { return std::string(value ? "true" : "false"); },
                               [](std::int64_t number) { return std::to_string(number); },
                               [](const char* text) { return toml_text(std::string_view(text)); }},
                    fallback);
}

std::string value_form(Type type, Range range, std::string_view choices) {
  switch (type) {
    case Type::boolean:
      return _("true or false");
    case Type::integer:
      return fmt::format(fmt::runtime(_("a whole number from {} to {}")), range.least, range.most);
    case Type::choice:
      return fmt::format(fmt::runtime(_("one of: {}")), join(split(choices, ' '), ", "));
    case Type::path:
      return _("a path that begins with / or ~/");
    case Type::folder:
      return _("a folder");
    case Type::address:
      return _("a mail address");
    case Type::addresses:
      return _("a list of mail addresses");
    case Type::texts:
      return _("a list of texts");
    case Type::columns:
      return _("names of columns");
    case Type::color:
      return _("a colour");
    case Type::letter:
      return _("a letter");
    case Type::receive_url:
    case Type::send_url:
      return _("the URL of a server");
    case Type::command:
      return _("a command");
    default:
      return _("a text");
  }
}

std::string sample() {
  std::string text =
      comment(_("Settings of valija, in TOML: ~/.config/valija/valijarc. Every key is written here with its default or "
                "an example; take away "
                "the # in front to set it. Check with: valija config check. More in valijarc(5)."));
  text += "\n" + comment(_("An account. The name, here work, is yours to choose; it names the directory of its mail. "
                           "Have as many accounts as you like."));
  text += "#[account.work]\n\n";
  for (const AccountOption& row : account_options) {
    if (row.type == Type::secret) continue;  // beside password-command it would be a fault
    text += sample_option(row);
  }
  std::string_view section;
  for (const SettingsOption& row : settings_options) {
    if (section != row.section) text += fmt::format("[{}]\n\n", section = row.section);
    text += sample_option(row);
  }
  for (const FreeSection& row : free_sections) {
    const std::string name = std::string_view(row.name) == "keys.CONTEXT" ? "keys.list" : row.name;
    text += fmt::format("[{}]\n\n", name) + comment(_(row.doc)) + "#" + row.example + "\n\n";
  }
  text.pop_back();
  return text;
}

std::string show(const Settings& settings) {
  std::string text = settings.file.empty()
                         ? comment(_("No settings file: these are the defaults."))
                         : comment(fmt::format(fmt::runtime(_("The settings in force, from {} and the defaults.")),
                                               clean(settings.file)));
  std::string_view section;
  for (const SettingsOption& row : settings_options) {
    if (section != row.section) text += fmt::format("\n[{}]\n", section = row.section);
    if (const std::string value = value_in_force(settings, row.slot); !value.empty()) text += fmt::format("{} = {}\n", row.key, value);
  }
  for (const Account& account : settings.accounts) text += show_account(account);
  text += show_map("aliases", settings.aliases) + show_map("tags", settings.tags) + show_map("filters", settings.filters) + show_map("theme", settings.theme);
  if (!settings.views.empty()) text += "\n[views]\n";
  for (const View& view : settings.views) text += fmt::format("{} = {}\n", toml_key(view.name), toml_text(view.query));
  std::map<std::string, std::string> keys;
  for (const KeyBinding& binding : settings.keys)
    keys[binding.context] += fmt::format("{} = {}\n", toml_key(binding.keys), toml_text(binding.command));
  for (const auto& [context, lines] : keys) text += fmt::format("\n[keys.{}]\n{}", context, lines);
  return text;
}

}  // namespace valija::config
