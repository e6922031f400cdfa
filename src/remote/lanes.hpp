#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "valija/sync/remote.hpp"

namespace valija::remote {

/// Remotes of the same account beside a first one, each with a connection of its own, that list folders at the same time or wait for several. They
/// are dialled when there is work for them and stay open. Threads live only inside `list` and `wait`.
class Lanes {
 public:
  using Make = std::function<std::unique_ptr<sync::Remote>()>;
  /// `others`: how many there may be beside the first.
  Lanes(std::size_t others, Make make) : most_(others), make_(std::move(make)) {}

  /// One result for each folder, in order. A failure of the first for the whole account ends all and is what the folders behind it get; another
  /// lane that fails so (a server allows only so many connections) is given up, and the first does its folders.
  std::vector<Result<sync::ServerSnapshot>> list(sync::Remote& first, std::span<const sync::ServerFolder> folders,
                                                 std::span<const sync::SyncedState> known);
  /// How the first waits, until the descriptor is readable or something ends it.
  using Wait = std::function<Result<sync::Woken>(int wake_fd)>;
  /// Meanwhile one lane waits for each of `folders`, as far as there are lanes; a change that one is told of ends all, else the first does.
  Result<sync::Woken> wait(const Wait& first, std::span<const sync::ServerFolder> folders, int wake_fd, std::int64_t timeout_ms);
  /// See sync::Remote.
  void look_only(bool only) { looks_only_ = only; }
  std::vector<Error> take_warnings();
  void close();

 private:
  /// There are as many as may be, up to `count`.
  std::size_t provide(std::size_t count);
  void give_up(const std::vector<std::uint8_t>& is_well);

  std::size_t most_;
  Make make_;
  bool looks_only_ = false;
  std::vector<std::unique_ptr<sync::Remote>> others_;
};

}  // namespace valija::remote
