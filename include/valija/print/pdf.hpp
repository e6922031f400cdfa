#pragma once

#include <string>
#include <string_view>

#include "valija/base/result.hpp"

namespace valija::print {

/// Of a page, in points (1/72 inch).
struct Paper {
  double width = 595.276, height = 841.89;  ///< A4
};

/// The paper of the locale that is set (LC_PAPER): A4 or US letter, mostly.
Paper paper_of_locale();

/// Text (UTF-8) as a PDF: `title` stands above the first page and in the properties of the file, a number below every page. Lines are wrapped to the page,
/// pages end between lines. At most 2,000 pages, the rest is left out.
Result<std::string> to_pdf(std::string_view title, std::string_view text, const Paper& paper);

}  // namespace valija::print
