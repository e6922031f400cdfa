#include "valija/store/clock_watch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "valija/base/fd.hpp"

namespace valija::store {
namespace {

constexpr UnixTime hour_s = 3600, day_s = 24 * hour_s;
constexpr UnixTime longest_step_s = 2 * day_s;

struct Watched {
  UnixTime last = 0;    ///< when it was looked at
  UnixTime steady = 0;  ///< from when on it is believed
};

Watched read_watched(const std::string& path, UnixTime now) {
  Watched watched{now, now};
  std::ifstream file(path);
  Watched read;
  if (file >> read.last >> read.steady) watched = read;
  return watched;
}

}  // namespace

bool is_clock_steady(const std::string& state_dir, UnixTime now) {
  const std::string path = state_dir + "/clock";
  Watched watched = read_watched(path, now);
  const bool jumped = now < watched.last - hour_s || now - watched.last > longest_step_s;
  if (jumped) watched.steady = now + day_s;
  const bool is_new = now == watched.last && ::access(path.c_str(), F_OK) != 0;
  // One look an hour is enough to see a jump, and costs the others nothing.
  if (jumped || is_new || now - watched.last >= hour_s) {
    watched.last = now;
    if (!write_file_durably(path, fmt::format("{} {}\n", watched.last, watched.steady))) return false;
  }
  return now >= watched.steady;
}

}  // namespace valija::store
