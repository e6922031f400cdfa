#include "tag_scan.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "keep_reader.hpp"

namespace valija::workers {
namespace {

using Mark = store::TagJournal::Mark;

constexpr int most_tries = 3;

}  // namespace

Result<void> TagScan::run() {
  const auto is_open = open();
  if (!is_open) return fail(is_open.error());
  if (!*is_open || (is_done_ && !reader_->is_outdated())) return {};
  for (int tries = 0; tries < most_tries; ++tries) {
    const auto done = scan();
    if (!done) return fail(done.error());
    if (*done) return {};
  }
  return {};  // others are at it, or tasks end all the time: the next pass goes on
}

/// False: there is no index.
Result<bool> TagScan::open() {
  auto is_there = keep_reader(options_.location, reader_);
  if (is_there && !*is_there) is_done_ = false;
  if (!is_there || !*is_there) return is_there;
  if (!journal_) {
    auto journal = store::TagJournal::open(options_.state_dir);
    if (!journal) return Unexpected(std::move(journal).error());
    journal_ = std::move(*journal);
  }
  return true;
}

/// The mark is read before the index, so that a task that ends between the two is noticed by `take`. False: it was, or another scan was faster.
Result<bool> TagScan::scan() {
  const auto mark = journal_->mark();
  if (!mark) return fail(mark.error());
  auto changes = changes_behind(*mark);
  if (!changes) return Unexpected(std::move(changes).error());
  const Mark end{changes->identity, changes->revision, mark->settled};
  const bool is_new = end != *mark;
  if (!is_new && end == last_) return true;  // what is delayed waits on
  const auto delayed = journal_->delayed();
  if (!delayed) return fail(delayed.error());
  Messages messages;
  for (auto& change : changes->messages) add(std::move(change), messages);
  if (auto found = look_up(*delayed, messages); !found) return Unexpected(std::move(found).error());
  if (is_new || !delayed->empty()) {
    const auto taken = journal_->take(*mark, end, messages);
    if (!taken || !*taken) return taken;
  }
  const auto left = journal_->delayed();
  if (!left) return fail(left.error());
  is_done_ = left->empty();
  last_ = end;
  return true;
}

/// What another index than the last has or lacks is no wish of anybody: it gets the recorded tags, and from there on its changes count.
Result<index::Reader::Changes> TagScan::changes_behind(const Mark& mark) {
  auto changes = reader_->changes_since(mark.revision);
  if (!changes) return changes;
  if (changes->identity == mark.index) return changes->revision >= mark.revision ? std::move(changes) : reader_->changes_since(0);
  auto queue = store::IndexQueue::open(options_.state_dir);
  if (!queue) return Unexpected(std::move(queue).error());
  if (auto followed = (*queue)->follow(changes->identity, options_.mail_root); !followed) return Unexpected(std::move(followed).error());
  if (!mark.index.empty()) changes->messages.clear();
  return changes;
}

Result<void> TagScan::look_up(const std::vector<std::string>& delayed, Messages& messages) {
  std::set<std::string> known;
  for (const auto& message : messages) known.insert(message.paths.begin(), message.paths.end());
  for (const auto& path : delayed) {
    if (known.contains(path)) continue;
    auto message = reader_->message_of(path);
    if (!message) return Unexpected(std::move(message).error());
    if (!*message) continue;
    known.insert((*message)->paths.begin(), (*message)->paths.end());
    add(std::move(**message), messages);
  }
  return {};
}

/// Only what lies below the mail root can be a message of an account.
void TagScan::add(index::Reader::Change change, Messages& messages) const {
  const std::string below = options_.mail_root + "/";
  std::erase_if(change.paths, [&](const std::string& path) { return !path.starts_with(below); });
  if (!change.paths.empty()) messages.push_back({std::move(change.tags), std::move(change.paths)});
}

}  // namespace valija::workers
