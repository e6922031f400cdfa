#include "valija/workers/save_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t longest_name = 200;  // NAME_MAX less room for "-999"
constexpr std::size_t longest_ending = 32;
constexpr int most_copies = 999;

/// Of whole letters, at most `most` octets.
std::string cut(std::string_view text, std::size_t most) {
  std::size_t size = 0;
  for (const Grapheme& grapheme : graphemes(text)) {
    if (size + grapheme.bytes.size() > most) break;
    size += grapheme.bytes.size();
  }
  return std::string(text.substr(0, size));
}

/// With the ending that tells what opens it. One that is cut gets a mark: it must not become that of a program.
std::string shortened(const std::string& name) {
  if (name.size() <= longest_name) return name;
  const std::size_t dot = std::min(name.rfind('.'), name.size());
  std::string ending = name.substr(dot);
  if (ending.size() > longest_ending) ending = cut(ending, longest_ending - 1) + '_';
  const std::string stem = cut(std::string_view(name).substr(0, dot), longest_name - ending.size());
  return (stem.empty() ? "part" : stem) + ending;
}

/// One component that is safe on any file system: no separators, no leading dot or dash, not empty.
std::string safe_name(std::string_view name) {
  std::string safe = clean(name);
  std::replace_if(safe.begin(), safe.end(), [](char c) { return std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos; }, '_');
  safe.erase(0, safe.find_first_not_of(".- "));
  safe.erase(safe.find_last_not_of(". ") + 1);
  return safe.empty() ? "part" : shortened(safe);
}

std::string numbered(const std::string& name, int copy) {
  if (copy == 0) return name;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0) return fmt::format("{}-{}", name, copy);
  return fmt::format("{}-{}{}", name.substr(0, dot), copy, name.substr(dot));
}

/// Where the type alone tells what a file is to be called.
constexpr std::array<std::pair<std::string_view, const char*>, 10> endings{{{"text/plain", ".txt"},
                                                                            {"text/html", ".html"},
                                                                            {"text/calendar", ".ics"},
                                                                            {"text/x-patch", ".patch"},
                                                                            {"message/rfc822", ".eml"},
                                                                            {"image/png", ".png"},
                                                                            {"image/jpeg", ".jpg"},
                                                                            {"image/gif", ".gif"},
                                                                            {"application/pdf", ".pdf"},
                                                                            {"application/zip", ".zip"}}};

Error refused(const std::string& path, int error_number) {
  Error error = disk_error(_("Creating"), path, error_number);
  if (error_number == ENOENT) error.hint = _("Make the folder first, or choose another one.");
  return error;
}

}  // namespace

std::string name_of_part(const Document& document, std::string_view number) {
  const auto part = std::find_if(document.parts.begin(), document.parts.end(), [&](const Part& each) { return each.number == number; });
  if (part == document.parts.end()) return {};
  if (!part->filename.empty()) return part->filename;
  const auto ending = std::find_if(endings.begin(), endings.end(), [&](const auto& each) { return each.first == part->type; });
  return ending == endings.end() ? std::string() : std::string("part") + ending->second;
}

Result<void> write_until_stopped(int file, const std::string& path, std::string_view octets, const std::stop_token& stop) {
  constexpr std::size_t piece = 1UL << 20;
  for (std::size_t at = 0; at < octets.size(); at += piece) {
    if (stop.stop_requested()) return fail(Kind::cancelled, Blast::message, _("Stopped."));
    if (const int error = write_all(file, octets.substr(at, piece)); error != 0) return fail(disk_error(_("Writing"), path, error));
  }
  return {};
}

Result<std::string> save_new_file(const std::string& directory, std::string_view name, std::string_view octets, const std::stop_token& stop) {
  const std::string safe = safe_name(name);
  for (int copy = 0; copy <= most_copies; ++copy) {
    const std::string path = fmt::format("{}/{}", directory, numbered(safe, copy));
    Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) {
      const int error = errno;
      if (error == EEXIST) continue;
      return fail(refused(path, error));
    }
    auto written = write_until_stopped(file.get(), path, octets, stop);
    if (const int error = file.close(); written && error != 0) written = fail(disk_error(_("Writing"), path, error));
    if (written) return path;
    ::unlink(path.c_str());
    return fail(std::move(written).error());
  }
  return fail(Kind::disk, Blast::message,
              fmt::format(fmt::runtime(_("{} already holds too many files of the name {}.")), directory, safe),
              _("Choose another folder."));
}

}  // namespace valija::workers
