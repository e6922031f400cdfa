#include "store/folder_name.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

namespace valija::store {

TEST_CASE("plain names stay as they are") {
  for (const char* name : {"INBOX", "Entwürfe", "a b", "日本", "curious", "x.y", "`touch pwned`"}) CHECK(directory_name(name) == name);
}

TEST_CASE("names that mean something in a Maildir tree or a shell listing are escaped") {
  CHECK(directory_name("cur") == "%63ur");
  CHECK(directory_name("New") == "%4Eew");
  CHECK(directory_name(".notmuch") == "%2Enotmuch");
  CHECK(directory_name("..") == "%2E.");
  CHECK(directory_name("a/b") == "a%2Fb");
  CHECK(directory_name("a\nb") == "a%0Ab");
  CHECK(directory_name("100%") == "100%25");
  CHECK(directory_name("") == "%");
}

TEST_CASE("two names never share a directory") {
  std::mt19937 random(7);
  const std::string letters = "cCuUrR%2E./\n";
  std::set<std::string> texts, names;
  for (int count = 0; count < 20000; ++count) {
    std::string text;
    for (std::size_t length = random() % 7; length > 0; --length) text += letters[random() % letters.size()];
    texts.insert(text);
    names.insert(directory_name(text));
    CHECK(directory_name(text).find('/') == std::string::npos);
  }
  CHECK(texts.size() == names.size());
}

}  // namespace valija::store
