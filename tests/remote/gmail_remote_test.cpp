#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "fake_server.hpp"

namespace valija::remote {
namespace {

using testing::FakeServer;
using testing::inbox;

constexpr std::string_view gmail_folders =
    "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\r\n* LIST (\\HasChildren \\NonExistent) \"/\" \"[Gmail]\"\r\n"
    "* LIST (\\All \\HasNoChildren) \"/\" \"[Gmail]/All Mail\"\r\n* LIST (\\HasNoChildren \\Junk) \"/\" \"[Gmail]/Spam\"\r\n"
    "* LIST (\\HasNoChildren \\Sent) \"/\" \"[Gmail]/Sent Mail\"\r\n* LIST (\\HasNoChildren) \"/\" \"Work\"\r\n";
constexpr std::string_view trash_folder = "* LIST (\\HasNoChildren \\Trash) \"/\" \"[Gmail]/Trash\"\r\n";

/// A remote of Gmail whose folders are listed; `rows` is what it answers to a list of messages.
struct Gmail {
  FakeServer server;
  std::string rows;
  std::unique_ptr<sync::Remote> remote;
  std::vector<sync::ServerFolder> folders;

  explicit Gmail(bool has_trash = true) {
    server.capabilities = "X-GM-EXT-1 UIDPLUS MOVE LITERAL+ LIST-EXTENDED SPECIAL-USE UNSELECT";
    server.list = std::string(gmail_folders) + (has_trash ? std::string(trash_folder) : "");
    server.messages = testing::some_messages(3);
    server.hook = [this](const std::string& tag, const std::string& command) { return answer(tag, command); };
    remote = make_imap_remote(server.dialler());
    folders = *remote->list_folders();
    server.commands.clear();
  }

  std::optional<std::string> answer(const std::string& tag, const std::string& command) {
    const std::string done = tag + " OK done\r\n";
    if (command.starts_with("UID FETCH 1:*")) return rows + done;
    if (command.starts_with("UID MOVE")) return "* OK [COPYUID 7 10 77] moved\r\n* 1 EXPUNGE\r\n" + done;
    if (command.starts_with("UID STORE") || command == "UNSELECT") return done;
    if (command.starts_with("UID SEARCH")) return "* SEARCH 10\r\n" + done;
    if (command.starts_with("STATUS")) {
      return "* STATUS" + command.substr(6, command.find(" (") - 6) + " (MESSAGES 3 UIDNEXT 31 UIDVALIDITY 7)\r\n" + done;
    }
    return std::nullopt;
  }

  const sync::ServerFolder& all() const {
    return *std::find_if(folders.begin(), folders.end(), [](const auto& folder) { return folder.role == FolderRole::all; });
  }
  bool has_sent(const std::string& command) const {
    return std::find(server.commands.begin(), server.commands.end(), command) != server.commands.end();
  }
};

/// One short message with a label.
class OneUpload final : public sync::UploadSource {
 public:
  explicit OneUpload(const FakeServer& server) : server_(server) {}
  Result<std::optional<sync::OutgoingMessage>> next() override {
    if (std::exchange(is_over_, true)) return std::optional<sync::OutgoingMessage>();
    return std::optional(sync::OutgoingMessage{{{Flag::seen}, {"Work", "inbox"}}, 0, 3});
  }
  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = std::min(buffer.size(), left_.size());
    std::memcpy(buffer.data(), left_.data(), size);
    left_.erase(0, size);
    return size;
  }
  Result<void> appended(std::size_t, sync::UidValidity, sync::Uid uid) override {
    taken = uid.value;
    commands_before = server_.commands;
    return {};
  }
  Result<void> refused(std::size_t, const Error&) override { return {}; }

  std::uint32_t taken = 0;
  std::vector<std::string> commands_before;  ///< when it was told

 private:
  const FakeServer& server_;
  std::string left_ = "abc";
  bool is_over_ = false;
};

}  // namespace

TEST_CASE("gmail: the folders are those that have each message once, and labels are keywords") {
  Gmail gmail;
  REQUIRE(gmail.folders.size() == 3);
  CHECK(gmail.remote->has_labels());
  gmail.rows =
      "* 1 FETCH (UID 10 RFC822.SIZE 5 INTERNALDATE \"01-Jan-2024 00:00:00 +0000\" FLAGS (\\Seen NonJunk) X-GM-LABELS (\\Inbox \"To do\"))\r\n"
      "* 2 FETCH (X-GM-LABELS () UID 20 FLAGS ($Phishing))\r\n* 3 FETCH (UID 30 FLAGS () X-GM-LABELS (\\Starred))\r\n";
  const auto snapshot = gmail.remote->list_messages(gmail.all(), {});
  REQUIRE(snapshot);
  CHECK(snapshot->complete);
  REQUIRE(snapshot->messages.size() == 3);
  CHECK(snapshot->messages[0].marks == Marks{{Flag::seen}, {"To=20do", "inbox"}});
  CHECK(snapshot->messages[1].marks == Marks{{}, {"$Phishing"}});
  CHECK(snapshot->messages[2].marks == Marks{{Flag::flagged}, {}});
}

TEST_CASE("gmail: flags that are told of without their labels take no label away") {
  Gmail gmail;
  gmail.rows =
      "* 1 FETCH (UID 10 FLAGS () X-GM-LABELS (Work))\r\n* 1 FETCH (UID 10 FLAGS (\\Seen))\r\n"
      "* 2 FETCH (UID 20 FLAGS (\\Seen))\r\n* 3 FETCH (UID 30 FLAGS () X-GM-LABELS ())\r\n";
  const auto snapshot = gmail.remote->list_messages(gmail.all(), {});
  REQUIRE(snapshot);
  // Whose labels are not known is left for the next time, and nothing is deleted meanwhile.
  CHECK_FALSE(snapshot->complete);
  REQUIRE(snapshot->messages.size() == 2);
  CHECK(snapshot->messages[0].marks == Marks{{Flag::seen}, {"Work"}});
  CHECK(snapshot->messages[1].uid.value == 30);
}

TEST_CASE("gmail: flags and labels are stored each in their way") {
  Gmail gmail;
  const std::vector<sync::MarkChange> changes{{{10}, {{Flag::seen}, {"Work"}}, {{}, {"inbox"}}}};
  const auto unchanged = gmail.remote->store(gmail.all(), {7}, {}, changes);
  REQUIRE(unchanged);
  CHECK(unchanged->empty());
  CHECK(gmail.has_sent("UID STORE 10 +FLAGS.SILENT (\\Seen)"));
  CHECK(gmail.has_sent("UID STORE 10 +X-GM-LABELS (\"Work\")"));
  CHECK(gmail.has_sent("UID STORE 10 -X-GM-LABELS (\\Inbox)"));
}

TEST_CASE("gmail: what is deleted in All Mail moves to Trash; without that folder nothing happens") {
  Gmail gmail;
  const std::vector<sync::Uid> uids{{10}};
  const auto gone = gmail.remote->expunge(gmail.all(), {7}, uids);
  REQUIRE(gone);
  CHECK(*gone == uids);
  CHECK(gmail.has_sent("UID MOVE 10 \"[Gmail]/Trash\""));
  Gmail hidden(false);
  const auto kept = hidden.remote->expunge(hidden.all(), {7}, uids);
  REQUIRE_FALSE(kept);
  CHECK(kept.error().kind == Kind::settings);
  CHECK(kept.error().blast == Blast::folder);
  CHECK(hidden.server.commands.empty());
}

TEST_CASE("gmail: folders are neither made nor renamed nor removed") {
  Gmail gmail;
  CHECK(gmail.remote->create_folder(*FolderPath::from_text("Mine")).error().kind == Kind::settings);
  CHECK(gmail.remote->rename_folder(gmail.all(), *FolderPath::from_text("Mine")).error().kind == Kind::settings);
  CHECK(gmail.remote->delete_folder(gmail.all()).error().kind == Kind::settings);
  CHECK(gmail.server.commands.empty());
}

TEST_CASE("gmail: a message is uploaded without its labels, which are there before anybody counts on them") {
  Gmail gmail;
  gmail.server.hook = [&gmail](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.starts_with("APPEND")) return tag + " OK [APPENDUID 7 40] done\r\n";
    return gmail.answer(tag, command);
  };
  OneUpload upload(gmail.server);
  REQUIRE(gmail.remote->append(gmail.all(), upload));
  CHECK(upload.taken == 40);
  const auto& before = upload.commands_before;
  CHECK(std::count(before.begin(), before.end(), "UID STORE 40 +X-GM-LABELS (\"Work\")") == 1);
  CHECK(std::count(before.begin(), before.end(), "UID STORE 40 +X-GM-LABELS (\\Inbox)") == 1);
  const auto sent = std::find_if(before.begin(), before.end(), [](const std::string& command) { return command.starts_with("APPEND"); });
  REQUIRE(sent != before.end());
  CHECK(sent->find("(\\Seen)") != std::string::npos);
}

TEST_CASE("gmail: where All Mail is hidden it is a server like any other") {
  FakeServer server;
  server.capabilities = "X-GM-EXT-1";
  server.messages = testing::some_messages(2);
  const auto remote = make_imap_remote(server.dialler());
  REQUIRE(remote->list_folders());
  CHECK_FALSE(remote->has_labels());
  CHECK(remote->take_warnings().size() == 1);
  const auto snapshot = remote->list_messages(inbox(), {});
  REQUIRE(snapshot);
  CHECK(snapshot->messages.size() == 2);
}

}  // namespace valija::remote
