#include "drop_numbers.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "valija/sync/fingerprint.hpp"

namespace valija::remote {
namespace {

/// A fingerprint without its size: that of the file is exact, that of LIST perhaps not.
std::string fields_of(const std::string& fingerprint) {
  const std::size_t end = fingerprint.find('\n');
  return end == std::string::npos ? std::string() : fingerprint.substr(end);
}

/// The book against one list of the server.
class Numbering {
 public:
  Numbering(Pop3Connection& connection, Maildrop& drop, sync::UidBook& book) : connection_(connection), drop_(drop), book_(book) {}

  Result<std::vector<sync::BookedMessage>> run(UnixTime now) {
    auto booked = book_.read();
    if (!booked) return booked;
    rows_ = std::move(*booked);
    find_by_name();
    if (auto found = find_by_header(); !found) return fail(std::move(found).error());
    if (auto booked_out = forget_gone(); !booked_out) return fail(std::move(booked_out).error());
    if (auto added = add_new(now); !added) return fail(std::move(added).error());
    return std::move(rows_);
  }

 private:
  void find_by_name() {
    std::unordered_map<std::string_view, std::size_t> by_name;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i].name.empty()) by_name.emplace(rows_[i].name, i);
    }
    is_there_.assign(rows_.size(), false);
    for (DropMessage& message : drop_.messages) {
      const auto found = by_name.find(message.name);
      if (found == by_name.end() || is_there_[found->second]) continue;
      message.uid = rows_[found->second].uid;
      is_there_[found->second] = true;
    }
  }

  /// Only where known messages are missing and unknown ones of the same sizes are there are headers asked for.
  Result<void> find_by_header() {
    std::multimap<std::uint64_t, std::size_t> missing;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!is_there_[i] && !rows_[i].fingerprint.empty()) missing.emplace(rows_[i].size, i);
    }
    std::vector<DropMessage*> unknown;
    std::vector<pop3::MessageNumber> numbers;
    for (DropMessage& message : drop_.messages) {
      if (message.uid.value != 0 || !missing.contains(message.size)) continue;
      unknown.push_back(&message);
      numbers.push_back(message.number);
    }
    std::vector<sync::BookName> renamed;
    const auto read = read_headers(connection_, numbers, [&](std::size_t index, const std::optional<std::string>& header) {
      DropMessage& message = *unknown[index];
      const std::string fields = header ? fields_of(sync::fingerprint(*header, message.size)) : std::string();
      const auto [first, last] = missing.equal_range(message.size);
      const auto same = std::find_if(first, last, [&](const auto& row) { return fields_of(rows_[row.second].fingerprint) == fields; });
      if (fields.empty() || same == last) return;
      sync::BookedMessage& row = rows_[same->second];
      is_there_[same->second] = true;
      missing.erase(same);
      message.uid = row.uid;
      row.name = message.name;
      renamed.push_back({row.uid, row.name});
    });
    if (!read || renamed.empty()) return read;
    return book_.rename(renamed);
  }

  /// What we deleted, or never had, is done with. What left without us keeps its number but not its name, which the server may give to
  /// another message: should it come back under another one, it is known by its header.
  Result<void> forget_gone() {
    if (!drop_.is_whole) return {};
    std::set<sync::Uid> done;
    std::vector<sync::BookName> nameless;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (is_there_[i]) continue;
      if (rows_[i].is_deleted || rows_[i].fingerprint.empty()) {
        done.insert(rows_[i].uid);
      } else if (!rows_[i].name.empty()) {
        nameless.push_back({rows_[i].uid, {}});
        rows_[i].name.clear();
      }
    }
    std::erase_if(rows_, [&](const sync::BookedMessage& row) { return done.contains(row.uid); });
    if (!nameless.empty()) {
      if (auto renamed = book_.rename(nameless); !renamed) return renamed;
    }
    return done.empty() ? Result<void>() : book_.remove(std::vector<sync::Uid>(done.begin(), done.end()));
  }

  Result<void> add_new(UnixTime now) {
    std::vector<sync::BookedMessage> fresh;
    for (const DropMessage& message : drop_.messages) {
      if (message.uid.value == 0) fresh.push_back({.uid = {}, .name = message.name, .first_seen = now, .size = message.size});
    }
    if (fresh.empty()) return {};
    const auto uids = book_.add(fresh);
    if (!uids) return fail(uids.error());
    auto uid = uids->begin();
    for (DropMessage& message : drop_.messages) {
      if (message.uid.value == 0) message.uid = *uid++;
    }
    return {};
  }

  Pop3Connection& connection_;
  Maildrop& drop_;
  sync::UidBook& book_;
  std::vector<sync::BookedMessage> rows_;
  std::vector<bool> is_there_;  ///< by row: the server has it
};

}  // namespace

Result<std::vector<sync::BookedMessage>> number_messages(Pop3Connection& connection, Maildrop& drop, sync::UidBook& book, UnixTime now) {
  return Numbering(connection, drop, book).run(now);
}

}  // namespace valija::remote
