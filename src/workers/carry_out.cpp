#include "valija/workers/carry_out.hpp"

#include <map>
#include <utility>

#include "valija/mail/folder.hpp"
#include "valija/mail/places.hpp"
#include "valija/store/account_store.hpp"
#include "valija/store/move_files.hpp"

namespace valija::workers {
namespace {

/// Files that go to one folder, each with its message.
using Load = std::map<std::string, ThreadMessage>;

Result<std::map<std::string, Load>> find_files(const std::vector<FolderMove>& moves, const MailPlaces& places) {
  auto reader = index::Reader::open(places.location);
  if (!reader) return Unexpected(std::move(reader).error());
  std::map<std::string, Load> loads;
  for (const FolderMove& move : moves) {
    const auto found = (*reader)->messages("id:" + index::quoted(move.id), 1, index::Sort::newest_first);
    if (!found) return Unexpected(Error(found.error()));
    for (const ThreadMessage& message : *found) {
      for (const std::string& file : message.files) {
        if (place_name(folder_of_file(file), places.mail_root) == move.from) loads[move.to].emplace(file, message);
      }
    }
  }
  return loads;
}

store::IndexTask task_of(const store::MovedFile& file, const ThreadMessage& message) {
  store::IndexTask task;
  task.action = store::IndexTask::Action::rename;
  task.path = file.to;
  task.old_path = file.from;
  task.all = message.tags;
  task.message = message.id;
  return task;
}

}  // namespace

Result<std::uint64_t> move_messages(const std::vector<FolderMove>& moves, const MailPlaces& places) {
  const auto loads = find_files(moves, places);
  if (!loads) return Unexpected(Error(loads.error()));
  auto queue = store::IndexQueue::open(places.state_dir);
  if (!queue) return Unexpected(std::move(queue).error());
  std::uint64_t count = 0;
  for (const auto& [target, load] : *loads) {
    const auto slash = target.find('/');
    const auto folder = slash == std::string::npos ? std::nullopt : FolderPath::from_text(target.substr(slash + 1));
    if (!folder) continue;
    std::vector<std::string> paths;
    for (const auto& [path, message] : load) paths.push_back(path);
    std::vector<store::MovedFile> moved;
    const auto done = store::move_files(places.mail_root, target.substr(0, slash), paths, *folder, moved);
    std::vector<store::IndexTask> tasks;
    for (const store::MovedFile& file : moved) tasks.push_back(task_of(file, load.at(file.from)));
    if (auto queued = (*queue)->put(tasks); !queued) return Unexpected(std::move(queued).error());
    if (!done) return Unexpected(Error(done.error()));
    count += moved.size();
  }
  return count;
}

Result<index::TagsChanged> carry_out(index::Writer& writer, const store::AskedChange& change, const MailPlaces& places) {
  if (!change.action) {
    return change.ids.empty() ? writer.change_tags(change.query, change.add, change.remove) : writer.change_tags_of(change.ids, change.add, change.remove);
  }
  if (!change.action->moves.empty()) {
    if (auto moved = move_messages(change.action->moves, places); !moved) return Unexpected(std::move(moved).error());
  }
  return writer.apply(change.action->effects);
}

}  // namespace valija::workers
