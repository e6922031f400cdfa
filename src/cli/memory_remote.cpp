#include "memory_remote.hpp"

#include <algorithm>

#include "valija/base/words.hpp"

namespace valija::cli {
namespace {

/// The demo syncs once, and only from here to the disk.
Unexpected refuse() { return fail(Kind::bug, Blast::folder, _("The sample mailbox cannot be changed.")); }

}  // namespace

MemoryRemote::MemoryRemote(const std::vector<demo::DemoMessage>& mailbox, const std::string& account) {
  for (auto message = mailbox.rbegin(); message != mailbox.rend(); ++message) {
    if (message->account != account) continue;
    const auto path = FolderPath::from_text(message->folder);
    if (!path) continue;
    Folder& folder = folders_[*path];
    folder.role = message->role;
    folder.messages.push_back(&*message);
  }
}

Result<std::vector<sync::ServerFolder>> MemoryRemote::list_folders() {
  std::vector<sync::ServerFolder> folders;
  for (const auto& [path, folder] : folders_) folders.push_back({path, folder.role, true, path.text()});
  return folders;
}

sync::ServerMessage MemoryRemote::describe(const Folder& folder, std::size_t position) {
  const demo::DemoMessage& message = *folder.messages[position];
  sync::ServerMessage described;
  described.uid = {static_cast<std::uint32_t>(position + 1)};
  described.marks.flags = message.flags;
  described.size = message.octets.size();
  described.received = message.date;
  return described;
}

Result<sync::ServerSnapshot> MemoryRemote::list_messages(const sync::ServerFolder& folder, const sync::SyncedState&) {
  const Folder& listed = folders_[folder.path];
  sync::ServerSnapshot snapshot;
  snapshot.uid_validity = {1};
  snapshot.uid_next = {static_cast<std::uint32_t>(listed.messages.size() + 1)};
  snapshot.complete = true;
  snapshot.read_only = true;
  for (std::size_t i = 0; i < listed.messages.size(); ++i) snapshot.messages.push_back(describe(listed, i));
  return snapshot;
}

Result<void> MemoryRemote::fetch(const sync::ServerFolder& folder, sync::UidValidity, std::span<const sync::ServerMessage> messages,
                                 sync::FetchSink& sink) {
  const Folder& fetched = folders_[folder.path];
  for (const sync::ServerMessage& message : messages) {
    const std::uint32_t uid = message.uid.value;
    if (uid == 0 || uid > fetched.messages.size()) continue;
    const std::string& octets = fetched.messages[uid - 1]->octets;
    if (const auto begun = sink.begin(describe(fetched, uid - 1), octets.size()); !begun) return begun;
    if (const auto written = sink.body(octets); !written) return written;
    if (const auto ended = sink.end(); !ended) return ended;
  }
  return {};
}

Result<std::vector<sync::Uid>> MemoryRemote::store(const sync::ServerFolder&, sync::UidValidity, sync::ModSeq, std::span<const sync::MarkChange>) {
  return refuse();
}

Result<std::vector<sync::MovedMessage>> MemoryRemote::move(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>,
                                                           const sync::ServerFolder&) {
  return refuse();
}

Result<std::vector<sync::Uid>> MemoryRemote::expunge(const sync::ServerFolder&, sync::UidValidity, std::span<const sync::Uid>) { return refuse(); }

Result<void> MemoryRemote::append(const sync::ServerFolder&, sync::UploadSource&) { return refuse(); }

Result<sync::ServerFolder> MemoryRemote::create_folder(const FolderPath&) { return refuse(); }

Result<sync::ServerFolder> MemoryRemote::rename_folder(const sync::ServerFolder&, const FolderPath&) { return refuse(); }

Result<void> MemoryRemote::delete_folder(const sync::ServerFolder&) { return refuse(); }

Result<bool> MemoryRemote::is_gone(const sync::ServerFolder& folder) { return !folders_.contains(folder.path); }

Result<sync::Woken> MemoryRemote::wait(std::span<const sync::ServerFolder>, std::size_t, int, std::int64_t) { return refuse(); }

}  // namespace valija::cli
