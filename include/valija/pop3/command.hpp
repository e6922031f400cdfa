#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace valija::pop3 {

/// The number of a message within one session (RFC 1939 §5), from 1.
using MessageNumber = std::uint32_t;

/// A command line without CRLF, and what follows on its +OK.
struct Command {
  enum class Answer : std::uint8_t { line, listing, message };
  std::string line;
  Answer answer = Answer::line;
};

Command capa();
Command stat();
/// All messages.
Command list();
Command uidl();
Command retr(MessageNumber number);
/// The header and no line of the body.
Command top(MessageNumber number);
Command dele(MessageNumber number);
Command noop();
Command rset();
Command quit();

/// "5 1200", a line of LIST.
struct ListRow {
  MessageNumber number = 0;
  std::uint64_t size = 0;
};
std::optional<ListRow> parse_list_row(std::string_view line);

/// "5 whqtswO00WBw418f9t5JxYwZ", a line of UIDL. The name is whatever stands there, perhaps nothing.
struct UidlRow {
  MessageNumber number = 0;
  std::string_view name;
};
std::optional<UidlRow> parse_uidl_row(std::string_view line);

/// The number of messages in "2 320", the text of STAT's +OK.
std::optional<std::uint64_t> parse_stat(std::string_view text);

}  // namespace valija::pop3
