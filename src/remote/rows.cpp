#include "rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "answers.hpp"
#include "gmail.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t rows_limit = 4'000'000;
constexpr std::size_t rows_slack = 10'000;

}  // namespace

Result<void> Rows::take(imap::Event& event) {
  if (const auto* fetched = untagged_of<imap::Fetched>(event)) return add(*fetched);
  if (const auto* exists = untagged_of<imap::Exists>(event)) exists_ = exists->count;
  if (untagged_of<imap::Expunged>(event) != nullptr && exists_ > 0) --exists_;
  if (const auto* vanished = untagged_of<imap::Vanished>(event)) {
    if (!vanished->earlier) count_out(vanished->uids);
    vanished_.insert(vanished_.end(), vanished->uids.begin(), vanished->uids.end());
  }
  if (std::holds_alternative<imap::Malformed>(event)) ++malformed_;
  return {};
}

/// They vanish now, and what exists becomes less (RFC 7162 §3.2.10.2).
void Rows::count_out(std::span<const imap::Range> uids) {
  changed_meanwhile_ = true;
  for (const imap::Range& range : uids) exists_ -= std::min(exists_, range.last - range.first + 1);
}

Result<void> Rows::add(const imap::Fetched& fetched) {
  if (fetched.uid == 0) return {};
  if (rows_.size() >= rows_limit || rows_.size() >= std::size_t{exists_} + rows_slack) {
    return fail(Kind::protocol, Blast::folder,
                fmt::format(fmt::runtime(_("The server lists more messages in the folder {} than it has.")), shown_name(folder_)));
  }
  Row row;
  row.message.uid = {fetched.uid};
  row.sequence = fetched.sequence;
  row.has_marks = fetched.marks.has_value();
  row.labels = fetched.gmail_labels;
  if (fetched.marks) row.message.marks = *fetched.marks;
  row.message.size = fetched.size.value_or(0);
  row.message.received = fetched.received.value_or(0);
  rows_.push_back(std::move(row));
  return {};
}

void Rows::merge(Row& into, Row& from) {
  if (from.has_marks) into.message.marks = std::move(from.message.marks);
  into.has_marks = into.has_marks || from.has_marks;
  if (from.labels) into.labels = std::move(from.labels);
  if (from.message.size != 0) into.message.size = from.message.size;
  if (from.message.received != 0) into.message.received = from.message.received;
}

std::vector<std::uint32_t> Rows::without_size() const {
  std::vector<std::uint32_t> uids;
  for (const Row& row : rows_) {
    if (row.message.size == 0) uids.push_back(row.message.uid.value);
  }
  std::sort(uids.begin(), uids.end());
  uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
  return uids;
}

std::vector<sync::ServerMessage> Rows::finish() {
  const auto by_uid = [](const Row& a, const Row& b) { return a.message.uid < b.message.uid; };
  if (!std::is_sorted(rows_.begin(), rows_.end(), by_uid)) std::stable_sort(rows_.begin(), rows_.end(), by_uid);
  std::vector<sync::ServerMessage> messages;
  messages.reserve(rows_.size());
  for (std::size_t i = 0; i < rows_.size();) {
    Row row = std::move(rows_[i]);
    for (++i; i < rows_.size() && rows_[i].message.uid == row.message.uid; ++i) {
      if (rows_[i].sequence != row.sequence && !changed_meanwhile_) ++doubled_;
      merge(row, rows_[i]);
    }
    // Without flags it is not known whether the message was read: left for the next time.
    if (is_whole(row)) {
      if (with_labels_) put_labels(*row.labels, row.message.marks);
      messages.push_back(std::move(row.message));
    } else {
      ++incomplete_;
    }
  }
  rows_.clear();
  return messages;
}

}  // namespace valija::remote
