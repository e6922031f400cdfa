#include "compose_desk.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_directory.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using namespace valija::workers;
namespace fs = std::filesystem;
using How = messages::StartDraft::How;

namespace {

Result<std::unique_ptr<RenderService>> start_in_thread() {
  RenderService::Options options;
  options.in_thread = true;
  return RenderService::start(std::move(options));
}

messages::StartDraft request(How how, std::vector<std::string> files, std::string text = {}) {
  messages::StartDraft asked;
  asked.how = how;
  asked.files = std::move(files);
  asked.text = std::move(text);
  return asked;
}

constexpr const char* asked =
    "From: Marta Gil <marta@example.org>\r\nTo: ana@example.test, jun@example.org\r\nSubject: Presupuesto\r\nMessage-ID: <one@example.org>\r\n"
    "Date: Mon, 23 Nov 2026 09:41:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHola Ana\r\n--b\r\nContent-Type: application/octet-stream\r\n"
    "Content-Disposition: attachment; filename=plan.bin\r\n\r\n12345\r\n--b--\r\n";

class FixedClock final : public Clock {
 public:
  UnixTime now() const override { return 1'795'000'000; }
  std::int64_t monotonic_ms() const override { return 0; }
};

/// A person with one account, a mail of somebody else, and the desk.
class Scene {
 public:
  Scene() {
    places_.state_dir = directory_ / "state";
    places_.home = directory_.path();
    settings_.mail_root = directory_ / "Mail";
    settings_.compose_templates = directory_ / "templates";
    settings_.aliases["family"] = "Marta Gil <marta@example.org>, jun@example.org";
    config::Account account;
    account.name = "work";
    account.address = "ana@example.test";
    account.full_name = "Ana Ruiz";
    settings_.accounts.push_back(account);
    for (const char* below : {"Mail/work/INBOX/cur", "Mail/work/.valija"}) fs::create_directories(directory_ / below);
    write(original(), asked);
    restart();
  }
  void restart() { desk_.emplace(settings_, places_, clock_, [] { return start_in_thread(); }); }
  store::DraftFiles files() const { return store::DraftFiles(places_.state_dir); }

  ComposeDesk& operator*() { return *desk_; }
  ComposeDesk* operator->() { return &*desk_; }
  std::string operator/(const std::string& name) const { return directory_ / name; }
  std::string original() const { return directory_ / "Mail/work/INBOX/cur/1.one:2,S"; }

  Draft start(How how, const std::string& text = {}) {
    auto draft = desk_->start(request(how, {original()}, text));
    REQUIRE_MESSAGE(draft, draft.error().message);
    return *draft;
  }
  void write(const std::string& path, std::string_view text) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  std::vector<Outgoing> outbox() { return (*store::Outbox::open(places_.state_dir))->all().value(); }
  std::vector<std::string> in_drafts() const {
    std::vector<std::string> found;
    const fs::path folder = directory_ / "Mail/work/Drafts/cur";
    if (fs::exists(folder)) {
      for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path().string());
    }
    return found;
  }

 private:
  test::TemporaryDirectory directory_;
  config::Settings settings_;
  config::Places places_;
  FixedClock clock_;
  std::optional<ComposeDesk> desk_;
};

std::string contents(const std::string& path) { return read_file(path, 1 << 20).value(); }

}  // namespace

TEST_CASE("a reply knows whom it answers, from where and what") {
  Scene scene;
  const Draft draft = scene.start(How::reply_all);
  CHECK_FALSE(draft.id.empty());
  CHECK(draft.account == "work");
  CHECK(draft.from.find("ana@example.test") != std::string::npos);
  CHECK(draft.to.find("marta@example.org") != std::string::npos);
  CHECK((draft.to + draft.cc).find("jun@example.org") != std::string::npos);
  CHECK((draft.to + draft.cc).find("ana@example.test") == std::string::npos);
  CHECK(draft.subject == "Re: Presupuesto");
  CHECK(draft.in_reply_to == "one@example.org");
  CHECK(draft.body.find("> Hola Ana") != std::string::npos);
}

TEST_CASE("a reply to a mail that has only HTML quotes what is read, not its source") {
  Scene scene;
  const std::string file = scene / "Mail/work/INBOX/cur/2.two:2,S";
  scene.write(file, "From: Marta Gil <marta@example.org>\r\nTo: ana@example.test\r\nSubject: Plan\r\nDate: Mon, 23 Nov 2026 09:41:00 +0000\r\nMIME-Version: 1.0\r\n"
                    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                    "<style>p { color: red }</style><p style=3D'display:none'>hidden</p><p>Caf=C3=A9 at <b>six</b> &amp; cake?</p><ul><li>tea</li></ul>"
                    "<blockquote>Ana asked</blockquote><script>track()</script>\r\n");
  const auto draft = scene->start(request(How::reply, {file}));
  REQUIRE_MESSAGE(draft, draft.error().message);
  CHECK(trim(draft->body.substr(draft->body.find('\n'))) == "> Café at six & cake?\n>\n> • tea\n>\n>> Ana asked");
}

TEST_CASE("what is saved is there after a crash, and gone when it is dropped") {
  Scene scene;
  Draft draft = scene.start(How::fresh);
  draft.body = "half a thought";
  REQUIRE(scene->save(draft));
  const auto left = scene->left_drafts();
  REQUIRE(left);
  REQUIRE(left->size() == 1);
  CHECK(left->front().body == "half a thought");
  REQUIRE(scene->drop(draft.id));
  CHECK(scene->left_drafts()->empty());
}

TEST_CASE("a queued draft is in the outbox, complete, and no draft any more") {
  Scene scene;
  Draft draft = scene.start(How::forward);
  draft.to = "family";
  draft.bcc = "secret@example.org";
  draft.body = "see below\n" + draft.body;
  REQUIRE(scene->save(draft));
  const auto number = scene->queue(draft, 1'795'000'010);
  REQUIRE_MESSAGE(number, number.error().message);
  const auto waiting = scene.outbox();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].id == *number);
  CHECK(waiting[0].recipients == std::vector<std::string>{"marta@example.org", "jun@example.org", "secret@example.org"});
  CHECK(waiting[0].due == 1'795'000'010);
  CHECK(waiting[0].original_tag == "passed");
  CHECK(parse_draft(waiting[0].draft).value().to == "family");
  const std::string octets = contents(waiting[0].file);
  CHECK(octets.find("secret@") == std::string::npos);
  CHECK(octets.find("plan.bin") != std::string::npos);
  CHECK(scene->left_drafts()->empty());
}

TEST_CASE("what cannot be sent stays a draft") {
  Scene scene;
  Draft draft = scene.start(How::fresh);
  draft.body = "to nobody";
  REQUIRE(scene->save(draft));
  const auto number = scene->queue(draft, 0);
  REQUIRE_FALSE(number);
  CHECK(number.error().kind == Kind::input);
  CHECK(scene->left_drafts()->size() == 1);
  CHECK(scene.outbox().empty());
  draft.to = "marta@example.org";
  draft.attachments.push_back({.path = scene / "gone.pdf", .name = "gone.pdf"});
  const auto without = scene->queue(draft, 0);
  REQUIRE_FALSE(without);
  CHECK(without.error().message.find("gone.pdf") != std::string::npos);
  CHECK(scene->left_drafts()->size() == 1);
  CHECK(scene.outbox().empty());
}

TEST_CASE("a stored draft is one file of the Drafts folder, and comes back from there") {
  Scene scene;
  Draft draft = scene.start(How::reply);
  draft.bcc = "boss@example.org";
  draft.body = "first";
  REQUIRE(scene->save(draft));
  const auto stored = scene->store(draft);
  REQUIRE_MESSAGE(stored, stored.error().message);
  REQUIRE(scene.in_drafts().size() == 1);
  CHECK(scene->left_drafts()->empty());
  auto again = scene->start(request(How::recall, scene.in_drafts()));
  REQUIRE_MESSAGE(again, again.error().message);
  CHECK(again->body.starts_with("first"));
  CHECK(again->bcc.find("boss@example.org") != std::string::npos);
  CHECK(again->in_reply_to == "one@example.org");
  CHECK(again->stored == scene.in_drafts().front());
  again->body = "second";
  REQUIRE(scene->store(*again));
  REQUIRE(scene.in_drafts().size() == 1);
  CHECK(contents(scene.in_drafts().front()).find("second") != std::string::npos);
}

TEST_CASE("a draft that has only HTML comes back as its text") {
  Scene desk;
  const std::string file = desk / "Mail/work/Drafts/cur/1.x:2,DS";
  desk.write(file, "From: Ana <ana@example.test>\r\nTo: ben@example.test\r\nSubject: =?utf-8?Q?Caf=C3=A9?=\r\nMIME-Version: 1.0\r\n"
                   "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>One <b>bold</b> word</p>\r\n"
                   "--b\r\nContent-Type: application/pdf; name=\"a; b.pdf\"\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n");
  const auto draft = desk->start(request(How::recall, {file}));
  REQUIRE(draft);
  CHECK(draft->body == "One bold word\n");
  CHECK(draft->subject == "Café");
  CHECK(draft->to == "ben@example.test");
  CHECK(draft->account == "work");
  CHECK(draft->stored == file);
  REQUIRE(draft->attachments.size() == 1);
  CHECK(draft->attachments.front().path == file);
  CHECK(draft->attachments.front().part == "2");
  CHECK(draft->attachments.front().name == "a; b.pdf");
}

TEST_CASE("a recalled draft goes from its folder only by the outbox") {
  Scene scene;
  Draft draft = scene.start(How::fresh);
  draft.to = "marta@example.org";
  draft.body = "soon";
  const auto stored = scene->store(draft);
  REQUIRE_MESSAGE(stored, stored.error().message);
  const auto again = scene->start(request(How::recall, scene.in_drafts()));
  REQUIRE(again);
  REQUIRE(scene->queue(*again, 0));
  CHECK(scene.in_drafts().size() == 1);  // until the server has said yes
  CHECK(scene.outbox().front().stored == scene.in_drafts().front());
}

TEST_CASE("an editor gets the text, with headers where wanted, and gives it back") {
  Scene scene;
  Draft draft = scene.start(How::fresh);
  draft.body = "dear all\n";
  const auto file = scene->prepare_editor(draft, false);
  REQUIRE(file);
  CHECK(contents(*file) == "dear all\n");
  scene.write(*file, "changed\r\n");
  CHECK(scene->read_editor(draft, false).value().body == "changed\n");
  const auto whole = scene->prepare_editor(draft, true);
  REQUIRE(whole);
  scene.write(*whole, "To: jun@example.org\nSubject: hi\n\nchanged again\n");
  const auto edited = scene->read_editor(draft, true);
  REQUIRE(edited);
  CHECK(edited->to == "jun@example.org");
  CHECK(edited->body == "changed again\n");
  CHECK(scene->left_drafts()->size() == 1);
  scene.write(*whole, "X-Odd: 1\n\nlost?\n");
  CHECK_FALSE(scene->read_editor(draft, true));
  CHECK(contents(*whole).find("lost?") != std::string::npos);
}

TEST_CASE("what an editor had written when everything was killed is offered again, once") {
  Scene scene;
  Draft draft = scene.start(How::fresh);
  draft.body = "before\n";
  const auto file = scene->prepare_editor(draft, false);
  REQUIRE(file);
  scene.write(*file, "written in the editor\n");
  CHECK(scene->left_drafts()->empty());  // somebody is at it
  scene.restart();
  for (int start = 0; start < 2; ++start) {
    const auto left = scene->left_drafts();
    REQUIRE(left);
    REQUIRE(left->size() == 1);
    CHECK(left->front().body == "written in the editor\n");
    CHECK_FALSE(fs::exists(*file));
  }
  scene.write(*file, "older\n");
  scene.write(*file + ".save", "as nano saves it\n");
  CHECK(scene->left_drafts()->front().body == "as nano saves it\n");
}

TEST_CASE("what is not understood stays for the editor, and nothing goes without it") {
  Scene scene;
  Draft draft = scene.start(How::fresh);
  draft.to = "marta@example.org";
  const auto file = scene->prepare_editor(draft, true);
  REQUIRE(file);
  scene.write(*file, "X-Odd: 1\n\nan hour of work\n");
  REQUIRE_FALSE(scene->read_editor(draft, true));
  CHECK_FALSE(scene->queue(draft, 0));
  CHECK_FALSE(scene->store(draft));
  REQUIRE(scene->prepare_editor(draft, true));
  CHECK(contents(*file).find("an hour of work") != std::string::npos);
}

TEST_CASE("a draft of a queued mail that a kill left is not offered") {
  Scene scene;
  Draft draft = scene.start(How::fresh);
  draft.to = "marta@example.org";
  draft.body = "sent once";
  REQUIRE(scene->queue(draft, 0));
  REQUIRE(scene->save(draft));
  CHECK(scene->left_drafts()->empty());
}

TEST_CASE("a stored draft that a kill left in work is not there twice, unless somebody went on with it") {
  Scene scene;
  Draft draft = scene.start(How::fresh);
  draft.body = "stored\n";
  REQUIRE(scene->save(draft));
  REQUIRE(scene->store(draft));
  draft.changed = 1'795'000'000;
  SUBCASE("as it was") {
    REQUIRE(scene.files().save(draft));
    CHECK(scene->left_drafts()->empty());
    CHECK(scene.files().all()->empty());
  }
  SUBCASE("gone on with") {
    draft.changed += 60;
    REQUIRE(scene.files().save(draft));
    const auto left = scene->left_drafts();
    REQUIRE(left->size() == 1);
    CHECK(left->front().stored == scene.in_drafts().front());
  }
  CHECK(scene.in_drafts().size() == 1);
}

TEST_CASE("a draft of the Drafts folder is in work once, whatever flags it got") {
  Scene scene;
  Draft draft = scene.start(How::fresh);
  draft.body = "first\n";
  REQUIRE(scene->store(draft));
  const std::string stored = scene.in_drafts().front();
  auto taken = scene->start(request(How::recall, {stored}));
  REQUIRE(taken);
  taken->body = "second\n";
  REQUIRE(scene->save(*taken));
  const std::string flagged = stored.substr(0, stored.rfind(":2,")) + ":2,DFS";
  fs::rename(stored, flagged);
  const auto again = scene->start(request(How::recall, {flagged}));
  REQUIRE(again);
  CHECK(again->id == taken->id);
  CHECK(again->body == "second\n");
  REQUIRE(scene->store(*again));
  REQUIRE(scene.in_drafts().size() == 1);
  CHECK(contents(scene.in_drafts().front()).find("second") != std::string::npos);
}

TEST_CASE("templates and mailto begin a message; neither attaches by itself") {
  Scene scene;
  scene.write(scene / "templates/late.txt", "Subject: Late\n\nI am {name} and late.\n");
  const Draft late = scene.start(How::fresh, "late");
  CHECK(late.subject == "Late");
  CHECK(late.body.find("I am Ana Ruiz and late.") != std::string::npos);
  CHECK_FALSE(scene->start(request(How::fresh, {}, "../state/secret")));
  const Draft asked_for = scene.start(How::fresh, "mailto:jun@example.org?subject=hi&body=text&attach=/etc/passwd");
  CHECK(asked_for.to == "jun@example.org");
  CHECK(asked_for.attachments.empty());
}
