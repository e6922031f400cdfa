#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fake_server.hpp"
#include "support/temporary_directory.hpp"
#include "valija/base/channel.hpp"
#include "valija/base/clock.hpp"
#include "valija/index/reader.hpp"
#include "valija/index/writer.hpp"
#include "valija/messages/event.hpp"
#include "valija/workers/account_link.hpp"
#include "valija/workers/index_service.hpp"

namespace valija::workers::test {

/// Keeps the errors, and the sums of the folders.
class NotingObserver final : public sync::Observer {
 public:
  void folders(const std::vector<sync::ServerFolder>&) override {}
  void folder_started(const FolderPath&, std::uint64_t) override {}
  void progress(const FolderPath&, std::uint64_t, std::uint64_t) override {}
  void stored(const FolderPath&, const std::vector<sync::Stored>&) override {}
  void marked(const FolderPath&, const std::string&, const sync::Stored&) override {}
  void removed(const FolderPath&, const std::string&) override {}
  void folder_done(const FolderPath&, const sync::Totals&) override {}
  void failed(const FolderPath& folder, const Error& error) override { errors.push_back(folder.text() + ": " + error.message); }
  std::vector<std::string> errors;
};

/// A mail root, a state and an index, with the real store and libnotmuch; accounts talk to fake servers.
class AccountScene {
 public:
  std::string mail_root() const { return directory_ / "Mail"; }
  std::string state_dir() const { return directory_ / "state"; }
  index::Location location() const { return {mail_root(), {}}; }

  AccountPass pass(const std::string& account, FakeServer& server) const {
    AccountPass pass;
    pass.account = account;
    pass.mail_root = mail_root();
    pass.state_dir = state_dir();
    pass.index = location();
    pass.remote = server.factory();
    pass.options.policy.to_server = true;
    return pass;
  }

  /// Brings all that waits into the index.
  void update_index() {
    IndexService::Options options;
    options.location = location();
    options.state_dir = state_dir();
    options.mail_root = mail_root();
    options.launch = [] { return make_thread_peer(mime::prescan_file); };
    IndexService service(std::move(options), events_);
    service.poke();
    REQUIRE(service.wait_until_idle({}));
  }

  /// What a person does with any program.
  void tag(const std::string& query, const std::vector<std::string>& add, const std::vector<std::string>& remove) const {
    auto writer = index::Writer::open(location(), 10'000);
    REQUIRE(writer);
    REQUIRE((*writer)->change_tags(query, add, remove));
    REQUIRE((*writer)->commit());
  }

  std::vector<ThreadMessage> find(const std::string& query) const {
    auto reader = index::Reader::open(location());
    REQUIRE(reader);
    auto found = (*reader)->messages(query, 0, index::Sort::newest_first);
    REQUIRE(found);
    return *found;
  }
  std::vector<std::string> tags(const std::string& id) const {
    const auto found = find("id:" + id + "@x");
    REQUIRE(found.size() == 1);
    return found[0].tags;
  }
  std::vector<std::string> files(const std::string& folder) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(mail_root() + "/" + folder + "/cur")) found.push_back(entry.path().string());
    return found;
  }

  const SystemClock& clock() const { return clock_; }

 private:
  const valija::test::TemporaryDirectory directory_;
  const SystemClock clock_;
  Channel<messages::Event> events_;
};

}  // namespace valija::workers::test
