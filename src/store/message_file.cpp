#include "message_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "valija/base/fd.hpp"
#include "valija/sync/fingerprint.hpp"

namespace valija::store {
namespace {

constexpr off_t largest_message = 512 << 20;
constexpr std::size_t block_size = 64 << 10;
/// The fields that matter stand before this.
constexpr std::size_t longest_header = 1 << 20;

bool holds_whole_header(const std::string& head) {
  return head.size() >= longest_header || head.find("\n\n") != std::string::npos || head.find("\n\r\n") != std::string::npos;
}

}  // namespace

std::optional<FilePrint> print_of(int directory, const char* name) {
  const Fd file(::openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > largest_message) return std::nullopt;
  std::string head;
  std::vector<char> block(std::clamp<std::size_t>(static_cast<std::size_t>(status.st_size) + 1, 1, block_size));
  bool has_head = false;
  char last = 0;
  FilePrint print;
  while (true) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    const std::string_view bytes(block.data(), static_cast<std::size_t>(count));
    for (const char byte : bytes) {
      if (byte == '\n' && last != '\r') ++print.size;
      last = byte;
    }
    print.size += bytes.size();
    if (!has_head) head.append(bytes);
    has_head = has_head || holds_whole_header(head);
  }
  print.fingerprint = sync::fingerprint(head, print.size);
  return print;
}

}  // namespace valija::store
