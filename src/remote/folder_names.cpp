#include "folder_names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/imap/mutf7.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t folders_limit = 100'000;
constexpr std::size_t name_limit = 1000;
constexpr std::size_t shown_limit = 80;

/// Some servers send UTF-8 that nobody asked for. Without "&" it cannot be taken for an encoded name.
bool is_raw_utf8(std::string_view component) {
  const bool has_high = std::any_of(component.begin(), component.end(), [](char c) { return (c & 0x80) != 0; });
  return has_high && component.find('&') == std::string_view::npos && is_valid_utf8(component);
}

FolderRole role_of(std::string_view attribute) {
  struct Row {
    std::string_view attribute;
    FolderRole role;
  };
  // RFC 6154, and the older words of XLIST.
  static constexpr Row rows[] = {
      {"\\archive", FolderRole::archive}, {"\\drafts", FolderRole::drafts},   {"\\sent", FolderRole::sent},
      {"\\trash", FolderRole::trash},     {"\\junk", FolderRole::junk},       {"\\spam", FolderRole::junk},
      {"\\flagged", FolderRole::flagged}, {"\\starred", FolderRole::flagged}, {"\\all", FolderRole::all},
      {"\\allmail", FolderRole::all}};
  for (const Row& row : rows) {
    if (row.attribute == attribute) return row.role;
  }
  return FolderRole::none;
}

bool has_attribute(const imap::ListEntry& entry, std::string_view attribute) {
  return std::find(entry.attributes.begin(), entry.attributes.end(), attribute) != entry.attributes.end();
}

}  // namespace

std::optional<FolderPath> path_of(const imap::ListEntry& entry) {
  if (entry.has_odd_delimiter || entry.name.empty() || entry.name.size() > name_limit) return std::nullopt;
  const std::vector<std::string> parts =
      entry.delimiter ? split(entry.name, *entry.delimiter) : std::vector<std::string>{entry.name};
  std::vector<std::string> components;
  for (const std::string& part : parts) {
    auto component = imap::decode_mutf7(part);
    if (!component && is_raw_utf8(part)) component = part;
    if (!component) return std::nullopt;
    components.push_back(std::move(*component));
  }
  return FolderPath::from_components(std::move(components));
}

Result<void> FolderNames::add(const imap::ListEntry& entry) {
  if (folders_.size() + refused_ >= folders_limit) {
    return fail(Kind::protocol, Blast::account,
                fmt::format(fmt::runtime(_("The server lists more than {} folders.")), number(folders_limit)));
  }
  const auto path = path_of(entry);
  if (!path) {
    refuse(entry, N_("The folder {} of the server was left out: its name cannot be a folder here."));
    return {};
  }
  // The same name twice is only said twice.
  if (!wire_names_.insert(entry.name).second) return {};
  if (!paths_.insert(*path).second) {
    refuse(entry, N_("The folder {} of the server was left out: another one has the same name here."));
    return {};
  }
  sync::ServerFolder folder;
  folder.role = take_role(entry, *path);
  folder.selectable = !has_attribute(entry, "\\noselect") && !has_attribute(entry, "\\nonexistent");
  folder.path = *path;
  folder.wire_name = entry.name;
  folders_.push_back(std::move(folder));
  return {};
}

FolderRole FolderNames::take_role(const imap::ListEntry& entry, const FolderPath& path) {
  static const std::vector<std::string> inbox{"INBOX"};
  if (path.components() == inbox) return FolderRole::inbox;
  for (const std::string& attribute : entry.attributes) {
    const FolderRole role = role_of(attribute);
    if (role != FolderRole::none && roles_.insert(role).second) return role;
  }
  return FolderRole::none;
}

void FolderNames::refuse(const imap::ListEntry& entry, const char* reason) {
  ++refused_;
  warnings_.add({Kind::protocol, Blast::folder,
                 fmt::format(fmt::runtime(_(reason)), clean(entry.name.substr(0, shown_limit))),
                 _("Rename it on the server to read its mail here.")});
}

}  // namespace valija::remote
