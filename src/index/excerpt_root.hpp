#pragma once

#include <string>

#include "valija/index/reader.hpp"
#include "valija/index/writer.hpp"

namespace valija::index {

/// A private mail root with an excerpt of one message, under the name that the message has below the real one, and the notmuch configuration
/// that says so. Gone with the value; the message file itself is only read.
class ExcerptRoot {
 public:
  ExcerptRoot() = default;
  /// Not used where `excerpts` wants all of `path`, or where there is no room for the excerpt.
  ExcerptRoot(const Location& location, const std::string& mail_root, const std::string& path, const Excerpts& excerpts);
  ExcerptRoot(const ExcerptRoot&) = delete;
  ExcerptRoot& operator=(const ExcerptRoot&) = delete;
  ~ExcerptRoot();

  bool is_used() const { return is_used_; }
  /// The same database, with the configuration of this root.
  const Location& location() const { return location_; }
  const std::string& file() const { return file_; }

 private:
  std::string root_;  ///< empty: none was made
  std::string file_;
  Location location_;
  bool is_used_ = false;
};

}  // namespace valija::index
