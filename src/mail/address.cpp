#include "valija/mail/address.hpp"

#include "valija/base/text.hpp"

namespace valija {
namespace {

constexpr std::size_t most_addresses = 10'000;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

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
        append_collapsed(raw_, c);
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

  void quoted_string() {
    raw_ += '"';
    while (position_ < header_.size()) {
      char c = header_[position_++];
      if (c == '"') break;
      if (c == '\\' && position_ < header_.size()) {
        raw_ += c;
        c = header_[position_++];
      }
      append_collapsed(words_, c);
      raw_ += c;
    }
    raw_ += '"';
  }

  /// Comments nest (RFC 5322 §3.2.2): counted, not recursed into. The outermost text may be the name.
  void comment() {
    comment_.clear();
    int depth = 1;
    while (position_ < header_.size()) {
      char c = header_[position_++];
      if (c == '\\' && position_ < header_.size()) {
        c = header_[position_++];
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        break;
      }
      append_collapsed(comment_, c);
    }
    append_collapsed(words_, ' ');
    append_collapsed(raw_, ' ');
  }

  void angle_address() {
    has_angle_ = true;
    mailbox_.clear();
    bool is_quoted = false;
    while (position_ < header_.size()) {
      const char c = header_[position_++];
      if (c == '"') is_quoted = !is_quoted;
      if (c == '>' && !is_quoted) break;
      if (c == '<' && !is_quoted) mailbox_.clear();
      if (c == ':' && !is_quoted && mailbox_.starts_with('@')) {
        mailbox_.clear();  // an obsolete route, "<@relay,@other:ana@example.org>"
      } else if (is_quoted || (!is_space(c) && c != '<')) {
        mailbox_ += c;
      }
    }
  }

  void domain_literal() {
    raw_ += '[';
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
      bare_address(trim(raw_), address);
    }
    if (address.name.empty()) address.name = std::string(trim(comment_));
    if (!address.name.empty() || !address.mailbox.empty()) found_.push_back(std::move(address));
    forget();
  }

  /// Without angle brackets: "ana@example.org", or a name with the address as its last word, or only words.
  void bare_address(std::string_view text, Address& address) {
    const auto blank = text.rfind(' ');
    if (text.find('@') == std::string_view::npos) {
      (blank == std::string_view::npos ? address.mailbox : address.name) = std::string(trim(words_));
    } else if (blank == std::string_view::npos || text.find('@') < blank) {
      for (const char c : text) {
        if (c != ' ') address.mailbox += c;
      }
    } else {
      address.mailbox = std::string(text.substr(blank + 1));
      address.name = std::string(trim(text.substr(0, blank)));
    }
  }

  void forget() {
    words_.clear();
    raw_.clear();
    comment_.clear();
    mailbox_.clear();
    has_angle_ = false;
  }

  std::string_view header_;
  std::size_t position_ = 0;
  std::string words_;  ///< what stands outside of angle brackets, unquoted
  std::string raw_;    ///< the same as written
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
