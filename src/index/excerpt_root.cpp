#include "excerpt_root.hpp"

#include <fmt/format.h>
#include <stdlib.h>  // mkdtemp

#include <filesystem>
#include <system_error>

#include "valija/base/fd.hpp"

namespace valija::index {
namespace {

constexpr std::size_t longest_config = 1U << 20;

std::string make_private_directory() {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / "valija-excerpt-XXXXXX").string();
  return !error && ::mkdtemp(path.data()) != nullptr ? path : std::string();
}

}  // namespace

ExcerptRoot::ExcerptRoot(const Location& location, const std::string& mail_root, const std::string& path, const Excerpts& excerpts)
    : root_(make_private_directory()) {
  if (root_.empty()) return;
  const std::string below = root_ + "/mail";
  file_ = below + path.substr(mail_root.size());
  location_ = {location.database, root_ + "/config"};
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(file_).parent_path(), error);
  if (error || !excerpts.write(path, file_)) return;
  // Of a key that a person has set too, the last value counts.
  const auto config = location.config.empty() ? Result<std::string>(std::string()) : read_file(location.config, longest_config);
  const std::string lines = fmt::format("\n[database]\npath={}\nmail_root={}\n", location.database, below);
  is_used_ = config && write_file_durably(location_.config, *config + lines).has_value();
}

ExcerptRoot::~ExcerptRoot() {
  std::error_code ignored;
  if (!root_.empty()) std::filesystem::remove_all(root_, ignored);
}

}  // namespace valija::index
