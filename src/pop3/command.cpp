#include "valija/pop3/command.hpp"

#include <algorithm>
#include <charconv>

namespace valija::pop3 {
namespace {

/// Takes a decimal number off the front, and the spaces around it.
template <typename Number>
std::optional<Number> take_number(std::string_view& text) {
  const auto skip_spaces = [&] { text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size())); };
  skip_spaces();
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() != ' ' && text.front() != '\t') return std::nullopt;
  skip_spaces();
  return number;
}

Command with_number(const char* word, MessageNumber number, const char* rest, Command::Answer answer) {
  return {word + std::to_string(number) + rest, answer};
}

}  // namespace

Command capa() { return {"CAPA", Command::Answer::listing}; }
Command stat() { return {"STAT"}; }
Command list() { return {"LIST", Command::Answer::listing}; }
Command uidl() { return {"UIDL", Command::Answer::listing}; }
Command retr(MessageNumber number) { return with_number("RETR ", number, "", Command::Answer::message); }
Command top(MessageNumber number) { return with_number("TOP ", number, " 0", Command::Answer::message); }
Command dele(MessageNumber number) { return with_number("DELE ", number, "", Command::Answer::line); }
Command noop() { return {"NOOP"}; }
Command rset() { return {"RSET"}; }
Command quit() { return {"QUIT"}; }

std::optional<ListRow> parse_list_row(std::string_view line) {
  const auto number = take_number<MessageNumber>(line);
  if (!number || *number == 0) return std::nullopt;
  const auto size = take_number<std::uint64_t>(line);
  if (!size) return std::nullopt;
  return ListRow{*number, *size};
}

std::optional<UidlRow> parse_uidl_row(std::string_view line) {
  const auto number = take_number<MessageNumber>(line);
  if (!number || *number == 0) return std::nullopt;
  const std::size_t last = line.find_last_not_of(" \t");
  return UidlRow{*number, line.substr(0, last == std::string_view::npos ? 0 : last + 1)};
}

std::optional<std::uint64_t> parse_stat(std::string_view text) { return take_number<std::uint64_t>(text); }

}  // namespace valija::pop3
