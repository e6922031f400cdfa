#include "values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "paths.hpp"
#include "sections.hpp"
#include "server_url.hpp"
#include "valija/base/text.hpp"
#include "valija/config/columns.hpp"
#include "valija/config/theme.hpp"
#include "valija/mail/folder.hpp"

namespace valija::config {

namespace {

using Kind = TomlValue::Kind;

Kind kind_of(Type type) {
  switch (type) {
    case Type::boolean:
      return Kind::boolean;
    case Type::integer:
      return Kind::integer;
    case Type::addresses:
    case Type::texts:
      return Kind::list;
    default:
      return Kind::text;
  }
}

const char* form_of(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return N_("{} must be true or false, without quotes.");
    case Kind::integer:
      return N_("{} must be a whole number, without quotes.");
    case Kind::list:
      return N_("{} must be a list of texts, like [\"one\", \"two\"].");
    default:
      return N_("{} must be a text in double quotes.");
  }
}

/// Good enough to catch a slip of the pen; the server decides.
bool looks_like_address(std::string_view text) {
  const auto at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find_first_of(" \t<>,;") == std::string_view::npos && text.size() <= 320;
}

/// The checks of one text; every one that fails says so to the source.
class TextCheck {
 public:
  TextCheck(const Demand& demand, const std::string& home, Source& source)
      : demand_(demand), home_(home), source_(source) {}

  std::optional<CheckedValue> check(const TomlValue& value) {
    const std::string& text = value.text;
    if (demand_.type != Type::secret && demand_.type != Type::lines && clean(text) != text) {
      return refuse(value.at, _("{} contains control characters."), _("Write it in one line, without tabs."));
    }
    if (text.empty() && demand_.type != Type::text && demand_.type != Type::lines) {
      return refuse(value.at, _("{} must not be empty."), _("Leave the key out for its default."));
    }
    switch (demand_.type) {
      case Type::choice:
        return choice(value);
      case Type::folder:
        return folder(value);
      case Type::path:
        return path(value);
      case Type::address:
        return address(value);
      case Type::receive_url:
        return url(value, Direction::receive);
      case Type::send_url:
        return url(value, Direction::send);
      case Type::secret:
        return secret(value);
      case Type::columns:
        return columns(value);
      case Type::color:
        if (parse_color(text)) return CheckedValue(text);
        return refuse(value.at, _("{} is not a colour."), _("Write \"green\", \"bright-blue\", \"208\" or \"#5f87af\"."));
      case Type::letter:
        if (graphemes(text).size() == 1) return CheckedValue(text);
        return refuse(value.at, _("{} must be one letter."), {});
      default:
        return CheckedValue(text);
    }
  }

  std::optional<CheckedValue> address(const TomlValue& value) {
    if (looks_like_address(value.text)) return CheckedValue(value.text);
    return refuse(value.at, _("{} is not a mail address."), _("Write it like \"ana@example.org\", without a name."));
  }

 private:
  std::optional<CheckedValue> refuse(Position at, const char* message, std::string help) {
    source_.fault(at, fmt::format(fmt::runtime(message), demand_.name), std::move(help));
    return std::nullopt;
  }

  std::optional<CheckedValue> choice(const TomlValue& value) {
    const auto choices = split(demand_.choices, ' ');
    if (std::find(choices.begin(), choices.end(), value.text) != choices.end()) return CheckedValue(value.text);
    return refuse(value.at, _("{} does not know this value."), suggestion(value.text, choices));
  }

  std::optional<CheckedValue> columns(const TomlValue& value) {
    std::string wrong;
    if (!parse_columns(value.text, wrong).empty()) return CheckedValue(value.text);
    std::vector<std::string> names;
    for (const ColumnName& column : column_names) names.emplace_back(column.name);
    return refuse(value.at, _("{} is no list of columns."), suggestion(wrong, names));
  }

  std::optional<CheckedValue> folder(const TomlValue& value) {
    if (FolderPath::from_text(value.text)) return CheckedValue(value.text);
    return refuse(value.at, _("{} is not the name of a folder."), _("Write it like \"Archive\" or \"Lists/debian\"."));
  }

  std::optional<CheckedValue> path(const TomlValue& value) {
    const std::string expanded = tidy_path(expand_home(value.text, home_));
    if (expanded.starts_with('/')) return CheckedValue(expanded);
    return refuse(value.at, _("{} must be a whole path."), _("Begin it with / or ~/."));
  }

  std::optional<CheckedValue> url(const TomlValue& value, Direction direction) {
    auto parsed = parse_server_url(value.text, direction);
    if (auto* fault = std::get_if<UrlFault>(&parsed)) {
      source_.fault(value.at, std::move(fault->message), std::move(fault->help));
      return std::nullopt;
    }
    return CheckedValue(std::optional(std::get<ServerUrl>(std::move(parsed))));
  }

  std::optional<CheckedValue> secret(const TomlValue& value) {
    if (value.text.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos) {
      return refuse(value.at, _("{} contains a line break or a NUL character."), _("No server takes such a password."));
    }
    return CheckedValue(Secret(value.text));
  }

  const Demand& demand_;
  const std::string& home_;
  Source& source_;
};

std::optional<CheckedValue> check_list(const Demand& demand, const TomlValue& value, const std::string& home,
                                       Source& source) {
  std::vector<std::string> texts;
  const Demand each{demand.name, demand.type == Type::addresses ? Type::address : Type::command, demand.range,
                    demand.choices};
  TextCheck check(each, home, source);
  bool is_good = true;
  for (const TomlValue& item : value.items) {
    if (item.kind != Kind::text) {
      source.fault(item.at, fmt::format(fmt::runtime(_(form_of(Kind::list))), demand.name), {});
      is_good = false;
    } else if (check.check(item)) {
      texts.push_back(item.text);
    } else {
      is_good = false;
    }
  }
  return is_good ? std::optional(CheckedValue(std::move(texts))) : std::nullopt;
}

}  // namespace

std::optional<CheckedValue> check_value(const Demand& demand, const TomlValue& value, const std::string& home,
                                        Source& source) {
  const Kind kind = kind_of(demand.type);
  if (value.kind != kind) {
    source.fault(value.at, fmt::format(fmt::runtime(_(form_of(kind))), demand.name), {});
    return std::nullopt;
  }
  switch (kind) {
    case Kind::boolean:
      return CheckedValue(value.boolean);
    case Kind::list:
      return check_list(demand, value, home, source);
    case Kind::integer:
      if (value.integer >= demand.range.least && value.integer <= demand.range.most) return CheckedValue(value.integer);
      source.fault(
          value.at,
          fmt::format(fmt::runtime(_("{} must be from {} to {}.")), demand.name, demand.range.least, demand.range.most),
          {});
      return std::nullopt;
    default:
      return TextCheck(demand, home, source).check(value);
  }
}

}  // namespace valija::config
