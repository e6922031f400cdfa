#include "sent_search.hpp"

#include <algorithm>

#include "dial_of.hpp"
#include "valija/index/reader.hpp"
#include "valija/mail/folder.hpp"
#include "valija/remote/find_messages.hpp"
#include "valija/workers/account_pass.hpp"

namespace valija::workers {
namespace {

/// Those that lie in a Sent folder of the account here. Without an index: none that is known.
std::vector<std::string> find_here(const config::Account& account, const config::Settings& settings, const config::Places& places,
                                   const std::vector<std::string>& ids) {
  std::vector<std::string> found;
  const auto reader = index::Reader::open(index_location(settings, places));
  if (!reader) return found;
  const std::string tree = settings.mail_root + "/" + account.name + "/";
  for (const std::string& id : ids) {
    const auto files = (*reader)->files("id:" + index::quoted(id) + " and tag:" + place_tag(FolderRole::sent), 0, index::Sort::newest_first);
    const auto is_own = [&](const std::string& path) { return path.starts_with(tree); };
    if (files && std::any_of(files->begin(), files->end(), is_own)) found.push_back(id);
  }
  return found;
}

bool is_imap(const config::ServerUrl& server) {
  using Scheme = config::ServerUrl::Scheme;
  return server.scheme == Scheme::imaps || server.scheme == Scheme::imap || server.scheme == Scheme::imap_plain;
}

}  // namespace

Result<std::vector<std::string>> find_sent(const config::Account& account, const config::Settings& settings, const config::Places& places,
                                           const std::vector<std::string>& ids, std::stop_token stop) {
  std::vector<std::string> found = find_here(account, settings, places, ids);
  if (found.size() == ids.size() || !account.receive || !is_imap(*account.receive)) return found;
  const auto dial = dial_with_password(account, *account.receive, settings, stop);
  if (!dial) return fail(dial.error());
  auto on_server = remote::find_messages([&] { return net::dial(*dial, stop); }, {account.sent, FolderRole::sent}, ids);
  if (!on_server) return on_server;
  for (std::string& id : *on_server) {
    if (std::find(found.begin(), found.end(), id) == found.end()) found.push_back(std::move(id));
  }
  return found;
}

}  // namespace valija::workers
