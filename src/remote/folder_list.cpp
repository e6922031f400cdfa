#include "folder_list.hpp"

#include <map>
#include <optional>
#include <string>

#include "answers.hpp"
#include "folder_names.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::string_view status_items = "(MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)";

using AllCounters = std::map<std::string, sync::FolderCounters, std::less<>>;

/// INBOX in any case of letters is one folder.
std::string key_of(const std::string& wire_name) { return equal_ignoring_case(wire_name, "INBOX") ? "INBOX" : wire_name; }

std::optional<sync::FolderCounters> counters_of(const imap::FolderStatus& status) {
  if (!status.messages || !status.uid_next || !status.uid_validity) return std::nullopt;
  if (*status.uid_next == 0 || *status.uid_validity == 0) return std::nullopt;
  return sync::FolderCounters{{static_cast<std::uint32_t>(*status.uid_validity)},
                              {static_cast<std::uint32_t>(*status.uid_next)},
                              {status.highest_modseq.value_or(0)},
                              *status.messages};
}

/// One LIST and what comes with it.
class FolderList {
 public:
  FolderList(Connection& connection, Warnings& warnings) : connection_(connection), warnings_(warnings), names_(found_) {}

  Result<bool> ask(std::string_view items) {
    const auto condition = connection_.run(imap::list_all(items), [this](imap::Event& event) { return take(event); });
    if (!condition) return fail(condition.error());
    return is_ok(*condition);
  }

  Result<void> ask_counters(std::span<const sync::ServerFolder> folders) {
    std::vector<imap::Command> commands;
    for (const sync::ServerFolder& folder : folders) {
      if (folder.selectable) commands.push_back(imap::status(folder.wire_name, status_items));
    }
    const auto conditions = connection_.run_all(commands, [this](imap::Event& event) { return take(event); });
    return conditions ? Result<void>() : fail(conditions.error());
  }

  std::vector<sync::ServerFolder> folders() { return names_.take(); }

  void finish(std::vector<sync::ServerFolder>& folders) {
    for (sync::ServerFolder& folder : folders) {
      const auto counters = counters_.find(key_of(folder.wire_name));
      if (counters != counters_.end()) folder.counters = counters->second;
    }
    for (Error& error : found_.take()) warnings_.add(std::move(error));
  }

 private:
  Result<void> take(const imap::Event& event) {
    if (const auto* entry = untagged_of<imap::ListEntry>(event)) return names_.add(*entry);
    if (const auto* status = untagged_of<imap::FolderStatus>(event); status != nullptr && counters_.size() < counters_limit) {
      if (const auto counters = counters_of(*status)) counters_.insert_or_assign(key_of(status->name), *counters);
    }
    if (const auto* malformed = std::get_if<imap::Malformed>(&event); malformed != nullptr && malformed->word == "LIST") {
      found_.add({Kind::protocol, Blast::folder, _("The server sent a folder name that breaks the protocol."), _("That folder is left out.")});
    }
    return {};
  }

  static constexpr std::size_t counters_limit = 100'000;

  Connection& connection_;
  Warnings& warnings_;
  Warnings found_;  ///< of this attempt
  FolderNames names_;
  AllCounters counters_;
};

}  // namespace

Result<std::vector<sync::ServerFolder>> list_folders(Connection& connection, Warnings& warnings) {
  const bool is_rev2 = connection.has("IMAP4REV2");
  const bool is_extended = is_rev2 || connection.has("LIST-EXTENDED");
  const bool has_modseq = connection.has("CONDSTORE") || connection.has("QRESYNC");
  const bool with_status = is_extended && has_modseq && (is_rev2 || connection.has("LIST-STATUS"));
  std::string items = is_extended && (is_rev2 || connection.has("SPECIAL-USE")) ? "SPECIAL-USE" : "";
  if (with_status) items.append(items.empty() ? "STATUS " : " STATUS ").append(status_items);

  FolderList list(connection, warnings);
  auto listed = list.ask(items);
  // It promised what it does not take: once more in the oldest words.
  if (listed && !*listed && !items.empty()) listed = list.ask({});
  if (!listed) return fail(std::move(listed).error());
  if (!*listed) return fail(Kind::try_later, Blast::account, _("The server does not list its folders."), _("Try again later."));
  std::vector<sync::ServerFolder> folders = list.folders();
  if (has_modseq && !with_status) {
    if (auto asked = list.ask_counters(folders); !asked) return fail(std::move(asked).error());
  }
  list.finish(folders);
  return folders;
}

}  // namespace valija::remote
