#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "valija/base/codec.hpp"
#include "valija/mail/document.hpp"

namespace valija::workers {

std::string encode_document(const Document& document);

/// Nothing if the bytes are no document. They come from a process that an attacker may have taken over: every text passes the gate again,
/// every number is brought into its range.
std::optional<Document> decode_document(std::string_view bytes);

void put(Encoder& out, const RenderOptions& options);
RenderOptions take_render_options(Decoder& in);

}  // namespace valija::workers
