#include "valija/pty/program.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "child.hpp"
#include "emulator.hpp"

namespace valija::pty {
namespace {

constexpr std::size_t most_at_once = 1UL << 20;     // so that a program that prints without end leaves time for keys
constexpr std::size_t most_unwritten = 16UL << 20;  // keys for a program that reads none

class RunningProgram final : public Program {
 public:
  RunningProgram(Child child, int columns, int rows) : child_(std::move(child)), emulator_(columns, rows), either_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (const int fd : {child_.terminal(), child_.process()}) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.fd = fd;
      if (fd >= 0) ::epoll_ctl(either_.get(), EPOLL_CTL_ADD, fd, &event);
    }
  }

  int fd() const override { return either_.get(); }

  bool pump() override {
    // What it printed before it ended is still there behind the end.
    const bool is_over = has_ended_ || child_.has_ended();
    std::array<char, 64UL * 1024> octets;
    std::size_t taken = 0;
    while (taken < most_at_once) {
      const ssize_t count = ::read(child_.terminal(), octets.data(), octets.size());
      if (count <= 0) break;
      emulator_.feed({octets.data(), static_cast<std::size_t>(count)});
      taken += static_cast<std::size_t>(count);
    }
    if (is_over && taken < most_at_once) has_ended_ = true;
    write();
    return emulator_.refresh();
  }

  void resize(int columns, int rows) override {
    if (columns == screen().columns && rows == screen().rows) return;
    emulator_.resize(columns, rows);
    child_.resize(screen().columns, screen().rows);
  }
  void key(const config::Key& key) override {
    emulator_.key(key);
    write();
  }
  void paste(std::string_view text) override {
    emulator_.paste(text);
    write();
  }

  const Screen& screen() const override { return emulator_.screen(); }
  bool has_ended() const override { return has_ended_; }
  int exit_status() const override { return child_.exit_status(); }

 private:
  /// As much as it takes now; the rest waits for the next call and for a terminal that can be written to.
  void write() {
    if (unwritten_.size() < most_unwritten) unwritten_ += emulator_.take_output();
    while (!unwritten_.empty()) {
      const ssize_t count = ::write(child_.terminal(), unwritten_.data(), unwritten_.size());
      if (count <= 0) break;
      unwritten_.erase(0, static_cast<std::size_t>(count));
    }
    const std::uint32_t wanted = EPOLLIN | (unwritten_.empty() ? 0U : static_cast<std::uint32_t>(EPOLLOUT));
    if (std::exchange(waits_for_, wanted) == wanted) return;
    epoll_event event{};
    event.events = wanted;
    event.data.fd = child_.terminal();
    ::epoll_ctl(either_.get(), EPOLL_CTL_MOD, child_.terminal(), &event);
  }

  Child child_;
  Emulator emulator_;
  Fd either_;  ///< an epoll(7) of its terminal and its end
  std::string unwritten_;
  std::uint32_t waits_for_ = EPOLLIN;
  bool has_ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Program>> Program::start(const std::string& command, const std::vector<std::string>& arguments, int columns, int rows) {
  auto child = Child::start(command, arguments, columns, rows);
  if (!child) return Unexpected(std::move(child).error());
  return std::unique_ptr<Program>(std::make_unique<RunningProgram>(std::move(*child), columns, rows));
}

}  // namespace valija::pty
