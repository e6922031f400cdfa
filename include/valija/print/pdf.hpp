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

inline constexpr int most_pages = 2000;

struct Pdf {
  std::string octets;
  bool is_cut = false;  ///< the text has more pages; the last one says so
};

/// Text (UTF-8) as a PDF: `title` stands above the first page and in the properties of the file, a number below every page. Lines are wrapped to the page,
/// pages end between lines. Of more than `most_pages` pages the rest is left out.
Result<Pdf> to_pdf(std::string_view title, std::string_view text, const Paper& paper);

}  // namespace valija::print
