// Which addresses the reader of headers takes for sane, held to the vectors of isemail. The rule:
//  * what RFC 5321 allows in an envelope is read as it stands and can be sent to;
//  * what RFC 5322 allows in a header around that (comments, folded blanks) is read without them and can be sent to;
//  * of what neither allows, only that can be sent to which names one mailbox beyond doubt; the rest stays visible, but no mail goes there.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "valija/base/text.hpp"
#include "valija/mail/address.hpp"

using namespace valija;

namespace {

struct Vector {
  int id = 0;
  std::string address, category, diagnosis;
};

/// The file writes control characters as their pictures, U+2400 and so on.
std::string entity(const std::string& name) {
  static const std::map<std::string, std::string> named = {{"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"amp", "&"}, {"#xA9", "\u00a9"}};
  if (const auto found = named.find(name); found != named.end()) return found->second;
  const unsigned long code = std::strtoul(name.c_str() + 2, nullptr, 16);
  return {static_cast<char>(code >= 0x2400 ? code - 0x2400 : code)};
}

std::string element(const std::string& xml, const std::string& name) {
  const auto open = xml.find('<' + name + '>');
  const auto start = open + name.size() + 2;
  const auto end = xml.find("</" + name + '>', start);
  if (open == std::string::npos || end == std::string::npos) return {};
  std::string text;
  for (std::size_t i = start; i < end; ++i) {
    const auto semicolon = xml[i] == '&' ? xml.find(';', i) : std::string::npos;
    text += semicolon < end ? entity(xml.substr(i + 1, semicolon - i - 1)) : std::string(1, xml[i]);
    if (semicolon < end) i = semicolon;
  }
  return text;
}

std::vector<Vector> vectors() {
  const char* root = std::getenv("VALIJA_CORPORA");
  std::ifstream file(std::filesystem::path(root != nullptr ? root : "../shared/corpora") / "isemail/expected/tests.xml", std::ios::binary);
  const std::string xml{std::istreambuf_iterator<char>(file), {}};
  std::vector<Vector> found;
  for (auto at = xml.find("<test id="); at != std::string::npos; at = xml.find("<test id=", at + 1)) {
    const std::string test = xml.substr(at, xml.find("</test>", at) - at);
    found.push_back({std::atoi(test.c_str() + 10), element(test, "address"), element(test, "category"), element(test, "diagnosis")});
  }
  return found;
}

/// The mailbox that mail would go to; "" if none.
std::string sane_mailbox(const std::string& address) {
  const auto found = parse_addresses(address);
  return found.size() == 1 && is_sendable(found.front().mailbox) ? found.front().mailbox : "";
}

/// Without comments, and without blanks outside of quotes.
std::string bare(const std::string& address) {
  std::string text;
  int depth = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const char c = address[i];
    if (c == '\\' && i + 1 < address.size()) {
      if (depth == 0) text += address.substr(i, 2);
      ++i;
      continue;
    }
    if (c == '"') is_quoted = !is_quoted;
    if (c == '(' && !is_quoted) ++depth;
    const bool is_blank = std::string_view(" \t\r\n").find(c) != std::string_view::npos;
    if (depth == 0 && (is_quoted || !is_blank)) text += c;
    if (c == ')' && !is_quoted) --depth;
  }
  return text;
}

bool has_control(const std::string& text) { return clean(text) != text; }

}  // namespace

TEST_CASE("the addresses of isemail are sane or not as the rule says") {
  const auto all = vectors();
  if (all.empty()) {
    MESSAGE("skipped: VALIJA_CORPORA has no isemail");
    return;
  }
  CHECK(all.size() == 164);
  const std::set<std::string> in_envelopes = {"ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN", "ISEMAIL_RFC5321"};
  const std::set<std::string> in_headers = {"ISEMAIL_CFWS", "ISEMAIL_DEPREC"};
  // An empty local part; words of the local part that are quoted one by one: read, but too doubtful to send to.
  const std::set<int> doubtful = {43, 54, 56};
  // No doubt which mailbox is meant: dots that only its own server can judge, lengths and literals likewise, a quotation mark or a comment
  // that was left open, line ends that no header has any more.
  const std::set<std::string> forgiven = {
      "DEPREC_QP", "ERR_DOT_START", "ERR_DOT_END", "ERR_UNCLOSEDQUOTEDSTR", "ERR_EXPECTING_ATEXT", "ERR_ATEXT_AFTER_CFWS", "ERR_UNCLOSEDCOMMENT", "ERR_BACKSLASHEND",
      "ERR_EXPECTING_QPAIR", "ERR_EXPECTING_CTEXT", "ERR_EXPECTING_QTEXT", "ERR_CR_NO_LF", "ERR_FWS_CRLF_END", "ERR_FWS_CRLF_X2", "RFC5322_LOCAL_TOOLONG",
      "RFC5322_DOMAINLITERAL", "RFC5322_DOMLIT_OBSDTEXT", "RFC5322_IPV6_GRPCOUNT", "RFC5322_IPV6_BADCHAR", "RFC5322_IPV6_MAXGRPS", "RFC5322_IPV6_COLONSTRT",
      "RFC5322_IPV6_COLONEND", "RFC5322_IPV6_2X2XCOLON"};
  for (const Vector& vector : all) {
    CAPTURE(vector.id);
    CAPTURE(vector.diagnosis);
    CAPTURE(clean(vector.address));
    const std::string mailbox = sane_mailbox(vector.address);
    CHECK_FALSE(has_control(mailbox));
    const bool is_sane = in_envelopes.contains(vector.category) || in_headers.contains(vector.category);
    if (is_sane && !doubtful.contains(vector.id) && !has_control(bare(vector.address))) {
      CHECK(mailbox == bare(vector.address));
    } else if (!mailbox.empty()) {
      CHECK(forgiven.contains(vector.diagnosis.substr(std::string("ISEMAIL_").size())));
    }
  }
}

TEST_CASE("whatever isemail holds, nothing of it is lost but comments") {
  for (const Vector& vector : vectors()) {
    CAPTURE(vector.id);
    const std::string kept = bare(vector.address);
    const bool has_text = kept.find_first_not_of(" \t\r\n,;<>@") != std::string::npos;
    if (has_text) CHECK_FALSE(parse_addresses(vector.address).empty());
  }
}
