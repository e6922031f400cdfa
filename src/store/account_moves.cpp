#include "account_store.hpp"

namespace valija::store {
namespace { Error todo() { return {Kind::bug, Blast::account, "not there yet", {}}; } }

Result<std::vector<sync::FolderRecordView>> AccountStore::folders() {
  std::vector<sync::FolderRecordView> views;
  auto records = state_->folders();
  if (!records) return fail(records.error());
  for (auto& [path, record] : *records) views.push_back({path, record.role, {record.uid_validity, record.uid_next, record.highest, 0}, false, true});
  return views;
}
Result<bool> AccountStore::has_changes(const FolderPath&) { return true; }
Result<void> AccountStore::carry_out_tags(std::span<const sync::ServerFolder>, bool) { return {}; }
Result<std::vector<sync::SyncedMessage>> AccountStore::prints(const FolderPath&, std::span<const sync::Uid>) { return std::vector<sync::SyncedMessage>(); }
Result<void> AccountStore::set_agreed(const FolderPath&, sync::Uid, const Marks&) { return fail(todo()); }
Result<sync::Marked> AccountStore::move(const FolderPath&, sync::Uid, const sync::BaseName&, const FolderPath&, FolderRole, sync::UidValidity,
                                        const sync::ServerMessage&, const Marks&, const Marks&) { return fail(todo()); }
Result<void> AccountStore::repair(const FolderPath&, sync::Uid, const FolderPath&, sync::UidValidity, sync::Uid, const sync::BaseName&, const Marks&) { return fail(todo()); }
Result<std::unique_ptr<sync::MessageReader>> AccountStore::open(const FolderPath&, const sync::BaseName&) { return fail(todo()); }
Result<void> AccountStore::pair_upload(const FolderPath&, sync::UidValidity, sync::Uid, const sync::BaseName&, const Marks&) { return fail(todo()); }
Result<void> AccountStore::make_folder(const FolderPath&, FolderRole) { return fail(todo()); }
Result<void> AccountStore::rename_folder(const FolderPath&, const FolderPath&) { return fail(todo()); }
Result<void> AccountStore::remove_folder(const FolderPath&) { return fail(todo()); }
void AccountStore::note(sync::LogEntry) {}
Result<std::unique_ptr<TagJournal>> TagJournal::open(const std::string&) { return fail(todo()); }
Result<std::unique_ptr<OperationLog>> OperationLog::open(const std::string&) { return fail(todo()); }

}  // namespace valija::store
