#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "cli/session.hpp"
#include "index/mailbox.hpp"
#include "valija/base/fd.hpp"
#include "valija/mime/build.hpp"
#include "valija/mime/parse.hpp"

namespace valija::cli::test {

/// Catches what is written to a descriptor.
class Capture {
 public:
  Capture() : fd_(::memfd_create("output", MFD_CLOEXEC)) {}
  int fd() const { return fd_.get(); }
  std::string text() const {
    std::string text(static_cast<std::size_t>(::lseek(fd_.get(), 0, SEEK_END)), '\0');
    const auto size = ::pread(fd_.get(), text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

 private:
  Fd fd_;
};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(UnixTime now) : now_(now) {}
  UnixTime now() const override { return now_; }
  std::int64_t monotonic_ms() const override { return 0; }

 private:
  UnixTime now_;
};

struct Ran {
  int status = 0;
  std::string out, err;
};

using Command = Result<int> (*)(const Arguments&, Session&);

/// A mailbox, and commands that are run on it as typed.
class Console {
 public:
  Console() {
    settings_.mail_root = mailbox.root();
    places_.state_dir = mailbox.root() + "/state";
    places_.settings_file = mailbox.root() + "/valijarc";
  }

  /// `typed` begins with the name of the command.
  Ran run(Command command, const std::vector<std::string>& typed) {
    Capture out, err;
    Ran ran;
    {
      Output output(out.fd()), errors(err.fd());
      const auto arguments = parse_arguments(typed);
      Result<int> status = arguments ? run_parsed(command, *arguments, output, errors)
                                     : Result<int>(Unexpected(Error(arguments.error())));
      if (!status) print_error(status.error(), errors);
      ran.status = status ? *status : exit_status(status.error().kind);
    }
    ran.out = out.text();
    ran.err = err.text();
    return ran;
  }

  /// Adds files to the index.
  void index(const std::vector<std::string>& paths, const std::vector<std::string>& tags) const;

  index::test::Mailbox mailbox;
  config::Settings settings_;
  config::Places places_;
  UnixTime now = 1'790'000'000;
  int lock_wait_ms = 60'000;
  int in = -1;  ///< standard input

 private:
  Result<int> run_parsed(Command command, const Arguments& arguments, Output& out, Output& err) {
    const FixedClock clock(now);
    Session session{
        settings_,   places_,
        out,         err,
        clock,
        [] {
          workers::RenderService::Options options;
          options.in_thread = true;
          return workers::RenderService::start(std::move(options));
        },
        lock_wait_ms, in,
        [] { return workers::make_thread_peer(mime::prescan_file); }};
    return command(arguments, session);
  }
};

inline void Console::index(const std::vector<std::string>& paths, const std::vector<std::string>& tags) const {
  auto writer = index::Writer::open(mailbox.location(), 1000);
  for (const std::string& path : paths) (void)(*writer)->add(path, tags);
  (void)(*writer)->commit();
}

}  // namespace valija::cli::test
