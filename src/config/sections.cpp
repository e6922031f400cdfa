#include "sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "schema.hpp"
#include "valija/base/text.hpp"
#include "values.hpp"

namespace valija::config {

namespace {

using Kind = TomlValue::Kind;

constexpr std::size_t longest_account_name = 64;

template <typename Rows>
auto find_row(const Rows& rows, std::string_view section, std::string_view key) {
  return std::find_if(rows.begin(), rows.end(),
                      [&](const auto& row) { return section == row.section && key == row.key; });
}

template <typename Rows>
std::vector<std::string> keys_of(const Rows& rows, std::string_view section) {
  std::vector<std::string> keys;
  for (const auto& row : rows) {
    if (section == row.section) keys.emplace_back(row.key);
  }
  return keys;
}

void report_unknown_key(const TomlEntry& entry, const std::string& section, const std::vector<std::string>& known,
                        Source& source) {
  source.fault(entry.at, fmt::format(fmt::runtime(_("There is no key {} in [{}].")), clean(entry.key), section),
               suggestion(entry.key, known));
}

/// [mail], [ui], [sync], [compose]
void read_section(const TomlEntry& section, const Places& places, Parsed& parsed, Source& source) {
  for (const TomlEntry& entry : section.value.entries) {
    const auto row = find_row(settings_options, section.key, entry.key);
    if (row == settings_options.end()) {
      report_unknown_key(entry, section.key, keys_of(settings_options, section.key), source);
      continue;
    }
    const Demand demand{section.key + "." + entry.key, row->type, row->range, row->choices};
    if (auto value = check_value(demand, entry.value, places.home, source))
      store(parsed.settings, row->slot, std::move(*value));
    if (section.key == "mail" && entry.key == "root") parsed.mail_root_at = entry.value.at;
  }
}

/// The name becomes a directory below the mail root.
bool is_safe_name(std::string_view name) {
  const auto is_allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("._@+-").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= longest_account_name && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), is_allowed) && name != "cur" && name != "new" && name != "tmp";
}

class AccountReader {
 public:
  AccountReader(const Places& places, Parsed& parsed, Source& source)
      : places_(places), parsed_(parsed), source_(source), is_complete_(!source.has_faults()) {}

  void read(const TomlEntry& section) {
    if (section.value.kind != Kind::table) {
      source_.fault(section.at, fmt::format(fmt::runtime(_("{} stands outside of an account.")), clean(section.key)),
                    _("An account is a section with a name: [account.work]"));
      return;
    }
    check_name(section);
    Account account;
    account.name = section.key;
    has_address_ = has_receive_ = has_password_ = has_command_ = false;
    for (const TomlEntry& entry : section.value.entries) read_key(section, entry, account);
    if (is_complete_) report_missing(section, account);
    if (has_password_ && has_command_) {
      source_.fault(
          section.at,
          fmt::format(fmt::runtime(_("The account {} has a password and a password-command.")), clean(section.key)),
          _("Keep one of them."));
    }
    if (account.delete_after > 0 && !account.leave_on_server) {
      source_.fault(section.at,
                    fmt::format(fmt::runtime(_("The account {} deletes fetched mail at once, so that delete-after means nothing.")), clean(section.key)),
                    _("Leave delete-after out, or set leave-on-server = true."));
    }
    parsed_.settings.accounts.push_back(std::move(account));
  }

 private:
  /// What is not there; where a line could not be read, it may stand in that one.
  void report_missing(const TomlEntry& section, const Account& account) {
    const std::string name = clean(section.key);
    if (!has_address_) {
      source_.fault(section.at, fmt::format(fmt::runtime(_("The account {} has no address.")), name),
                    _("Add a line like: address = \"ana@example.org\""));
    }
    if (!has_receive_) {
      source_.warn(section.at, fmt::format(fmt::runtime(_("The account {} has no server to fetch mail from.")), name),
                   _("Add a line like: receive = \"imaps://ana@imap.example.org\""));
    } else if (account.receive && !has_password_ && !has_command_) {
      source_.warn(section.at, fmt::format(fmt::runtime(_("The account {} has no password, so that it cannot log in.")), name),
                   _("Add a line like: password-command = \"pass show mail/work\""));
    }
  }

  void check_name(const TomlEntry& section) {
    if (!is_safe_name(section.key)) {
      source_.fault(section.at,
                    fmt::format(fmt::runtime(_("\"{}\" cannot be the name of an account.")), clean(section.key)),
                    _("It names a directory: use letters, digits and . _ @ + - (no dot first), at most 64; not cur, "
                      "new or tmp."));
    } else if (!names_.insert(to_lower_ascii(section.key)).second) {
      source_.fault(
          section.at,
          fmt::format(
              fmt::runtime(_("There are two accounts named {}; upper and lower case do not make a difference.")),
              section.key),
          _("Give one of them another name."));
    }
  }

  void read_key(const TomlEntry& section, const TomlEntry& entry, Account& account) {
    const auto row = find_row(account_options, "account", entry.key);
    const std::string name = "account." + clean(section.key);
    if (row == account_options.end()) {
      report_unknown_key(entry, name, keys_of(account_options, "account"), source_);
      return;
    }
    has_address_ |= entry.key == "address";
    has_receive_ |= entry.key == "receive";
    has_command_ |= entry.key == "password-command";
    if (row->type == Type::secret) {
      has_password_ = true;
      parsed_.passwords.push_back(entry.at);
    }
    constexpr std::string_view command_prefix = "command:";
    if (row->type == Type::send_url && entry.value.kind == Kind::text && entry.value.text.starts_with(command_prefix)) {
      account.send_command = trim(std::string_view(entry.value.text).substr(command_prefix.size()));
      if (account.send_command.empty())
        source_.fault(entry.value.at, _("The command to send mail with is missing."),
                      _("Write it behind \"command:\"."));
      return;
    }
    const Demand demand{name + "." + entry.key, row->type, row->range, row->choices};
    if (auto value = check_value(demand, entry.value, places_.home, source_))
      store(account, row->slot, std::move(*value));
  }

  const Places& places_;
  Parsed& parsed_;
  Source& source_;
  std::set<std::string> names_;  // lower case: some file systems do not tell Work from work
  const bool is_complete_;  // every line could be read
  bool has_address_ = false, has_receive_ = false, has_password_ = false, has_command_ = false;
};

std::vector<std::string> known_sections() {
  std::vector<std::string> names{"account", "mail", "ui", "sync", "compose", "aliases", "tags", "filters", "views", "theme", "keys"};
  names.insert(names.end(), empty_sections.begin(), empty_sections.end());
  return names;
}

}  // namespace

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  if (!near.empty()) return fmt::format(fmt::runtime(_("Did you mean `{}`?")), near);
  if (known.empty()) return {};
  return fmt::format(fmt::runtime(_("Known are: {}.")), join(known, ", "));
}

Parsed read_sections(const TomlValue& root, const Places& places, Source& source) {
  Parsed parsed;
  AccountReader accounts(places, parsed, source);
  const auto known = known_sections();
  for (const TomlEntry& section : root.entries) {
    if (section.key.starts_with(unreadable_section)) continue;
    if (std::find(known.begin(), known.end(), section.key) == known.end()) {
      const char* message = section.value.kind == Kind::table ? _("There is no section [{}].")
                                                              : _("There is no setting {} outside of a section.");
      source.fault(section.at, fmt::format(fmt::runtime(message), clean(section.key)), suggestion(section.key, known));
    } else if (section.value.kind != Kind::table) {
      source.fault(
          section.at, fmt::format(fmt::runtime(_("{} is a section, not a setting.")), section.key),
          fmt::format(fmt::runtime(_("Write [{}] in a line of its own, and its settings below.")), section.key));
    } else if (section.key == "account") {
      for (const TomlEntry& entry : section.value.entries) accounts.read(entry);
    } else if (section.key == "aliases") {
      read_aliases(section.value, parsed.settings, source);
    } else if (section.key == "tags") {
      read_tags(section.value, parsed.settings, source);
    } else if (section.key == "filters") {
      read_filters(section.value, parsed.settings, source);
    } else if (section.key == "views") {
      read_views(section.value, parsed.settings, source);
    } else if (section.key == "theme") {
      read_theme(section.value, parsed.settings, source);
    } else if (section.key == "keys") {
      read_keys(section.value, parsed.settings, source);
    } else {
      read_section(section, places, parsed, source);
    }
  }
  return parsed;
}

}  // namespace valija::config
