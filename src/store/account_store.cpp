#include "account_store.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::store {
namespace {

/// Larger messages go to tmp/ while they arrive instead of waiting in memory.
constexpr std::size_t largest_in_memory = 1 << 20;
constexpr std::size_t most_changes = 10000;
/// Up to here a sync of each directory is quicker than one of the whole file system.
constexpr std::size_t few_directories = 16;

Error missing_tree(const std::string& path, const std::string& account) {
  return {Kind::disk, Blast::account,
          fmt::format(fmt::runtime(_("The mail of the account {} is not at {}: perhaps its disk is not mounted.")), clean(account), clean(path)),
          fmt::format(fmt::runtime(_("Mount it or put it back. To begin again with nothing, run: mkdir -p '{}/.valija'")), clean(path))};
}

std::string new_marker() {
  std::uint64_t number = 0;
  (void)::getrandom(&number, sizeof number, 0);
  return fmt::format("tree-{:016x}", number);
}

}  // namespace

AccountStore::AccountStore(const AccountPlaces& places, const TagMap& tags, const Clock& clock, std::unique_ptr<Files> files)
    : places_(places), tags_(tags), clock_(clock), files_(std::move(files)), names_(clock), trash_(places.state_dir, places.account, clock, *files_) {}

AccountStore::~AccountStore() { (void)flush(); }

Result<std::unique_ptr<AccountStore>> AccountStore::open(const AccountPlaces& places, const TagMap& tags, const Clock& clock, std::unique_ptr<Files> files) {
  auto store = std::unique_ptr<AccountStore>(new AccountStore(places, tags, clock, std::move(files)));
  Result<std::unique_ptr<AccountState>> state = AccountState::open(places.state_dir, places.account);
  if (!state) return fail(std::move(state).error());
  store->state_ = std::move(*state);
  if (Result<void> opened = store->open_tree(); !opened) return fail(std::move(opened).error());
  store->writer_ = std::make_unique<BatchWriter>(*store->state_, *store->files_, store->tags_, places.recorded);
  return store;
}

/// A tree that is not the one that was synced proves nothing: neither that mail was deleted, nor where it is.
Result<void> AccountStore::open_tree() {
  Result<std::unique_ptr<MailTree>> tree = MailTree::open(places_.mail_root, places_.account, *files_);
  if (!tree) return fail(std::move(tree).error());
  const std::string known = state_->marker();
  const std::string path = places_.mail_root + "/" + places_.account;
  if (!*tree) return known.empty() ? Result<void>() : fail(missing_tree(path, places_.account));
  const Result<std::unique_ptr<std::string>> found = (*tree)->marker();
  if (!found) return fail(found.error());
  if (!*found && !known.empty()) return fail(missing_tree((*tree)->path(), places_.account));
  tree_ = std::move(*tree);
  if (!*found || **found == known) return {};
  return state_->set_marker(**found);
}

Result<void> AccountStore::ensure_tree() {
  if (!tree_) {
    Result<std::unique_ptr<MailTree>> tree = MailTree::create(places_.mail_root, places_.account, *files_);
    if (!tree) return fail(std::move(tree).error());
    tree_ = std::move(*tree);
  }
  if (!state_->marker().empty()) return {};
  const std::string marker = new_marker();
  if (Result<void> marked = tree_->mark(marker); !marked) return marked;
  return state_->set_marker(marker);
}

Result<void> AccountStore::enter(const FolderPath& folder) {
  settle_writer();
  if (current_.is_loaded && current_.path == folder) return {};
  if (Result<void> flushed = flush(); !flushed) return flushed;
  current_ = Current{};
  current_.path = folder;
  Result<FolderRecord> record = state_->folder(folder);
  if (!record) return fail(std::move(record).error());
  current_.record = *record;
  if (tree_) {
    Result<std::shared_ptr<const MailDirectory>> directory = tree_->folder(folder);
    if (!directory) return fail(std::move(directory).error());
    current_.directory = std::move(*directory);
  }
  if (current_.record.id != 0) {
    // Before the pairs: what persons change meanwhile is newer than this.
    const Result<std::int64_t> last = state_->newest_tag_change();
    if (!last) return fail(last.error());
    current_.last_tag_change = *last;
    Result<std::vector<Pair>> pairs = state_->pairs().all(current_.record.id);
    if (!pairs) return fail(std::move(pairs).error());
    current_.pairs = std::move(*pairs);
  }
  current_.is_loaded = true;
  return {};
}

Result<void> AccountStore::make_directory() {
  if (current_.directory) return {};
  if (Result<void> made = ensure_tree(); !made) return made;
  Result<std::shared_ptr<const MailDirectory>> directory = tree_->make_folder(current_.path);
  if (!directory) return fail(std::move(directory).error());
  current_.directory = std::move(*directory);
  return {};
}

Result<void> AccountStore::make_current(const FolderPath& folder, FolderRole role) {
  if (writer_->has_uncommitted() && !(current_.path == folder)) {
    return fail(Kind::bug, Blast::account, _("Messages of one folder were begun before those of another were committed."));
  }
  if (Result<void> entered = enter(folder); !entered) return entered;
  if (Result<void> made = make_directory(); !made) return made;
  Result<FolderRecord> record = make_record(folder, role);
  if (!record) return fail(std::move(record).error());
  current_.record = *record;
  return {};
}

Result<FolderRecord> AccountStore::make_record(const FolderPath& folder, FolderRole role) {
  Result<FolderRecord> record = state_->folder(folder);
  if (record && record->id == 0) record = state_->make_folder(folder, role);
  if (!record || role == FolderRole::none || role == record->role) return record;
  if (Result<void> set = state_->set_role(record->id, role); !set) return fail(std::move(set).error());
  record->role = role;
  return record;
}

Result<void> AccountStore::make_target(const FolderPath& folder, FolderRole role) {
  if (target_.directory && target_.path == folder) return {};
  target_ = Target{};
  target_.path = folder;
  if (Result<void> ensured = ensure_tree(); !ensured) return ensured;
  Result<std::shared_ptr<const MailDirectory>> directory = tree_->make_folder(folder);
  if (!directory) return fail(std::move(directory).error());
  if (Result<void> flushed = flush(); !flushed) return flushed;
  Result<FolderRecord> record = make_record(folder, role);
  if (!record) return fail(std::move(record).error());
  target_.record = *record;
  target_.directory = std::move(*directory);
  return {};
}

/// While the writer works, the state is its own.
void AccountStore::settle_writer() {
  if (writer_) writer_->wait_until_idle();
}

Result<void> AccountStore::begin(const FolderPath& folder, FolderRole role, const sync::ServerMessage& message) {
  discard();
  const bool is_ready = current_.is_loaded && current_.path == folder && current_.directory && current_.record.id != 0 &&
                        (role == FolderRole::none || role == current_.record.role);
  if (Result<void> ready = is_ready ? Result<void>() : make_current(folder, role); !ready) return ready;
  incoming_ = Incoming{message.uid, message.marks, names_.next(), {}, {}, false};
  incoming_.octets.reserve(std::min<std::size_t>(message.size, largest_in_memory));
  is_open_ = true;
  return {};
}

Result<void> AccountStore::write(std::string_view octets) {
  if (!is_open_) return fail(Kind::bug, Blast::account, _("Octets of a message came before its beginning."));
  if (!large_ && incoming_.octets.size() + octets.size() <= largest_in_memory) {
    incoming_.octets.append(octets);
    return {};
  }
  int error = 0;
  if (!large_) {
    large_ = files_->create(current_.directory->tmp.get(), incoming_.base.c_str(), error);
    if (error == 0) error = files_->write(large_.get(), incoming_.octets);
    print_ = PrintMaker();
    print_.add(incoming_.octets);
    incoming_.octets = std::string();
  }
  if (error == 0) error = files_->write(large_.get(), octets);
  print_.add(octets);
  if (error == 0) return {};
  discard();
  return fail(folder_error(_("Writing"), current_.directory->path + "/tmp/" + incoming_.base, error));
}

Result<void> AccountStore::keep() {
  if (!is_open_) return fail(Kind::bug, Blast::account, _("A message ended before its beginning."));
  if (large_) {
    if (const int error = files_->close(std::move(large_)); error != 0) {
      large_ = Fd();
      (void)files_->unlink(current_.directory->tmp.get(), incoming_.base.c_str());
      is_open_ = false;
      return fail(folder_error(_("Writing"), current_.directory->path + "/tmp/" + incoming_.base, error));
    }
    incoming_.is_written = true;
    incoming_.print = print_.finish();
  }
  is_open_ = false;
  return writer_->add(current_.directory, std::exchange(incoming_, Incoming{}));
}

void AccountStore::discard() {
  if (large_) {
    large_.reset();
    (void)files_->unlink(current_.directory->tmp.get(), incoming_.base.c_str());
  }
  is_open_ = false;
}

void AccountStore::order_commit(sync::UidValidity validity) {
  if (!writer_->has_uncommitted()) return;
  const std::string place = place_tag_of(current_.path, current_.record.role);
  writer_->order_commit({current_.record.id, current_.record.role, place, validity, tree_->take_unsynced(), labels_, std::exchange(notes_, {})});
  current_.record.counters.uid_validity = validity;
  listings_[current_.path].times = {};
}

Result<std::vector<sync::Stored>> AccountStore::checkpoint(const FolderPath&, sync::UidValidity validity) {
  order_commit(validity);
  return writer_->committed();
}

Result<std::vector<sync::Stored>> AccountStore::commit(const FolderPath&, sync::UidValidity validity) {
  order_commit(validity);
  writer_->wait_until_idle();
  Result<std::vector<sync::Stored>> stored = writer_->committed();
  if (Result<void> flushed = flush(); !flushed && stored) return fail(std::move(flushed).error());
  return stored;
}

Result<void> AccountStore::push(Change change) {
  changes_.push_back(std::move(change));
  return changes_.size() < most_changes ? Result<void>() : flush();
}

void AccountStore::touch(const FolderPath& folder, const std::shared_ptr<const MailDirectory>& directory) {
  listings_[folder].times = {};
  touched_.insert(directory);
}

Result<void> AccountStore::sync_touched() {
  const auto touched = std::exchange(touched_, {});
  if (touched.size() > few_directories) {
    const int error = files_->sync_all((*touched.begin())->cur.get());
    return error == 0 ? Result<void>() : fail(folder_error(_("Writing"), tree_->path(), error));
  }
  for (const auto& directory : touched) {
    const int error = files_->sync_file(directory->cur.get());
    if (error != 0) return fail(folder_error(_("Writing"), directory->path + "/cur", error));
  }
  return {};
}

Result<void> AccountStore::flush() {
  settle_writer();
  if (changes_.empty() && notes_.empty()) return {};
  // Lost here, they are found again by the next plan.
  const std::vector<Change> changes = std::exchange(changes_, {});
  if (Result<void> synced = sync_touched(); !synced) return synced;
  if (Result<void> synced = trash_.sync(); !synced) return synced;
  if (Result<void> synced = tree_ ? tree_->sync_all() : Result<void>(); !synced) return synced;
  Result<Transaction> transaction = state_->begin();
  if (!transaction) return fail(std::move(transaction).error());
  for (const Change& change : changes) {
    if (Result<void> applied = change(*state_); !applied) return applied;
  }
  if (Result<void> logged = state_->log(std::exchange(notes_, {})); !logged) return logged;
  return transaction->commit();
}

Result<void> tell_index(AccountState& state, std::int64_t folder, sync::Uid uid, const Renamed& file, const TagChange& change) {
  const auto& [from, to, usual] = file;
  if (from == to && change.is_empty()) return {};
  const Result<std::optional<PairRow>> row = state.pairs().find(folder, uid);
  if (!row) return fail(row.error());
  const std::string message = *row ? message_id(**row) : std::string();
  if (from == to) return state.add_task({IndexTask::Action::retag, to, {}, change.added, change.dropped, {}, message});
  const Tags all = *row ? (*row)->pair.tags.value_or(usual) : usual;
  if (Result<void> done = state.add_task({IndexTask::Action::rename, to, from, change.added, change.dropped, all, message}); !done) return done;
  return state.move_unindexed(from, to);
}

Result<void> AccountStore::push_edit(std::int64_t folder, sync::Uid uid, Renamed file, TagChange change) {
  return push([=](AccountState& state) -> Result<void> {
    const Result<TagChange> index = state.pairs().edit(folder, uid, change);
    return index ? tell_index(state, folder, uid, file, *index) : fail(index.error());
  });
}

void AccountStore::note(sync::LogEntry entry) { notes_.push_back({clock_.now(), std::move(entry)}); }

Result<std::unique_ptr<sync::Local>> open_account(const AccountPlaces& places, const TagMap& tags, const Clock& clock) {
  Result<std::unique_ptr<AccountStore>> store = AccountStore::open(places, tags, clock, std::make_unique<SystemFiles>());
  if (!store) return fail(std::move(store).error());
  return std::unique_ptr<sync::Local>(std::move(*store));
}

}  // namespace valija::store
