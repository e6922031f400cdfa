#include "export_mail.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "find_renamed.hpp"
#include "render_protocol.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/correspondents.hpp"
#include "valija/workers/save_file.hpp"

namespace valija::workers {
namespace {

/// A file that is new, and gone again unless it is kept.
class NewFile {
 public:
  static Result<NewFile> create(const std::string& path) {
    Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd && errno == EEXIST) {
      return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("{} exists already.")), clean(path)), _("Choose another name: nothing is overwritten."));
    }
    if (!fd) return fail(disk_error(_("Creating"), path, errno));
    return NewFile(path, std::move(fd));
  }
  NewFile(NewFile&& other) noexcept : path_(std::exchange(other.path_, {})), fd_(std::move(other.fd_)) {}
  ~NewFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  Result<void> write(std::string_view octets, const std::stop_token& stop) { return write_until_stopped(fd_.get(), path_, octets, stop); }

  /// Its name is the person's from here on.
  Result<std::string> keep() {
    if (::fsync(fd_.get()) != 0 || (errno = fd_.close()) != 0) return fail(disk_error(_("Writing"), path_, errno));
    return std::exchange(path_, {});
  }

 private:
  NewFile(const std::string& path, Fd fd) : path_(path), fd_(std::move(fd)) {}

  std::string path_;
  Fd fd_;
};

/// A line that would begin a message, or has marks in front of such a one already.
bool is_from_line(std::string_view line) { return line.substr(std::min(line.find_first_not_of('>'), line.size())).starts_with("From "); }

std::string postmark(std::string_view message) {
  const mime::Correspondents people = mime::read_correspondents(message.substr(0, 256 * 1024));
  std::string sender = people.from.empty() ? std::string() : people.from.front().mailbox;
  if (sender.empty() || sender.find_first_of(" \t\r\n") != std::string::npos) sender = "MAILER-DAEMON";
  constexpr UnixTime end_of_9999 = 253402300799;
  const std::time_t date = people.date > 0 && people.date <= end_of_9999 ? people.date : 0;
  std::tm utc = {};
  ::gmtime_r(&date, &utc);
  // As asctime() writes it, in English whatever the locale says.
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("From {} {} {} {:2} {:02}:{:02}:{:02} {:04}\n", sender, days[utc.tm_wday], months[utc.tm_mon], utc.tm_mday, utc.tm_hour, utc.tm_min,
                     utc.tm_sec, utc.tm_year + 1900);
}

/// RFC 4155: a postmark, lines that end with LF, an empty line behind.
std::string as_mbox(std::string_view message) {
  if (message.starts_with("From ")) message.remove_prefix(std::min(message.find('\n'), message.size() - 1) + 1);
  std::string text = postmark(message);
  while (!message.empty()) {
    const std::size_t end = std::min(message.find('\n'), message.size());
    std::string_view line = message.substr(0, end);
    message.remove_prefix(std::min(end + 1, message.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (is_from_line(line)) text += '>';
    text.append(line) += '\n';
  }
  return text += '\n';
}

std::string with_ending(const std::string& path, bool& is_mbox) {
  if (path.ends_with(".mbox")) is_mbox = true;
  const char* ending = is_mbox ? ".mbox" : ".eml";
  return path.ends_with(ending) ? path : path + ending;
}

Unexpected unreadable(Error error, std::size_t place, std::size_t count) {
  if (count > 1) error.message = fmt::format(fmt::runtime(_("Nothing was written, because of message {} of {}: {}")), place, count, error.message);
  return fail(std::move(error));
}

}  // namespace

Result<std::string> export_mail(const std::vector<std::string>& files, const std::string& path, const std::stop_token& stop) {
  bool is_mbox = files.size() != 1;
  auto target = NewFile::create(with_ending(path, is_mbox));
  if (!target) return fail(target.error());
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (stop.stop_requested()) return fail(Kind::cancelled, Blast::message, _("Stopped."));
    const auto octets = read_file(now_at(files[i]), largest_message);
    if (!octets) return unreadable(octets.error(), i + 1, files.size());
    if (auto written = target->write(is_mbox ? as_mbox(*octets) : *octets, stop); !written) return fail(std::move(written).error());
  }
  return target->keep();
}

Result<void> write_new_file(const std::string& path, std::string_view octets, const std::stop_token& stop) {
  auto target = NewFile::create(path);
  if (!target) return fail(target.error());
  if (auto written = target->write(octets, stop); !written) return written;
  const auto kept = target->keep();
  return kept ? Result<void>() : fail(kept.error());
}

}  // namespace valija::workers
