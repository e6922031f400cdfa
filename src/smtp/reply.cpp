#include "valija/smtp/reply.hpp"

#include <algorithm>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::smtp {
namespace {

/// For a person; what is longer helps nobody.
constexpr std::size_t line_text_limit = 1000;
constexpr std::size_t text_limit = 1000;
constexpr std::size_t number_limit = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Unexpected no_smtp(const char* reason) { return fail(Kind::protocol, Blast::account, reason, _("Check the port in the settings.")); }

/// "5.1.1" off the front of a text whose code begins with the same digit (RFC 2034 §4); empty: there is none.
std::string_view take_enhanced(std::string_view& text, int code) {
  std::size_t at = 0;
  for (int part = 0; part < 3; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != '.')) return {};
    const std::size_t first = at;
    while (at < text.size() && is_digit(text[at]) && at - first < number_limit) ++at;
    if (at == first) return {};
  }
  const bool is_whole = at == text.size() || text[at] == ' ';
  if (!is_whole || text[0] - '0' != code / 100 || text[1] != '.') return {};
  const std::string_view enhanced = text.substr(0, at);
  text = trim(text.substr(at));
  return enhanced;
}

}  // namespace

std::string Reply::text() const {
  std::string text = code == 0 ? std::string() : std::to_string(code);
  if (!enhanced.empty()) text += ' ' + enhanced;
  for (const std::string& line : lines) {
    if (!line.empty()) text += ' ' + line;
    if (text.size() > text_limit) break;
  }
  return clean(std::string_view(text).substr(0, text_limit));
}

Result<std::optional<Reply>> ReplyParser::next() {
  std::size_t begin = 0;
  while (!has_failed_) {
    const std::size_t end = buffer_.find('\n', begin);
    const std::size_t size = std::min(end, buffer_.size()) - begin;
    has_failed_ = size > reply_line_limit;
    if (has_failed_ || end == std::string::npos) break;
    auto is_last = take_line(std::string_view(buffer_).substr(begin, size));
    begin = end + 1;
    has_failed_ = !is_last;
    if (!is_last) return fail(std::move(is_last).error());
    if (!*is_last) continue;
    buffer_.erase(0, begin);
    return std::optional(std::exchange(reply_, {}));
  }
  if (has_failed_) return no_smtp(_("The server sent an answer that is longer than any may be."));
  buffer_.erase(0, begin);
  return std::optional<Reply>();
}

/// True: the last of its reply.
Result<bool> ReplyParser::take_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const bool is_code = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) && is_digit(line[2]);
  const bool is_reply = is_code && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
  if (!is_reply) return no_smtp(_("The server sent a line that is not SMTP."));
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (reply_.code != 0 && reply_.code != code) return no_smtp(_("The server sent an answer with two codes."));
  if (reply_.lines.size() == reply_lines_limit) return no_smtp(_("The server sent an answer that is longer than any may be."));
  const bool is_last = line.size() == 3 || line[3] == ' ';
  std::string_view text = trim(line.substr(std::min<std::size_t>(line.size(), 4)));
  const std::string_view enhanced = take_enhanced(text, code);
  if (reply_.lines.empty()) reply_.enhanced = enhanced;
  reply_.code = code;
  reply_.lines.push_back(clean(text.substr(0, line_text_limit)));
  return is_last;
}

}  // namespace valija::smtp
