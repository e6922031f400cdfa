#pragma once

#include <string>
#include <string_view>

namespace valija::html {

/// `href` as a target that may be offered: http, https or mailto, without blanks and control characters; else empty.
std::string link_target(std::string_view href);

/// The host that a link really goes to, if its text names another one ("www.bank.example" over https://evil.example); else empty.
std::string misleading_host(std::string_view text, std::string_view target);

}  // namespace valija::html
