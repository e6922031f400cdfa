#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "html_text.hpp"

using namespace valija;

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Without what stands between `open` and `close`: addresses of links, marks of the template.
std::string without(std::string text, const std::string& open, const std::string& close) {
  for (auto start = text.find(open); start != std::string::npos; start = text.find(open, start)) {
    const auto end = text.find(close, start);
    if (end == std::string::npos) break;
    text.replace(start, end + close.size() - start, " ");
  }
  return text;
}

/// The words, by their letters: punctuation, rules and bullets are drawn differently.
std::vector<std::string> words_of(std::string text) {
  text = without(without(std::move(text), "{{#", "}}"), "{{/", "}}");
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    std::erase_if(word, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')); });
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

/// The text that was written by hand for the same mail.
std::string twin_of(const std::filesystem::path& html) {
  std::string path = html.string();
  path.replace(path.rfind("/other/"), 7, "/expected/");
  path.replace(path.rfind(".html"), 5, ".txt");
  return without(content_of(path), "( ", " )");
}

/// The first line of most twins is the preview, which the HTML hides.
bool is_same(const std::vector<std::string>& words, const std::string& twin) {
  return words == words_of(twin) || words == words_of(twin.substr(std::min(twin.find('\n'), twin.size())));
}

}  // namespace

TEST_CASE("the words of others' mail come in the order of their plain text") {
  const char* root = std::getenv("VALIJA_CORPORA");
  const auto corpus = std::filesystem::path(root != nullptr ? root : "../shared/corpora") / "postmark-html";
  if (!std::filesystem::is_directory(corpus)) {
    MESSAGE("skipped: VALIJA_CORPORA has no postmark-html");
    return;
  }
  int compared = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (entry.path().extension() != ".html") continue;
    CAPTURE(entry.path().string());
    std::string text;
    for (const Line& line : html::render(content_of(entry.path())).lines) text += test::text_of(line) + "\n";
    CAPTURE(text);
    CHECK(is_same(words_of(text), twin_of(entry.path())));
    ++compared;
  }
  CHECK(compared > 30);
}
