#include "valija/base/process.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "valija/base/process_start.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

constexpr int child_socket = 3;

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

int kill_and_reap(pid_t pid) {
  ::kill(pid, SIGKILL);
  return reap(pid);
}

// Between fork and exec only async-signal-safe calls: other threads of ours may have held locks.

void die_with_parent(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
}

[[noreturn]] void become_worker(char* const* arguments, int socket, int niceness, pid_t parent) {
  die_with_parent(parent);
  reset_signals();
  // What a person sends to the terminal's programs is for us to hear; we end our workers ourselves. Survives exec.
  for (const int number : {SIGINT, SIGQUIT, SIGHUP}) ::signal(number, SIG_IGN);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::dup2(socket, child_socket);
  ::close_range(child_socket + 1, ~0U, 0);
  if (niceness != 0 && ::nice(niceness) == -1) errno = 0;
  ::execv("/proc/self/exe", arguments);
  ::_exit(127);
}

}  // namespace

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), socket_(std::move(other.socket_)) {}

Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    if (pid_ > 0) kill_and_reap(pid_);
    pid_ = std::exchange(other.pid_, -1);
    socket_ = std::move(other.socket_);
  }
  return *this;
}

Child::~Child() {
  if (pid_ > 0) kill_and_reap(pid_);
}

int Child::stop(int ms) {
  if (pid_ <= 0) return 0;
  const pid_t pid = std::exchange(pid_, -1);
  const Fd watched = open_process_descriptor(pid);
  ::kill(pid, SIGTERM);
  const bool has_ended = watched && wait_readable({watched.get()}, ms) == 0;
  socket_.reset();
  return has_ended ? reap(pid) : kill_and_reap(pid);
}

Result<Child> spawn_self(const std::vector<std::string>& arguments, int niceness) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail(disk_error(_("Starting"), "socketpair", errno));
  }
  Fd ours(ends[0]), theirs(ends[1]);
  // Above every descriptor that the child is about to overwrite.
  const Fd passed(::fcntl(theirs.get(), F_DUPFD_CLOEXEC, child_socket + 7));
  if (!passed) return fail(disk_error(_("Starting"), "socketpair", errno));

  std::vector<std::string> words = {"valija"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::vector<char*> argv = to_argv(words);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return fail(disk_error(_("Starting"), words.back(), errno));
  if (pid == 0) become_worker(argv.data(), passed.get(), niceness, parent);
  return Child(pid, std::move(ours));
}

}  // namespace valija
