#include "memory_remote.hpp"

#include <algorithm>

namespace valija::cli {

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
  listed_ = folder.path;
  const Folder& listed = folders_[listed_];
  sync::ServerSnapshot snapshot;
  snapshot.uid_validity = {1};
  snapshot.uid_next = {static_cast<std::uint32_t>(listed.messages.size() + 1)};
  snapshot.complete = true;
  for (std::size_t i = 0; i < listed.messages.size(); ++i) snapshot.messages.push_back(describe(listed, i));
  return snapshot;
}

Result<void> MemoryRemote::fetch(std::span<const sync::Uid> uids, sync::FetchSink& sink) {
  const Folder& folder = folders_[listed_];
  for (const sync::Uid uid : uids) {
    if (uid.value == 0 || uid.value > folder.messages.size()) continue;
    const std::string& octets = folder.messages[uid.value - 1]->octets;
    if (const auto begun = sink.begin(describe(folder, uid.value - 1), octets.size()); !begun) return begun;
    if (const auto written = sink.body(octets); !written) return written;
    if (const auto ended = sink.end(); !ended) return ended;
  }
  return {};
}

}  // namespace valija::cli
