#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "clean_document.hpp"
#include "valija/mime/parse.hpp"
#include "valija/mime/prescan.hpp"

using namespace valija;

namespace {

HtmlText no_html(std::string_view, int) { return {}; }

std::filesystem::path corpora() {
  const char* root = std::getenv("VALIJA_CORPORA");
  return root != nullptr ? root : "../shared/corpora";
}

}  // namespace

TEST_CASE("collected real and broken mail opens clean, and almost none of it is taken for dangerous") {
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
    const auto document = mime::parse(text, no_html);
    CAPTURE(entry.path().string());
    CHECK(test::first_unclean(document) == "");
    // The one message that was collected because it kills GMime.
    CHECK(mime::prescan(text).dangerous == (entry.path().filename() == "messages__stack-overflow.txt.eml"));
    ++opened;
  }
  CHECK(opened > 1000);
}
