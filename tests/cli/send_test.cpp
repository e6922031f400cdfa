#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "cli/console.hpp"
#include "cli/json.hpp"
#include "valija/mail/draft.hpp"
#include "valija/store/draft_files.hpp"
#include "valija/store/outbox.hpp"

namespace valija::cli {
namespace {

constexpr const char* mail = "From: Ana <ana@example.test>\nTo: ben@example.test\nSubject: =?utf-8?Q?=C2=A1Hola!?=\n\ntext\n";

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// An account that sends by a script of the test, and the standard input of the command.
struct SendConsole : test::Console {
  explicit SendConsole(const std::string& script = "printf '%s\\n' \"$@\" >arguments; cat >message") {
    const std::string path = mailbox.root() + "/sendmail";
    std::ofstream(path) << "#!/bin/sh\ncd " << mailbox.root() << "\n" << script << "\n";
    ::chmod(path.c_str(), 0700);
    config::Account account;
    account.name = "work";
    account.address = "ana@example.test";
    account.send_command = path;
    settings_.accounts.push_back(account);
  }
  test::Ran send(const std::vector<std::string>& options, const std::string& message = mail) {
    Fd file(::memfd_create("input", MFD_CLOEXEC));
    REQUIRE(write_all(file.get(), message) == 0);
    REQUIRE(::lseek(file.get(), 0, SEEK_SET) == 0);
    in = file.get();
    std::vector<std::string> typed{"send"};
    typed.insert(typed.end(), options.begin(), options.end());
    return run(cli::send, typed);
  }
  test::Ran outbox(const std::vector<std::string>& words = {}) {
    std::vector<std::string> typed{"outbox"};
    typed.insert(typed.end(), words.begin(), words.end());
    return run(cli::outbox, typed);
  }
  std::string result(const char* name) const { return content(mailbox.root() + "/" + name); }
};

}  // namespace

TEST_CASE("a message leaves with its recipients, and nothing is left of it") {
  SendConsole console;
  const auto ran = console.send({"-i", "Ben <ben@example.test>", "eva@example.test"});
  CHECK(ran.status == 0);
  CHECK(ran.err.empty());
  CHECK(console.result("arguments") == "-f\nana@example.test\n--\nben@example.test\neva@example.test\n");
  CHECK(console.result("message").ends_with("\n\ntext\n"));
  CHECK(console.outbox().out.empty());
}

TEST_CASE("-t takes the recipients of the header and sends no Bcc") {
  SendConsole console;
  CHECK(console.send({"-t", "-i"}, std::string("Bcc: eva@example.test\n") + mail).status == 0);
  CHECK(console.result("arguments").find("eva@example.test") != std::string::npos);
  CHECK(console.result("message").find("eva") == std::string::npos);
}

TEST_CASE("what is wrong is said, and nothing is put") {
  SendConsole console;
  CHECK(console.send({"no address here"}).status == 65);
  CHECK(console.send({"ben@example.test\nBcc: eva@example.test"}).status == 64);
  CHECK(console.send({"-t"}, "Subject: nobody\n\ntext\n").status == 65);
  CHECK(console.send({}).status != 0);
  CHECK(console.send({"-bp"}).status == 64);
  CHECK(console.outbox().out.empty());
  console.settings_.accounts.clear();
  CHECK(console.send({"ben@example.test"}).status == 78);
}

TEST_CASE("put off is a success, refused is not, and both are shown") {
  SendConsole console("exit 75");
  CHECK(console.send({"ben@example.test"}).status == 0);
  SendConsole refusing("echo 'no such user' >&2; exit 67");
  const auto refused = refusing.send({"ben@example.test"});
  CHECK(refused.status == 69);
  CHECK(refused.err.find("no such user") != std::string::npos);
  CHECK(refused.err.find("valija outbox send 1") != std::string::npos);
  CHECK(refusing.outbox({"list"}).out.find("refused: ¡Hola!\n    ana@example.test -> ben@example.test\n    no such user\n") != std::string::npos);

  const auto row = Json::parse(console.outbox({"--json"}).out);
  CHECK(row["state"] == "waiting");
  CHECK(row["account"] == "work");
  CHECK(row["from"] == "ana@example.test");
  CHECK(row["to"] == Json::array({"ben@example.test"}));
  CHECK(row["subject"] == "¡Hola!");
  CHECK(row["tries"] == 1);
  CHECK(row["due"].get<UnixTime>() > console.now);
}

TEST_CASE("the outbox is sent, sent again and given up by number") {
  SendConsole console("[ -e ready ] && cat >message && exit 0; exit 75");
  CHECK(console.send({"ben@example.test"}).status == 0);
  CHECK(console.send({"eva@example.test"}).status == 0);
  CHECK(console.outbox({"flush"}).status == 75);
  CHECK(console.outbox({"cancel", "2"}).status == 0);
  CHECK(console.outbox({"cancel", "2"}).status == 64);
  std::ofstream(console.mailbox.root() + "/ready") << "yes";
  const auto flushed = console.outbox({"send", "1", "--json"});
  CHECK(flushed.status == 0);
  CHECK(Json::parse(flushed.out)["sent"] == 1);
  CHECK(console.outbox().out.empty());
  CHECK(!console.result("message").empty());
}

TEST_CASE("another process that sends is waited for, and not for ever") {
  SendConsole console;
  console.lock_wait_ms = 200;
  const auto outbox = store::Outbox::open(console.places_.state_dir);
  auto lock = (*outbox)->try_lock();
  REQUIRE(*lock);
  CHECK(console.outbox({"flush"}).status == 75);
  std::jthread other([&] { lock.value().reset(); });
  console.lock_wait_ms = 20'000;
  CHECK(console.outbox({"flush"}).status == 0);
}

TEST_CASE("what a person wrote is a draft again when it is cancelled") {
  SendConsole console;
  const auto outbox = store::Outbox::open(console.places_.state_dir);
  Draft draft;
  draft.id = "abc";
  draft.subject = "About it";
  Outgoing entry;
  entry.account = "work";
  entry.file = (*outbox)->new_file();
  std::ofstream(entry.file) << mail;
  entry.draft = to_text(draft);
  entry.due = console.now + 100;
  REQUIRE((*outbox)->put(entry));
  CHECK(console.outbox({"cancel", "1"}).status == 0);
  const auto drafts = store::DraftFiles(console.places_.state_dir).all();
  REQUIRE(drafts->size() == 1);
  CHECK(drafts->front().subject == "About it");
}

TEST_CASE("what was answered gets its tag when the answer left, and not before; where the index is busy, the next command gives it") {
  SendConsole console("[ -e ready ] && exit 0; exit 75");
  console.index({console.mailbox.message("a@x", "One", console.now), console.mailbox.message("b@x", "Two", console.now)}, {"inbox"});
  const auto answer = [&](const char* original) {
    const auto outbox = store::Outbox::open(console.places_.state_dir);
    Outgoing entry;
    entry.account = "work";
    entry.file = (*outbox)->new_file();
    std::ofstream(entry.file) << mail;
    entry.original = original;
    entry.original_tag = "replied";
    REQUIRE((*outbox)->put(entry));
  };
  answer("a@x");
  console.outbox({"flush"});
  CHECK(console.run(count, {"count", "tag:replied"}).out == "0\n");
  std::ofstream(console.mailbox.root() + "/ready") << "yes";
  CHECK(console.outbox({"flush"}).status == 0);
  CHECK(console.run(count, {"count", "tag:replied and id:a@x"}).out == "1\n");
  {
    const auto other = index::test::open_writer(console.mailbox);
    REQUIRE(other->retag(console.mailbox.root() + "/box/cur/none", {}, {}).has_value() == false);
    answer("b@x");
    CHECK(console.outbox({"flush"}).status == 0);
    CHECK(console.outbox().out.empty());
  }
  CHECK(console.run(tag, {"tag", "+todo", "--", "id:a@x"}).status == 0);
  CHECK(console.run(count, {"count", "tag:replied and id:b@x"}).out == "1\n");
}

TEST_CASE("wrong words for the outbox are refused") {
  SendConsole console;
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"what"}, {"cancel"}, {"send", "x"}, {"cancel", "1", "2"}, {"list", "1"}}) {
    CHECK(console.outbox(words).status == 64);
  }
  CHECK(console.outbox({"send", "7"}).status == 64);
}

TEST_CASE("the options of sendmail are read as sendmail reads them") {
  const auto parsed = [](const std::vector<std::string>& typed) {
    auto arguments = parse_arguments(typed);
    REQUIRE(arguments);
    return std::move(*arguments);
  };
  const Arguments together = parsed({"send", "-ti", "-oem", "-bm", "-fme@example.test", "-N", "never", "-r", "you@example.test", "--", "-odd@example.test"});
  CHECK(together.has("-t"));
  CHECK(together.values("-f") == std::vector<std::string>{"me@example.test", "you@example.test"});
  CHECK(together.value("-N", "") == "never");
  CHECK(together.words == std::vector<std::string>{"-odd@example.test"});
  CHECK(parsed({"send", "-F", "A Name", "ben@example.test"}).words == std::vector<std::string>{"ben@example.test"});
  CHECK(parsed({"send", "--help"}).wants_help);
  for (const char* wrong : {"-bd", "-bs", "-bp", "-z", "-tz", "--json", "-f"}) CHECK(!parse_arguments({"send", wrong}));
}

}  // namespace valija::cli
