#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "clean_document.hpp"
#include "valija/html/render.hpp"
#include "valija/mime/parse.hpp"
#include "valija/mime/prescan.hpp"

using namespace valija;

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

std::filesystem::path corpora() {
  const char* root = std::getenv("VALIJA_CORPORA");
  return root != nullptr ? root : "../shared/corpora";
}

/// Some files were stored with the mark in them; in others octets are broken.
bool has_replacement(const Document& document) {
  const auto has = [](const std::string& text) { return text.find(replacement) != std::string::npos; };
  for (const Document::HeaderRow& row : document.all_headers) {
    if (has(row.value)) return true;
  }
  return has(test::all_text(document));
}

/// What stands in the octets themselves, encoded or not; and base64 of garbage.
bool may_have_replacement(const std::string& message) {
  constexpr auto marks = std::to_array<std::string_view>({replacement, "=EF=BF=BD", "&#65533;", "77+9", "?garbage"});
  return std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) { return message.find(mark) != std::string::npos; });
}

}  // namespace

TEST_CASE("collected real and broken mail opens clean, without loss, and almost none of it is taken for dangerous") {
  if (!std::filesystem::is_directory(corpora())) {
    MESSAGE("skipped: VALIJA_CORPORA is no directory");
    return;
  }
  mime::start();
  int opened = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpora())) {
    if (!entry.is_regular_file() || entry.file_size() > 4'000'000) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto document = mime::parse(text, html::render);
    CAPTURE(entry.path().string());
    CHECK(test::first_unclean(document) == "");
    const bool is_lossless = entry.path().extension() != ".eml" || !has_replacement(document) || may_have_replacement(text);
    CHECK(is_lossless);
    // The one message that was collected because it kills GMime.
    CHECK(mime::prescan(text).dangerous == (entry.path().filename() == "messages__stack-overflow.txt.eml"));
    ++opened;
  }
  CHECK(opened > 1000);
}
