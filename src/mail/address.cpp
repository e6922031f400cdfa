#include "valija/mail/address.hpp"

#include <utility>

#include "valija/base/text.hpp"

namespace valija {
namespace {

constexpr std::size_t most_addresses = 10'000;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// A folded line in quotes goes on behind a blank (RFC 5322 §3.2.4); no address brings a line of its own into a header or a command.
char without_break(char c) { return is_space(c) ? ' ' : c; }

/// "@" and the characters that look like it.
bool looks_like_address(std::string_view name) {
  for (const std::string_view at : {"@", "\xef\xbc\xa0", "\xef\xb9\xab"}) {
    if (name.find(at) != std::string_view::npos) return true;
  }
  return false;
}

std::string quoted_if_needed(const std::string& name) {
  if (name.find_first_of("()<>[]:;@\\,\"") == std::string::npos) return name;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

/// One pass over the header; every byte is looked at a bounded number of times, whatever nests or stays open.
class AddressReader {
 public:
  explicit AddressReader(std::string_view header) : header_(header) {}

  std::vector<Address> read() {
    while (position_ < header_.size() && found_.size() < most_addresses) step(header_[position_++]);
    if (found_.size() < most_addresses) finish();
    return std::move(found_);
  }

 private:
  void step(char c) {
    switch (c) {
      case '"':
        quoted_string();
        break;
      case '(':
        comment();
        break;
      case '<':
        angle_address();
        break;
      case '[':
        domain_literal();
        break;
      case ':':  // what stood before was the name of a group
        forget();
        break;
      case ',':
      case ';':
        finish();
        break;
      default:
        append_collapsed(words_, c);
        append_raw(c);
    }
  }

  /// White space becomes one blank, none in front.
  static void append_collapsed(std::string& text, char c) {
    if (!is_space(c)) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }

  /// As written, but a blank comes only between words: not at the ends, not around "@", not in front of ".", nor behind one that is part of an address.
  void append_raw(char c) {
    if (is_space(c)) {
      blank_is_due_ = !raw_.empty();
      return;
    }
    const bool is_apart = std::exchange(blank_is_due_, false);
    if (is_apart && !joins(c)) {
      last_blank_ = raw_.size();
      raw_ += ' ';
    }
    if (c == '@') at_ = raw_.size();
    has_loose_dot_ = c == '.' && is_apart;
    raw_ += c;
  }

  /// "Ana B. Ruiz" keeps its blank, "ana . ruiz@example.org" and "ana.(comment)ruiz@example.org" do not.
  bool joins(char c) const {
    const char last = raw_.back();
    return c == '@' || c == '.' || last == '@' || (last == '.' && (at_ != none || has_loose_dot_));
  }

  void quoted_string() {
    append_raw('"');
    while (position_ < header_.size()) {
      char c = header_[position_++];
      if (c == '"') break;
      if (c == '\\' && position_ < header_.size()) {
        raw_ += c;
        c = header_[position_++];
      }
      append_collapsed(words_, c);
      raw_ += without_break(c);
    }
    raw_ += '"';
  }

  /// Comments nest (RFC 5322 §3.2.2): counted, not recursed into. The outermost text may be the name.
  void comment() {
    comment_ = skip_comment();
    append_collapsed(words_, ' ');
    if (raw_.ends_with('.') && !blank_is_due_) has_loose_dot_ = true;
    append_raw(' ');
  }

  /// Behind its "(" to behind its ")", or to the end. A header may be folded behind a backslash, which then escapes what comes next.
  std::string skip_comment() {
    std::string text;
    int depth = 1;
    while (position_ < header_.size()) {
      char c = header_[position_++];
      if (c == '\\' && position_ < header_.size()) {
        const bool is_folded = header_[position_] == '\r' || header_[position_] == '\n';
        while (is_folded && position_ + 1 < header_.size() && is_space(header_[position_])) ++position_;
        c = header_[position_++];
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        break;
      }
      append_collapsed(text, c);
    }
    return text;
  }

  /// Whether the comment that has just begun ends before the bracket does; if not, its "(" is an octet like others.
  bool ends_in_brackets() const {
    int depth = 1;
    for (std::size_t i = position_; i < header_.size() && header_[i] != '>'; ++i) {
      if (header_[i] == '(') ++depth;
      if (header_[i] == ')' && --depth == 0) return true;
      if (header_[i] == '\\') ++i;
    }
    return false;
  }

  void angle_address() {
    has_angle_ = true;
    mailbox_.clear();
    bool is_quoted = false, may_comment = true;
    while (position_ < header_.size()) {
      const char c = header_[position_++];
      if (c == '"') is_quoted = !is_quoted;
      if (c == '\\' && is_quoted && position_ < header_.size()) {
        mailbox_ += c;
        mailbox_ += without_break(header_[position_++]);
        continue;
      }
      if (c == '>' && !is_quoted) break;
      if (c == '<' && !is_quoted) mailbox_.clear();
      if (c == '(' && !is_quoted && may_comment) {
        may_comment = ends_in_brackets();  // looked ahead in vain once at most
        if (may_comment) {
          skip_comment();
          continue;
        }
      }
      if (c == ':' && !is_quoted && mailbox_.starts_with('@')) {
        mailbox_.clear();  // an obsolete route, "<@relay,@other:ana@example.org>"
      } else if (is_quoted || (!is_space(c) && c != '<')) {
        mailbox_ += without_break(c);
      }
    }
  }

  void domain_literal() {
    append_raw('[');
    while (position_ < header_.size()) {
      const char c = header_[position_++];
      if (!is_space(c)) raw_ += c;
      if (c == ']') break;
    }
  }

  void finish() {
    Address address;
    if (has_angle_) {
      address.mailbox = std::move(mailbox_);
      address.name = std::string(trim(words_));
    } else {
      bare_address(address);
    }
    if (address.name.empty() && !address.mailbox.empty()) address.name = std::string(trim(comment_));
    if (!address.name.empty() || !address.mailbox.empty()) found_.push_back(std::move(address));
    forget();
  }

  /// Without angle brackets: "ana@example.org", one beside a name, or only words.
  void bare_address(Address& address) {
    const std::string_view raw = raw_;
    if (at_ == none) {
      const auto words = trim(words_);
      (words.find(' ') == std::string_view::npos ? address.mailbox : address.name) = std::string(words);
    } else if (last_blank_ == none) {
      address.mailbox = std::move(raw_);
    } else if (last_blank_ < at_) {
      address.mailbox = std::string(raw.substr(last_blank_ + 1));
      address.name = std::string(raw.substr(0, last_blank_));
    } else {
      const auto end = raw.find(' ', at_);
      address.mailbox = std::string(raw.substr(0, end));
      address.name = std::string(raw.substr(end + 1));
    }
  }

  void forget() {
    words_.clear();
    raw_.clear();
    comment_.clear();
    mailbox_.clear();
    has_angle_ = false;
    blank_is_due_ = has_loose_dot_ = false;
    at_ = last_blank_ = none;
  }

  static constexpr std::size_t none = std::string_view::npos;

  std::string_view header_;
  std::size_t position_ = 0;
  std::string words_;              ///< what stands outside of angle brackets, unquoted
  std::string raw_;                ///< the same as written
  std::size_t at_ = none;          ///< the last "@" of raw_ that is not quoted
  std::size_t last_blank_ = none;  ///< the last blank of raw_ that is not quoted
  bool blank_is_due_ = false;
  bool has_loose_dot_ = false;     ///< raw_ ends in a "." that stands apart from the word in front of it or behind it
  std::string comment_;
  std::string mailbox_;
  bool has_angle_ = false;
  std::vector<Address> found_;
};

}  // namespace

std::string to_text(const Address& address) {
  if (address.name.empty() || address.name == address.mailbox) return address.mailbox;
  if (address.mailbox.empty()) return quoted_if_needed(address.name);
  return quoted_if_needed(address.name) + " <" + address.mailbox + ">";
}

std::string short_name(const Address& address) {
  if (address.mailbox.empty()) return address.name;
  return address.name.empty() || looks_like_address(address.name) ? address.mailbox : address.name;
}

std::vector<Address> parse_addresses(std::string_view header) { return AddressReader(header).read(); }

}  // namespace valija
