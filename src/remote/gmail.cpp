#include "gmail.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "answers.hpp"
#include "mark_store.hpp"
#include "valija/base/words.hpp"
#include "valija/imap/mutf7.hpp"
#include "valija/mail/tag_map.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t set_size = 1000;

struct SystemLabel {
  std::string_view name, keyword;
};
constexpr std::array system_labels = {SystemLabel{"\\Inbox", "inbox"}, SystemLabel{"\\Sent", "sent"}, SystemLabel{"\\Important", "important"}};

bool is_gmail_folder(const sync::ServerFolder& folder) {
  return folder.role == FolderRole::all || folder.role == FolderRole::junk || folder.role == FolderRole::trash;
}

/// Decoded; some ways to Gmail give UTF-8.
std::optional<std::string> text_of(const std::string& label) {
  if (auto text = imap::decode_mutf7(label)) return text;
  const bool is_plain = label.find('&') == std::string::npos && is_valid_utf8(label);
  return is_plain ? std::optional(label) : std::nullopt;
}

std::optional<std::string> keyword_of(const std::string& label) {
  for (const SystemLabel& system : system_labels) {
    if (equal_ignoring_case(system.name, label)) return std::string(system.keyword);
  }
  const auto text = label.starts_with('\\') ? std::nullopt : text_of(label);
  const auto keyword = text ? encode_keyword(*text) : std::nullopt;
  // What would come back as another label, or none, is none.
  const auto back = keyword ? label_of(*keyword) : std::nullopt;
  return back && !back->is_system ? keyword : std::nullopt;
}

void tidy(std::vector<std::string>& keywords) {
  std::sort(keywords.begin(), keywords.end());
  keywords.erase(std::unique(keywords.begin(), keywords.end()), keywords.end());
}

imap::Command store_label(const std::vector<std::uint32_t>& uids, const Label& label, bool adds) {
  imap::Command command("UID STORE ");
  command.words(imap::to_sequence_set(uids)).words(adds ? " +X-GM-LABELS (" : " -X-GM-LABELS (");
  if (label.is_system) {
    command.words(label.name);
  } else {
    command.bare_string(label.name);
  }
  return command.words(")");
}

}  // namespace

bool keep_gmail_folders(std::vector<sync::ServerFolder>& folders, Warnings& warnings) {
  const bool has_all = std::any_of(folders.begin(), folders.end(), [](const auto& folder) { return folder.role == FolderRole::all; });
  if (has_all) {
    std::erase_if(folders, [](const auto& folder) { return !is_gmail_folder(folder); });
  } else {
    warnings.add({Kind::settings, Blast::folder, _("Gmail hides its folder All Mail, so that a message with several labels arrives several times."),
                  _("In the settings of Gmail, under Labels, let All Mail be shown in IMAP.")});
  }
  return has_all;
}

bool has_labels(const Connection& connection, const sync::ServerFolder& folder) {
  return is_gmail_folder(folder) && connection.has("X-GM-EXT-1");
}

void put_labels(const std::vector<std::string>& labels, Marks& marks) {
  marks = without_labels(std::move(marks));
  for (const std::string& label : labels) {
    if (equal_ignoring_case(label, "\\Starred")) marks.flags.set(Flag::flagged);
    if (equal_ignoring_case(label, "\\Draft") || equal_ignoring_case(label, "\\Drafts")) marks.flags.set(Flag::draft);
    if (auto keyword = keyword_of(label)) marks.keywords.push_back(std::move(*keyword));
  }
  tidy(marks.keywords);
}

bool is_label(std::string_view keyword) { return !keyword.starts_with('$'); }

std::optional<Label> label_of(std::string_view keyword) {
  if (!is_label(keyword)) return std::nullopt;
  for (const SystemLabel& system : system_labels) {
    if (equal_ignoring_case(system.keyword, keyword)) return Label{std::string(system.name), true};
  }
  const auto name = imap::encode_mutf7(decode_keyword(keyword));
  if (!name || name->empty() || name->starts_with('\\')) return std::nullopt;
  return Label{*name, false};
}

Marks without_labels(Marks marks) {
  std::erase_if(marks.keywords, is_label);
  return marks;
}

Marks only_labels(Marks marks) {
  std::erase_if(marks.keywords, [](const std::string& keyword) { return !is_label(keyword); });
  marks.flags = {};
  return marks;
}

std::vector<sync::MarkChange> without_labels(std::span<const sync::MarkChange> changes) {
  std::vector<sync::MarkChange> left;
  for (const sync::MarkChange& change : changes) {
    sync::MarkChange rest{change.uid, without_labels(change.add), without_labels(change.remove)};
    if (rest.add != Marks{} || rest.remove != Marks{}) left.push_back(std::move(rest));
  }
  return left;
}

Result<std::vector<sync::Uid>> store_labels(Connection& connection, std::span<const sync::MarkChange> changes) {
  struct Step {
    Label label;
    bool adds;
    auto operator<=>(const Step&) const = default;
  };
  std::vector<sync::Uid> refused;
  std::map<Step, std::vector<std::uint32_t>> steps;
  const auto add = [&](const sync::MarkChange& change, const Marks& marks, bool adds) {
    for (const std::string& keyword : only_labels(marks).keywords) {
      if (auto label = label_of(keyword)) {
        steps[{std::move(*label), adds}].push_back(change.uid.value);
      } else {
        refused.push_back(change.uid);
      }
    }
  };
  for (const sync::MarkChange& change : changes) {
    add(change, change.add, true);
    add(change, change.remove, false);
  }
  std::vector<imap::Command> commands;
  std::vector<std::vector<std::uint32_t>> sets;
  for (auto& [step, uids] : steps) {
    std::sort(uids.begin(), uids.end());
    for (std::size_t at = 0; at < uids.size(); at += set_size) {
      const auto begin = uids.begin() + static_cast<std::ptrdiff_t>(at);
      sets.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(std::min(set_size, uids.size() - at)));
      commands.push_back(store_label(sets.back(), step.label, step.adds));
    }
  }
  const auto conditions = connection.run_all(commands);
  if (!conditions) return fail(conditions.error());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (is_ok((*conditions)[i])) continue;
    for (const std::uint32_t uid : sets[i]) refused.push_back({uid});
  }
  std::sort(refused.begin(), refused.end());
  refused.erase(std::unique(refused.begin(), refused.end()), refused.end());
  return refused;
}

Result<std::vector<sync::Uid>> store_marks_and_labels(Connection& connection, const sync::ServerFolder& folder, sync::ModSeq since,
                                                      std::span<const sync::MarkChange> changes, Warnings& warnings) {
  auto unchanged = store_marks(connection, folder, since, without_labels(changes), warnings);
  if (!unchanged) return unchanged;
  std::vector<sync::MarkChange> labelled;
  for (const sync::MarkChange& change : changes) {
    if (!std::binary_search(unchanged->begin(), unchanged->end(), change.uid)) labelled.push_back(change);
  }
  const auto refused = store_labels(connection, labelled);
  if (!refused) return fail(refused.error());
  unchanged->insert(unchanged->end(), refused->begin(), refused->end());
  std::sort(unchanged->begin(), unchanged->end());
  return unchanged;
}

Result<std::optional<sync::OutgoingMessage>> LabelledUpload::next() {
  auto message = source_.next();
  if (!message || !*message) return message;
  handed_out_.push_back(only_labels((*message)->marks));
  (*message)->marks = without_labels(std::move((*message)->marks));
  return message;
}

Result<void> LabelledUpload::appended(std::size_t index, sync::UidValidity validity, sync::Uid uid) {
  const bool has_labels = uid.value != 0 && index < handed_out_.size() && !handed_out_[index].keywords.empty();
  if (!has_labels) return source_.appended(index, validity, uid);
  labels_.push_back({uid, handed_out_[index], {}});
  taken_.push_back({index, validity, uid});
  return {};
}

Result<void> LabelledUpload::tell_taken() {
  for (const Taken& taken : std::exchange(taken_, {})) {
    if (auto told = source_.appended(taken.index, taken.validity, taken.uid); !told) return told;
  }
  return {};
}

}  // namespace valija::remote
