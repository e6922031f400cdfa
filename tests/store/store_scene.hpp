#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include "store/account_store.hpp"
#include "support/temporary_directory.hpp"
#include "sync/memory_sides.hpp"

namespace valija::store::test {

using sync::test::folder;

class FixedClock final : public Clock {
 public:
  UnixTime time = 1700000000;
  UnixTime now() const override { return time; }
  std::int64_t monotonic_ms() const override { return 0; }
};

/// Fails the n-th changing call with an errno value, or kills the process before it.
class FaultyFiles final : public Files {
 public:
  std::atomic<int>* calls = nullptr;  ///< counts, where the test wants to know
  int fail_at = -1;
  int error = ENOSPC;
  bool fails_on = false;  ///< every call after it too, as a full disk does; unlink works nevertheless
  bool kills = false;
  bool throws = false;  ///< runs out of memory instead

  Fd create(int directory, const char* name, int& why) override {
    if ((why = fault()) != 0) return Fd();
    return real_.create(directory, name, why);
  }
  int write(int file, std::string_view bytes) override {
    const int why = fault();
    // A full disk takes the first half.
    if (why != 0) (void)real_.write(file, bytes.substr(0, bytes.size() / 2));
    return why != 0 ? why : real_.write(file, bytes);
  }
  int close(Fd file) override {
    const int why = fault();
    const int real = real_.close(std::move(file));
    return why != 0 ? why : real;
  }
  int rename(int from_directory, const char* from, int to_directory, const char* to) override {
    const int why = fault();
    return why != 0 ? why : real_.rename(from_directory, from, to_directory, to);
  }
  int unlink(int directory, const char* name) override {
    if (kills) (void)fault();
    return real_.unlink(directory, name);
  }
  int make_directory(int parent, const char* name) override {
    const int why = fault();
    return why != 0 ? why : real_.make_directory(parent, name);
  }
  int remove_directory(int parent, const char* name) override {
    const int why = fault();
    return why != 0 ? why : real_.remove_directory(parent, name);
  }
  int sync_file(int file) override {
    // What tests need is the order, not the platter.
    (void)file;
    return fault();
  }
  int sync_all(int file) override {
    (void)file;
    return fault();
  }

 private:
  int fault() {
    const int now = ++count_;
    if (calls != nullptr) *calls = now;
    const bool hit = fail_at > 0 && (now == fail_at || (fails_on && now > fail_at));
    if (hit && kills) ::kill(::getpid(), SIGKILL);
    if (hit && throws) throw std::bad_alloc();
    return hit ? error : 0;
  }
  SystemFiles real_;
  std::atomic<int> count_ = 0;
};

/// Memory, where there is a file system for it: hundreds of passes wait for no disk. $TMPDIR decides where it is set.
inline std::filesystem::path quick_place() {
  const char* wished = std::getenv("TMPDIR");
  const bool has_memory = wished == nullptr && ::access("/dev/shm", W_OK | X_OK) == 0;
  return has_memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
}

/// An account on a real file system with a server in memory.
struct Scene {
  valija::test::TemporaryDirectory scratch{quick_place()};
  AccountPlaces places{"work", scratch / "Mail", scratch / "state"};
  FixedClock clock;
  sync::test::Stopper stopper;
  sync::test::MemoryRemote remote{stopper};
  sync::test::RecordingObserver observer;
  sync::RunOptions options;

  Scene() { remote.piece = 1 << 20; }

  sync::test::MemoryRemote::Folder& server(const char* name = "INBOX") { return remote.folders[folder(name)]; }

  std::unique_ptr<AccountStore> open(std::unique_ptr<Files> files = std::make_unique<SystemFiles>()) {
    auto store = AccountStore::open(places, TagMap(), clock, std::move(files));
    return store ? std::move(*store) : nullptr;
  }

  /// One pass as the program does it: open, recover, sync.
  Result<sync::Totals> pass(std::unique_ptr<Files> files = std::make_unique<SystemFiles>()) {
    auto store = AccountStore::open(places, TagMap(), clock, std::move(files));
    if (!store) return fail(std::move(store).error());
    if (auto recovered = (*store)->recover(); !recovered) return fail(std::move(recovered).error());
    return sync::run(remote, **store, options, observer);
  }

  std::string directory(const std::string& name = "INBOX") const { return places.mail_root + "/work/" + name; }

  static std::vector<std::string> names(const std::string& path) {
    std::vector<std::string> result;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(path, missing)) result.push_back(entry.path().filename());
    std::sort(result.begin(), result.end());
    return result;
  }
  static std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  static void put(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

  /// How often each body lies in cur/ and new/.
  std::map<std::string, int> bodies(const std::string& name = "INBOX") const {
    std::map<std::string, int> result;
    for (const char* part : {"/cur/", "/new/"}) {
      for (const std::string& file : names(directory(name) + part)) ++result[content(directory(name) + part + file)];
    }
    return result;
  }
  std::map<std::string, int> server_bodies(const char* name = "INBOX") {
    std::map<std::string, int> result;
    for (const auto& entry : server(name).messages) ++result[entry.second.body];
    return result;
  }
};

inline std::string mail(int number) { return "Message-ID: <" + std::to_string(number) + "@x>\r\nSubject: s\r\n\r\ntext\r\n"; }

}  // namespace valija::store::test
