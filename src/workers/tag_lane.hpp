#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/index/reader.hpp"
#include "valija/messages/request.hpp"
#include "valija/store/asked_changes.hpp"

namespace valija::workers {

/// What persons asked to change, in order. It is stored before it is tried and until the index has it, so that it survives this process, and with the
/// messages that it found then. Where the state cannot be written it is tried all the same, and only kept in memory.
class TagLane {
 public:
  struct Item {
    messages::RequestId id = 0;  ///< 0: of a process that is no more
    store::AskedChange change;
  };

  TagLane(const index::Location& location, const std::string& state_dir, const Clock& clock)
      : location_(location), state_dir_(state_dir), clock_(clock) {}

  /// Takes over what processes left that are no more.
  void adopt();
  void add(messages::ChangeTags request);
  bool is_empty() const { return items_.empty(); }
  /// The first one; `settle` or `put_back` must follow.
  Item take();
  void put_back(Item item);
  /// The index has it, or the person was told that it never will.
  void settle(const Item& item);
  /// Those that end with this process.
  std::size_t unstored() const;

 private:
  store::AskedChanges* state();
  void store(store::AskedChange& change);
  void release_if_done();

  const index::Location& location_;
  const std::string& state_dir_;
  const Clock& clock_;
  std::unique_ptr<store::AskedChanges> state_;
  std::deque<Item> items_;
  bool is_taken_ = false;            ///< one is under way
  std::vector<std::int64_t> undone_;  ///< settled, but the state could not be written
};

}  // namespace valija::workers
