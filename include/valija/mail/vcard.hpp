#pragma once

#include <string_view>
#include <vector>

#include "valija/mail/address.hpp"

namespace valija {

/// The addresses of the cards in a vCard file (RFC 6350, 2426 and vCard 2.1): FN or N with every EMAIL. Total: what is no card gives nothing; at most
/// 10,000 addresses.
std::vector<Address> parse_vcards(std::string_view text);

}  // namespace valija
