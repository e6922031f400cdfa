// The interface on the canned mailbox, to look at it and to measure it: no account, no network, no files.
//   ui-playground [--sync] [--many] [--empty] [--welcome] [--failed] [--three] [--outbox] [--editor COMMAND] [--query QUERY]
#include <chrono>
#include <ctime>
#include <string_view>
#include <thread>

#include "../app/canned_mailroom.hpp"
#include "interface.hpp"
#include "valija/base/words.hpp"

using namespace valija;

namespace {

/// A first sync, ten events a second.
void pretend_sync(std::stop_token stop, Channel<messages::Event>& events) {
  for (std::uint64_t done = 0; done < 20000 && !stop.stop_requested(); done += 97) {
    events.send(messages::SyncProgress{"work", messages::SyncProgress::Stage::downloading, "INBOX", done, 20000, 970,
                                       static_cast<std::int64_t>((20000 - done) / 970)});
    events.send(messages::IndexChanged{done, 20000 - done});
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

/// The canned mailbox on a thread of its own, as the real one is: a large list must not slow the keys.
class MailroomThread final : public messages::Mailroom {
 public:
  explicit MailroomThread(testing::CannedMailroom& behind) : behind_(behind), thread_([this](std::stop_token stop) { work(stop); }) {}
  ~MailroomThread() override {
    thread_.request_stop();
    requests_.send(messages::StopSync{});
  }
  void post(messages::Request request) override { requests_.send(std::move(request)); }

 private:
  void work(std::stop_token stop) {
    while (!stop.stop_requested()) {
      wait_readable({requests_.fd()}, -1);
      for (messages::Request& request : requests_.drain()) behind_.post(std::move(request));
    }
  }

  testing::CannedMailroom& behind_;
  Channel<messages::Request> requests_;
  std::jthread thread_;
};

}  // namespace

int main(int count, char** words) {
  init_words();
  config::Settings settings = testing::canned_settings();
  app::Options options;
  options.download_directory = "/tmp";
  options.settings_file = "~/.config/valija/valijarc";
  bool is_syncing = false, is_many = false, is_empty = false, has_failed = false, has_three = false, has_outbox = false;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    is_syncing = is_syncing || word == "--sync";
    is_many = is_many || word == "--many";
    is_empty = is_empty || word == "--empty";
    has_failed = has_failed || word == "--failed";
    has_three = has_three || word == "--three";
    if (word == "--welcome") options.is_unconfigured = true;
    if (word == "--outbox") has_outbox = true;
    if (word == "--editor" && i + 1 < count) options.editor = words[++i];
    if (word == "--query" && i + 1 < count) options.query = words[++i];
  }
  if (options.is_unconfigured) settings.accounts.clear();
  if (has_three) settings.accounts.push_back(settings.accounts.back()), settings.accounts.back().name = "society";
  Channel<messages::Event> events;
  testing::CannedMailroom mailroom(std::time(nullptr), is_many ? 100000 : 40);
  if (is_empty) mailroom.threads().clear();
  if (has_outbox) mailroom.outbox = testing::canned_outbox(std::time(nullptr));
  mailroom.unindexed = {{"/mail/work/INBOX/cur/1", "The header block is empty.", std::time(nullptr) - 4000, "", ""}};
  mailroom.answer = [&events](messages::Event event) { events.send(std::move(event)); };
  MailroomThread mail_thread(mailroom);
  for (const config::Account& account : settings.accounts) events.send(testing::canned_folders(account.name));
  if (has_failed) {
    events.send(messages::Failed{0, {Kind::unreachable, Blast::account, "The server imap.example.org does not answer.", "$ tries again; valija doctor work says more."}, "work", ""});
    events.send(messages::SyncFinished{"work", 0, 0, 0, 0, false});
  } else if (!is_syncing && !options.is_unconfigured) {
    events.send(messages::SyncFinished{"work", 0, 0, 0, 0, true});
  }
  std::jthread sync;
  if (is_syncing) sync = std::jthread([&events](std::stop_token stop) { pretend_sync(stop, events); });
  return run_interface(settings, mail_thread, events, options);
}
