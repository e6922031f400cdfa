#include "output.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::cli {

namespace {
constexpr std::size_t flush_above = 64 * 1024;
}  // namespace

void Output::put(std::string_view safe) {
  buffer_ += safe;
  if (buffer_.size() > flush_above) flush();
}

void Output::line(std::string_view text) {
  put(clean(text));
  put("\n");
}

void Output::octets(std::string_view octets) {
  if (is_terminal()) {
    put(clean_lines(octets));
    return;
  }
  flush();
  if (error_number_ == 0) error_number_ = write_all(fd_, octets);
}

void Output::flush() {
  if (error_number_ == 0 && !buffer_.empty()) error_number_ = write_all(fd_, buffer_);
  buffer_.clear();
}

bool Output::is_terminal() const { return ::isatty(fd_) != 0; }

int Output::width() const {
  winsize size{};
  if (!is_terminal() || ::ioctl(fd_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

Result<void> Output::result() const {
  if (error_number_ == 0 || error_number_ == EPIPE) return {};
  return Unexpected(disk_error(_("Writing"), _("the output"), error_number_));
}

}  // namespace valija::cli
