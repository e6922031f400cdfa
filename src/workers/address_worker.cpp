#include "valija/workers/address_worker.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <utility>

#include "people_scan.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/log.hpp"
#include "valija/base/text.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"
#include "valija/config/identities.hpp"
#include "valija/mail/vcard.hpp"
#include "valija/workers/account_pass.hpp"

namespace valija::workers {
namespace {

using namespace messages;

constexpr std::size_t most_suggestions = 20;
constexpr std::size_t most_card_files = 20'000, longest_card_file = 16 << 20, most_cards = 100'000;
constexpr int deepest_folder = 3;  ///< as programs that fetch cards lay them out: a folder an address book
constexpr int quiet_ms = 1500;     ///< the first screen comes first
constexpr int look_ms = 3000;      ///< one stat(2) each time, and one for each file with cards
constexpr int card_rest = 100;     ///< of the time at most a hundredth goes to looking at those

/// Every file with cards of the folder, so many at most.
template <typename Visit>
std::error_code each_card_file(const std::string& folder, Visit visit) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  std::size_t files = 0;
  for (; !error && entry != fs::recursive_directory_iterator() && files < most_card_files; entry.increment(error)) {
    if (entry.depth() >= deepest_folder) entry.disable_recursion_pending();
    std::error_code unknown;
    if (!equal_ignoring_case(entry->path().extension().string(), ".vcf") || !entry->is_regular_file(unknown)) continue;
    ++files;
    visit(entry->path().string());
  }
  return files == 0 ? error : std::error_code();
}

/// Another one when a card came, went or was written again.
std::size_t print_of_cards(const std::string& folder) {
  std::size_t print = 0;
  const auto error = each_card_file(folder, [&](const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return;
    // A sum: the order of a folder means nothing.
    print += std::hash<std::string>()(fmt::format("{} {} {}.{}", path, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec));
  });
  return error ? 0 : print;
}

/// The aliases of the settings and the cards.
AddressBook book_of(const config::Settings& settings, Channel<Event>& events) {
  AddressBook book;
  for (const auto& [name, members] : settings.aliases) book.add_alias(name, parse_addresses(members));
  if (settings.compose_contacts.empty()) return book;
  std::size_t cards = 0;
  const auto error = each_card_file(settings.compose_contacts, [&](const std::string& path) {
    if (cards >= most_cards) return;
    const auto text = read_file(path, longest_card_file);
    if (!text) return;
    for (const Address& address : parse_vcards(*text)) {
      if (++cards > most_cards) break;
      book.add_card(address);
    }
  });
  if (error) events.send(Failed{0, disk_error(_("Reading"), settings.compose_contacts, error.value()), {}, {}});
  return book;
}

/// Behind everything else, for the processor and the disk.
void stand_back() {
  constexpr int who_process = 1, idle_class = 3 << 13;  // ioprio_set(2)
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, 10));
  static_cast<void>(::syscall(SYS_ioprio_set, who_process, 0, idle_class));
}

template <typename Work>
void guarded(Channel<Event>& events, Work work) {
  try {
    work();
  } catch (const std::exception& exception) {
    events.send(Failed{0, {Kind::bug, Blast::program, std::string(_("The address thread stopped:")) + " " + exception.what(), {}}, {}, {}});
  }
}

}  // namespace

struct AddressWorker::State {
  State(const config::Settings& given, const config::Places& places, const Clock& now, Channel<Event>& told)
      : settings(given), scan_options{index_location(given, places), places.state_dir, config::identities_of(given)}, clock(now), events(told) {}

  void serve(const std::stop_token& stop);
  void load();
  void take(PeopleScan::Found found);
  void answer(const CompleteAddress& request);
  void follow_index(const std::stop_token& stop);
  void follow_cards();

  const config::Settings settings;
  const PeopleScan::Options scan_options;
  const Clock& clock;
  Channel<Event>& events;
  Channel<CompleteAddress> requests;
  Channel<PeopleScan::Found> found;
  Channel<AddressBook> cards_read;
  Wakeup is_wanted;  ///< somebody completes: what is new matters now
  AddressBook fixed, book;
  std::size_t cards_print = 0;         ///< of what `fixed` was read from
  std::int64_t next_look_at_cards = 0;
};

void AddressWorker::State::serve(const std::stop_token& stop) {
  const Wakeup stopped;
  const std::stop_callback wake(stop, [&] { stopped.notify(); });
  cards_print = print_of_cards(settings.compose_contacts);
  fixed = book_of(settings, events);
  load();
  const std::jthread scanner([this](const std::stop_token& end) { guarded(events, [&] { follow_index(end); }); });
  while (!stop.stop_requested()) {
    wait_readable({requests.fd(), found.fd(), cards_read.fd(), stopped.fd()}, -1);
    for (auto& cards : cards_read.drain()) {
      fixed = std::move(cards);
      load();
    }
    for (auto& news : found.drain()) take(std::move(news));
    for (const auto& request : requests.drain()) answer(request);
  }
}

void AddressWorker::State::load() {
  book = fixed;
  const auto people = store::People::open(scan_options.state_dir);
  const auto known = people ? (*people)->all() : Result<std::vector<Person>>(Unexpected(Error(people.error())));
  if (!known) return Log(scan_options.state_dir + "/log").write("people", known.error().message);
  for (const Person& person : *known) book.add(person);
}

void AddressWorker::State::take(PeopleScan::Found news) {
  if (news.starts_anew) book = fixed;
  for (const Person& person : news.people) book.add(person);
}

void AddressWorker::State::answer(const CompleteAddress& request) {
  is_wanted.notify();
  events.send(AddressesCompleted{request.id, book.complete(request.typed, most_suggestions, clock.now()), book.known_domains()});
}

/// On a thread of its own: reading very much mail takes minutes, a completion must not wait for it.
void AddressWorker::State::follow_index(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { is_wanted.notify(); });
  stand_back();
  PeopleScan scan(scan_options, clock);
  std::string last_error;
  for (int wait_ms = quiet_ms; !stop.stop_requested(); wait_ms = look_ms) {
    if (wait_readable({is_wanted.fd()}, wait_ms) >= 0) is_wanted.clear();
    if (stop.stop_requested()) break;
    const auto done = scan.run(stop, [this](PeopleScan::Found news) { found.send(std::move(news)); });
    const std::string error = done ? std::string() : done.error().message;
    if (!error.empty() && error != last_error) Log(scan_options.state_dir + "/log").write("people", error);
    last_error = error;
    follow_cards();
  }
}

void AddressWorker::State::follow_cards() {
  const std::int64_t begin = clock.monotonic_ms();
  if (settings.compose_contacts.empty() || begin < next_look_at_cards) return;
  const std::size_t print = print_of_cards(settings.compose_contacts);
  next_look_at_cards = clock.monotonic_ms() + card_rest * (clock.monotonic_ms() - begin);
  if (std::exchange(cards_print, print) != print) cards_read.send(book_of(settings, events));
}

AddressWorker::AddressWorker(const config::Settings& settings, const config::Places& places, const Clock& clock, Channel<Event>& events)
    : state_(std::make_unique<State>(settings, places, clock, events)),
      thread_([state = state_.get()](const std::stop_token& stop) { guarded(state->events, [&] { state->serve(stop); }); }) {}

AddressWorker::~AddressWorker() = default;

void AddressWorker::post(CompleteAddress request) { state_->requests.send(std::move(request)); }

}  // namespace valija::workers
