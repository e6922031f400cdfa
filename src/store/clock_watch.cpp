#include "valija/store/clock_watch.hpp"

#include <fmt/format.h>

#include <fstream>
#include <optional>

#include "valija/base/fd.hpp"

namespace valija::store {
namespace {

constexpr UnixTime hour_s = 3600, day_s = 24 * hour_s;
constexpr UnixTime longest_step_s = 2 * day_s;

struct Watched {
  UnixTime last = 0;    ///< when it was looked at
  UnixTime steady = 0;  ///< from when on it is believed
};

std::optional<Watched> read_watched(const std::string& path) {
  Watched watched;
  std::ifstream file(path);
  return file >> watched.last >> watched.steady ? std::optional(watched) : std::nullopt;
}

}  // namespace

bool is_clock_steady(const std::string& state_dir, UnixTime now) {
  const std::string path = state_dir + "/clock";
  const std::optional<Watched> before = read_watched(path);
  Watched watched = before.value_or(Watched{now, now});
  const bool jumped = now < watched.last - hour_s || now - watched.last > longest_step_s;
  if (jumped) watched.steady = now + day_s;
  // One look an hour is enough to see a jump, and costs the others nothing.
  if (jumped || !before || now - watched.last >= hour_s) {
    watched.last = now;
    if (!write_file_durably(path, fmt::format("{} {}\n", watched.last, watched.steady))) return false;
  }
  return now >= watched.steady;
}

}  // namespace valija::store
