#pragma once

#include <string_view>

#include "valija/base/fd.hpp"

namespace valija::store {

/// The system calls by which the store changes the disk. Results are errno values, 0 is success. Tests put faults here. Thread-safe.
class Files {
 public:
  virtual ~Files() = default;
  /// A new file, mode 0600; never follows a link, never opens one that exists. On failure `error` says why.
  virtual Fd create(int directory, const char* name, int& error) = 0;
  virtual int write(int file, std::string_view bytes) = 0;
  virtual int close(Fd file) = 0;
  /// Never replaces: EEXIST.
  virtual int rename(int from_directory, const char* from, int to_directory, const char* to) = 0;
  virtual int unlink(int directory, const char* name) = 0;
  /// Mode 0700.
  virtual int make_directory(int parent, const char* name) = 0;
  /// An empty one.
  virtual int remove_directory(int parent, const char* name) = 0;
  /// The file's octets, or a directory's entries, are on disk afterwards. After an error nothing is known about them.
  virtual int sync_file(int file) = 0;
  /// All that was written to the file system that `file` is on.
  virtual int sync_all(int file) = 0;
};

/// The calls themselves.
class SystemFiles final : public Files {
 public:
  Fd create(int directory, const char* name, int& error) override;
  int write(int file, std::string_view bytes) override;
  int close(Fd file) override;
  int rename(int from_directory, const char* from, int to_directory, const char* to) override;
  int unlink(int directory, const char* name) override;
  int make_directory(int parent, const char* name) override;
  int remove_directory(int parent, const char* name) override;
  int sync_file(int file) override;
  int sync_all(int file) override;
};

}  // namespace valija::store
