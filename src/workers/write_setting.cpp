#include "write_setting.hpp"

#include <climits>
#include <cstdlib>
#include <unistd.h>

#include "valija/base/fd.hpp"
#include "valija/config/edit.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t longest_file = 4 << 20;

/// The file behind links; as it was named where it is not there.
std::string target_of(const std::string& path) {
  char real[PATH_MAX];
  return ::realpath(path.c_str(), real) != nullptr ? real : path;
}

}  // namespace

Result<std::string> write_setting(const config::Places& places, const messages::WriteSetting& request) {
  const std::string file = target_of(places.settings_file);
  std::string text;
  if (::access(file.c_str(), F_OK) == 0) {
    Result<std::string> read = read_file(file, longest_file);
    if (!read) return fail(std::move(read).error());
    text = *std::move(read);
  } else if (Result<void> made = make_directories(file.substr(0, file.rfind('/'))); !made) {
    return fail(std::move(made).error());
  }
  Result<std::string> changed = config::with_key(text, request.section, request.key, request.text);
  if (!changed) return fail(std::move(changed).error());
  if (const config::Loaded loaded = config::parse(*changed, file, places); !loaded.faults.empty()) return fail(config::to_error(loaded.faults));
  if (Result<void> written = write_file_durably(file, *changed); !written) return fail(std::move(written).error());
  return places.settings_file;
}

}  // namespace valija::workers
