#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>

#include "valija/base/process.hpp"
#include "valija/base/process_start.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kept_of_standard_error = 4096;
constexpr std::size_t read_size = 4096;

struct Pipe {
  Fd read_end, write_end;
};

Result<Pipe> make_pipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(disk_error(_("Starting"), "/bin/sh", errno));
  Pipe pipe{Fd(ends[0]), Fd(ends[1])};
  // Above the descriptors that the child overwrites.
  Fd high(::fcntl(pipe.write_end.get(), F_DUPFD_CLOEXEC, 10));
  if (!high) return fail(disk_error(_("Starting"), "/bin/sh", errno));
  pipe.write_end = std::move(high);
  ::fcntl(pipe.read_end.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

/// In the child: async-signal-safe calls only. A session of its own: it cannot take the terminal from the interface,
/// and one signal ends whatever it started.
[[noreturn]] void become_shell(char* const* arguments, const CommandInput& input, int output, int errors) {
  ::setsid();
  reset_signals();
  ::dup2(input.standard_input >= 0 ? input.standard_input : ::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  if (input.confine && !input.confine()) ::_exit(cannot_start);
  ::close_range(3, ~0U, 0);
  ::execv("/bin/sh", arguments);
  ::_exit(no_such_program);
}

/// A shell that runs, with its process group; killed when it is given up.
class Shell {
 public:
  explicit Shell(pid_t pid) : pid_(pid), watched_(open_process_descriptor(pid)) {}
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;
  ~Shell() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);  // setsid may not have happened yet
    wait();
  }
  int ended_fd() const { return watched_.get(); }
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
  Fd watched_;
};

/// Reads what is there; may pass `limit` by less than `read_size`. False when the pipe is at its end or broken.
bool drain(int fd, std::string& into, std::size_t limit) {
  std::array<char, read_size> buffer;
  bool goes_on = true;
  while (goes_on && into.size() <= limit) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    goes_on = got > 0;
    if (goes_on) into.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::explicit_bzero(buffer.data(), buffer.size());  // it may have been a password
  return goes_on;
}

int milliseconds_until(steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

/// Collects both outputs until the shell ended (what it started may live on and keep the pipes open).
Result<void> collect(Shell& shell, const Pipe& output, const Pipe& errors, int stop, int timeout_ms, std::size_t limit,
                     CommandOutput& collected) {
  const auto deadline = steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  collected.standard_output.reserve(limit + read_size);  // a string that grows leaves copies behind
  std::string error_text;
  std::array<pollfd, 4> polled = {{{shell.ended_fd(), POLLIN, 0},
                                   {output.read_end.get(), POLLIN, 0},
                                   {errors.read_end.get(), POLLIN, 0},
                                   {stop, POLLIN, 0}}};
  bool has_ended = false;
  while (!has_ended) {
    const int ready = ::poll(polled.data(), polled.size(), milliseconds_until(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      return fail(Kind::try_later, Blast::account, _("The command took too long and was ended."),
                  _("Run it by hand and see what it waits for."));
    }
    if (polled[3].revents != 0) return fail(Kind::cancelled, Blast::account, _("Stopped."));
    has_ended = polled[0].revents != 0;
    if (!drain(output.read_end.get(), collected.standard_output, limit)) polled[1].fd = -1;
    if (!drain(errors.read_end.get(), error_text, kept_of_standard_error)) polled[2].fd = -1;
    if (collected.standard_output.size() > limit) {
      return fail(Kind::settings, Blast::account, _("The command wrote more than expected."), {});
    }
    error_text.resize(std::min(error_text.size(), kept_of_standard_error));  // the rest is read and dropped
  }
  collected.standard_error = std::move(error_text);
  collected.exit_code = shell.wait();
  return {};
}

}  // namespace

Result<CommandOutput> run_shell_command(const std::string& command, int timeout_ms, std::size_t limit,
                                        std::stop_token stop, const CommandInput& input) {
  std::optional<Wakeup> stop_wakeup;
  if (stop.stop_possible()) stop_wakeup.emplace();
  const std::stop_callback wake(stop, [&] { stop_wakeup->notify(); });
  auto output = make_pipe();
  if (!output) return fail(output.error());
  auto errors = make_pipe();
  if (!errors) return fail(errors.error());
  std::vector<std::string> words{"sh", "-c", command, "sh"};
  words.insert(words.end(), input.arguments.begin(), input.arguments.end());
  const std::vector<char*> arguments = to_argv(words);
  const pid_t pid = ::fork();
  if (pid < 0) return fail(disk_error(_("Starting"), "/bin/sh", errno));
  if (pid == 0) become_shell(arguments.data(), input, output->write_end.get(), errors->write_end.get());
  output->write_end.reset();
  errors->write_end.reset();
  Shell shell(pid);
  CommandOutput collected;
  const auto done = collect(shell, *output, *errors, stop_wakeup ? stop_wakeup->fd() : -1, timeout_ms, limit, collected);
  if (done) return collected;
  ::explicit_bzero(collected.standard_output.data(), collected.standard_output.size());
  return fail(done.error());
}

}  // namespace valija
