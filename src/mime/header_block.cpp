#include "header_block.hpp"

#include <algorithm>

#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;

std::string_view without_line_end(std::string_view line) {
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string_view take_line(std::string_view text) {
  const auto end = text.find('\n');
  return text.substr(0, end == none ? text.size() : end + 1);
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_name_character(char c) { return c > ' ' && c < 0x7f && c != ':'; }

/// RFC 5322 §2.2, and blanks before the colon (§4.5).
std::size_t name_size(std::string_view line) {
  const auto end = static_cast<std::size_t>(std::find_if_not(line.begin(), line.end(), is_name_character) - line.begin());
  std::size_t colon = end;
  while (colon < line.size() && is_blank(line[colon])) ++colon;
  return end > 0 && colon < line.size() && line[colon] == ':' ? end : 0;
}

Field to_field(std::string_view lines, std::size_t size_of_name) {
  const auto value = lines.substr(lines.find(':', size_of_name) + 1);
  return {lines.substr(0, size_of_name), without_line_end(value)};
}

}  // namespace

const Field* HeaderBlock::find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return equal_ignoring_case(field.name, name); });
  return found == fields.end() ? nullptr : &*found;
}

HeaderBlock read_header_block(std::string_view head, std::size_t limit) {
  HeaderBlock block;
  std::size_t position = 0;
  while (position < head.size()) {
    const auto start = position;
    const auto first = take_line(head.substr(start));
    position += first.size();
    if (without_line_end(first).empty()) {
      block.has_end = true;
      break;
    }
    const auto size_of_name = name_size(first);
    if (start == 0) {
      block.starts_with_field = size_of_name > 0;
      if (size_of_name == 0) return block;
    }
    while (position < head.size() && is_blank(head[position])) position += take_line(head.substr(position)).size();
    if (size_of_name > 0 && block.fields.size() < limit) {
      block.fields.push_back(to_field(head.substr(start, position - start), size_of_name));
    }
  }
  block.body = position;
  return block;
}

std::size_t envelope_size(std::string_view message) {
  std::size_t position = message.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (position < message.size() && position < 64 && (message[position] == '\n' || message[position] == '\r')) {
    ++position;
  }
  const auto rest = message.substr(position);
  if (rest.starts_with("From ")) position += take_line(rest).size();
  const auto block = message.substr(position);
  return name_size(take_line(block)) > 0 ? position : 0;
}

}  // namespace valija::mime
