#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "render_protocol.hpp"
#include "valija/mail/document.hpp"
#include "valija/mail/pixels.hpp"

namespace valija::workers {

std::string encode_document(const Document& document);

/// Nothing if the bytes are no document. They come from a process that an attacker may have taken over: every text passes the gate again,
/// every number is brought into its range.
std::optional<Document> decode_document(std::string_view bytes);

std::string encode_pixels(const Pixels& pixels);
/// Nothing if there are not as many octets as the size says, or too many.
std::optional<Pixels> decode_pixels(std::string_view bytes);

std::string encode_request(const RenderRequest& request);
/// Nothing if the bytes are no request.
std::optional<RenderRequest> decode_request(std::string_view bytes);

}  // namespace valija::workers
