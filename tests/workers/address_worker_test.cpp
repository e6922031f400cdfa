#include "valija/workers/address_worker.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>

#include "account_scene.hpp"
#include "people_scan.hpp"

using namespace valija;
using namespace valija::workers;
using namespace valija::workers::test;

namespace {

using Texts = std::vector<std::string>;
using Addresses = std::vector<Address>;

const std::vector<Identity> mine = {{"work", {"Me", "me@example.org"}, {"*@me.example"}, {}}};
constexpr UnixTime now = 1'700'000'000;

/// A mail root with an index of its own, state and settings; mail comes and changes as other programs have it.
class PeopleScene {
 public:
  PeopleScene() {
    std::filesystem::create_directories(scratch_ / "Mail/box/cur");
    auto writer = index::Writer::open(location(), 10'000);
    REQUIRE(writer);
    writer_ = std::move(*writer);
    REQUIRE(writer_->commit());
  }

  index::Location location() const { return {scratch_ / "Mail", {}}; }
  std::string path(const std::string& name) const { return scratch_ / name; }
  std::string add(const std::string& id, const std::string& fields, const std::vector<std::string>& tags = {"inbox"}) {
    std::string file = scratch_ / ("Mail/box/cur/" + id + "-" + std::to_string(++files_) + ":2,");
    std::ofstream(file) << fields << "Subject: x\nDate: Mon, 23 Nov 2020 09:00:00 +0000\nMessage-ID: <" << id << "@x>\n\nhello\n";
    REQUIRE(writer_->add(file, tags));
    REQUIRE(writer_->commit());
    return file;
  }
  void tag(const std::string& id, const std::vector<std::string>& add, const std::vector<std::string>& remove) {
    REQUIRE(writer_->change_tags("id:" + id + "@x", add, remove));
    REQUIRE(writer_->commit());
  }
  /// The index is gone, and made again of nothing.
  void lose_index() {
    writer_.reset();
    std::filesystem::remove_all(scratch_ / "Mail/.notmuch");
    auto writer = index::Writer::open(location(), 10'000);
    REQUIRE(writer);
    writer_ = std::move(*writer);
    REQUIRE(writer_->commit());
  }

  std::unique_ptr<PeopleScan> scan(const std::string& state = "state") {
    return std::make_unique<PeopleScan>(PeopleScan::Options{location(), scratch_ / state, mine}, clock_);
  }
  std::vector<Person> run(PeopleScan& scan) {
    std::vector<Person> told;
    REQUIRE(scan.run({}, [&](PeopleScan::Found found) {
      if (found.starts_anew) told.clear();
      told.insert(told.end(), found.people.begin(), found.people.end());
    }));
    return told;
  }
  std::vector<Person> known(const std::string& state = "state") const {
    auto people = store::People::open(scratch_ / state);
    REQUIRE(people);
    return (*people)->all().value();
  }

  config::Settings settings() const {
    config::Settings settings;
    settings.mail_root = scratch_ / "Mail";
    settings.accounts.emplace_back();
    settings.accounts[0].name = "work";
    settings.accounts[0].address = "me@example.org";
    return settings;
  }
  config::Places places() const {
    config::Places places;
    places.state_dir = scratch_ / "state";
    return places;
  }
  const SystemClock& clock() const { return clock_; }

 private:
  const valija::test::TemporaryDirectory scratch_;
  const SystemClock clock_;
  std::unique_ptr<index::Writer> writer_;
  int files_ = 0;
};

/// Asks until the answer is as it should be; the worker reads the index beside.
struct Asker {
  AddressWorker& worker;
  Channel<messages::Event>& events;
  messages::RequestId last = 0;

  messages::AddressesCompleted ask(const std::string& typed) {
    worker.post({++last, typed});
    while (true) {
      REQUIRE(wait_readable({events.fd()}, 10'000) == 0);
      for (auto& event : events.drain()) {
        auto* answer = std::get_if<messages::AddressesCompleted>(&event);
        if (answer != nullptr && answer->id == last) return std::move(*answer);
        if (const auto* failed = std::get_if<messages::Failed>(&event)) failures.push_back(failed->error.message);
      }
    }
  }
  Texts texts(const std::string& typed) {
    Texts texts;
    for (const auto& suggestion : ask(typed).suggestions) texts.push_back(suggestion.text);
    return texts;
  }
  bool comes_to(const std::string& typed, const Texts& expected) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (texts(typed) != expected) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }
  Texts failures{};
};

mime::Correspondents message(Addresses from, Addresses recipients, bool is_bulk = false) { return {std::move(from), std::move(recipients), 1000, is_bulk}; }

}  // namespace

TEST_CASE("mail of mine makes known whom it went to, mail of others who wrote it, and mail of lists counts nothing") {
  const Address ana{"Ana", "ana@example.org"}, ben{"Ben", "ben@example.org"}, me{"", "Me+x@example.org"};
  CHECK(people_of(message({me}, {ana, me, ben, {"A", "ANA@example.org"}}), mine, false, now) == std::vector<Person>{{ana, 1, 0, 1000, 0}, {ben, 1, 0, 1000, 0}});
  CHECK(people_of(message({ben}, {ana}), mine, true, now) == std::vector<Person>{{ana, 1, 0, 1000, 0}});
  CHECK(people_of(message({ana}, {me, ben}), mine, false, now) == std::vector<Person>{{ana, 0, 1, 0, 1000}});
  CHECK(people_of(message({ana}, {me}, true), mine, false, now) == std::vector<Person>{{ana, 0, 0, 0, 0}});
  CHECK(people_of(message({{"", "x@me.example"}}, {}), mine, false, now).empty());
  CHECK(people_of(message({{"A", "a b>@example.org"}}, {}), mine, false, now).empty());
  CHECK(people_of(message({}, {ana}), mine, false, now).empty());
}

TEST_CASE("neither a date to come nor a flood of recipients gets through") {
  auto mail = message({{std::string(5000, 'x'), "ana@example.org"}}, {});
  mail.date = now * 2;
  CHECK(people_of(mail, mine, false, now) == std::vector<Person>{{{"", "ana@example.org"}, 0, 1, 0, now}});
  Addresses many;
  for (int i = 0; i < 3000; ++i) many.push_back({"", "a" + std::to_string(i) + "@example.org"});
  CHECK(people_of(message({{"", "me@example.org"}}, many), mine, false, now).size() == 1000);
}

TEST_CASE("a message counts once, whatever happens to its tags and files, and only what is new is told") {
  PeopleScene scene;
  const auto scan = scene.scan();
  const std::string file = scene.add("a", "From: Ana <ana@example.org>\nTo: me@example.org\n");
  CHECK(scene.run(*scan).size() == 1);
  scene.tag("a", {"todo"}, {});
  scene.add("a", "From: Ana <ana@example.org>\nTo: me@example.org\n");
  CHECK(scene.run(*scan).empty());
  std::filesystem::remove(file);
  scene.add("b", "From: me@example.org\nTo: Ana Ruiz <ANA@example.org>, Ben <ben@example.org>\n", {"sent"});
  CHECK(scene.run(*scene.scan()).size() == 2);
  const auto known = scene.known();
  REQUIRE(known.size() == 2);
  CHECK(known[0].address.name == "Ana Ruiz");
  CHECK(known[0].written_to == 1);
  CHECK(known[0].written_by == 1);
  CHECK(known[1].written_to == 1);
}

TEST_CASE("drafts and unwanted mail count when they are no more") {
  PeopleScene scene;
  const auto scan = scene.scan();
  scene.add("a", "From: Spam <spam@example.org>\nTo: me@example.org\n", {"spam"});
  scene.add("b", "From: me@example.org\nTo: Ben <ben@example.org>\n", {"draft"});
  CHECK(scene.run(*scan).empty());
  scene.tag("a", {"inbox"}, {"spam"});
  scene.tag("b", {"sent"}, {"draft"});
  CHECK(scene.run(*scan).size() == 2);
}

TEST_CASE("another index starts anew") {
  PeopleScene scene;
  scene.add("a", "From: Ana <ana@example.org>\nTo: me@example.org\n");
  scene.run(*scene.scan());
  scene.lose_index();
  scene.add("b", "From: Ben <ben@example.org>\nTo: me@example.org\n");
  CHECK(scene.run(*scene.scan()).size() == 1);
  REQUIRE(scene.known().size() == 1);
  CHECK(scene.known()[0].address.mailbox == "ben@example.org");
}

TEST_CASE("a stop leaves the rest for the next scan") {
  PeopleScene scene;
  scene.add("a", "From: Ana <ana@example.org>\nTo: me@example.org\n");
  std::stop_source stop;
  stop.request_stop();
  REQUIRE(scene.scan()->run(stop.get_token(), [](const PeopleScan::Found&) {}));
  CHECK(scene.known().empty());
  CHECK(scene.run(*scene.scan()).size() == 1);
}

TEST_CASE("bit by bit the same becomes known as all at once") {
  for (unsigned seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto any = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
    PeopleScene scene;
    auto scan = scene.scan("steps");
    for (int step = 0; step < 25; ++step) {
      const std::string id = std::to_string(any(10));
      const int what = any(6);
      // A message is what it is: the same identity, the same people.
      std::mt19937 of_message(static_cast<unsigned>(std::stoi(id)));
      if (what < 3) {
        const std::string other = "p" + std::to_string(of_message() % 4) + "@example.org";
        scene.add(id, of_message() % 2 == 0 ? "From: me@example.org\nTo: " + other + "\n" : "From: " + other + "\nTo: me@example.org\n");
      } else if (what == 3) {
        scene.tag(id, {"t" + std::to_string(step)}, {});
      } else {
        scene.run(*scan);
        if (what == 5) scan = scene.scan("steps");  // the program starts again
      }
    }
    scene.run(*scan);
    scene.run(*scene.scan("once"));
    CHECK(scene.known("steps") == scene.known("once"));
  }
}

TEST_CASE("the worker completes from aliases, cards and history, and learns of new mail") {
  PeopleScene scene;
  std::filesystem::create_directories(scene.path("cards/family"));
  std::ofstream(scene.path("cards/family/a.VCF")) << "BEGIN:VCARD\nFN:Anton Card\nEMAIL:anton@card.example\nEND:VCARD\n";
  std::ofstream(scene.path("cards/notes.txt")) << "BEGIN:VCARD\nEMAIL:an.other@card.example\nEND:VCARD\n";
  scene.add("a", "From: Anna <anna@example.org>\nTo: me@example.org\n");
  config::Settings settings = scene.settings();
  settings.compose_contacts = scene.path("cards");
  settings.aliases["angels"] = "Marta <marta@example.org>, jun@example.org";
  Channel<messages::Event> events;
  AddressWorker worker(settings, scene.places(), scene.clock(), events);
  Asker asker{worker, events};
  const std::string group = "Marta <marta@example.org>, jun@example.org", card = "Anton Card <anton@card.example>", writer = "Anna <anna@example.org>";
  CHECK(asker.comes_to("an", {group, card, writer}));
  CHECK(asker.ask("an").known_domains == Texts{"card.example"});
  scene.add("b", "From: me@example.org\nTo: Ana <ana@friends.example>\n", {"sent"});
  CHECK(asker.comes_to("ana", {"Ana <ana@friends.example>"}));
  CHECK(asker.ask("").known_domains == Texts{"card.example", "friends.example"});
  std::ofstream(scene.path("cards/family/b.vcf")) << "BEGIN:VCARD\nFN:Zoe New\nEMAIL:zoe@card.example\nEND:VCARD\n";
  CHECK(asker.comes_to("zoe", {"Zoe New <zoe@card.example>"}));
  CHECK(asker.texts("ana") == Texts{"Ana <ana@friends.example>"});
  std::filesystem::remove(scene.path("cards/family/b.vcf"));
  CHECK(asker.comes_to("zoe", {}));
  CHECK(asker.failures.empty());
}

TEST_CASE("without index, state and cards the worker has nothing to offer, and says what folder it cannot read") {
  const valija::test::TemporaryDirectory scratch;
  config::Settings settings;
  settings.mail_root = scratch / "none";
  settings.compose_contacts = scratch / "cards";
  config::Places places;
  places.state_dir = scratch / "state";
  const SystemClock clock;
  Channel<messages::Event> events;
  AddressWorker worker(settings, places, clock, events);
  Asker asker{worker, events};
  CHECK(asker.texts("a").empty());
  REQUIRE(asker.failures.size() == 1);
  CHECK(asker.failures[0].find(scratch / "cards") != std::string::npos);
}

TEST_CASE("what an earlier run learnt is there at once, and goes with its index") {
  PeopleScene scene;
  scene.add("a", "From: Anna <anna@example.org>\nTo: me@example.org\n");
  scene.run(*scene.scan());
  Channel<messages::Event> events;
  const auto first_answer = [&] {
    AddressWorker worker(scene.settings(), scene.places(), scene.clock(), events);
    return Asker{worker, events}.texts("an");
  };
  CHECK(first_answer() == Texts{"Anna <anna@example.org>"});
  scene.lose_index();
  AddressWorker worker(scene.settings(), scene.places(), scene.clock(), events);
  CHECK(Asker{worker, events}.comes_to("an", {}));
}
