#include "valija/mail/places.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

std::string_view parent(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace

std::string_view folder_of_file(std::string_view path) { return parent(parent(path)); }

std::string place_name(std::string_view directory, std::string_view mail_root) {
  const bool is_below = directory.size() > mail_root.size() && directory.starts_with(mail_root) && directory[mail_root.size()] == '/';
  return std::string(is_below ? directory.substr(mail_root.size() + 1) : directory);
}

std::vector<std::string> place_names(const std::vector<std::string>& files, std::string_view mail_root) {
  std::vector<std::string> names;
  for (const std::string& file : files) {
    std::string name = place_name(folder_of_file(file), mail_root);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::uint64_t count_files(const std::vector<FilesInFolder>& places) {
  std::uint64_t files = 0;
  for (const FilesInFolder& place : places) files += place.files;
  return files;
}

std::string in_words(std::vector<FilesInFolder> places, std::size_t columns) {
  std::stable_sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.files > b.files; });
  std::string words;
  std::string fitting;
  for (std::size_t i = 0; i < places.size(); ++i) {
    words += fmt::format("{}{} {}", i > 0 ? ", " : "", clean(places[i].folder), number(places[i].files));
    const auto left = static_cast<unsigned long>(places.size() - i - 1);
    std::string all = left == 0 ? words : fmt::format(fmt::runtime(n_("{} and {} more", "{} and {} more", left)), words, number(left));
    const bool fits = display_width(all) <= static_cast<int>(columns);
    if (fits || i == 0) fitting = std::move(all);
    if (!fits && display_width(words) > static_cast<int>(columns)) break;
  }
  return fitting;
}

std::string sentence_with_places(const std::string& done, std::uint64_t messages, const std::vector<FilesInFolder>& places, std::size_t columns) {
  if (places.empty()) return done + ".";
  const std::uint64_t files = count_files(places);
  std::string head = done;
  if (files != messages) {
    const char* many = n_("{} in {} place", "{} in {} places", static_cast<unsigned long>(files));
    head = fmt::format(fmt::runtime(many), done, number(files));
  }
  const auto used = static_cast<std::size_t>(display_width(head)) + 3;  // ": " and the full stop
  return fmt::format("{}: {}.", head, in_words(places, columns > used ? columns - used : 0));
}

}  // namespace valija
