#include <fmt/format.h>

#include <algorithm>

#include "sections.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/config/keymap.hpp"
#include "valija/config/theme.hpp"
#include "valija/mail/address.hpp"
#include "valija/mail/folder.hpp"

namespace valija::config {

namespace {

using Kind = TomlValue::Kind;

constexpr std::size_t longest_tag = 200;  // NOTMUCH_TAG_MAX

/// The text of an entry; null after a fault.
const std::string* text_of(const TomlEntry& entry, std::string_view section, Source& source) {
  if (entry.value.kind != Kind::text) {
    source.fault(entry.value.at,
                 fmt::format(fmt::runtime(_("{} in [{}] must be a text in double quotes.")), clean(entry.key), section),
                 {});
    return nullptr;
  }
  if (clean(entry.value.text) != entry.value.text || clean(entry.key) != entry.key) {
    source.fault(entry.at,
                 fmt::format(fmt::runtime(_("{} in [{}] contains control characters.")), clean(entry.key), section),
                 {});
    return nullptr;
  }
  return &entry.value.text;
}

bool is_keyword(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("(){%*\"\\]").find(c) == std::string_view::npos;
  });
}

/// "flag:answered", "keyword:$Todo", "folder:Lists/debian"
bool is_tag_target(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view kind = text.substr(0, colon), name = text.substr(colon + 1);
  constexpr std::array<std::string_view, 5> flags{"seen", "answered", "flagged", "draft", "passed"};
  if (kind == "flag") return std::find(flags.begin(), flags.end(), name) != flags.end();
  if (kind == "keyword") return is_keyword(name);
  return kind == "folder" && FolderPath::from_text(name).has_value();
}

/// "text/html", "image/*"
bool is_type_pattern(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const auto is_token = [](std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
    });
  };
  const std::string_view kind = text.substr(slash + 1);
  return is_token(text.substr(0, slash)) && (kind == "*" || is_token(kind));
}

void read_look(const std::string& name, const TomlEntry& entry, Settings& settings, Source& source) {
  const std::string* text = text_of(entry, "theme", source);
  if (!text) return;
  if (parse_look(*text)) {
    settings.theme[name] = *text;
  } else {
    source.fault(entry.value.at, fmt::format(fmt::runtime(_("\"{}\" does not describe a colour.")), *text),
                 _("Write it like \"bold bright-blue\", \"#7aa5d8 on default\", \"214\" or \"dim\"."));
  }
}

}  // namespace

void read_aliases(const TomlValue& section, Settings& settings, Source& source) {
  for (const TomlEntry& entry : section.entries) {
    const std::string* text = text_of(entry, "aliases", source);
    if (!text) continue;
    const std::vector<Address> members = parse_addresses(*text);
    const bool is_sound = !members.empty() && std::all_of(members.begin(), members.end(), [](const Address& member) {
      return member.mailbox.find('@') != std::string::npos;
    });
    if (trim(entry.key).empty() || entry.key.find_first_of(",@<>") != std::string::npos) {
      source.fault(entry.at, _("This cannot be the name of an alias."), _("An alias has no comma, @, < or > in its name."));
    } else if (!is_sound) {
      source.fault(entry.value.at, fmt::format(fmt::runtime(_("The alias {} does not stand for addresses.")), entry.key),
                   _("Write them like \"Marta Gil <marta@example.org>, jun@example.org\"."));
    } else {
      settings.aliases[entry.key] = *text;
    }
  }
}

void read_tags(const TomlValue& section, Settings& settings, Source& source) {
  std::map<std::string, std::string> taken;  // what a tag stands for -> the tag
  for (const TomlEntry& entry : section.entries) {
    const std::string* text = text_of(entry, "tags", source);
    if (!text) continue;
    if (entry.key.empty() || entry.key.size() > longest_tag || entry.key.starts_with('-')) {
      source.fault(entry.at, _("This cannot be the name of a tag."),
                   _("A tag has 1 to 200 octets and does not begin with a minus."));
    } else if (entry.key == "unread") {
      source.fault(entry.at, _("The tag unread means that a message was not seen, and nothing else."), _("Choose another tag."));
    } else if (!is_tag_target(*text)) {
      source.fault(entry.value.at,
                   fmt::format(fmt::runtime(_("The tag {} cannot stand for \"{}\".")), entry.key, *text),
                   _("Write \"flag:answered\" (or seen, flagged, draft, passed), \"keyword:$Todo\" or "
                     "\"folder:Lists/debian\"."));
    } else if (const auto [row, is_new] = taken.emplace(to_lower_ascii(*text), entry.key); !is_new) {
      source.fault(entry.at, fmt::format(fmt::runtime(_("The tag {} stands for \"{}\" already.")), row->second, *text),
                   _("Only one tag can stand for it."));
    } else {
      settings.tags[entry.key] = *text;
    }
  }
}

void read_filters(const TomlValue& section, Settings& settings, Source& source) {
  for (const TomlEntry& entry : section.entries) {
    const std::string* text = text_of(entry, "filters", source);
    if (!text) continue;
    if (!is_type_pattern(entry.key)) {
      source.fault(entry.at, fmt::format(fmt::runtime(_("\"{}\" is no type of a part.")), entry.key), _("Write it like \"text/html\" or \"image/*\"."));
    } else if (trim(*text).empty()) {
      source.fault(entry.value.at, fmt::format(fmt::runtime(_("The filter for {} has no command.")), entry.key),
                   _("Write it like: \"text/html\" = \"w3m -dump -T text/html\""));
    } else {
      settings.filters[to_lower_ascii(entry.key)] = *text;
    }
  }
}

void read_views(const TomlValue& section, Settings& settings, Source& source) {
  for (const TomlEntry& entry : section.entries) {
    const std::string* text = text_of(entry, "views", source);
    if (!text) continue;
    if (trim(*text).empty() || trim(entry.key).empty()) {
      source.fault(entry.at, _("A view needs a name and a search."),
                   _("Write it like: \"To reply\" = \"tag:flagged\""));
      continue;
    }
    settings.views.push_back({entry.key, *text});
  }
}

void read_theme(const TomlValue& section, Settings& settings, Source& source) {
  std::vector<std::string> known;
  for (const RoleRow& row : role_rows()) known.emplace_back(row.name);
  for (const TomlEntry& entry : section.entries) {
    if (entry.key == "tag" && entry.value.kind == Kind::table) {
      for (const TomlEntry& tag : entry.value.entries) read_look("tag." + tag.key, tag, settings, source);
    } else if (role_of(entry.key)) {
      read_look(entry.key, entry, settings, source);
    } else {
      source.fault(entry.at, fmt::format(fmt::runtime(_("There is no key {} in [{}].")), clean(entry.key), "theme"),
                   suggestion(entry.key, known));
    }
  }
}

void read_keys(const TomlValue& section, Settings& settings, Source& source) {
  std::vector<std::string> known;
  for (const KeyContext& context : key_contexts) known.emplace_back(context.name);
  for (const TomlEntry& context : section.entries) {
    if (context.value.kind != Kind::table) {
      source.fault(context.at, _("Keys are bound in a context."),
                   fmt::format(fmt::runtime(_("Write the binding below [keys.{}].")), "list"));
      continue;
    }
    if (std::find(known.begin(), known.end(), context.key) == known.end()) {
      source.fault(context.at, fmt::format(fmt::runtime(_("There is no section [{}].")), "keys." + clean(context.key)),
                   suggestion(context.key, known));
      continue;
    }
    for (const TomlEntry& entry : context.value.entries) {
      const std::string* text = text_of(entry, "keys." + context.key, source);
      if (!text) continue;
      settings.keys.push_back({context.key, entry.key, std::string(trim(*text)), entry.at.line, entry.at.column});
    }
  }
  std::vector<KeyFault> faults;
  Keymap::build({}, settings.keys, faults);
  for (KeyFault& fault : faults)
    source.fault({fault.binding.line, fault.binding.column}, std::move(fault.message), std::move(fault.help));
}

}  // namespace valija::config
