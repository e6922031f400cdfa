#include "wire.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include "header_block.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::mime {
namespace {

Unexpected broken(std::string_view what) {
  const char* sentence = _("The message was not written as it was meant ({}); it stays here.");
  return fail(Kind::bug, Blast::message, fmt::format(fmt::runtime(sentence), clean_phrase(what)));
}

}  // namespace

Result<NewFile> NewFile::create(const std::string& path) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail(disk_error("create", path, errno));
  return NewFile(path, std::move(fd));
}

NewFile::~NewFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<void> NewFile::write(std::string_view octets) {
  if (const int error = write_all(fd_.get(), octets); error != 0) return fail(disk_error("write", path_, error));
  return {};
}

Result<void> NewFile::keep() {
  if (::fsync(fd_.get()) != 0) return fail(disk_error("sync", path_, errno));
  if (const int error = fd_.close(); error != 0) return fail(disk_error("close", path_, error));
  path_.clear();
  return {};
}

void WireScan::add(std::string_view octets) {
  facts_.size += octets.size();
  for (const char c : octets) {
    if (is_behind_cr_ && c != '\n') facts_.has_bare_cr = true;
    if (c == '\n') {
      if (!is_behind_cr_) facts_.has_bare_lf = true;
      line_ = 0;
    } else if (c != '\r' && ++line_ > longest_wire_line) {
      facts_.has_long_line = true;
    }
    is_behind_cr_ = c == '\r';
    facts_.has_nul = facts_.has_nul || c == '\0';
    facts_.is_eight_bit = facts_.is_eight_bit || (c & 0x80) != 0;
  }
}

WireFacts WireScan::facts() {
  if (std::exchange(is_behind_cr_, false)) facts_.has_bare_cr = true;
  return facts_;
}

Result<WireFacts> scan_file(const std::string& path, std::uint64_t offset) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return fail(disk_error("open", path, errno));
  if (!S_ISREG(status.st_mode)) return fail(disk_error("read", path, EINVAL));
  if (::lseek(fd.get(), static_cast<off_t>(offset), SEEK_SET) < 0) return fail(disk_error("read", path, errno));
  WireScan scan;
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    const ssize_t size = ::read(fd.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail(disk_error("read", path, errno));
    if (size == 0) return scan.facts();
    scan.add({buffer.data(), static_cast<std::size_t>(size)});
  }
}

Result<void> check_header_block(std::string_view block, const std::vector<std::string>& names) {
  WireScan scan;
  scan.add(block);
  if (!scan.facts().is_fit()) return broken("line ends in the header");
  const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\r' && c != '\n' && c != '\t') || c == 0x7f; };
  if (std::any_of(block.begin(), block.end(), is_control)) return broken("control characters in the header");
  std::vector<std::string> seen;
  for (std::size_t start = 0; start < block.size();) {
    const auto end = std::min(block.find("\r\n", start), block.size());
    const auto line = block.substr(start, end - start);
    start = end + 2;
    if (trim(line).empty()) return broken("an empty line in the header");
    if (line.front() == ' ' || line.front() == '\t') continue;
    const auto name = line.substr(0, line.find(':'));
    const auto is_name = [&](const std::string& known) { return equal_ignoring_case(known, name); };
    if (std::none_of(names.begin(), names.end(), is_name)) return broken(name);
    if (std::any_of(seen.begin(), seen.end(), is_name)) return broken(name);
    seen.emplace_back(name);
  }
  return {};
}

std::string header_date(UnixTime date, int utc_offset_minutes) {
  constexpr auto days = std::to_array<const char*>({"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"});
  constexpr auto months = std::to_array<const char*>({"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
  constexpr UnixTime last = 253402300799;  // of the year 9999
  const int offset = std::clamp(utc_offset_minutes, -24 * 60 + 1, 24 * 60 - 1);
  const std::time_t local = std::clamp<UnixTime>(date + offset * 60, 0, last);
  std::tm time = {};
  ::gmtime_r(&local, &time);
  const int minutes = std::abs(offset);
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} {}{:02}{:02}", days[static_cast<std::size_t>(time.tm_wday)], time.tm_mday,
                     months[static_cast<std::size_t>(time.tm_mon)], time.tm_year + 1900, time.tm_hour, time.tm_min, time.tm_sec, offset < 0 ? '-' : '+',
                     minutes / 60, minutes % 60);
}

}  // namespace valija::mime
