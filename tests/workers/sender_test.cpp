#include "valija/workers/sender.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "sender_scene.hpp"
#include "valija/workers/take_back.hpp"

namespace valija::workers {

using namespace sending;

TEST_CASE("what is due leaves in order, each account's on one line, and is copied into Sent") {
  Scene scene;
  for (const char* id : {"1@x", "2@x", "3@x"}) scene.put(id);
  Outgoing other = scene.mail("4@x");
  other.account = "home";
  scene.put(other);
  Outgoing later = scene.mail("5@x");
  later.due += 60;
  const std::int64_t held = scene.put(later);

  const SendReport report = scene.send();
  CHECK(report.sent == 4);
  CHECK(report.waiting == 1);
  CHECK(report.next_due == later.due);
  CHECK(report.errors.empty());
  CHECK(scene.told == 4);
  REQUIRE(scene.server.mails.size() == 4);
  CHECK(scene.server.lines == 2);
  for (std::size_t at = 0; at < 3; ++at) CHECK(scene.server.mails[at].octets.find(std::to_string(at + 1) + "@x") != std::string::npos);
  CHECK(scene.server.mails[0].envelope.recipients == std::vector<std::string>{"ana@example.test"});
  CHECK(scene.copies().size() == 3);
  CHECK(scene.copies("home").size() == 1);
  CHECK(content(scene.copies("home").front()) == scene.server.mails[3].octets);
  CHECK(scene.find(held)->state == State::waiting);

  CHECK(scene.send(true).sent == 1);
  CHECK(scene.outbox->all()->empty());
}

TEST_CASE("the copy tells of those that the message does not name, the server's octets do not") {
  Scene scene;
  Outgoing entry = scene.mail();
  entry.recipients = {"ana@example.test", "secret@example.test", "hidden@example.test"};
  scene.put(entry);
  scene.send();
  REQUIRE(scene.copies().size() == 1);
  const std::string copy = content(scene.copies().front());
  CHECK(copy == "Bcc: secret@example.test,\r\n hidden@example.test\r\n" + scene.server.mails.front().octets);
  CHECK(scene.server.mails.front().octets.find("secret") == std::string::npos);
}

TEST_CASE("recipients beyond a server's limit follow on the same line, each gets it once, and there is one copy") {
  Scene scene;
  Outgoing entry = scene.mail();
  entry.recipients = {"a@x", "b@x", "c@x"};
  const std::int64_t id = scene.put(entry);
  remote::Submitted part = answer(How::accepted, "250 ok");
  part.later = {"b@x", "c@x"};
  const auto sent_to = [&](std::size_t at) { return scene.server.mails.at(at).envelope.recipients; };

  SUBCASE("all is well") {
    scene.server.answers = {part};
    CHECK(scene.send().sent == 1);
    REQUIRE(scene.server.mails.size() == 2);
    CHECK(sent_to(0) == entry.recipients);
    CHECK(sent_to(1) == std::vector<std::string>{"b@x", "c@x"});
    CHECK(scene.server.lines == 1);
    CHECK(scene.copies().size() == 1);
    CHECK(scene.outbox->all()->empty());
  }
  SUBCASE("the second is put off, and goes to the others alone") {
    scene.server.answers = {part, answer(How::try_later, "451 later")};
    CHECK(scene.send().sent == 0);
    CHECK(scene.find(id)->delivered == std::vector<std::string>{"a@x"});
    CHECK(scene.copies().empty());
    CHECK(scene.send(true).sent == 1);
    CHECK(sent_to(1) == std::vector<std::string>{"b@x", "c@x"});
  }
  SUBCASE("the second is cut: a copy in the Sent folder says nothing about it") {
    scene.server.answers = {part, answer(How::unknown, "cut")};
    scene.sent_folder = {entry.message_id};
    CHECK(scene.send().maybe_sent == 1);
    CHECK(scene.find(id)->state == State::maybe_sent);
    CHECK(scene.find(id)->delivered == std::vector<std::string>{"a@x"});
  }
  SUBCASE("the first is cut: a copy in the Sent folder says that the others wait") {
    part.how = How::unknown;
    scene.server.answers = {part};
    scene.sent_folder = {entry.message_id};
    CHECK(scene.send().sent == 1);
    CHECK(sent_to(1) == std::vector<std::string>{"b@x", "c@x"});
    CHECK(scene.outbox->all()->empty());
  }
  SUBCASE("taken back between the two, it is for the others") {
    entry = scene.mail("2@x");
    entry.recipients = {"a@x", "b@x", "c@x"};
    entry.draft = "From: me@x\nTo: A <a@x>, b@x\nCc: c@x\nSubject: s\n\ntext\n";
    const std::int64_t own = scene.put(entry);
    REQUIRE(scene.outbox->hand(own, {"b@x", "c@x"}).value());
    REQUIRE(scene.outbox->deliver_part(own, State::handing, {"a@x"}).value());
    const auto draft = take_back(*scene.outbox, scene.places.state_dir, own);
    REQUIRE(draft);
    CHECK(draft->to == "b@x");
    CHECK(draft->cc == "c@x");
  }
}

TEST_CASE("no copy where the server makes one, or nobody wants one") {
  Scene scene;
  auto& account = scene.settings.accounts.front();
  const auto copies_of = [&](const char* host, const char* setting) {
    account.send->host = host;
    account.sent_copy = setting;
    std::filesystem::remove_all(scene.settings.mail_root + "/work/Sent");
    scene.put();
    CHECK(scene.send().sent == 1);
    CHECK(scene.outbox->all()->empty());
    return scene.copies().size();
  };
  CHECK(copies_of("smtp.gmail.com", "auto") == 0);
  CHECK(copies_of("SMTP.office365.com", "auto") == 0);
  CHECK(copies_of("notgmail.com", "auto") == 1);
  CHECK(copies_of("smtp.gmail.com", "always") == 1);
  CHECK(copies_of("mail.test", "never") == 0);
}

TEST_CASE("a mail whose copy cannot be made is sent once, and copied when that can be") {
  Scene scene;
  const std::string marker = scene.settings.mail_root + "/work/.valija";
  std::filesystem::rename(marker, scene.scratch / "away");
  const std::int64_t id = scene.put();
  CHECK(scene.send().errors.size() == 1);
  CHECK(scene.find(id)->state == State::accepted);
  scene.send();
  CHECK(scene.server.mails.size() == 1);
  std::filesystem::rename(scene.scratch / "away", marker);
  CHECK(scene.send().errors.empty());
  CHECK(!scene.find(id));
  CHECK(scene.copies().size() == 1);
  CHECK(scene.server.mails.size() == 1);
}

TEST_CASE("what the server puts off is tried again, later and later") {
  Scene scene;
  const std::int64_t id = scene.put();
  UnixTime last_wait = 0;
  for (int round = 0; round < 10; ++round) {
    CAPTURE(round);
    scene.server.answers = {answer(How::try_later, "451 4.3.0 come back")};
    const SendReport report = scene.send();
    REQUIRE(scene.find(id)->state == State::waiting);
    const UnixTime wait = scene.find(id)->due - scene.clock.time;
    CHECK(wait >= std::min<UnixTime>(60 << std::min(round, 6), 3600) * 9 / 10);
    CHECK(wait <= 3600 * 11 / 10);
    if (round < 6) CHECK(wait > last_wait);
    last_wait = wait;
    CHECK(report.errors.size() == 1);
    CHECK(scene.find(id)->tries == round + 1);
    CHECK(scene.find(id)->answer == "451 4.3.0 come back");
    CHECK(scene.send().errors.empty());  // not before its time
    scene.clock.time += wait;
  }
  CHECK(scene.send().sent == 1);
}

TEST_CASE("without a line all mail of the account waits, that of another leaves") {
  Scene scene;
  scene.put("1@x");
  scene.put("2@x");
  scene.server.is_away = true;
  const SendReport report = scene.send();
  CHECK(report.waiting == 2);
  CHECK(report.errors.size() == 1);
  const auto waiting = scene.outbox->all();
  for (const Outgoing& entry : *waiting) CHECK(entry.answer == "No line to mail.test");
  scene.server.is_away = false;
  CHECK(scene.send(true).sent == 2);
}

TEST_CASE("what the server refuses is kept with its words, and the others leave") {
  Scene scene;
  const std::int64_t refused = scene.put("1@x");
  scene.put("2@x");
  scene.server.answers = {answer(How::refused, "552 5.3.4 too large")};
  const SendReport report = scene.send();
  CHECK(report.sent == 1);
  CHECK(report.refused == 1);
  CHECK(report.errors.size() == 1);
  CHECK(scene.find(refused)->state == State::refused);
  CHECK(scene.find(refused)->answer == "552 5.3.4 too large");
  CHECK(scene.send(true).sent == 0);
  CHECK(scene.server.mails.size() == 1);
}

TEST_CASE("one refused recipient of several is named, and nobody gets it") {
  Scene scene;
  const std::int64_t id = scene.put();
  auto refused = answer(How::refused, "550 nobody");
  refused.recipients = {{"ben@example.test", {550, "5.1.1", {"no such user"}}}};
  scene.server.answers = {refused};
  scene.send();
  CHECK(scene.find(id)->answer.find("ben@example.test: ") == 0);
  CHECK(scene.find(id)->answer.find("no such user") != std::string::npos);
  CHECK(scene.server.mails.empty());
}

TEST_CASE("behind a cut at the final dot a mail is held, until the Sent folder has it") {
  Scene scene;
  scene.settings.accounts.front().sent_copy = "always";
  const std::int64_t id = scene.put();
  scene.server.answers = {answer(How::unknown, "the line was cut")};
  const SendReport report = scene.send();
  CHECK(report.sent == 0);
  CHECK(report.maybe_sent == 1);
  CHECK(scene.find(id)->state == State::maybe_sent);
  for (int round = 0; round < 3; ++round) CHECK(scene.send(true).maybe_sent == 1);
  CHECK(scene.server.mails.size() == 1);
  CHECK(scene.asked.back() == std::vector<std::string>{"1@work.test"});
  scene.sent_folder = {"1@work.test"};
  CHECK(scene.send().sent == 1);
  CHECK(!scene.find(id));
  CHECK(scene.server.mails.size() == 1);
  CHECK(scene.copies().empty());  // the server's is there
}

TEST_CASE("killed while it handed a mail over: held, not sent again") {
  Scene scene;
  const std::int64_t id = scene.put();
  CHECK(scene.outbox->change(id, State::waiting, State::handing, "").value());
  CHECK(scene.send(true).maybe_sent == 1);
  CHECK(scene.server.mails.empty());
}

TEST_CASE("a person sends again what is held: the Sent folder is asked first, and without it nothing is sent") {
  Scene scene;
  const std::int64_t id = scene.put();
  scene.server.answers = {answer(How::unknown, "cut")};
  scene.send();
  Sender sender(scene.options());
  scene.has_no_sent_folder = true;
  CHECK(!sender.send_again(id, {}));
  CHECK(scene.find(id)->state == State::maybe_sent);
  scene.has_no_sent_folder = false;
  REQUIRE(sender.send_again(id, {}));
  CHECK(scene.find(id)->state == State::waiting);
  CHECK(scene.send().sent == 1);
  CHECK(scene.server.mails.size() == 2);
  CHECK(scene.server.mails[0].octets == scene.server.mails[1].octets);  // the same Message-ID

  const std::int64_t found = scene.put("2@x");
  scene.server.answers = {answer(How::unknown, "cut")};
  scene.send();
  scene.sent_folder = {"2@x"};
  REQUIRE(sender.send_again(found, {}));
  CHECK(!scene.find(found));
  CHECK(!sender.send_again(found, {}));
  CHECK(scene.server.mails.size() == 3);
}

TEST_CASE("it is on disk that a mail is handed over, before the final dot is") {
  Scene scene;
  const std::int64_t id = scene.put();
  std::optional<State> at_dot;
  scene.server.before_dot = [&] { at_dot = scene.find(id)->state; };
  scene.server.answers = {answer(How::unknown, "cut")};
  scene.send();
  CHECK(at_dot == State::waiting);
  CHECK(scene.find(id)->state == State::maybe_sent);
}

TEST_CASE("taken back up to the final dot, it is not sent") {
  Scene scene;
  const std::int64_t id = scene.put();
  scene.server.before_dot = [&] { CHECK(scene.outbox->cancel(id).value()); };
  CHECK(scene.send().sent == 0);
  CHECK(scene.server.mails.empty());
  CHECK(!scene.find(id));
}

TEST_CASE("what comes into the outbox while another is sent leaves too") {
  Scene scene;
  scene.put("1@x");
  bool is_first = true;
  scene.server.before_dot = [&] {
    if (std::exchange(is_first, false)) scene.put("2@x");
  };
  CHECK(scene.send().sent == 2);
}

TEST_CASE("another process that sends is told, and nothing is done") {
  Scene scene;
  scene.put();
  const auto lock = scene.outbox->try_lock();
  REQUIRE(*lock);
  const auto report = Sender(scene.options()).send_due({});
  REQUIRE(!report);
  CHECK(report.error().kind == Kind::try_later);
  CHECK(scene.server.mails.empty());
}

TEST_CASE("a server that hung up between two mails is dialled again at once") {
  Scene scene;
  scene.server.hangs_up_when_idle = true;
  for (const char* id : {"1@x", "2@x", "3@x"}) scene.put(id);
  CHECK(scene.send().sent == 3);
  CHECK(scene.server.lines == 3);
}

TEST_CASE("a stop leaves what was not begun") {
  Scene scene;
  scene.put("1@x");
  scene.put("2@x");
  std::stop_source stop;
  scene.server.before_dot = [&] { stop.request_stop(); };
  const auto report = Sender(scene.options()).send_due(stop.get_token());
  REQUIRE(report);
  CHECK(report->sent == 1);
  CHECK(report->waiting == 1);
}

TEST_CASE("mail of an account that the settings do not have any more waits and is told") {
  Scene scene;
  Outgoing entry = scene.mail();
  entry.account = "gone";
  const std::int64_t id = scene.put(entry);
  const SendReport report = scene.send();
  REQUIRE(report.errors.size() == 1);
  CHECK(report.errors.front().kind == Kind::settings);
  CHECK(scene.find(id)->state == State::waiting);
}

TEST_CASE("the stored draft goes when the server has the mail, and not before; nothing outside of the mail does") {
  Scene scene;
  const std::string stored = scene.settings.mail_root + "/work/INBOX/cur/draft", foreign = scene.scratch / "foreign";
  for (const std::string& file : {stored, foreign}) std::ofstream(file) << "text";
  Outgoing entry = scene.mail("1@x");
  entry.stored = stored;
  scene.put(entry);
  scene.server.answers = {answer(How::try_later, "451")};
  scene.send();
  CHECK(std::filesystem::exists(stored));
  CHECK(scene.send(true).sent == 1);
  CHECK(!std::filesystem::exists(stored));
  Outgoing other = scene.mail("2@x");
  other.stored = foreign;
  scene.put(other);
  CHECK(scene.send().sent == 1);
  CHECK(std::filesystem::exists(foreign));
}

TEST_CASE("a server without 8BITMIME gets seven bits, and the copy stays as it was written") {
  Scene scene;
  scene.server.extensions.eight_bit = false;
  Outgoing entry = scene.mail();
  entry.is_eight_bit = true;
  const std::string octets = "To: ana@example.test\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n¡Hola!\r\n";
  std::ofstream(entry.file, std::ios::binary) << octets;
  scene.put(entry);
  CHECK(scene.send().sent == 1);
  REQUIRE(scene.server.mails.size() == 1);
  const auto& mail = scene.server.mails.front();
  CHECK(!mail.envelope.is_eight_bit);
  CHECK(std::all_of(mail.octets.begin(), mail.octets.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; }));
  CHECK(content(scene.copies().front()) == octets);
  CHECK(std::filesystem::is_empty(scene.places.state_dir + "/outbox"));
}

}  // namespace valija::workers
