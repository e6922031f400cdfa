#include "valija/store/history.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

constexpr std::size_t most_lines = 500, longest_line = 4096;
constexpr std::size_t longest_file = 8 << 20, long_file = 1 << 20;

}  // namespace

Result<std::vector<std::string>> History::read() const {
  std::vector<std::string> lines;
  if (::access(file_.c_str(), F_OK) != 0) return lines;
  const Result<std::string> text = read_file(file_, longest_file);
  if (!text) return fail(text.error());
  std::vector<std::string> all = split(*text, '\n');
  std::set<std::string> seen;
  for (auto line = all.rbegin(); line != all.rend() && lines.size() < most_lines; ++line) {
    if (line->empty() || line->size() > longest_line || clean(*line) != *line || !seen.insert(*line).second) continue;
    lines.push_back(std::move(*line));
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

Result<void> History::add(std::string_view line) const {
  if (line.empty() || line.size() > longest_line || clean(line) != line) return {};
  if (Result<void> made = make_directories(directory_); !made) return made;
  struct stat there = {};
  if (::stat(file_.c_str(), &there) == 0 && static_cast<std::size_t>(there.st_size) > long_file) {
    Result<std::vector<std::string>> lines = read();
    if (!lines) lines = std::vector<std::string>();  // nobody can read it any more
    lines->emplace_back(line);
    return write_file_durably(file_, join(*lines, "\n") + "\n");
  }
  const Fd file(::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  const int error = file ? write_all(file.get(), std::string(line) + "\n") : errno;
  if (error == 0) return {};
  return fail(Kind::disk, Blast::message, fmt::format(fmt::runtime(_("What was typed cannot be kept in {}: {}.")), file_, std::strerror(error)), {});
}

}  // namespace valija::store
