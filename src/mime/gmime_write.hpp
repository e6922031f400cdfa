#pragma once

#include <string>

#include "gmime_handles.hpp"
#include "valija/mail/address.hpp"
#include "wire.hpp"

namespace valija::mime {

/// Writes a message of ours to a new file, after a look at every header block in it, and reads it once more: Kind::bug if anything in it is
/// not fit for SMTP.
Result<WireFacts> write_object(GMimeMessage* message, const std::string& path);

/// The octets of any message to a file that is open. GMime forgets some errors of writing: they are asked of the file.
Result<void> write_octets(GMimeMessage* message, const NewFile& file, const std::string& path);

/// The value of an address field, folded, with encoded words (RFC 2047 §5), from the blank behind the colon on, without the last line end.
std::string folded_addresses(std::string_view name, const std::vector<Address>& addresses);

}  // namespace valija::mime
