#include "pop3_login.hpp"

#include <array>

#include "valija/base/words.hpp"

namespace valija::net {
namespace {

/// RFC 2449 §4 allows 512.
constexpr std::size_t line_limit = 4096;

/// The server's line; nothing may stand behind it, for it speaks only when it is asked.
Result<std::string> ask(Stream& stream, const std::string& command) {
  if (auto sent = stream.write(command + "\r\n"); !sent) return fail(std::move(sent).error());
  std::string line;
  while (line.find('\n') == std::string::npos) {
    std::array<char, 512> octets;
    const auto size = stream.read(octets);
    if (!size) return fail(size.error());
    if (*size == 0) return fail(Kind::unreachable, Blast::account, _("The server closed the connection."), _("Try again later."));
    line.append(octets.data(), *size);
    if (line.size() > line_limit) break;
  }
  const bool is_one_line = line.find('\n') == line.size() - 1;
  const bool is_status = line.starts_with("+OK") || line.starts_with("-ERR");
  if (is_one_line && is_status) return line;
  return fail(Kind::protocol, Blast::account, _("The server does not answer the login as POP3 has it."));
}

}  // namespace

Result<std::string> log_in_pop3(Stream& stream, const std::string& user, const Secret& password) {
  if (user.find_first_of("\r\n") != std::string::npos || password.reveal().find_first_of("\r\n") != std::string::npos) {
    return fail(Kind::settings, Blast::account, _("A user name or password for this server cannot hold a line break."));
  }
  for (const std::string& command : {"USER " + user, "PASS " + password.reveal()}) {
    auto answer = ask(stream, command);
    if (!answer || answer->starts_with("-ERR")) return answer;
  }
  return std::string();
}

}  // namespace valija::net
