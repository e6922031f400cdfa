#pragma once

#include <string>
#include <string_view>

namespace valija {

/// `text` for a manual page: no backslash, minus or leading dot with a meaning of its own.
std::string roff(std::string_view text);
std::string roff_section(std::string_view title);
std::string roff_paragraph(std::string_view text);
std::string roff_entry(std::string_view term, std::string_view text);

}  // namespace valija
