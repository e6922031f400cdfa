#pragma once

#include <string>

#include "valija/mail/document.hpp"

namespace valija::workers {

/// The text of a message in lines of at most `columns` where words allow it (0: unwrapped): quotes behind "> ", links
/// numbered and listed below. Everything in it passed the gate.
std::string document_text(const Document& document, int columns);

/// From, To, Cc, Subject and Date, one line each, as they stand above the text.
std::string header_text(const Document& document);

}  // namespace valija::workers
