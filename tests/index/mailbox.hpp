#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "valija/index/reader.hpp"
#include "valija/index/writer.hpp"

namespace valija::index::test {

/// A Maildir tree in a temporary folder, gone with the value.
class Mailbox {
 public:
  Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;
  ~Mailbox();

  const std::string& root() const { return root_; }
  Location location() const { return {root_, config_}; }
  /// Writes a notmuch configuration with these lines behind its [database] section, and uses it from now on.
  void use_config(const std::string& lines, const std::string& mail_root = {});

  /// A file of the folder "box", with these octets; returns its path.
  std::string write(const std::string& name, const std::string& octets) const;
  /// A plain message: `fields` are more header lines, each with its line end.
  std::string message(const std::string& id, const std::string& subject, std::int64_t date, const std::string& fields = {},
                      const std::string& from = "Ana Ruiz <ana@example.org>") const;
  /// The standard output of the notmuch command on this mail; arguments are quoted for the shell by the caller.
  std::string notmuch(const std::string& arguments) const;

 private:
  std::string root_;
  std::string config_;
};

/// Waits a second for the lock; a writer that cannot be opened ends the test.
std::unique_ptr<Writer> open_writer(const Mailbox& mail);

}  // namespace valija::index::test
