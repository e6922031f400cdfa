#pragma once

#include <string>

#include "valija/mail/document.hpp"

namespace valija::cli {

/// The text of a message in lines of at most `columns` where words allow it (0: unwrapped): quotes behind "> ", links
/// numbered and listed below. Everything in it passed the gate.
std::string document_text(const Document& document, int columns);

}  // namespace valija::cli
