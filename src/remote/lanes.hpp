#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "valija/sync/remote.hpp"

namespace valija::remote {

/// Remotes of the same account beside a first one, each with a connection of its own, that list folders at the same time. They are dialled
/// when there is work for them and stay open. Threads live only inside `list`.
class Lanes {
 public:
  using Make = std::function<std::unique_ptr<sync::Remote>()>;
  /// `others`: how many there may be beside the first.
  Lanes(std::size_t others, Make make) : most_(others), make_(std::move(make)) {}

  /// One result for each folder, in order. A failure of the first for the whole account ends all and is what the folders behind it get; another
  /// lane that fails so (a server allows only so many connections) is given up, and the first does its folders.
  std::vector<Result<sync::ServerSnapshot>> list(sync::Remote& first, std::span<const sync::ServerFolder> folders,
                                                 std::span<const sync::SyncedState> known);
  /// See sync::Remote.
  void look_only(bool only) { looks_only_ = only; }
  std::vector<Error> take_warnings();
  void close();

 private:
  std::size_t most_;
  Make make_;
  bool looks_only_ = false;
  std::vector<std::unique_ptr<sync::Remote>> others_;
};

}  // namespace valija::remote
