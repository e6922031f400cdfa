#include "rtf.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "charset.hpp"
#include "tnef.hpp"
#include "valija/base/escapes.hpp"

namespace valija::mime {
namespace {

/// What every compressed RTF may refer to (MS-OXRTFCP §2.1.2.1).
constexpr std::string_view first_dictionary =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    "Sans SerifSymbolArialTimes New RomanCourier"
    "{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// LZ with a ring of 4096 octets: a bit per token, literal or (offset, length).
class Decompressor {
 public:
  Decompressor() { std::copy(first_dictionary.begin(), first_dictionary.end(), ring_.begin()); }

  std::string run(std::string_view bytes, std::size_t limit) {
    while (!bytes.empty() && text_.size() < limit) {
      const auto flags = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      for (int bit = 0; bit < 8 && !bytes.empty(); ++bit) {
        if (!take_token(bytes, (flags >> bit & 1) != 0)) return std::move(text_);
      }
    }
    return std::move(text_);
  }

 private:
  bool take_token(std::string_view& bytes, bool is_reference) {
    if (!is_reference) {
      add(bytes.front());
      bytes.remove_prefix(1);
      return true;
    }
    if (bytes.size() < 2) return false;
    const unsigned token =
        static_cast<unsigned>(static_cast<unsigned char>(bytes[0])) << 8 | static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(2);
    std::size_t from = token >> 4;
    if (from == write_) return false;  // the end
    for (unsigned i = 0; i < (token & 0xf) + 2; ++i) add(ring_[from++ % ring_.size()]);
    return true;
  }

  void add(char c) {
    text_ += c;
    ring_[write_] = c;
    write_ = (write_ + 1) % ring_.size();
  }

  std::array<char, 4096> ring_{};
  std::size_t write_ = first_dictionary.size();
  std::string text_;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

void add_code_point(std::string& text, std::uint32_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
  } else {
    text += {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
             static_cast<char>(0x80 | (c & 0x3f))};
  }
}

/// One pass over the words of RTF, with a stack for its groups.
class RtfReader {
 public:
  explicit RtfReader(std::string_view rtf) : rest_(rtf) {
    is_html_ = rtf.substr(0, 1000).find("\\fromhtml") != std::string_view::npos;
  }

  RtfText read() {
    while (!rest_.empty()) {
      const char c = take();
      if (c == '{') {
        open();
      } else if (c == '}') {
        close();
      } else if (c == '\\') {
        take_control();
      } else if (c != '\r' && c != '\n') {
        add(c);
      }
    }
    flush();
    return {std::move(text_), is_html_};
  }

 private:
  static constexpr std::size_t deepest = 1000;
  struct Group {
    bool is_hidden = false;    ///< fonts, colours, what says of itself that it may be left out
    bool is_rtf_only = false;  ///< of HTML: only for those who read the RTF
    int skipped = 1;           ///< octets behind \u that stand for those who cannot read it
  };

  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void open() {
    if (groups_.size() < deepest) groups_.push_back(group_);
  }

  void close() {
    if (groups_.empty()) return;
    group_ = groups_.back();
    groups_.pop_back();
  }

  void take_control() {
    if (rest_.empty()) return;
    if (!is_letter(rest_.front())) return take_symbol(take());
    std::size_t size = 0;
    while (size < rest_.size() && is_letter(rest_[size])) ++size;
    const auto word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    const bool is_negative = rest_.starts_with('-');
    if (is_negative) rest_.remove_prefix(1);
    const bool has_number = !rest_.empty() && is_digit(rest_.front());
    int number = 0;
    while (!rest_.empty() && is_digit(rest_.front())) number = std::min(number * 10 + (take() - '0'), 1'000'000);
    if (rest_.starts_with(' ')) rest_.remove_prefix(1);
    take_word(word, is_negative ? -number : number, has_number);
  }

  void take_symbol(char c) {
    if (c == '\'' && rest_.size() >= 2) {
      const int high = hex_value(rest_[0]), low = hex_value(rest_[1]);
      rest_.remove_prefix(2);
      if (high >= 0 && low >= 0) add(static_cast<char>(high << 4 | low));
    } else if (c == '*') {
      group_.is_hidden = group_.is_hidden || !(is_html_ && rest_.starts_with("\\htmltag"));
    } else if (c == '~') {
      add(' ');
    } else if (c == '{' || c == '}' || c == '\\') {
      add(c);
    }
  }

  void take_word(std::string_view word, int number, bool has_number) {
    constexpr auto hidden = std::to_array<std::string_view>(
        {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer"});
    if (std::find(hidden.begin(), hidden.end(), word) != hidden.end()) group_.is_hidden = true;
    if (word == "ansicpg") code_page_ = static_cast<std::uint32_t>(std::max(number, 0));
    if (word == "htmlrtf") group_.is_rtf_only = !has_number || number != 0;
    if (word == "uc") group_.skipped = std::clamp(number, 0, 10);
    if (word == "u") add_unicode(number);
    if (word == "par" || word == "line" || word == "row") add('\n');
    if (word == "tab" || word == "cell") add('\t');
  }

  bool is_left_out() const { return group_.is_hidden || group_.is_rtf_only; }

  void add(char c) {
    if (skip_ > 0 && static_cast<unsigned char>(c) >= 0x20) {
      --skip_;
      return;
    }
    if (!is_left_out()) pending_ += c;
  }

  void add_unicode(int number) {
    if (is_left_out()) return;
    flush();
    const auto unit = static_cast<std::uint32_t>(number) & 0xffff;
    add_code_point(text_, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit);
    skip_ = group_.skipped;
  }

  /// Octets of a code page wait for each other, as a character may be two of them.
  void flush() {
    text_ += to_utf8(pending_, code_page_name(code_page_));
    pending_.clear();
  }

  std::string_view rest_;
  std::string text_, pending_;
  std::vector<Group> groups_;
  Group group_;
  std::uint32_t code_page_ = 1252;
  int skip_ = 0;
  bool is_html_ = false;
};

}  // namespace

std::string decompress_rtf(std::string_view bytes, std::size_t limit) {
  constexpr std::size_t header = 16;
  constexpr std::uint32_t compressed = 0x75465a4c, stored = 0x414c454d;
  if (bytes.size() < header) return {};
  const std::size_t raw_size = std::min<std::size_t>(number_at(bytes, 4), limit);
  const auto kind = number_at(bytes, 8);
  if (kind == stored) return std::string(bytes.substr(header, raw_size));
  if (kind != compressed) return {};
  std::string text = Decompressor().run(bytes.substr(header), raw_size);
  text.resize(std::min(text.size(), raw_size));
  return text;
}

RtfText read_rtf(std::string_view rtf) { return RtfReader(rtf).read(); }

}  // namespace valija::mime
