#include <sys/socket.h>

#include <cerrno>
#include <thread>
#include <utility>

#include "index_session.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/words.hpp"
#include "valija/workers/index_service.hpp"

namespace valija::workers {
namespace {

class ProcessPeer final : public IndexPeer {
 public:
  explicit ProcessPeer(Child child) : child_(std::move(child)) {}
  int socket() const override { return child_.socket(); }
  pid_t pid() const override { return child_.pid(); }
  int stop(int ms) override { return child_.stop(ms); }

 private:
  Child child_;
};

class ThreadPeer final : public IndexPeer {
 public:
  ThreadPeer(Fd ours, Fd theirs, PrescanFile prescan)
      : ours_(std::move(ours)), thread_([socket = std::move(theirs), prescan] { run_index_session(socket.get(), prescan); }) {}
  ~ThreadPeer() override { ThreadPeer::stop(0); }
  int socket() const override { return ours_.get(); }
  pid_t pid() const override { return 0; }
  int stop(int) override {
    ::shutdown(ours_.get(), SHUT_RDWR);  // its next receive ends the session
    if (thread_.joinable()) thread_.join();
    return 0;
  }

 private:
  Fd ours_;
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<IndexPeer> make_process_peer(Child child) { return std::make_unique<ProcessPeer>(std::move(child)); }

Result<std::unique_ptr<IndexPeer>> make_thread_peer(mime::Prescan (*prescan)(const std::string& path)) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return fail(disk_error(_("Starting"), "socketpair", errno));
  return std::unique_ptr<IndexPeer>(std::make_unique<ThreadPeer>(Fd(ends[0]), Fd(ends[1]), prescan));
}

}  // namespace valija::workers
