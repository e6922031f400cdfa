#include "plan_move.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/places.hpp"
#include "valija/mail/tag_map.hpp"
#include "valija/store/account_store.hpp"

namespace valija::workers {
namespace {

using Folders = std::vector<sync::ServerFolder>;

const sync::ServerFolder* folder_at(const Folders& folders, const FolderPath& path) {
  const auto found = std::find_if(folders.begin(), folders.end(), [&](const auto& folder) { return folder.path == path; });
  return found == folders.end() ? nullptr : &*found;
}

Error no_such_folder(const std::string& account, const FolderPath& path, const Folders& folders) {
  std::vector<std::string> names;
  for (const auto& folder : folders) {
    if (folder.selectable) names.push_back(folder.path.text());
  }
  const std::string near = nearest(path.text(), names);
  return {Kind::usage, Blast::program, fmt::format(fmt::runtime(_("The account {} has no folder {}.")), account, clean(path.text())),
          near.empty() ? fmt::format(fmt::runtime(_("Its folders are: {}.")), join(names, ", ")) : fmt::format(fmt::runtime(_("Did you mean {}?")), near)};
}

/// One account's part of a move.
class AccountMove {
 public:
  /// An error where the account has no such folder.
  static Result<AccountMove> begin(const std::string& account, const FolderPath& to, const TagMap& tags, const std::string& mail_root,
                                   const std::string& state_dir) {
    auto folders = store::known_folders(state_dir, account);
    if (!folders) return Unexpected(std::move(folders).error());
    const sync::ServerFolder* target = folder_at(*folders, to);
    if (!target || !target->selectable) return fail(no_such_folder(account, to, *folders));
    AccountMove move(account, to, tags, mail_root);
    move.new_tag_ = tags.place_tag_of(to, target->role);
    move.folders_ = std::move(*folders);
    return move;
  }

  void plan(const ThreadMessage& message, const std::vector<std::string>& files, Action& action) {
    TagEffect effect;
    bool goes = false;
    for (const std::string& file : files) {
      const std::string from = place_name(folder_of_file(file), mail_root_);
      const auto path = FolderPath::from_text(from.substr(account_.size() + 1));
      const sync::ServerFolder* folder = path ? folder_at(folders_, *path) : nullptr;
      const bool is_written = folder && (folder->role == FolderRole::sent || folder->role == FolderRole::drafts);
      if (from == target_ || (is_written && files.size() > 1)) continue;
      goes = true;
      action.moves.push_back({message.id, from, target_});
      const std::string old_tag = folder ? tags_.place_tag_of(folder->path, folder->role) : std::string();
      if (old_tag != new_tag_ && has(message, old_tag) && effect.remove.empty()) effect.remove.push_back(old_tag);
    }
    if (!goes) return;
    ++action.messages;
    if (!new_tag_.empty() && !has(message, new_tag_)) effect.add.push_back(new_tag_);
    if (effect.add.empty() && effect.remove.empty()) return;
    const auto is_alike = [&](const TagEffect& one) { return one.add == effect.add && one.remove == effect.remove; };
    auto alike = std::find_if(action.effects.begin(), action.effects.end(), is_alike);
    if (alike == action.effects.end()) alike = action.effects.insert(alike, effect);
    alike->ids.push_back(message.id);
  }

 private:
  AccountMove(std::string account, const FolderPath& to, const TagMap& tags, const std::string& mail_root)
      : account_(std::move(account)), target_(account_ + "/" + to.text()), tags_(tags), mail_root_(mail_root) {}

  static bool has(const ThreadMessage& message, const std::string& tag) {
    return std::find(message.tags.begin(), message.tags.end(), tag) != message.tags.end();
  }

  std::string account_, target_, new_tag_;
  const TagMap& tags_;
  const std::string& mail_root_;
  Folders folders_;
};

}  // namespace

Result<Action> plan_move(const std::string& query, const std::string& folder, const config::Settings& settings, const std::string& state_dir,
                         const index::Location& location) {
  const auto to = FolderPath::from_text(folder);
  if (!to) return fail(Kind::usage, Blast::message, fmt::format(fmt::runtime(_("{} is no folder.")), clean(folder)), {});
  auto reader = index::Reader::open(location);
  if (!reader) return Unexpected(std::move(reader).error());
  const auto messages = (*reader)->messages(query, 0, index::Sort::newest_first);
  if (!messages) return Unexpected(Error(messages.error()));
  const TagMap tags(settings.tags);
  std::map<std::string, AccountMove> moves;
  Action action{.label = to->text()};
  for (const ThreadMessage& message : *messages) {
    for (const config::Account& account : settings.accounts) {
      const std::string root = settings.mail_root + "/" + account.name + "/";
      std::vector<std::string> own;
      std::copy_if(message.files.begin(), message.files.end(), std::back_inserter(own), [&](const auto& file) { return file.starts_with(root); });
      if (own.empty()) continue;
      if (!moves.contains(account.name)) {
        auto begun = AccountMove::begin(account.name, *to, tags, settings.mail_root, state_dir);
        if (!begun) return Unexpected(std::move(begun).error());
        moves.emplace(account.name, std::move(*begun));
      }
      moves.at(account.name).plan(message, own, action);
    }
  }
  return action;
}

}  // namespace valija::workers
