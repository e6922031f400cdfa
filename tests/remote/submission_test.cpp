#include "valija/remote/submission.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "fake_submission_server.hpp"
#include "support/temporary_directory.hpp"

namespace valija::remote {
namespace {

using testing::FakeSubmissionServer;
using How = Submitted::How;

const std::string mail = "Subject: hi\n\n.first\nlast\n";
const std::string mail_on_the_wire = "Subject: hi\r\n\r\n..first\r\nlast\r\n";

class SetClock final : public Clock {
 public:
  explicit SetClock(const std::int64_t& now_ms) : now_ms_(now_ms) {}
  UnixTime now() const override { return now_ms_ / 1000; }
  std::int64_t monotonic_ms() const override { return now_ms_; }

 private:
  const std::int64_t& now_ms_;
};

/// A server, a message on disk, and what the caller saw.
struct Scene {
  FakeSubmissionServer server;
  test::TemporaryDirectory folder;
  std::int64_t now_ms = 0;
  int recorded = 0;             ///< calls of before_last
  std::size_t heard_then = 0;   ///< octets that the server had at the last of them
  std::unique_ptr<Submission> submission;
  std::stop_source stop;

  Scene() {
    server.on_silence = [this](int timeout_ms) { now_ms += timeout_ms; };
  }
  Result<void> open() {
    auto opened = Submission::open(server.dialler(), stop.get_token(), {}, std::make_unique<SetClock>(now_ms));
    if (!opened) return fail(std::move(opened).error());
    submission = std::move(*opened);
    return {};
  }
  std::string file(const std::string& octets = mail) {
    const std::string path = folder / "mail";
    std::ofstream(path, std::ios::binary) << octets;
    return path;
  }
  Submitted send(const smtp::Envelope& envelope, const std::string& path) {
    return submission->send(envelope, path, [this](const std::vector<std::string>&) -> Result<void> {
      ++recorded;
      heard_then = server.heard.size();
      return {};
    });
  }
  Submitted send(const std::vector<std::string>& recipients = {"a@b"}) {
    smtp::Envelope envelope;
    envelope.sender = "me@x.org";
    envelope.recipients = recipients;
    return send(envelope, file());
  }
};

struct Open : Scene {
  Open() { REQUIRE(open()); }
};

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("many messages go over one line, each recorded when only its dot is missing") {
  Open scene;
  CHECK(scene.submission->extensions().pipelining);
  for (int message = 1; message <= 3; ++message) {
    const Submitted submitted = scene.send({"a@b", "c@d"});
    CHECK(submitted.how == How::accepted);
    CHECK(submitted.answer == "250 2.0.0 queued");
    CHECK(scene.recorded == message);
    CHECK(scene.server.heard.substr(0, scene.heard_then).ends_with(mail_on_the_wire));
    CHECK(scene.server.heard.substr(scene.heard_then) == ".\r\n");
  }
  CHECK(scene.server.accepted == std::vector<std::string>(3, mail_on_the_wire));
  scene.submission->close();
  CHECK_FALSE(scene.submission->is_open());
  CHECK(scene.server.heard.ends_with("QUIT\r\n"));
  CHECK(scene.server.heard.starts_with("EHLO [127.0.0.1]\r\n"));
  CHECK(scene.server.dials == 1);
}

TEST_CASE("a message of many pieces arrives as it is") {
  Open scene;
  std::string octets, expected;
  for (int line = 0; line < 50'000; ++line) {
    octets += ".line " + std::to_string(line) + '\n';
    expected += "..line " + std::to_string(line) + "\r\n";
  }
  smtp::Envelope envelope;
  envelope.recipients = {"a@b"};
  CHECK(scene.send(envelope, scene.file(octets)).how == How::accepted);
  REQUIRE(scene.server.accepted.size() == 1);
  CHECK(scene.server.accepted[0] == expected);
}

TEST_CASE("a dialogue that is cut anywhere ends as what is known: later before the dot, unknown behind it") {
  int unknown = 0, later = 0;
  /// All went well.
  const auto run = [&](Scene& scene) {
    if (!scene.open()) return false;
    for (std::size_t message = 0; message < 2; ++message) {
      const int recorded = scene.recorded;
      const Submitted submitted = scene.send();
      const bool is_accepted = scene.server.accepted.size() > message;
      CHECK_FALSE(submitted.answer.empty());
      if (submitted.how == How::accepted) {
        CHECK(is_accepted);
        continue;
      }
      CHECK_FALSE(scene.submission->is_open());
      CHECK(submitted.how == (scene.recorded > recorded ? How::unknown : How::try_later));
      if (submitted.how == How::try_later) CHECK_FALSE(is_accepted);
      ++(submitted.how == How::unknown ? unknown : later);
      return false;
    }
    return true;
  };
  for (const std::size_t piece : {std::size_t{1}, FakeSubmissionServer::never}) {
    for (std::size_t FakeSubmissionServer::*cut : {&FakeSubmissionServer::cut_to_server, &FakeSubmissionServer::cut_from_server}) {
      for (std::size_t at = 0; at < 1000; ++at) {
        Scene scene;
        scene.server.piece = piece;
        scene.server.*cut = at;
        if (run(scene)) break;
        REQUIRE(at < 999);
      }
    }
  }
  CHECK(unknown > 20);
  CHECK(later > 100);
}

TEST_CASE("what the server answers decides, and the next message goes over the same line") {
  struct Row {
    std::string verb, answer;
    How how;
  };
  for (const Row& row : {Row{"MAIL", "451 4.3.0 later", How::try_later}, Row{"MAIL", "550 5.7.1 no", How::refused}, Row{"RCPT", "450 4.2.1 later", How::try_later},
                         Row{"RCPT", "550 5.1.1 no", How::refused}, Row{"DATA", "451 4.3.0 later", How::try_later}, Row{"DATA", "554 5.7.1 no", How::refused},
                         Row{".", "451 4.3.0 later", How::try_later}, Row{".", "552-5.2.2 no\r\n552 5.2.2 no", How::refused}}) {
    CAPTURE(row.verb);
    CAPTURE(row.answer);
    Open scene;
    scene.server.answers[row.verb] = row.answer;
    const Submitted submitted = scene.send();
    CHECK(submitted.how == row.how);
    CHECK(submitted.answer.starts_with(row.answer.substr(0, 3) + ' '));
    CHECK(submitted.answer.find(row.how == How::refused ? "no" : "later") != std::string::npos);
    CHECK(scene.recorded == (row.verb == "." ? 1 : 0));
    CHECK(scene.server.accepted.empty());
    REQUIRE(scene.submission->is_open());
    scene.server.answers.clear();
    CHECK(scene.send().how == How::accepted);
    CHECK(scene.server.dials == 1);
  }
}

TEST_CASE("one refused recipient of several is named, and nobody gets the mail") {
  Open scene;
  scene.server.answers["RCPT TO:<bob@b>"] = "550 5.1.1 no such user";
  scene.server.answers["RCPT TO:<eve@b>"] = "450 4.2.1 busy";
  const Submitted submitted = scene.send({"eve@b", "bob@b", "ana@b"});
  CHECK(submitted.how == How::refused);
  CHECK(submitted.answer == "550 5.1.1 no such user");
  REQUIRE(submitted.recipients.size() == 2);
  CHECK(submitted.recipients[0].recipient == "eve@b");
  CHECK(submitted.recipients[1].recipient == "bob@b");
  CHECK(occurrences(scene.server.heard, "DATA") == 0);
  CHECK(scene.send({"eve@b"}).how == How::try_later);
}

TEST_CASE("421 is for later wherever it comes") {
  for (const std::string verb : {"MAIL", "RCPT", "DATA", ".", "RSET"}) {
    CAPTURE(verb);
    Open scene;
    if (verb == "RSET") scene.server.answers["RCPT"] = "450 busy";
    scene.server.answers[verb] = "421 4.3.2 going down";
    CHECK(scene.send().how == How::try_later);
    CHECK_FALSE(scene.submission->is_open());
    CHECK(scene.send().how == How::try_later);
  }
  Open idle;
  CHECK(idle.send().how == How::accepted);
  idle.server.say("421 4.4.2 timeout\r\n");
  CHECK(idle.send().how == How::try_later);
  CHECK(idle.recorded == 1);
  CHECK_FALSE(idle.submission->is_open());
}

TEST_CASE("a server that refuses in the middle of the message gets no more of it") {
  for (const auto& [said, how] : {std::pair{"421 4.3.2 down\r\n", How::try_later}, {"552 5.3.4 too big\r\n", How::refused}, {"250 2.0.0 queued\r\n", How::try_later}}) {
    Open scene;
    scene.server.in_body = said;
    CHECK(scene.send().how == how);
    CHECK(scene.recorded == 0);
    CHECK_FALSE(scene.submission->is_open());
    CHECK_FALSE(scene.server.heard.ends_with(".\r\n"));
  }
}

TEST_CASE("nonsense is for later before the dot, and unknown behind it") {
  for (const std::string verb : {"MAIL", "RCPT", "DATA", "."}) {
    for (const std::string nonsense : {"HTTP/1.1 200 OK", "334 what", "250-never\r\n251 two codes"}) {
      CAPTURE(verb);
      CAPTURE(nonsense);
      Open scene;
      scene.server.answers[verb] = nonsense;
      CHECK(scene.send().how == (verb == "." ? How::unknown : How::try_later));
      CHECK_FALSE(scene.submission->is_open());
    }
  }
}

TEST_CASE("silence ends the line: after five minutes, after ten behind the dot") {
  for (const std::string verb : {"MAIL", "RCPT", "DATA", "."}) {
    CAPTURE(verb);
    Open scene;
    scene.server.answers[verb] = "";
    CHECK(scene.send().how == (verb == "." ? How::unknown : How::try_later));
    CHECK(scene.now_ms == (verb == "." ? 600'000 : 300'000));
    CHECK_FALSE(scene.submission->is_open());
  }
}

TEST_CASE("a stop ends the line at once, but behind the dot an answer that comes soon is still heard") {
  for (const bool answers : {true, false}) {
    Open scene;
    scene.server.answers["."] = "";
    scene.server.on_silence = [&](int timeout_ms) {
      scene.now_ms += timeout_ms;
      scene.stop.request_stop();
      if (answers && scene.now_ms == 2000) scene.server.say("250 2.0.0 queued\r\n");
    };
    CHECK(scene.send().how == (answers ? How::accepted : How::unknown));
    CHECK(scene.now_ms == (answers ? 2000 : 3250));
    CHECK(scene.send().how == How::try_later);
    CHECK(scene.recorded == 1);
  }
  Open before;
  before.server.answers["DATA"] = "";
  before.server.on_silence = [&](int) { before.stop.request_stop(); };
  CHECK(before.send().how == How::try_later);
  CHECK_FALSE(before.submission->is_open());
}

TEST_CASE("an answer that comes octet by octet and never ends is silence as well") {
  for (const auto& [verb, how, minutes] : {std::tuple{"MAIL", How::try_later, 5}, {".", How::unknown, 10}}) {
    Open scene;
    scene.server.answers[verb] = "";
    scene.server.on_silence = [&](int) {
      scene.now_ms += 10'000;
      scene.server.say("2");
      REQUIRE(scene.now_ms < 3'600'000);
    };
    CHECK(scene.send().how == how);
    CHECK(scene.now_ms == minutes * 60'000);
  }
}

TEST_CASE("a mail that cannot be recorded is not sent") {
  Open scene;
  smtp::Envelope envelope;
  envelope.recipients = {"a@b"};
  const Submitted submitted = scene.submission->send(envelope, scene.file(), [](const auto&) { return Result<void>(fail(Kind::disk, Blast::program, "The disk is full.")); });
  CHECK(submitted.how == How::try_later);
  CHECK(submitted.answer == "The disk is full.");
  CHECK(scene.server.accepted.empty());
  CHECK_FALSE(scene.server.heard.ends_with(".\r\n"));
  CHECK_FALSE(scene.submission->is_open());
}

TEST_CASE("what cannot be sent at all is refused before the server hears of it, and the line stays") {
  Open scene;
  const std::size_t heard = scene.server.heard.size();
  CHECK(scene.send({"a@b>\r\nRCPT TO:<x@y"}).how == How::refused);
  CHECK(scene.send({}).how == How::refused);
  smtp::Envelope envelope;
  envelope.recipients = {"a@b"};
  CHECK(scene.send(envelope, scene.folder / "missing").how == How::refused);
  CHECK(scene.send(envelope, scene.file("")).how == How::refused);
  envelope.size = 100'001;
  CHECK(scene.send(envelope, scene.file()).how == How::refused);
  CHECK(scene.server.heard.size() == heard);
  CHECK(scene.send().how == How::accepted);
}

TEST_CASE("a server that takes only seven bits is told apart") {
  Scene scene;
  scene.server.extensions = "250 mx\r\n";
  REQUIRE(scene.open());
  smtp::Envelope envelope;
  envelope.recipients = {"a@b"};
  envelope.is_eight_bit = true;
  const Submitted submitted = scene.send(envelope, scene.file());
  CHECK(submitted.how == How::refused);
  CHECK(submitted.needs_seven_bit);
  envelope.is_eight_bit = false;
  CHECK(scene.send(envelope, scene.file()).how == How::accepted);
}

TEST_CASE("a server that takes no mail is no submission") {
  for (const auto& [answer, kind] : {std::pair{"421 4.3.2 busy", Kind::try_later}, {"502 5.5.1 what", Kind::protocol}, {"", Kind::unreachable}}) {
    Scene scene;
    scene.server.answers["EHLO"] = answer;
    const auto opened = scene.open();
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == kind);
  }
  const auto failing = [](std::stop_token) -> Result<std::unique_ptr<net::Stream>> { return fail(Kind::login, Blast::account, "No."); };
  CHECK(Submission::open(failing, {}).error().kind == Kind::login);
}

}  // namespace valija::remote
