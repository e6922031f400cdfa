#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "valija/base/fd.hpp"
#include "valija/sync/local.hpp"

namespace valija::store {

struct FilePrint {
  std::uint64_t size = 0;  ///< as on the wire: every line ends in CRLF
  std::string fingerprint;
};

/// Takes the octets of a message as they come by, keeps of them only the header, and recognises it in the end.
class PrintMaker {
 public:
  void add(std::string_view octets);
  FilePrint finish() const;

 private:
  std::string head_;
  bool has_head_ = false;
  char last_ = 0;
  std::uint64_t size_ = 0;
};

FilePrint print_of(std::string_view message);
/// Reads a message to recognise it; nothing if it cannot be read, is no regular file, or is larger than any mail.
std::optional<FilePrint> print_of(int directory, const char* name);

/// The file as it goes to a server; nothing as above.
std::unique_ptr<sync::MessageReader> read_message(int directory, const char* name);

}  // namespace valija::store
