#include "sent_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "role_folder.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/store/draft_files.hpp"

namespace valija::workers {
namespace {

/// Recipients stand in the header; one that is longer than any is not searched to its end.
constexpr std::size_t longest_header = 1 << 20;

/// Servers that put what they send into the Sent folder themselves.
constexpr std::array<std::string_view, 5> copying_hosts{"gmail.com", "googlemail.com", "office365.com", "outlook.com", "hotmail.com"};

bool makes_copies(std::string_view host) {
  const std::string name = to_lower_ascii(host);
  return std::any_of(copying_hosts.begin(), copying_hosts.end(), [&](std::string_view domain) {
    return name.ends_with(domain) && (name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.');
  });
}

/// The header of a message, in small letters.
Result<std::string> read_header(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail(disk_error(_("Opening"), path, errno));
  std::string text;
  std::array<char, 16 << 10> block;
  std::size_t end = std::string::npos;
  while (text.size() < longest_header && (end = text.find("\r\n\r\n")) == std::string::npos) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(disk_error(_("Reading"), path, errno));
    if (count == 0) break;
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  return to_lower_ascii(text.substr(0, end));
}

/// "Bcc: ..." of those who stand nowhere in the header.
std::string hidden_recipients(const Outgoing& entry, const std::string& header) {
  std::string field;
  for (const std::string& recipient : entry.recipients) {
    if (header.find(to_lower_ascii(recipient)) != std::string::npos) continue;
    field += (field.empty() ? "Bcc: " : ",\r\n ") + recipient;
  }
  return field.empty() ? field : field + "\r\n";
}

}  // namespace

bool needs_sent_copy(const config::Account& account) {
  if (account.sent_copy != "auto") return account.sent_copy == "always" && account.receive;
  return account.receive && !makes_copies(account.send ? account.send->host : account.receive->host);
}

Result<std::string> make_sent_copy(const Outgoing& entry, const config::Account& account, const config::Settings& settings, const config::Places& places) {
  const auto header = read_header(entry.file);
  if (!header) return header;
  // Made from what never changes: it is the same name after a crash.
  const std::string name = fmt::format("{}.O{}.outbox.{}", entry.queued, entry.id, entry.file.substr(entry.file.rfind('/') + 1));
  return store::deliver(settings.mail_root, account.name, role_folder(account, FolderRole::sent, places.state_dir, "Sent"), entry.file, name, "S", hidden_recipients(entry, *header));
}

}  // namespace valija::workers
