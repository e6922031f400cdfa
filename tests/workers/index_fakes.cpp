#include "index_fakes.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "index_session.hpp"

namespace valija::workers::test {

class MemoryQueue::Connection final : public store::IndexQueue {
 public:
  explicit Connection(MemoryQueue& queue) : queue_(queue) {}

  Result<std::vector<store::IndexTask>> pending(std::int64_t after, std::size_t limit) override {
    std::lock_guard lock(queue_.mutex_);
    std::vector<store::IndexTask> found;
    for (auto task = queue_.tasks_.upper_bound(after); task != queue_.tasks_.end() && found.size() < limit; ++task) {
      found.push_back(task->second);
    }
    return found;
  }
  Result<std::uint64_t> size() override { return std::uint64_t{queue_.size()}; }
  Result<void> put(const std::vector<store::IndexTask>& tasks) override {
    for (const auto& task : tasks) queue_.push(task.action, task.path, task.tags, task.old_path, task.dropped, task.message);
    return {};
  }
  Result<void> done(const std::vector<std::int64_t>& rows) override {
    std::lock_guard lock(queue_.mutex_);
    for (const auto row : rows) queue_.tasks_.erase(row);
    return {};
  }
  Result<void> quarantine(std::int64_t row, const UnindexedMessage& message) override {
    std::lock_guard lock(queue_.mutex_);
    queue_.tasks_.erase(row);
    queue_.unindexed_.push_back(message);
    return {};
  }
  Result<std::vector<UnindexedMessage>> unindexed() override { return queue_.unindexed(); }
  Result<void> forget_unindexed(const std::string& path) override {
    std::lock_guard lock(queue_.mutex_);
    std::erase_if(queue_.unindexed_, [&](const auto& message) { return message.path == path; });
    return {};
  }
  Result<std::uint64_t> follow(const std::string& index, const std::string&) override {
    std::lock_guard lock(queue_.mutex_);
    const std::string before = std::exchange(queue_.index_, index);
    if (before.empty() || before == index) return std::uint64_t{0};
    for (const auto& path : queue_.mail_) queue_.push_locked(store::IndexTask::Action::restore, path, {"restored"});
    return std::uint64_t{queue_.mail_.size()};
  }

 private:
  MemoryQueue& queue_;
};

void MemoryQueue::push(store::IndexTask::Action action, const std::string& path, std::vector<std::string> tags,
                       const std::string& old_path, std::vector<std::string> dropped, const std::string& message) {
  std::lock_guard lock(mutex_);
  push_locked(action, path, std::move(tags), old_path, std::move(dropped), message);
}

void MemoryQueue::push_locked(store::IndexTask::Action action, const std::string& path, std::vector<std::string> tags,
                              const std::string& old_path, std::vector<std::string> dropped, const std::string& message) {
  if (action == store::IndexTask::Action::add) mail_.push_back(path);
  const std::int64_t row = ++last_row_;
  tasks_[row] = {row, action, path, old_path, std::move(tags), std::move(dropped), {}, message};
}

std::size_t MemoryQueue::size() const {
  std::lock_guard lock(mutex_);
  return tasks_.size();
}

std::vector<UnindexedMessage> MemoryQueue::unindexed() const {
  std::lock_guard lock(mutex_);
  return unindexed_;
}

std::unique_ptr<store::IndexQueue> MemoryQueue::connect() { return std::make_unique<Connection>(*this); }

MailFolder::MailFolder() {
  const char* place = std::getenv("TMPDIR");
  std::string pattern = std::string(place == nullptr ? "/tmp" : place) + "/valija-workers-XXXXXX";
  root_ = ::mkdtemp(pattern.data());
  for (const char* below : {"/box/cur", "/box/new", "/box/tmp"}) std::filesystem::create_directories(root_ + below);
}

MailFolder::~MailFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::string MailFolder::write(const std::string& name, const std::string& octets) const {
  const std::string path = root_ + "/box/cur/" + name;
  std::ofstream(path, std::ios::binary) << octets;
  return path;
}

std::string MailFolder::message(int number) const {
  return write(fmt::format("{}.host:2,", number),
               fmt::format("From: Ana <ana@example.org>\nTo: b@example.org\nSubject: message {0}\nMessage-ID: <m{0}@x>\n"
                           "Date: Mon, 23 Nov 2020 09:00:00 +0000\n\nHello {0}.\n", number));
}

std::string MailFolder::count(const std::string& query) const {
  const std::string command = fmt::format("NOTMUCH_DATABASE={} notmuch --config='' count '{}'", root_, query);
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 64> buffer = {};
  const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe);
  ::pclose(pipe);
  return std::string(buffer.data(), got == 0 ? 0 : got - 1);
}

mime::Prescan trusting(const std::string&) { return {}; }

IndexService::Options in_thread(const MailFolder& mail, MemoryQueue& queue) {
  IndexService::Options options;
  options.location = {mail.root(), {}};
  options.state_dir = mail.root();
  options.open_queue = [&queue] { return Result<std::unique_ptr<store::IndexQueue>>(queue.connect()); };
  options.launch = [] { return make_thread_peer(trusting); };
  return options;
}

IndexService::Options in_process(const MailFolder& mail, MemoryQueue& queue, mime::Prescan (*prescan)(const std::string& path)) {
  IndexService::Options options = in_thread(mail, queue);
  options.launch = [prescan]() -> Result<std::unique_ptr<IndexPeer>> {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return fail(disk_error("socketpair", "", errno));
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::close(ends[0]);
      ::_exit(run_index_session(ends[1], prescan));
    }
    ::close(ends[1]);
    return make_process_peer(Child(pid, Fd(ends[0])));
  };
  return options;
}

void wait_for(IndexService& service) {
  service.poke();
  const auto done = service.wait_until_idle({});
  CHECK_MESSAGE(done, done.error().message);
}

}  // namespace valija::workers::test
