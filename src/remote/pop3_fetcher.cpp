#include "pop3_fetcher.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t held_limit = std::size_t{8} << 20;

/// What a server adds behind a message that does not end in a line end.
constexpr std::uint64_t added_line_end = 2;

/// LIST may be an estimate, but not wrong by more than this.
std::uint64_t slack_of(std::uint64_t listed) { return listed / 4 + 1024; }
bool is_near(std::uint64_t size, std::uint64_t listed) {
  return size <= listed + slack_of(listed) && listed <= size + slack_of(listed);
}

}  // namespace

std::size_t Pop3Job::left() const {
  return static_cast<std::size_t>(std::count_if(messages.begin(), messages.end(), [](const Wanted& wanted) { return !wanted.is_settled; }));
}

void Pop3Job::postpone_next() {
  const auto next = std::find_if(messages.begin(), messages.end(), [](const Wanted& wanted) { return !wanted.is_settled; });
  if (next != messages.end()) std::rotate(next, next + 1, messages.end());
}

Pop3Fetcher::Pop3Fetcher(Pop3Connection& connection, const Maildrop& drop, Pop3Job& job, sync::FetchSink& sink, Warnings& warnings)
    : connection_(connection), drop_(drop), job_(job), sink_(sink), warnings_(warnings) {}

/// A second time for those that were not as long as listed.
Result<void> Pop3Fetcher::run() {
  for (int round = 0; round < 2 && job_.left() > 0; ++round) {
    if (auto done = run_once(); !done) return done;
  }
  return {};
}

Result<void> Pop3Fetcher::run_once() {
  std::unordered_map<std::uint32_t, const DropMessage*> by_uid;
  for (const DropMessage& message : drop_.messages) by_uid.emplace(message.uid.value, &message);
  std::vector<Pop3Job::Wanted*> wanted;
  std::vector<pop3::MessageNumber> numbers;
  for (Pop3Job::Wanted& message : job_.messages) {
    if (message.is_settled) continue;
    const auto found = by_uid.find(message.message.uid.value);
    if (found == by_uid.end()) {
      message.is_settled = true;  // gone from the server
      continue;
    }
    message.message.size = found->second->size;
    if (message.message.size > pop3::message_limit) {
      give_up(message, Kind::protocol, _("it is longer than any message may be"));
      continue;
    }
    wanted.push_back(&message);
    numbers.push_back(found->second->number);
  }
  return run_all(
      connection_, wanted.size(), [&](std::size_t index) { return pop3::retr(numbers[index]); },
      [&](std::size_t index, const pop3::Event& event) { return take(*wanted[index], event); });
}

Result<void> Pop3Fetcher::take(Pop3Job::Wanted& wanted, const pop3::Event& event) {
  if (const auto* octets = std::get_if<pop3::Piece>(&event)) return piece(wanted, octets->octets);
  if (const auto* completed = std::get_if<pop3::Completed>(&event)) return complete(wanted, completed->reply);
  held_.clear();
  octets_ = lines_ = announced_ = 0;
  return {};
}

Result<void> Pop3Fetcher::piece(Pop3Job::Wanted& wanted, std::string_view octets) {
  octets_ += octets.size();
  lines_ += static_cast<std::uint64_t>(std::count(octets.begin(), octets.end(), '\n'));
  if (octets_ > wanted.message.size + slack_of(wanted.message.size) + held_limit) {
    give_up(wanted, Kind::protocol, _("it is far longer than the server said before"));
    return fail(Kind::protocol, Blast::account, _("The server sends a message that is far longer than it said before."));
  }
  if (announced_ == 0 && octets_ <= held_limit) {
    held_ += octets;
    return {};
  }
  if (announced_ == 0) {
    announced_ = wanted.came_size > 0 ? wanted.came_size : wanted.message.size;
    if (octets_ > announced_) return {};
    if (auto begun = of_sink(sink_.begin(wanted.message, announced_)); !begun) return begun;
    if (auto written = of_sink(sink_.body(held_)); !written) return written;
  }
  // More than was announced shows at the end.
  return octets_ > announced_ ? Result<void>() : of_sink(sink_.body(octets));
}

Result<void> Pop3Fetcher::complete(Pop3Job::Wanted& wanted, const pop3::Reply& reply) {
  if (!reply.is_ok) {
    give_up(wanted, Kind::try_later, words_of(reply));
  } else if (octets_ == 0) {
    give_up(wanted, Kind::try_later, _("the server gives no text for it"));
  } else if (!is_near(octets_, wanted.message.size)) {
    give_up(wanted, Kind::try_later, fmt::format(fmt::runtime(_("{} octets came where the server had said {}")), octets_, wanted.message.size));
  } else if (is_as_listed(wanted.message) || octets_ == wanted.came_size) {
    if (announced_ == 0 || octets_ == announced_) return deliver(wanted);
    wanted.came_size = octets_;
  } else if (wanted.came_size == 0) {
    wanted.came_size = octets_;
  } else {
    give_up(wanted, Kind::try_later, _("it has another size each time it is fetched"));
  }
  return {};
}

/// Exactly, or with line ends counted as one octet.
bool Pop3Fetcher::is_as_listed(const sync::ServerMessage& message) const {
  const auto is_about = [&](std::uint64_t listed) { return octets_ >= listed && octets_ <= listed + added_line_end; };
  return is_about(message.size) || is_about(message.size + lines_);
}

Result<void> Pop3Fetcher::deliver(Pop3Job::Wanted& wanted) {
  if (announced_ == 0) {
    if (auto begun = of_sink(sink_.begin(wanted.message, octets_)); !begun) return begun;
    if (auto written = of_sink(sink_.body(held_)); !written) return written;
  }
  auto ended = of_sink(sink_.end());
  wanted.is_settled = ended.has_value();
  return ended;
}

void Pop3Fetcher::give_up(Pop3Job::Wanted& wanted, Kind kind, std::string reason) {
  warnings_.add({kind, Blast::message, fmt::format(fmt::runtime(_("Message {} of the folder {} was left out: {}.")), wanted.message.uid.value, "INBOX", reason),
                 _("It stays on the server; the next sync tries again.")});
  wanted.is_settled = true;
}

Result<void> Pop3Fetcher::of_sink(Result<void> result) {
  if (!result) sink_failed_ = true;
  return result;
}

}  // namespace valija::remote
