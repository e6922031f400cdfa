#include "../../src/remote/gmail.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "fake_server.hpp"
#include "valija/imap/mutf7.hpp"
#include "valija/mail/tag_map.hpp"

namespace valija::remote {
namespace {

using testing::FakeServer;

Marks marks_of(Flags flags, const std::vector<std::string>& keywords, const std::vector<std::string>& labels) {
  Marks marks{flags, keywords};
  put_labels(labels, marks);
  return marks;
}

std::vector<sync::ServerFolder> folders_with(std::initializer_list<FolderRole> roles) {
  std::vector<sync::ServerFolder> folders;
  for (const FolderRole role : roles) folders.emplace_back().role = role;
  return folders;
}

struct Gmail {
  FakeServer server;
  std::unique_ptr<Connection> connection;
  SystemClock clock;

  explicit Gmail(FakeServer::Hook hook = {}) {
    server.capabilities = "X-GM-EXT-1";
    server.hook = [hook = std::move(hook)](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (hook) {
        if (auto answer = hook(tag, command)) return answer;
      }
      if (command.starts_with("UID STORE")) return "* 1 FETCH (UID 5 X-GM-LABELS ())\r\n" + tag + " OK done\r\n";
      return std::nullopt;
    };
    connection = std::make_unique<Connection>(*server.dialler()(), clock);
    REQUIRE(connection->start());
    server.commands.clear();
  }
};

}  // namespace

TEST_CASE("gmail: only the folders that have each message once are kept") {
  Warnings warnings;
  auto folders = folders_with({FolderRole::inbox, FolderRole::none, FolderRole::all, FolderRole::sent, FolderRole::drafts, FolderRole::junk,
                               FolderRole::trash, FolderRole::flagged});
  CHECK(keep_gmail_folders(folders, warnings));
  REQUIRE(folders.size() == 3);
  CHECK(folders[0].role == FolderRole::all);
  CHECK(folders[1].role == FolderRole::junk);
  CHECK(folders[2].role == FolderRole::trash);
  CHECK(warnings.take().empty());
  auto hidden = folders_with({FolderRole::inbox, FolderRole::none});
  CHECK_FALSE(keep_gmail_folders(hidden, warnings));
  CHECK(hidden.size() == 2);
  CHECK(warnings.take().size() == 1);
}

TEST_CASE("gmail: labels are keywords, those of the system in plain words or as flags") {
  CHECK(marks_of({}, {}, {"\\Inbox", "\\Sent", "\\Important", "Work/To Do"}) == Marks{{}, {"Work/To=20Do", "important", "inbox", "sent"}});
  CHECK(marks_of({Flag::seen}, {}, {"\\Starred", "\\Draft"}) == Marks{{Flag::seen, Flag::flagged, Flag::draft}, {}});
  CHECK(decode_keyword(marks_of({}, {}, {"A&APE-o"}).keywords.at(0)) == "Año");
  CHECK(decode_keyword(marks_of({}, {}, {"Año"}).keywords.at(0)) == "Año");
}

TEST_CASE("gmail: what is no label, or would come back as another, is left out") {
  CHECK(marks_of({}, {}, {"\\Muted", "\\Trash", "", "$Junk", "inbox", "Sent", "a&b", "bad\xff", std::string(300, 'x')}) == Marks{});
  CHECK(marks_of({}, {}, {"Work", "Work"}).keywords == std::vector<std::string>{"Work"});
}

TEST_CASE("gmail: of the keywords of FLAGS those with $ stay, for the others cannot be told from labels") {
  CHECK(marks_of({Flag::seen}, {"$MDNSent", "NonJunk"}, {"Work"}) == Marks{{Flag::seen}, {"$MDNSent", "Work"}});
}

TEST_CASE("gmail: every label that becomes a keyword is written back as the same label") {
  CHECK(rc::check("labels round trip", [] {
    static const std::vector<std::string> parts{"a", "B", "inbox", "ñ", "日", "&", "/", " ", "\"", "\\", "=", "20", "=20", "$", "(", "%",
                                                "*", "{", "\x7f"};
    std::string text;
    for (const std::string& part : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(parts))) text += part;
    const auto wire = imap::encode_mutf7(text);
    RC_ASSERT(wire.has_value());
    Marks marks;
    put_labels({*wire}, marks);
    const bool is_odd = text.empty() || text[0] == '\\' || text[0] == '$' || text == "inbox" || text.size() > 80;
    if (marks.keywords.empty() && is_odd) return;
    RC_ASSERT(marks.keywords.size() == 1);
    const auto label = label_of(marks.keywords[0]);
    RC_ASSERT(label.has_value());
    RC_ASSERT(label->name == *wire);
  }));
}

TEST_CASE("gmail: changes are split into flags and labels") {
  const std::vector<sync::MarkChange> changes{{{5}, {{Flag::seen}, {"$Junk", "Work"}}, {{}, {"inbox"}}}, {{6}, {{}, {"Work"}}, {}}};
  const auto flags = without_labels(changes);
  REQUIRE(flags.size() == 1);
  CHECK(flags[0] == sync::MarkChange{{5}, {{Flag::seen}, {"$Junk"}}, {}});
  CHECK(only_labels(changes[0].add) == Marks{{}, {"Work"}});
}

TEST_CASE("gmail: equal labels are stored together, quoted, those of the system bare") {
  Gmail gmail;
  const std::vector<sync::MarkChange> changes{
      {{5}, {{Flag::seen}, {"$Junk", "Work/To=20Do"}}, {{}, {"inbox"}}}, {{6}, {{}, {"Work/To=20Do"}}, {}}, {{9}, {{}, {"A=C3=B1o=22"}}, {}}};
  const auto refused = store_labels(*gmail.connection, changes);
  REQUIRE(refused);
  CHECK(refused->empty());
  std::sort(gmail.server.commands.begin(), gmail.server.commands.end());
  CHECK(gmail.server.commands == std::vector<std::string>{"UID STORE 5 -X-GM-LABELS (\\Inbox)", "UID STORE 5:6 +X-GM-LABELS (\"Work/To Do\")",
                                                          "UID STORE 9 +X-GM-LABELS (\"A&APE-o\\\"\")"});
}

TEST_CASE("gmail: what is refused, or cannot be a label, is told") {
  Gmail gmail([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.find("Work") == std::string::npos) return std::nullopt;
    return tag + " NO [CANNOT] no\r\n";
  });
  const std::vector<sync::MarkChange> changes{
      {{5}, {{}, {"Work"}}, {}}, {{6}, {{}, {"Play"}}, {}}, {{7}, {{}, {"=FF"}}, {}}, {{8}, {{}, {"\\Sent"}}, {}}};
  const auto refused = store_labels(*gmail.connection, changes);
  REQUIRE(refused);
  CHECK(*refused == std::vector<sync::Uid>{{5}, {7}, {8}});
}

TEST_CASE("gmail: nothing to store costs nothing") {
  Gmail gmail;
  const std::vector<sync::MarkChange> changes{{{5}, {{Flag::seen}, {}}, {}}};
  CHECK(store_labels(*gmail.connection, changes)->empty());
  CHECK(gmail.server.commands.empty());
}

namespace {

class OneMessage final : public sync::UploadSource {
 public:
  Result<std::optional<sync::OutgoingMessage>> next() override {
    if (std::exchange(is_over_, true)) return std::optional<sync::OutgoingMessage>();
    sync::OutgoingMessage message;
    message.marks = {{Flag::seen}, {"$Junk", "Work"}};
    return std::optional(message);
  }
  Result<std::size_t> read(std::span<char>) override { return std::size_t{0}; }
  Result<void> appended(std::size_t, sync::UidValidity, sync::Uid uid) override {
    taken = uid.value;
    return {};
  }
  Result<void> refused(std::size_t, const Error&) override { return {}; }
  std::uint32_t taken = 99;

 private:
  bool is_over_ = false;
};

}  // namespace

TEST_CASE("gmail: an upload goes without its labels, which follow where the uid is known") {
  for (const std::uint32_t uid : {0u, 12u}) {
    OneMessage source;
    LabelledUpload upload(source);
    const auto message = upload.next();
    REQUIRE(message);
    CHECK((*message)->marks == Marks{{Flag::seen}, {"$Junk"}});
    CHECK(upload.appended(0, {7}, {uid}));
    CHECK(source.taken == (uid == 0 ? 0 : 99));
    CHECK(upload.labels().size() == (uid == 0 ? 0 : 1));
    if (uid != 0) CHECK(upload.labels()[0] == sync::MarkChange{{12}, {{}, {"Work"}}, {}});
    CHECK(upload.tell_taken());
    CHECK(source.taken == uid);
    CHECK_FALSE(*upload.next());
  }
}

}  // namespace valija::remote
