#include "valija/remote/find_messages.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "folder_list.hpp"
#include "search.hpp"
#include "selection.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t longest_id = 900;

/// Can stand between quotes on a line (RFC 9051 §9, "quoted").
bool is_askable(const std::string& id) {
  return !id.empty() && id.size() <= longest_id &&
         std::all_of(id.begin(), id.end(), [](char byte) { return byte > ' ' && byte < 0x7f && byte != '"' && byte != '\\'; });
}

bool is_wanted_folder(const sync::ServerFolder& folder, const Wanted& wanted) {
  return folder.selectable && (wanted.path.empty() ? folder.role == wanted.role : folder.path.text() == wanted.path);
}

}  // namespace

Result<std::vector<std::string>> find_messages(const Dialler& dialler, const Wanted& wanted, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (is_askable(id)) continue;
    return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("No server can be asked for the Message-ID \"{}\".")), clean_phrase(id)));
  }
  auto stream = dialler();
  if (!stream) return fail(std::move(stream).error());
  const SystemClock clock;
  Connection connection(std::move(*stream), clock);
  if (auto started = connection.start(); !started) return fail(std::move(started).error());
  Warnings warnings;
  const auto folders = list_folders(connection, warnings);
  if (!folders) return fail(folders.error());
  const auto folder = std::find_if(folders->begin(), folders->end(), [&](const auto& one) { return is_wanted_folder(one, wanted); });
  std::vector<std::string> found;
  if (folder == folders->end()) return found;
  if (const auto opened = select(connection, *folder, imap::Access::read); !opened) return fail(opened.error());
  for (const std::string& id : ids) {
    const auto uids = search(connection, *folder, fmt::format("HEADER Message-ID \"<{}>\"", id));
    if (!uids) return fail(uids.error());
    if (!uids->empty()) found.push_back(id);
  }
  connection.end();
  return found;
}

}  // namespace valija::remote
