#include "command_submission.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "valija/base/process.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {
namespace {

using How = remote::Submitted::How;

constexpr int try_later_status = 75;  // EX_TEMPFAIL
constexpr std::size_t longest_output = 1 << 20;

/// A file without a name beside `path`, with the same lines ended by LF alone, read from its beginning.
Result<Fd> with_line_feeds(const std::string& path) {
  const Fd source(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) return fail(disk_error(_("Opening"), path, errno));
  std::string name = path + ".XXXXXX";
  Fd file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return fail(disk_error(_("Creating"), name, errno));
  ::unlink(name.c_str());
  std::array<char, 64 << 10> block;
  std::string lines;
  bool has_return = false;  // one waits to see what follows it
  while (true) {
    const ssize_t count = ::read(source.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(disk_error(_("Reading"), path, errno));
    lines.clear();
    for (const char byte : std::string_view(block.data(), static_cast<std::size_t>(count))) {
      if (has_return && byte != '\n') lines += '\r';
      has_return = byte == '\r';
      if (!has_return) lines += byte;
    }
    if (count == 0 && has_return) lines += '\r';
    if (const int error = write_all(file.get(), lines); error != 0) return fail(disk_error(_("Writing"), name, error));
    if (count == 0) break;
  }
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return fail(disk_error(_("Reading"), name, errno));
  return file;
}

remote::Submitted ended(How how, std::string answer) {
  remote::Submitted submitted;
  submitted.how = how;
  submitted.answer = std::move(answer);
  return submitted;
}

}  // namespace

remote::Submitted CommandSubmission::send(const smtp::Envelope& envelope, const std::string& file, const remote::BeforeLast& before_last) {
  const Result<Fd> message = with_line_feeds(file);
  if (!message) return ended(How::try_later, message.error().message);
  CommandInput input{message->get(), {"-f", envelope.sender, "--"}};
  input.arguments.insert(input.arguments.end(), envelope.recipients.begin(), envelope.recipients.end());
  if (const auto ready = before_last({}); !ready) return ended(How::try_later, ready.error().message);
  // Not to be stopped: what it has done by then nobody would know.
  const auto output = run_shell_command(command_ + " \"$@\"", timeout_ms_, longest_output, {}, input);
  if (!output) return ended(How::unknown, output.error().message);
  if (output->exit_code == 0) return ended(How::accepted, {});
  const std::string words = clean_phrase(output->standard_error);
  const std::string answer = words.empty() ? fmt::format(fmt::runtime(_("The command ended with status {}.")), output->exit_code) : words;
  return ended(output->exit_code == try_later_status ? How::try_later : How::refused, answer);
}

}  // namespace valija::workers
