#include "valija/cli/demo.hpp"

#include <stdlib.h>  // mkdtemp

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "memory_remote.hpp"
#include "valija/base/words.hpp"
#include "valija/demo/mailbox.hpp"
#include "valija/index/writer.hpp"
#include "valija/mime/categorise.hpp"
#include "valija/mime/prescan.hpp"
#include "valija/store/account_store.hpp"
#include "valija/workers/account_pass.hpp"

namespace valija::cli {
namespace {

/// Only failures count: the sample mail is ours.
class SilentObserver final : public sync::Observer {
 public:
  void folders(const std::vector<sync::ServerFolder>&) override {}
  void folder_started(const FolderPath&, std::uint64_t) override {}
  void progress(const FolderPath&, std::uint64_t, std::uint64_t) override {}
  void stored(const FolderPath&, const std::vector<sync::Stored>&) override {}
  void marked(const FolderPath&, const std::string&, const sync::Stored&) override {}
  void removed(const FolderPath&, const std::string&) override {}
  void folder_done(const FolderPath&, const sync::Totals&) override {}
  void failed(const FolderPath&, const Error& error) override { error_ = error; }

  const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<Error> error_;
};

using ExtraTags = std::map<std::string, std::vector<std::string>>;  // by Message-ID

ExtraTags extra_tags(const std::vector<demo::DemoMessage>& mailbox) {
  ExtraTags tags;
  for (const auto& message : mailbox) {
    if (!message.tags.empty()) tags[mime::prescan(message.octets).message_id] = message.tags;
  }
  return tags;
}

/// What the index process does, for mail that is known to be harmless: the first screen needs no second process.
Result<void> index_all(const std::string& database, const std::string& state_dir, const ExtraTags& extra) {
  constexpr int wait_ms = 1000;
  constexpr std::size_t all = 100'000;
  auto queue = store::IndexQueue::open(state_dir);
  if (!queue) return fail(queue.error());
  auto writer = index::Writer::open({database, {}}, wait_ms);
  if (!writer) return fail(writer.error());
  const auto tasks = (*queue)->pending(0, all);
  if (!tasks) return fail(tasks.error());
  std::vector<std::int64_t> rows;
  for (const auto& task : *tasks) {
    const mime::Prescan scan = mime::prescan_file(task.path);
    std::vector<std::string> tags = with_category(task.tags, scan.category);
    if (const auto found = extra.find(scan.message_id); found != extra.end()) {
      tags.insert(tags.end(), found->second.begin(), found->second.end());
    }
    if (const auto added = (*writer)->add(task.path, tags); !added) return fail(added.error());
    rows.push_back(task.row);
  }
  if (const auto committed = (*writer)->commit(); !committed) return fail(committed.error());
  return (*queue)->done(rows);
}

}  // namespace

Result<std::unique_ptr<DemoMailbox>> DemoMailbox::make() {
  const char* base = getenv("TMPDIR");
  std::string name = std::string(base != nullptr && *base != '\0' ? base : "/tmp") + "/valija-demo-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) return fail(disk_error(_("Creating"), name, errno));
  std::unique_ptr<DemoMailbox> demo(new DemoMailbox(name));
  if (const auto filled = demo->fill(); !filled) return fail(filled.error());
  return demo;
}

DemoMailbox::DemoMailbox(std::string folder) : folder_(std::move(folder)) {
  settings_.mail_root = folder_ + "/Mail";
  for (const auto& one : demo::demo_accounts()) {
    config::Account account;
    account.name = one.name;
    account.address = one.address;
    account.full_name = one.full_name;
    settings_.accounts.push_back(std::move(account));
  }
  places_.state_dir = folder_ + "/state";
  places_.settings_file = folder_ + "/valijarc";
  places_.home = folder_;
}

DemoMailbox::~DemoMailbox() {
  std::error_code ignored;  // nothing of value is in it, and nobody can act on the failure
  std::filesystem::remove_all(folder_, ignored);
}

Result<void> DemoMailbox::fill() {
  for (const std::string& directory : {settings_.mail_root, places_.state_dir}) {
    if (const auto made = make_directories(directory); !made) return fail(made.error());
  }
  const SystemClock clock;
  const auto mailbox = demo::demo_mailbox(clock.now());
  for (const auto& account : settings_.accounts) {
    workers::AccountPass pass;
    pass.account = account.name;
    pass.mail_root = settings_.mail_root;
    pass.state_dir = places_.state_dir;
    pass.options.policy.to_server = false;
    pass.remote = [&](std::stop_token) -> Result<std::unique_ptr<sync::Remote>> {
      return std::unique_ptr<sync::Remote>(std::make_unique<MemoryRemote>(mailbox, account.name));
    };
    SilentObserver observer;
    const auto totals = workers::run_account_pass(pass, clock, observer);
    if (!totals) return fail(totals.error());
    if (observer.error()) return fail(*observer.error());
  }
  return index_all(config::database_path(settings_, places_), places_.state_dir, extra_tags(mailbox));
}

}  // namespace valija::cli
