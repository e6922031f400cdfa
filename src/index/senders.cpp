#include "senders.hpp"

#include <algorithm>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/mail/address.hpp"

namespace valija::index {
namespace {

Address sender_of(const std::string& header) {
  auto addresses = parse_addresses(header);
  if (addresses.empty()) return {{}, clean(header)};
  return {clean(addresses.front().name), clean(addresses.front().mailbox)};
}

}  // namespace

std::size_t SenderTally::place_of(notmuch_message_t* message) {
  std::string header = text_or_empty(notmuch_message_get_header(message, "from"));
  if (const auto known = by_header_.find(header); known != by_header_.end()) return known->second;
  Address sender = sender_of(header);
  const std::size_t place = by_mailbox_.try_emplace(to_lower_ascii(sender.mailbox), senders_.size()).first->second;
  by_header_.emplace(std::move(header), place);
  if (place < senders_.size()) return place;
  SenderSummary& added = senders_.emplace_back();
  added.name = std::move(sender.name);
  added.mailbox = std::move(sender.mailbox);
  return place;
}

void SenderTally::add(notmuch_message_t* message) {
  SenderSummary& sender = senders_[place_of(message)];
  if (++sender.messages > 1) return;
  sender.newest = notmuch_message_get_date(message);
  sender.newest_file = text_or_empty(notmuch_message_get_filename(message));
}

void SenderTally::add_unread(notmuch_message_t* message) { ++senders_[place_of(message)].unread; }

std::vector<SenderSummary> SenderTally::take(std::size_t most) {
  std::erase_if(senders_, [](const SenderSummary& sender) { return sender.messages == 0; });
  const auto more = [](const SenderSummary& a, const SenderSummary& b) { return a.messages != b.messages ? a.messages > b.messages : a.newest > b.newest; };
  std::stable_sort(senders_.begin(), senders_.end(), more);
  senders_.resize(std::min(senders_.size(), most));
  return std::move(senders_);
}

}  // namespace valija::index
