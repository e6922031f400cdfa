#include "server_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "valija/base/escapes.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::config {

namespace {

using Scheme = ServerUrl::Scheme;

struct SchemeRow {
  std::string_view name;
  Scheme scheme;
  std::uint16_t port;
  Direction direction;
  bool is_plain;
};
constexpr std::array scheme_rows{
    SchemeRow{"imaps", Scheme::imaps, 993, Direction::receive, false},
    SchemeRow{"imap", Scheme::imap, 143, Direction::receive, false},
    SchemeRow{"imap+plain", Scheme::imap_plain, 143, Direction::receive, true},
    SchemeRow{"pop3s", Scheme::pop3s, 995, Direction::receive, false},
    SchemeRow{"pop3", Scheme::pop3, 110, Direction::receive, false},
    SchemeRow{"pop3+plain", Scheme::pop3_plain, 110, Direction::receive, true},
    SchemeRow{"smtps", Scheme::smtps, 465, Direction::send, false},
    SchemeRow{"smtp", Scheme::smtp, 587, Direction::send, false},
    SchemeRow{"smtp+plain", Scheme::smtp_plain, 25, Direction::send, true},
};

const char* form_help(Direction direction) {
  return direction == Direction::receive ? _("Write imaps://USER@HOST, or pop3s://, imap:// or pop3://.")
                                         : _("Write smtps://USER@HOST, or smtp://, or \"command:COMMAND\".");
}

/// Nothing for a broken escape, or if a control character or invalid UTF-8 comes out.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  if (!is_valid_utf8(decoded) || clean(decoded) != decoded) return std::nullopt;
  return decoded;
}

bool is_host_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
         c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_ipv6_character(char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; }

bool is_number_below(std::string_view text, int limit) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0 && value < limit;
}

/// Only names and addresses that cannot mean another machine.
bool is_loopback(std::string_view host) {
  if (host == "::1" || equal_ignoring_case(host, "localhost")) return true;
  const auto parts = split(host, '.');
  return parts.size() == 4 && parts[0] == "127" &&
         std::all_of(parts.begin(), parts.end(), [](const std::string& part) { return is_number_below(part, 256); });
}

/// Splits "host:port" or "[::1]:port"; false for what is neither.
bool split_host(std::string_view text, std::string_view& host, std::string_view& port) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (!text.empty() && text.front() != ':') return false;
    port = text.empty() ? text : text.substr(1);
    return !host.empty() && std::all_of(host.begin(), host.end(), is_ipv6_character);
  }
  const auto colon = text.find(':');
  host = text.substr(0, colon);
  port = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (colon != std::string_view::npos && port.empty()) return false;
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), is_host_character);
}

std::string encoded(std::string_view user) {
  std::string text;
  for (const char c : user) {
    const bool is_plain = is_host_character(c) || c == '+' || c == '=' || c == '~';
    text += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

}  // namespace

std::variant<ServerUrl, UrlFault> parse_server_url(std::string_view text, Direction direction) {
  const auto colon = text.find("://");
  const auto row = std::find_if(scheme_rows.begin(), scheme_rows.end(), [&](const SchemeRow& candidate) {
    return candidate.direction == direction && candidate.name == text.substr(0, colon);
  });
  if (colon == std::string_view::npos) return UrlFault{_("This is not the URL of a server."), form_help(direction)};
  if (row == scheme_rows.end()) {
    return UrlFault{fmt::format(fmt::runtime(_("A server cannot be reached by \"{}\".")),
                                clean(text.substr(0, std::min<std::size_t>(colon, 40)))),
                    form_help(direction)};
  }
  ServerUrl url{.scheme = row->scheme, .user = {}, .host = {}, .port = row->port};
  std::string_view rest = text.substr(colon + 3);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    const auto user = rest.substr(0, at);
    if (user.find(':') != std::string_view::npos) {
      return UrlFault{_("A password must not stand in a URL."),
                      _("Use password-command; write a colon of the user name as %3A.")};
    }
    const auto decoded = percent_decoded(user);
    if (!decoded)
      return UrlFault{_("The user name of this URL cannot be read."),
                      _("Write special characters as %40 for @, %25 for %.")};
    url.user = *decoded;
    rest.remove_prefix(at + 1);
  }
  std::string_view host, port;
  if (!split_host(rest, host, port)) return UrlFault{_("The host of this URL cannot be read."), form_help(direction)};
  url.host = host;
  if (!port.empty()) {
    if (!is_number_below(port, 65536) || is_number_below(port, 1)) {
      return UrlFault{_("The port of this URL is not a number from 1 to 65535."),
                      _("Leave it out for the usual port.")};
    }
    std::from_chars(port.data(), port.data() + port.size(), url.port);
  }
  if (row->is_plain && !is_loopback(url.host)) {
    return UrlFault{
        fmt::format(fmt::runtime(_("\"{}\" does not encrypt and is refused: the host is not this machine.")),
                    row->name),
        fmt::format(fmt::runtime(_("Use {}s:// (encrypted at once) or {}:// (STARTTLS).")),
                    row->name.substr(0, row->name.find('+')), row->name.substr(0, row->name.find('+')))};
  }
  return url;
}

std::string to_text(const ServerUrl& url) {
  const auto row = std::find_if(scheme_rows.begin(), scheme_rows.end(),
                                [&](const SchemeRow& candidate) { return candidate.scheme == url.scheme; });
  std::string text(row->name);
  text += "://";
  if (!url.user.empty()) text += encoded(url.user) + "@";
  text += url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  if (url.port != row->port) text += fmt::format(":{}", url.port);
  return text;
}

}  // namespace valija::config
