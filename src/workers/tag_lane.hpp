#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/base/result.hpp"
#include "valija/index/reader.hpp"
#include "valija/mail/places.hpp"
#include "valija/messages/request.hpp"
#include "valija/store/asked_changes.hpp"

namespace valija::workers {

/// What persons asked to change, in order. It is stored before it is tried and until the index has it, so that it survives this process: with the messages
/// that it found then and what it does to them, which is the journal for undo too. Where the state cannot be written it is tried all the same, and only
/// kept in memory.
class TagLane {
 public:
  struct Item {
    messages::RequestId id = 0;  ///< 0: of a process that is no more
    store::AskedChange change;
    std::vector<TagEffect> effects{};
    bool is_by_query = false;   ///< which messages is not known
    bool are_files_moved = false;
    std::uint64_t position = 0;  ///< messages of the effects that are done
    std::uint64_t changed = 0;   ///< how many of them were
    std::vector<FilesInFolder> places{};

    std::uint64_t size() const;
    /// The next messages, at most `count`.
    std::vector<TagEffect> part(std::uint64_t count) const;
  };

  TagLane(const index::Location& location, const std::string& state_dir, const Clock& clock)
      : location_(location), state_dir_(state_dir), clock_(clock) {}

  /// Takes over what processes left that are no more.
  void adopt();
  void add(messages::ChangeTags request);
  void add(messages::RequestId id, Action action);
  /// Puts the way back at the end. Kind::usage: there is nothing to take back, or to do again.
  Result<void> add(const messages::UndoChange& request);
  Result<std::vector<Action>> actions(std::size_t count);
  /// Nothing waits, but for the one that is taken.
  bool is_empty() const { return items_.size() == (is_taken_ ? 1U : 0U); }
  /// The first one, none being taken; `settle`, `give_up` or `put_back` must follow.
  Item& take();
  Item* taken() { return is_taken_ ? &items_.front() : nullptr; }
  void put_back() { is_taken_ = false; }
  /// The index has it.
  void settle();
  /// The index never will have it, and the person was told.
  void give_up();
  /// Gives up one that waits. False: there is none.
  bool forget(messages::RequestId id);
  /// Those that end with this process.
  std::size_t unstored() const;

 private:
  store::AskedChanges* state();
  void push(messages::RequestId id, store::AskedChange change);
  Item planned(messages::ChangeTags&& request);
  void keep(store::AskedChange& change);
  bool drop(const store::AskedChange& change);
  void release_if_done();

  const index::Location& location_;
  const std::string& state_dir_;
  const Clock& clock_;
  std::unique_ptr<store::AskedChanges> state_;
  std::deque<Item> items_;
  bool is_taken_ = false;                    ///< the first one is under way
  std::vector<std::int64_t> undone_;         ///< settled, but the state could not be written
};

}  // namespace valija::workers
