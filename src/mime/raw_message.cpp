#include "raw_message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reencode.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view take_line(std::string_view text) {
  const auto end = text.find("\r\n");
  return text.substr(0, end == none ? text.size() : end + 2);
}

/// Octets of the name of a header field; 0: the line is none.
std::size_t name_size(std::string_view line) {
  const auto is_name = [](char c) { return c > ' ' && c < 0x7f && c != ':'; };
  const auto size = static_cast<std::size_t>(std::find_if_not(line.begin(), line.end(), is_name) - line.begin());
  const auto colon = line.find_first_not_of(" \t", size);
  return colon != none && line[colon] == ':' ? size : 0;
}

/// Breaks a line in front of a blank as late as it goes. False: there is none, or the next line would be empty.
bool add_folded(std::string& head, std::string_view line) {
  while (line.size() > longest_wire_line + 2) {
    auto at = longest_wire_line;
    while (at > 0 && !(is_blank(line[at]) && !is_blank(line[at - 1]))) --at;
    if (at == 0 || trim(line.substr(at)).empty()) return false;
    head += line.substr(0, at);
    head += "\r\n";
    line.remove_prefix(at);
  }
  head += line;
  return true;
}

}  // namespace

std::string with_wire_ends(std::string_view octets) {
  std::string text;
  text.reserve(octets.size() + octets.size() / 32);
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const bool is_cr = octets[i] == '\r';
    if (!is_cr && octets[i] != '\n') {
      text += octets[i];
      continue;
    }
    text += "\r\n";
    if (is_cr && i + 1 < octets.size() && octets[i + 1] == '\n') ++i;
  }
  if (!text.empty() && !text.ends_with("\r\n")) text += "\r\n";
  return text;
}

bool RawMessage::has(std::string_view name) const {
  return std::any_of(fields.begin(), fields.end(), [&](const RawField& field) { return equal_ignoring_case(field.name, name); });
}

std::string_view RawMessage::value(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const RawField& field) { return equal_ignoring_case(field.name, name); });
  return found == fields.end() ? std::string_view() : found->value();
}

RawMessage split_message(std::string_view message) {
  RawMessage split;
  std::size_t position = 0;
  while (position < message.size()) {
    const auto start = position;
    const auto first = take_line(message.substr(start));
    const auto size_of_name = name_size(first);
    if (size_of_name == 0) {
      if (first == "\r\n") position += 2;
      break;
    }
    position += first.size();
    while (position < message.size() && is_blank(message[position])) {
      const auto next = take_line(message.substr(position));
      if (trim(next).empty()) break;  // a line of blanks is where some mailers end the headers
      position += next.size();
    }
    split.fields.push_back({message.substr(start, size_of_name), message.substr(start, position - start)});
  }
  split.body = message.substr(position);
  return split;
}

Result<void> add_fields(std::string& head, const RawMessage& message, const std::vector<std::string_view>& left_out) {
  for (const RawField& field : message.fields) {
    const auto is_it = [&](std::string_view name) { return equal_ignoring_case(name, field.name); };
    if (std::any_of(left_out.begin(), left_out.end(), is_it)) continue;
    bool is_fit = field.lines.find('\0') == none;
    for (auto rest = field.lines; !rest.empty() && is_fit;) {
      const auto line = take_line(rest);
      is_fit = add_folded(head, line);
      rest.remove_prefix(line.size());
    }
    if (!head.ends_with("\r\n")) head += "\r\n";
    if (is_fit) continue;
    const char* sentence = _("The header {} cannot be sent: it holds NUL, or a line of more than 998 characters.");
    return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(sentence), clean_phrase(field.name)));
  }
  return {};
}

Result<WireFacts> write_raw(std::string head, std::string_view body, const std::string& path) {
  head += "\r\n";
  WireScan scan;
  scan.add(head);
  scan.add(body);
  const WireFacts facts = scan.facts();
  if (!facts.is_fit()) return reencode(head.append(body), GMIME_ENCODING_CONSTRAINT_8BIT, path);
  auto file = NewFile::create(path);
  if (!file) return Unexpected(std::move(file).error());
  for (const std::string_view octets : {std::string_view(head), body}) {
    if (auto written = file->write(octets); !written) return Unexpected(written.error());
  }
  if (auto kept = file->keep(); !kept) return Unexpected(kept.error());
  return facts;
}

}  // namespace valija::mime
