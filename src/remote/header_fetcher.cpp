#include "header_fetcher.hpp"

#include <algorithm>
#include <string>

#include "valija/sync/fingerprint.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t set_size = 500;
constexpr std::size_t header_limit = std::size_t{64} << 10;
constexpr std::string_view items = "(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)])";

/// Collects one header at a time; `asked` is sorted by uid.
class Headers {
 public:
  Headers(std::span<const sync::ServerMessage> asked, std::vector<sync::ServerMessage>& answers) : asked_(asked), answers_(answers) {}

  void take(imap::Event& event) {
    if (const auto* begin = std::get_if<imap::BodyBegin>(&event)) {
      header_.clear();
      is_whole_ = begin->size <= header_limit;
    } else if (const auto* piece = std::get_if<imap::BodyPiece>(&event)) {
      if (is_whole_) header_ += piece->octets;
    } else if (const auto* untagged = std::get_if<imap::Untagged>(&event)) {
      if (const auto* fetched = std::get_if<imap::Fetched>(untagged)) finish(*fetched);
    }
  }

 private:
  void finish(const imap::Fetched& fetched) {
    for (const imap::Body& body : fetched.bodies) {
      if (body.form == imap::Body::Form::text) header_ = body.text, is_whole_ = true;
    }
    if (fetched.bodies.empty() || !is_whole_) return;
    const auto asked = std::lower_bound(asked_.begin(), asked_.end(), sync::Uid{fetched.uid},
                                        [](const auto& message, sync::Uid uid) { return message.uid < uid; });
    if (asked == asked_.end() || asked->uid.value != fetched.uid) return;
    sync::ServerMessage answer = *asked;
    answer.fingerprint = sync::fingerprint(header_, fetched.size.value_or(answer.size));
    answers_.push_back(std::move(answer));
    is_whole_ = false;
  }

  std::span<const sync::ServerMessage> asked_;
  std::vector<sync::ServerMessage>& answers_;
  std::string header_;
  bool is_whole_ = false;
};

}  // namespace

Result<std::vector<sync::ServerMessage>> fetch_fingerprints(Connection& connection, std::span<const sync::ServerMessage> messages) {
  std::vector<sync::ServerMessage> asked(messages.begin(), messages.end());
  std::sort(asked.begin(), asked.end(), [](const auto& a, const auto& b) { return a.uid < b.uid; });
  asked.erase(std::unique(asked.begin(), asked.end(), [](const auto& a, const auto& b) { return a.uid == b.uid; }), asked.end());
  std::vector<sync::ServerMessage> answers;
  for (std::size_t start = 0; start < asked.size(); start += set_size) {
    const auto part = std::span<const sync::ServerMessage>(asked).subspan(start, std::min(set_size, asked.size() - start));
    std::vector<std::uint32_t> uids;
    for (const sync::ServerMessage& message : part) uids.push_back(message.uid.value);
    Headers headers(part, answers);
    const auto condition = connection.run(imap::uid_fetch(imap::to_sequence_set(uids), items),
                                          [&](imap::Event& event) -> Result<void> {
                                            headers.take(event);
                                            return {};
                                          });
    if (!condition) return fail(condition.error());
  }
  return answers;
}

}  // namespace valija::remote
