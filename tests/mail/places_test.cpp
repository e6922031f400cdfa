#include "valija/mail/places.hpp"

#include <doctest/doctest.h>

#include "valija/base/text.hpp"

using namespace valija;

TEST_CASE("a file names the folder that it lies in") {
  CHECK(folder_of_file("/mail/work/Lists/debian/cur/1.x:2,S") == "/mail/work/Lists/debian");
  CHECK(folder_of_file("name").empty());
  CHECK(place_name("/mail/work/INBOX", "/mail") == "work/INBOX");
  CHECK(place_name("/mailbox/INBOX", "/mail") == "/mailbox/INBOX");
  CHECK(place_names({"/mail/a/cur/1", "/mail/b/new/2", "/mail/a/cur/3"}, "/mail") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("places are said largest first, as many as fit") {
  const std::vector<FilesInFolder> places{{"home/INBOX", 1}, {"work/INBOX", 1200}, {"work/Archive", 7}};
  CHECK(in_words(places, 80) == "work/INBOX 1,200, work/Archive 7, home/INBOX 1");
  CHECK(in_words(places, 45) == "work/INBOX 1,200, work/Archive 7 and 1 more");
  CHECK(in_words(places, 30) == "work/INBOX 1,200 and 2 more");
  CHECK(in_words(places, 0) == "work/INBOX 1,200 and 2 more");
  CHECK(in_words({}, 80).empty());
  std::vector<FilesInFolder> many;
  for (int i = 0; i < 300; ++i) many.push_back({"account/folder" + std::to_string(i), 1});
  for (std::size_t columns = 40; columns < 200; ++columns) CHECK(display_width(in_words(many, columns)) <= static_cast<int>(columns));
}

TEST_CASE("the number of places is said where it is another than that of the messages") {
  CHECK(sentence_with_places("Tagged 3 messages", 3, {{"home/INBOX", 1}, {"work/INBOX", 3}}, 80) ==
        "Tagged 3 messages in 4 places: work/INBOX 3, home/INBOX 1.");
  CHECK(sentence_with_places("Archived 2 messages", 2, {{"home/INBOX", 1}, {"work/INBOX", 1}}, 80) == "Archived 2 messages: home/INBOX 1, work/INBOX 1.");
  CHECK(sentence_with_places("Deleted 3 messages", 3, {}, 80) == "Deleted 3 messages.");
}

TEST_CASE("what a folder is called cannot draw on the screen") { CHECK(in_words({{"a\x1b[2J", 1}}, 80).find('\x1b') == std::string::npos); }
