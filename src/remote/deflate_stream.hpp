#pragma once

#include <memory>
#include <string>

#include "valija/net/stream.hpp"

namespace valija::remote {

/// RFC 4978: raw deflate (RFC 1951) in both directions over `below`; `arrived` are octets of it that were read too far. Memory stays
/// constant whatever the ratio: octets are inflated only as they are asked for. Broken data is Kind::protocol.
std::unique_ptr<net::Stream> make_deflate_stream(std::unique_ptr<net::Stream> below, std::string arrived);

}  // namespace valija::remote
