#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "valija/config/settings.hpp"

namespace valija::config {

enum class Direction : std::uint8_t { receive, send };

/// Why a URL cannot be used: two sentences.
struct UrlFault {
  std::string message;
  std::string help;
};

/// "imaps://ana@imap.example.org:993"; plain schemes only to this machine. Never repeats the URL in a fault: it may
/// hold a password.
std::variant<ServerUrl, UrlFault> parse_server_url(std::string_view text, Direction direction);

/// The way back, the port only where it is not the scheme's own.
std::string to_text(const ServerUrl& url);

}  // namespace valija::config
