#include "valija/print/pdf.hpp"

#include <doctest/doctest.h>

#include <clocale>

using namespace valija;
using print::Paper;

namespace {

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

std::size_t pages_of(const std::string& pdf) { return count(pdf, "/Type /Page") - count(pdf, "/Type /Pages"); }

}  // namespace

TEST_CASE("a text becomes a PDF of the paper's size") {
  const auto pdf = print::to_pdf("Minutes of May", "Hola, ¿qué tal?\n\nمرحبا 日本語\n", Paper{});
  REQUIRE(pdf);
  CHECK(pdf->octets.starts_with("%PDF-"));
  CHECK(pages_of(pdf->octets) == 1);
  CHECK(pdf->octets.find("595.") != std::string::npos);
  CHECK(print::to_pdf("", "", Paper{612, 792})->octets.find("612 792") != std::string::npos);
}

TEST_CASE("a long text has many pages, and not too many") {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "A line of the text.\n";
  const auto pdf = print::to_pdf("Long", text, Paper{});
  REQUIRE(pdf);
  CHECK(pages_of(pdf->octets) > 5);
  CHECK(pages_of(pdf->octets) < 20);
  CHECK_FALSE(pdf->is_cut);
  const auto cut = print::to_pdf("Endless", std::string(30'000, '\n'), Paper{400, 150});
  REQUIRE(cut);
  CHECK(pages_of(cut->octets) == print::most_pages);
  CHECK(cut->is_cut);
}

TEST_CASE("what is no text does no harm") {
  CHECK(print::to_pdf(std::string("a\0b\n", 4), std::string("\xff\xfe\0\x1b[31m", 8), Paper{}));
  CHECK(print::to_pdf("", std::string(20'000, 'x'), Paper{}));
}

TEST_CASE("the paper is that of the locale") {
  const Paper paper = print::paper_of_locale();
  CHECK(paper.width > 500);
  CHECK(paper.height > paper.width);
  if (std::setlocale(LC_PAPER, "en_US.UTF-8") != nullptr) CHECK(print::paper_of_locale().width == doctest::Approx(612).epsilon(0.01));
  std::setlocale(LC_PAPER, "C");
}
