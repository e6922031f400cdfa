#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/mail/address.hpp"
#include "valija/mime/build.hpp"

namespace valija::mime {

/// Addresses with domains as A-labels, ready for a header or an envelope. Kind::input: the first one that cannot be sent to.
Result<std::vector<Address>> ascii_addresses(const std::vector<Address>& addresses);

/// Adds to the recipients those that are not among them yet (case ignored).
void add_recipients(std::vector<std::string>& recipients, const std::vector<Address>& addresses);

/// A local part of sender or recipients is not ASCII.
bool needs_smtputf8(const Built& built);

}  // namespace valija::mime
