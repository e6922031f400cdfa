#pragma once

#include <string>

#include "valija/mail/document.hpp"

namespace valija {

/// The displayed text as plain text: quote marks in front of quoted lines, the signature too.
std::string plain_text(const Document& document);

}  // namespace valija
