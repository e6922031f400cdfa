#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "support/temporary_directory.hpp"
#include "valija/workers/sender.hpp"

namespace valija::workers::sending {

using How = remote::Submitted::How;
using State = OutgoingState;

class SetClock final : public Clock {
 public:
  UnixTime time = 1'700'000'000;
  UnixTime now() const override { return time; }
  std::int64_t monotonic_ms() const override { return time * 1000; }
};

inline std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// A server that does what the test says; it lives longer than the lines to it.
struct FakeServer {
  struct Mail {
    smtp::Envelope envelope;
    std::string octets;
    int line = 0;
  };
  std::vector<Mail> mails;                        ///< accepted, or handed over and cut
  std::vector<remote::Submitted> answers;         ///< to the next mails; none left: accepted
  smtp::Extensions extensions{.eight_bit = true};
  int lines = 0;
  bool is_away = false, hangs_up_when_idle = false;
  std::function<void()> before_dot = [] {};       ///< when everything but the final dot is out
};

class FakeLine final : public remote::Submission {
 public:
  explicit FakeLine(FakeServer& server) : server_(server), number_(++server.lines) {}
  const smtp::Extensions& extensions() const override { return server_.extensions; }
  remote::Submitted send(const smtp::Envelope& envelope, const std::string& file, const remote::BeforeLast& before_last) override {
    remote::Submitted submitted;
    if (server_.hangs_up_when_idle && sent_++ > 0) {
      is_open_ = false;
      return submitted;
    }
    if (!server_.answers.empty()) {
      submitted = server_.answers.front();
      server_.answers.erase(server_.answers.begin());
    } else {
      submitted.how = How::accepted;
    }
    if (!submitted.recipients.empty()) return submitted;
    server_.before_dot();
    if (auto recorded = before_last(submitted.later); !recorded) {
      is_open_ = false;
      submitted = {};
      submitted.answer = recorded.error().message;
      return submitted;
    }
    if (submitted.how == How::accepted || submitted.how == How::unknown) server_.mails.push_back({envelope, content(file), number_});
    is_open_ = submitted.how != How::unknown;
    return submitted;
  }
  bool is_open() const override { return is_open_; }
  void close() override { is_open_ = false; }

 private:
  FakeServer& server_;
  const int number_;
  int sent_ = 0;
  bool is_open_ = true;
};

inline remote::Submitted answer(How how, const char* words) {
  remote::Submitted submitted;
  submitted.how = how;
  submitted.answer = words;
  return submitted;
}

struct Scene {
  valija::test::TemporaryDirectory scratch;
  config::Settings settings;
  config::Places places;
  SetClock clock;
  FakeServer server;
  std::vector<std::string> sent_folder;  ///< Message-IDs
  std::vector<std::vector<std::string>> asked;
  bool has_no_sent_folder = false;
  std::unique_ptr<store::Outbox> outbox;
  std::uint64_t told = 0;

  Scene() {
    places.state_dir = scratch / "state";
    settings.mail_root = scratch / "Mail";
    for (const char* name : {"work", "home"}) {
      config::Account account;
      account.name = name;
      account.address = "me@" + account.name + ".test";
      account.send = account.receive = config::ServerUrl{.scheme = config::ServerUrl::Scheme::smtps, .user = {}, .host = "mail.test", .port = 465};
      settings.accounts.push_back(account);
      // As a sync leaves it.
      for (const char* part : {"INBOX/cur", ".valija/tree"}) std::filesystem::create_directories(settings.mail_root + "/" + name + "/" + part);
    }
    outbox = std::move(*store::Outbox::open(places.state_dir));
  }

  Sender::Options options() {
    return {.settings = settings,
            .places = places,
            .clock = clock,
            .changed = [this](std::uint64_t sent) { told += sent; },
            .open = [this](const config::Account&, const std::stop_token&) -> Result<std::unique_ptr<remote::Submission>> {
              if (server.is_away) return fail(Kind::unreachable, Blast::account, "No line to mail.test.");
              return std::unique_ptr<remote::Submission>(std::make_unique<FakeLine>(server));
            },
            .find_sent = [this](const config::Account&, const std::vector<std::string>& ids, const std::stop_token&) -> Result<std::vector<std::string>> {
              asked.push_back(ids);
              if (has_no_sent_folder) return fail(Kind::unreachable, Blast::account, "No line to mail.test.");
              return sent_folder;
            }};
  }
  SendReport send(bool whatever_due = false) {
    auto report = Sender(options()).send_due({}, whatever_due);
    REQUIRE(report);
    return std::move(*report);
  }

  Outgoing mail(const std::string& id = "1@work.test") const {
    Outgoing entry;
    entry.account = "work";
    entry.file = outbox->new_file();
    entry.message_id = id;
    entry.sender = "me@work.test";
    entry.subject = "About " + id;
    entry.recipients = {"ana@example.test"};
    entry.queued = entry.due = clock.time;
    std::ofstream(entry.file, std::ios::binary) << "To: ana@example.test\r\nMessage-ID: <" << id << ">\r\n\r\ntext\r\n";
    return entry;
  }
  std::int64_t put(const Outgoing& entry) const { return outbox->put(entry).value(); }
  std::int64_t put(const std::string& id = "1@work.test") const { return put(mail(id)); }
  std::optional<Outgoing> find(std::int64_t id) const { return outbox->find(id).value(); }
  std::vector<std::string> copies(const char* account = "work") const {
    std::vector<std::string> paths;
    std::error_code missing;
    for (const auto& file : std::filesystem::directory_iterator(settings.mail_root + "/" + account + "/Sent/cur", missing)) paths.push_back(file.path());
    return paths;
  }
};

}  // namespace valija::workers::sending
