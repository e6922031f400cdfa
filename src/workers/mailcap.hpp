#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace valija::workers {

/// A line of a mailcap file (RFC 1524).
struct MailcapEntry {
  std::string type;     ///< "image/png", "image/*", lower case
  std::string command;  ///< with %s for the file and %t for the type; without %s it reads the file as its input
  std::string test;     ///< a command that must end with 0; may be empty
  std::string name_template;
  bool needs_terminal = false, is_copious = false;
};

/// In the order of the text; what is no entry is left out.
std::vector<MailcapEntry> parse_mailcap(std::string_view text);

/// The entries for a type of the files of $MAILCAPS, else ~/.mailcap and /etc/mailcap, that can be started without a terminal; best first.
std::vector<MailcapEntry> mailcap_entries_for(std::string_view type);

/// The file's name as an entry wants it: of `name` only letters, digits and . _ - remain, and it ends as the template says.
std::string mailcap_name(const MailcapEntry& entry, std::string_view name);

/// A text of an entry for /bin/sh; `path` is empty for `test`. Nothing: `path` or `type` hold an octet that could mean anything to a shell, in whatever quotes the entry puts it.
std::optional<std::string> mailcap_command(std::string_view text, std::string_view path, std::string_view type);

}  // namespace valija::workers
