#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija {

/// How many files of some messages lie in one folder. A message in several folders has a file in each.
struct FilesInFolder {
  std::string folder;  ///< its directory, absolute, or what `place_name` makes of it
  std::uint64_t files = 0;
  friend bool operator==(const FilesInFolder&, const FilesInFolder&) = default;
};

/// The directory of the folder that this file lies in: "/mail/work/INBOX" of "/mail/work/INBOX/cur/name".
std::string_view folder_of_file(std::string_view path);
/// A folder as a person knows it, "work/INBOX"; the whole directory where it is not below the mail root.
std::string place_name(std::string_view directory, std::string_view mail_root);
/// The folders of these files by name, each once.
std::vector<std::string> place_names(const std::vector<std::string>& files, std::string_view mail_root);

/// All files together.
std::uint64_t count_files(const std::vector<FilesInFolder>& places);

/// "work/INBOX 3, home/INBOX 1 and 2 more" within `columns`, the largest first; at least one is named.
std::string in_words(std::vector<FilesInFolder> places, std::size_t columns);

/// What was done to how many messages ("Tagged 3 messages"), as a sentence that tells where their files lie: "Tagged 3 messages in 4 places: work/INBOX 3,
/// home/INBOX 1." The number of places only where it is another than that of the messages.
std::string sentence_with_places(const std::string& done, std::uint64_t messages, const std::vector<FilesInFolder>& places, std::size_t columns);

}  // namespace valija
