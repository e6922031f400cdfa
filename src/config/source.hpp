#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toml.hpp"
#include "valija/config/settings.hpp"

namespace valija::config {

/// The text of a settings file, which makes faults that show their line. Passwords in a line are hidden.
class Source {
 public:
  Source(std::string file, std::string_view text);

  const std::string& file() const { return file_; }
  void fault(Position at, std::string message, std::string help);
  /// What can be used as it is, but hardly is what the person wants.
  void warn(Position at, std::string message, std::string help);
  std::vector<Fault> take_faults() { return std::move(faults_); }
  std::vector<Fault> take_warnings() { return std::move(warnings_); }
  bool has_faults() const { return !faults_.empty(); }

 private:
  Fault fault_at(Position at, std::string message, std::string help) const;

  std::string file_;
  std::vector<std::string_view> lines_;
  std::vector<Fault> faults_, warnings_;
};

/// `line` without the value of a password key and without a password in a URL.
std::string without_secrets(std::string_view line);

}  // namespace valija::config
