#include "folder_admin.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "answers.hpp"
#include "folder_names.hpp"
#include "valija/base/words.hpp"
#include "valija/imap/mutf7.hpp"

namespace valija::remote {
namespace {

constexpr std::string_view inbox = "INBOX";

bool is_inbox(const sync::ServerFolder& folder) { return equal_ignoring_case(folder.wire_name, inbox); }

/// `sentence` has places for the folder and for the server's words.
Unexpected refused(const char* sentence, const sync::ServerFolder& folder, const imap::Condition& condition) {
  return fail(Kind::try_later, Blast::folder, fmt::format(fmt::runtime(_(sentence)), shown_name(folder), words_of(condition)));
}

/// That a folder does not exist, and not only that it cannot be looked at now (RFC 5530).
bool says_missing(const imap::Condition& condition) {
  return condition.status == imap::Status::no && (condition.code.name.empty() || condition.code.name == "NONEXISTENT");
}

Unexpected no_such_name(const FolderPath& path) {
  return fail(Kind::input, Blast::folder, fmt::format(fmt::runtime(_("The server cannot have a folder {}.")), clean(path.text())),
              _("Give it another name."));
}

}  // namespace

Result<Hierarchy> ask_hierarchy(Connection& connection) {
  Hierarchy hierarchy;
  const auto take = [&](imap::Event& event) -> Result<void> {
    if (const auto* namespaces = untagged_of<imap::Namespaces>(event); namespaces != nullptr && namespaces->has_personal) {
      hierarchy = {namespaces->delimiter, namespaces->prefix};
    } else if (const auto* entry = untagged_of<imap::ListEntry>(event); entry != nullptr && !hierarchy.delimiter) {
      hierarchy.delimiter = entry->delimiter;
    }
    return {};
  };
  std::vector<imap::Command> commands{imap::list_one("")};
  if (connection.has("NAMESPACE") || connection.has("IMAP4REV2")) commands.push_back(imap::namespaces());
  const auto conditions = connection.run_all(commands, take);
  if (!conditions) return fail(conditions.error());
  return hierarchy;
}

Result<sync::ServerFolder> folder_of(const FolderPath& path, const Hierarchy& hierarchy) {
  std::string name;
  for (const std::string& component : path.components()) {
    const auto encoded = imap::encode_mutf7(component);
    if (!encoded || (hierarchy.delimiter && encoded->find(*hierarchy.delimiter) != std::string::npos)) return no_such_name(path);
    if (!name.empty() && !hierarchy.delimiter) return no_such_name(path);
    if (!name.empty()) name += *hierarchy.delimiter;
    name += *encoded;
  }
  if (!name.starts_with(hierarchy.prefix) && name != inbox) name.insert(0, hierarchy.prefix);
  imap::ListEntry entry;
  entry.delimiter = hierarchy.delimiter;
  entry.name = name;
  const auto listed = path_of(entry);
  if (!listed) return no_such_name(path);
  sync::ServerFolder folder;
  folder.path = *listed;
  folder.wire_name = std::move(name);
  return folder;
}

Result<void> create(Connection& connection, const sync::ServerFolder& folder) {
  const imap::Command commands[] = {imap::create_folder(folder.wire_name), imap::subscribe(folder.wire_name)};
  const auto conditions = connection.run_all(commands);
  if (!conditions) return fail(conditions.error());
  const imap::Condition& created = conditions->front();
  if (is_ok(created) || created.code.name == "ALREADYEXISTS") return {};
  // Not every server says by a code that it is there already.
  const auto looked = connection.run(imap::status(folder.wire_name, "(UIDVALIDITY)"));
  if (!looked) return fail(looked.error());
  if (is_ok(*looked)) return {};
  return refused(N_("The server does not create the folder {}: {}."), folder, created);
}

Result<void> rename(Connection& connection, const sync::ServerFolder& folder, const sync::ServerFolder& to) {
  if (is_inbox(folder)) {
    return fail(Kind::input, Blast::folder, _("The inbox of a server cannot be renamed."), _("Move its messages instead."));
  }
  const imap::Command commands[] = {imap::rename_folder(folder.wire_name, to.wire_name), imap::subscribe(to.wire_name),
                                    imap::unsubscribe(folder.wire_name)};
  const auto renamed = connection.run(commands[0]);
  if (!renamed) return fail(renamed.error());
  if (!is_ok(*renamed)) return refused(N_("The server does not rename the folder {}: {}."), folder, *renamed);
  const auto conditions = connection.run_all(std::span(commands).subspan(1));
  return conditions ? Result<void>() : fail(conditions.error());
}

Result<void> delete_empty(Connection& connection, const sync::ServerFolder& folder) {
  if (is_inbox(folder)) return fail(Kind::input, Blast::folder, _("The inbox of a server cannot be deleted."));
  std::optional<std::uint64_t> messages;
  const auto looked = connection.run(imap::status(folder.wire_name, "(MESSAGES)"), [&](imap::Event& event) -> Result<void> {
    const auto* status = untagged_of<imap::FolderStatus>(event);
    if (status != nullptr && is_same_name(status->name, folder.wire_name)) messages = status->messages;
    return {};
  });
  if (!looked) return fail(looked.error());
  if (says_missing(*looked)) return {};
  if (!is_ok(*looked)) return refused(N_("The server does not open the folder {}: {}."), folder, *looked);
  if (messages != 0) {
    return fail(Kind::try_later, Blast::folder,
                fmt::format(fmt::runtime(_("The folder {} stays on the server: it is not empty there.")), shown_name(folder)),
                _("Move or delete its messages first."));
  }
  const auto deleted = connection.run(imap::delete_folder(folder.wire_name));
  if (!deleted) return fail(deleted.error());
  if (!is_ok(*deleted) && deleted->code.name != "NONEXISTENT") {
    return refused(N_("The server does not delete the folder {}: {}."), folder, *deleted);
  }
  const auto unsubscribed = connection.run(imap::unsubscribe(folder.wire_name));
  return unsubscribed ? Result<void>() : fail(unsubscribed.error());
}

Result<bool> is_gone(Connection& connection, const sync::ServerFolder& folder) {
  if (is_inbox(folder)) return false;
  bool is_listed = false;
  const auto take = [&](imap::Event& event) -> Result<void> {
    if (const auto* entry = untagged_of<imap::ListEntry>(event); entry != nullptr && entry->name == folder.wire_name) {
      is_listed = std::find(entry->attributes.begin(), entry->attributes.end(), "\\nonexistent") == entry->attributes.end();
    }
    // Perhaps it was this one.
    if (std::holds_alternative<imap::Malformed>(event)) is_listed = true;
    return {};
  };
  const imap::Command commands[] = {imap::list_one(folder.wire_name), imap::status(folder.wire_name, "(UIDVALIDITY)")};
  const auto conditions = connection.run_all(commands, take);
  if (!conditions) return fail(conditions.error());
  return !is_listed && is_ok(conditions->front()) && says_missing(conditions->back());
}

}  // namespace valija::remote
