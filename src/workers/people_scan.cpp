#include "people_scan.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "keep_reader.hpp"
#include "valija/base/text.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t most_people = 1000;     ///< of one message
constexpr std::size_t most_pending = 20'000;  ///< messages that are looked up before their files are read: some MiB
constexpr std::size_t slice_size = 500;       ///< letters of a transaction
constexpr std::size_t longest_name = 200;

bool has_tag(const std::vector<std::string>& tags, std::string_view tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); }

/// What nobody sent yet, and what nobody wants, says nothing of people; not now.
bool counts(const std::vector<std::string>& tags) { return !has_tag(tags, "draft") && !has_tag(tags, "spam"); }

}  // namespace

std::vector<Person> people_of(const mime::Correspondents& message, const std::vector<Identity>& identities, bool is_sent, UnixTime now) {
  const UnixTime date = std::clamp<UnixTime>(message.date, 0, now);
  const bool is_by_me = is_sent || (!message.from.empty() && is_mine(identities, message.from[0].mailbox));
  std::vector<Person> people;
  std::set<std::string> known;
  for (const Address& address : is_by_me ? message.recipients : message.from) {
    if (people.size() == most_people) break;
    if (!is_sendable(address.mailbox) || is_mine(identities, address.mailbox) || !known.insert(to_lower_ascii(address.mailbox)).second) continue;
    Person& person = people.emplace_back();
    person.address = address;
    if (address.name.size() > longest_name) person.address.name.clear();
    if (is_by_me) {
      person.written_to = 1;
      person.last_written_to = date;
    } else if (!message.is_bulk) {
      person.written_by = 1;
      person.last_written_by = date;
    }
  }
  return people;
}

Result<void> PeopleScan::run(const std::stop_token& stop, const std::function<void(Found)>& tell) {
  const auto is_open = open();
  if (!is_open) return fail(is_open.error());
  if (!*is_open || (is_done_ && !reader_->is_outdated())) return {};
  is_done_ = false;
  const auto mark = begin(tell);
  if (!mark) return fail(mark.error());
  while (!stop.stop_requested()) {
    std::vector<Pending> pending;
    const auto changes = collect(mark->revision, stop, pending);
    if (!changes) return fail(changes.error());
    if (changes->identity != mark->index) return {};  // another one since: the next scan begins with it
    const bool is_last = changes->revision != 0 || pending.empty();
    if (auto counted = count(pending, *mark, stop, tell); !counted || stop.stop_requested()) return counted;
    if (!is_last) continue;
    is_done_ = true;
    if (changes->revision == mark->revision) return {};
    const auto added = people_->add({}, {mark->index, changes->revision});
    return added ? Result<void>() : fail(added.error());
  }
  return {};
}

/// False: there is no index.
Result<bool> PeopleScan::open() {
  auto is_there = keep_reader(options_.location, reader_);
  if (is_there && !*is_there) is_done_ = false;
  if (!is_there || !*is_there) return is_there;
  if (!people_) {
    auto people = store::People::open(options_.state_dir);
    if (!people) return Unexpected(std::move(people).error());
    people_ = std::move(*people);
  }
  return true;
}

/// From where on this index is to be read.
Result<store::People::Mark> PeopleScan::begin(const std::function<void(Found)>& tell) {
  const auto revision = reader_->refresh();
  if (!revision) return Unexpected(Error(revision.error()));
  const auto identity = index::identity_of(options_.location);
  if (!identity) return Unexpected(Error(identity.error()));
  auto mark = people_->mark();
  if (!mark) return mark;
  if (mark->index == *identity) {
    if (mark->revision > *revision) mark->revision = 0;
    return mark;
  }
  store::People::Mark start{*identity, 0};
  if (const auto begun = people_->add({}, start); !begun) return Unexpected(Error(begun.error()));
  tell({true, {}});
  return start;
}

/// What was not counted yet of what changed; the revision is 0 where that is not all.
Result<index::Reader::Changes> PeopleScan::collect(std::uint64_t since, const std::stop_token& stop, std::vector<Pending>& pending) {
  std::optional<Error> error;
  auto changes = reader_->visit_changes(since, [&](index::Reader::Change change) {
    if (!counts(change.tags)) return true;
    const auto is_known = people_->has_counted(change.id);
    if (!is_known) error = is_known.error();
    if (!is_known || stop.stop_requested()) return false;
    if (!*is_known) pending.push_back({std::move(change.id), std::move(change.paths), has_tag(change.tags, "sent")});
    return pending.size() < most_pending;
  });
  if (error) return Unexpected(std::move(*error));
  return changes;
}

Result<void> PeopleScan::count(const std::vector<Pending>& pending, const store::People::Mark& mark, const std::stop_token& stop,
                               const std::function<void(Found)>& tell) {
  std::vector<store::People::Letter> letters;
  for (const Pending& one : pending) {
    if (stop.stop_requested()) break;
    // A file that is away is about to have another name; the index will tell of it.
    std::optional<mime::Correspondents> message;
    for (auto path = one.paths.begin(); !message && path != one.paths.end(); ++path) message = mime::read_correspondents_of(*path);
    if (message) letters.push_back({one.id, people_of(*message, options_.identities, one.is_sent, clock_.now())});
    if (letters.size() < slice_size) continue;
    if (auto added = add(letters, mark, tell); !added) return added;
  }
  return letters.empty() ? Result<void>() : add(letters, mark, tell);
}

Result<void> PeopleScan::add(std::vector<store::People::Letter>& letters, const store::People::Mark& mark, const std::function<void(Found)>& tell) {
  auto added = people_->add(letters, mark);
  if (!added) return fail(std::move(added).error());
  letters.clear();
  if (!added->empty()) tell({false, std::move(*added)});
  return {};
}

}  // namespace valija::workers
