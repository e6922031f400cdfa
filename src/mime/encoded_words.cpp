#include "encoded_words.hpp"

#include <algorithm>
#include <optional>

#include "charset.hpp"
#include "valija/base/escapes.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;
constexpr char fold_mark = '\n';  ///< where a line was folded, in unfolded text; a blank in what is shown

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct EncodedWord {
  std::string_view charset;
  std::string bytes;  ///< decoded, in `charset`
  std::size_t size = 0;
};

/// A word that was folded in its middle goes on behind the fold.
std::string decode_q(std::string_view text) {
  std::string spaced(text);
  std::erase(spaced, fold_mark);
  std::replace(spaced.begin(), spaced.end(), '_', ' ');
  return decode_escapes(spaced, '=');
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::string decode_b(std::string_view text) {
  std::string bytes;
  unsigned collected = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) continue;
    collected = (collected << 6 | static_cast<unsigned>(value)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(collected >> bits & 0xff);
  }
  return bytes;
}

/// Where the "?=" stands that ends a word; none if another word begins before. Looks no further than that, so that many
/// unfinished words cost no more than one pass.
std::size_t find_word_end(std::string_view text, std::size_t begin) {
  for (auto mark = text.find('?', begin); mark != none; mark = text.find('?', mark + 1)) {
    if (mark + 1 < text.size() && text[mark + 1] == '=') return mark;
    if (mark > begin && text[mark - 1] == '=') return none;
  }
  return none;
}

/// `=?charset?q?text?=` at the start of `text` (RFC 2047 §2); blanks inside are forgiven, as mailers write them.
std::optional<EncodedWord> read_word(std::string_view text) {
  constexpr std::size_t longest_charset = 60;
  if (!text.starts_with("=?")) return std::nullopt;
  const auto charset_end = text.substr(0, longest_charset + 3).find('?', 2);
  if (charset_end == none || charset_end == 2 || charset_end + 2 >= text.size() || text[charset_end + 2] != '?') {
    return std::nullopt;
  }
  const char encoding = text[charset_end + 1];
  const auto begin = charset_end + 3;
  const auto end = find_word_end(text, begin);
  if (end == none) return std::nullopt;
  EncodedWord word;
  word.charset = text.substr(2, charset_end - 2);
  const auto content = text.substr(begin, end - begin);
  if (encoding == 'q' || encoding == 'Q') {
    word.bytes = decode_q(content);
  } else if (encoding == 'b' || encoding == 'B') {
    word.bytes = decode_b(content);
  } else {
    return std::nullopt;
  }
  word.size = end + 2;
  return word;
}

/// Collects neighbours of one character set, as some mailers cut a character in two.
class HeaderText {
 public:
  void add_word(const EncodedWord& word) {
    if (!pending_.empty() && !equal_ignoring_case(charset_, word.charset)) flush();
    charset_ = word.charset;
    pending_ += word.bytes;
  }

  void add_plain(std::string_view text) {
    flush();
    text_ += text;
  }

  std::string take() {
    flush();
    return std::move(text_);
  }

 private:
  void flush() {
    if (!pending_.empty()) text_ += to_utf8(pending_, charset_);
    pending_.clear();
  }

  std::string text_, pending_;
  std::string_view charset_;
};

/// "[list]=?utf-8?...": who puts a label in front of a subject forgets the blank.
bool ends_label(std::string_view gap) { return gap.ends_with(']') || gap.ends_with(':'); }

std::string decode_words(std::string_view text) {
  HeaderText decoded;
  bool after_word = false;
  while (!text.empty()) {
    const auto start = text.find("=?");
    const auto gap = text.substr(0, start);
    const bool is_joining = after_word && start != none && std::all_of(gap.begin(), gap.end(), is_blank);
    if (start == none) {
      decoded.add_plain(text);
      break;
    }
    const auto word = read_word(text.substr(start));
    if (!gap.empty() && !(is_joining && word)) decoded.add_plain(gap);
    if (word && ends_label(gap)) decoded.add_plain(" ");
    if (word) {
      decoded.add_word(*word);
      text.remove_prefix(start + word->size);
    } else {
      decoded.add_plain("=?");
      text.remove_prefix(start + 2);
    }
    after_word = word.has_value();
  }
  return decoded.take();
}

std::string unfold(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\n' || raw[i] == '\r') {
      if (!text.empty() && text.back() != ' ' && text.back() != '\t') text += fold_mark;
      while (i + 1 < raw.size() && is_blank(raw[i + 1])) ++i;
    } else {
      text += raw[i];
    }
  }
  return text;
}

}  // namespace

std::string decode_header(std::string_view raw) {
  constexpr std::size_t longest_shown = 64 * 1024;
  const std::string text = guess_utf8(unfold(raw.substr(0, longest_shown)));
  const std::string decoded = text.find("=?") == std::string::npos ? text : decode_words(text);
  return std::string(trim(clean(decoded)));
}

std::vector<Address> decode_addresses(std::string_view raw) {
  std::vector<Address> addresses = parse_addresses(guess_utf8(unfold(raw)));
  for (Address& address : addresses) {
    address.name = decode_header(address.name);
    address.mailbox = clean(address.mailbox);
  }
  return addresses;
}

}  // namespace valija::mime
