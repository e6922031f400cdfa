#include "message_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <vector>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/sync/fingerprint.hpp"

namespace valija::store {
namespace {

constexpr off_t largest_message = 512 << 20;
constexpr std::size_t block_size = 64 << 10;
/// The fields that matter stand before this.
constexpr std::size_t longest_header = 1 << 20;

/// Where the header ends in `text`, looking from `start` on; npos: not in it.
std::size_t header_end(std::string_view text, std::size_t start) {
  for (std::size_t at = text.find('\n', start); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (text.substr(at + 1).starts_with('\n') || text.substr(at + 1).starts_with("\r\n")) return at + 1;
  }
  return std::string_view::npos;
}

/// Line feeds that have no carriage return before them.
std::uint64_t bare_feeds(std::string_view octets, char before) {
  std::uint64_t count = 0;
  for (std::size_t at = octets.find('\n'); at != std::string_view::npos; at = octets.find('\n', at + 1)) {
    if ((at == 0 ? before : octets[at - 1]) != '\r') ++count;
  }
  return count;
}

struct OpenFile {
  Fd fd;
  struct stat status {};
};

std::optional<OpenFile> open_file(int directory, const char* name) {
  OpenFile file{Fd(::openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC))};
  if (!file.fd || ::fstat(file.fd.get(), &file.status) != 0) return std::nullopt;
  if (!S_ISREG(file.status.st_mode) || file.status.st_size > largest_message) return std::nullopt;
  return file;
}

/// -1: errno says why.
ssize_t read_some(int file, std::span<char> buffer) {
  while (true) {
    const ssize_t count = ::read(file, buffer.data(), buffer.size());
    if (count >= 0 || errno != EINTR) return count;
  }
}

/// False: it could not be read to its end.
bool read_all(const OpenFile& file, const std::function<void(std::string_view)>& visit) {
  std::vector<char> block(std::clamp<std::size_t>(static_cast<std::size_t>(file.status.st_size) + 1, 1, block_size));
  while (true) {
    const ssize_t count = read_some(file.fd.get(), block);
    if (count <= 0) return count == 0;
    visit({block.data(), static_cast<std::size_t>(count)});
  }
}

class FileReader final : public sync::MessageReader {
 public:
  FileReader(OpenFile file, std::uint64_t size) : file_(std::move(file)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  UnixTime received() const override { return file_.status.st_mtim.tv_sec; }

  /// Never more than was announced: another program may be writing, against all custom.
  Result<std::size_t> read(std::span<char> buffer) override {
    std::size_t filled = 0;
    while (filled < buffer.size() && done_ + filled < size_) {
      if (next_ == pending_.size()) {
        const ssize_t count = read_some(file_.fd.get(), block_);
        if (count <= 0) return fail(changed());
        pending_ = {block_.data(), static_cast<std::size_t>(count)};
        next_ = 0;
      }
      const char byte = pending_[next_];
      const bool needs_return = byte == '\n' && last_ != '\r';
      if (!needs_return) ++next_;
      last_ = needs_return ? '\r' : byte;
      buffer[filled++] = last_;
    }
    done_ += filled;
    return filled;
  }

 private:
  static Error changed() {
    return {Kind::try_later, Blast::message, _("A message file became shorter while it was read."), _("The next sync looks at it again.")};
  }

  OpenFile file_;
  std::uint64_t size_ = 0, done_ = 0;
  std::array<char, 32 << 10> block_;
  std::string_view pending_;
  std::size_t next_ = 0;
  char last_ = 0;
};

}  // namespace

void PrintMaker::add(std::string_view octets) {
  if (octets.empty()) return;
  size_ += octets.size() + bare_feeds(octets, last_);
  last_ = octets.back();
  constexpr std::size_t piece = 4096;
  for (; !has_head_ && !octets.empty(); octets.remove_prefix(std::min(piece, octets.size()))) {
    const std::size_t start = head_.size() < 2 ? 0 : head_.size() - 2;
    head_.append(octets.substr(0, piece));
    const std::size_t end = header_end(head_, start);
    if (end != std::string::npos) head_.resize(end);
    has_head_ = end != std::string::npos || head_.size() >= longest_header;
  }
}

FilePrint PrintMaker::finish() const { return {size_, sync::fingerprint(head_, size_)}; }

FilePrint print_of(std::string_view message) {
  PrintMaker print;
  print.add(message);
  return print.finish();
}

std::optional<FilePrint> print_of(int directory, const char* name) {
  const std::optional<OpenFile> file = open_file(directory, name);
  if (!file) return std::nullopt;
  PrintMaker print;
  if (!read_all(*file, [&](std::string_view octets) { print.add(octets); })) return std::nullopt;
  return print.finish();
}

std::unique_ptr<sync::MessageReader> read_message(int directory, const char* name) {
  std::optional<OpenFile> file = open_file(directory, name);
  if (!file) return nullptr;
  std::uint64_t size = 0;
  char last = 0;
  const bool whole = read_all(*file, [&](std::string_view octets) {
    size += octets.size() + bare_feeds(octets, last);
    last = octets.back();
  });
  if (!whole || ::lseek(file->fd.get(), 0, SEEK_SET) != 0) return nullptr;
  return std::make_unique<FileReader>(std::move(*file), size);
}

}  // namespace valija::store
