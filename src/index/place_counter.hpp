#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "handles.hpp"
#include "valija/mail/places.hpp"

namespace valija::index {

/// Where the files of messages lie, by their names. Of very many messages nobody wants to know.
class PlaceCounter {
 public:
  void add(notmuch_message_t* message) {
    if (++messages_ > most_messages) return;
    for (const std::string& name : take_filenames(notmuch_message_get_filenames(message))) ++folders_[std::string(folder_of_file(name))];
  }

  std::vector<FilesInFolder> take() {
    std::vector<FilesInFolder> places;
    if (messages_ > most_messages) return places;
    for (const auto& [folder, files] : folders_) places.push_back({folder, files});
    return places;
  }

 private:
  static constexpr std::uint64_t most_messages = 100'000;
  std::uint64_t messages_ = 0;
  std::map<std::string, std::uint64_t> folders_;
};

}  // namespace valija::index
