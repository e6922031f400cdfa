#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/index/writer.hpp"
#include "valija/mail/tag_map.hpp"
#include "valija/store/account_store.hpp"
#include "valija/store/move_files.hpp"

namespace valija::cli {

namespace {

using Folders = std::vector<sync::ServerFolder>;

/// The files of one account that go to one of its folders.
struct Move {
  std::string account;
  sync::ServerFolder target;
  Folders folders;
  std::vector<std::string> paths;
};

const sync::ServerFolder* folder_at(const Folders& folders, const FolderPath& path) {
  const auto found = std::find_if(folders.begin(), folders.end(), [&](const auto& folder) { return folder.path == path; });
  return found == folders.end() ? nullptr : &*found;
}

/// Kind::usage with the nearest name, so that a slip of the finger makes no folder on the server.
Result<Move> begin_move(const config::Account& account, const FolderPath& to, const Session& session) {
  auto folders = store::known_folders(session.places.state_dir, account.name);
  if (!folders) return Unexpected(std::move(folders).error());
  const sync::ServerFolder* target = folder_at(*folders, to);
  if (target && target->selectable) return Move{account.name, *target, std::move(*folders), {}};
  std::vector<std::string> names;
  for (const auto& folder : *folders) {
    if (folder.selectable) names.push_back(folder.path.text());
  }
  const std::string near = nearest(to.text(), names);
  return fail(Kind::usage, Blast::program,
              fmt::format(fmt::runtime(_("The account {} has no folder {}.")), account.name, clean(to.text())),
              near.empty() ? fmt::format(fmt::runtime(_("Its folders are: {}.")), join(names, ", "))
                           : fmt::format(fmt::runtime(_("Did you mean {}?")), near));
}

class Mover {
 public:
  Mover(Session& session, FolderPath to) : session_(session), to_(std::move(to)), tags_(session.settings.tags) {}

  /// Which files go; of a message with several copies those stay that a person wrote.
  Result<void> plan(const std::vector<ThreadMessage>& messages) {
    for (const config::Account& account : session_.settings.accounts) {
      const std::string root = session_.settings.mail_root + "/" + account.name + "/";
      Move* move = nullptr;
      for (const ThreadMessage& message : messages) {
        std::vector<std::string> own;
        std::copy_if(message.files.begin(), message.files.end(), std::back_inserter(own), [&](const auto& file) { return file.starts_with(root); });
        if (own.empty()) continue;
        if (!move) {
          auto begun = begin_move(account, to_, session_);
          if (!begun) return Unexpected(std::move(begun).error());
          move = &moves_.emplace_back(std::move(*begun));
        }
        for (std::string& file : own) {
          if (own.size() == 1 || !is_written(*move, file)) move->paths.push_back(std::move(file));
        }
      }
    }
    return {};
  }

  /// Files first: the index can be told again. Returns how many were moved.
  Result<std::uint64_t> carry_out() {
    auto writer = index::Writer::open(index_location(session_), session_.lock_wait_ms);
    if (!writer) return Unexpected(std::move(writer).error());
    std::uint64_t count = 0;
    for (const Move& move : moves_) {
      std::vector<store::MovedFile> moved;
      const auto done = store::move_files(session_.settings.mail_root, move.account, move.paths, to_, moved);
      count += moved.size();
      for (const store::MovedFile& file : moved) {
        if (auto told = tell(**writer, move, file); !told) return Unexpected(std::move(told).error());
      }
      if (!done) {
        (void)(*writer)->commit();  // what was moved before stays
        return Unexpected(Error(done.error()));
      }
    }
    if (auto committed = (*writer)->commit(); !committed) return Unexpected(std::move(committed).error());
    return count;
  }

 private:
  const sync::ServerFolder* folder_of(const Move& move, const std::string& file) const {
    const std::string below = file.substr(session_.settings.mail_root.size() + 1 + move.account.size() + 1);
    const auto directory = below.substr(0, below.rfind('/', below.rfind('/') - 1));
    const auto path = FolderPath::from_text(directory);
    return path ? folder_at(move.folders, *path) : nullptr;
  }

  bool is_written(const Move& move, const std::string& file) const {
    const sync::ServerFolder* folder = folder_of(move, file);
    return folder && folder->path != to_ && (folder->role == FolderRole::sent || folder->role == FolderRole::drafts);
  }

  Result<void> tell(index::Writer& writer, const Move& move, const store::MovedFile& file) const {
    if (auto renamed = writer.rename(file.from, file.to); !renamed) return Unexpected(std::move(renamed).error());
    const sync::ServerFolder* from = folder_of(move, file.from);
    const std::string old_tag = from ? tags_.place_tag_of(from->path, from->role) : std::string();
    const std::string new_tag = tags_.place_tag_of(to_, move.target.role);
    std::vector<std::string> add, remove;
    if (!new_tag.empty()) add.push_back(new_tag);
    if (!old_tag.empty() && old_tag != new_tag) remove.push_back(old_tag);
    return writer.retag(file.to, add, remove);
  }

  Session& session_;
  const FolderPath to_;
  const TagMap tags_;
  std::vector<Move> moves_;
};

}  // namespace

Result<int> move(const Arguments& arguments, Session& session) {
  const auto to = arguments.words.empty() ? std::nullopt : FolderPath::from_text(arguments.words.front());
  const std::string query = join({arguments.words.begin() + (arguments.words.empty() ? 0 : 1), arguments.words.end()}, " ");
  if (!to || trim(query).empty()) {
    return fail(Kind::usage, Blast::program, _("A folder and a search are needed."), _("Write it like: valija move Lists/debian -- from:debian"));
  }
  auto reader = open_index(session);
  if (!reader) return Unexpected(std::move(reader).error());
  const auto messages = (*reader)->messages(query, 0, index::Sort::newest_first);
  if (!messages) return Unexpected(Error(messages.error()));
  Mover mover(session, *to);
  if (auto planned = mover.plan(*messages); !planned) return Unexpected(std::move(planned).error());
  const auto moved = mover.carry_out();
  if (!moved) return Unexpected(Error(moved.error()));
  if (session.out.is_terminal()) {
    const auto count = static_cast<unsigned long>(*moved);
    session.out.line(fmt::format(fmt::runtime(n_("Moved {} message; the next sync tells the server.", "Moved {} messages; the next sync tells the server.", count)),
                                 number(count)));
  }
  return 0;
}

}  // namespace valija::cli
