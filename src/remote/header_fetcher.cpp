#include "header_fetcher.hpp"

#include <algorithm>
#include <string>

#include "valija/sync/fingerprint.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t set_size = 500;
constexpr std::size_t header_limit = std::size_t{64} << 10;
constexpr std::string_view items = "(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)])";

/// Collects one header at a time; the listing says which uids exist.
class Headers {
 public:
  Headers(std::span<const std::uint32_t> asked, std::span<const sync::ServerMessage> listing,
          std::vector<sync::ServerMessage>& answers)
      : asked_(asked), listing_(listing), answers_(answers) {}

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
    if (fetched.bodies.empty() || !is_whole_ || !std::binary_search(asked_.begin(), asked_.end(), fetched.uid)) return;
    const auto listed = std::lower_bound(listing_.begin(), listing_.end(), sync::Uid{fetched.uid},
                                         [](const auto& message, sync::Uid uid) { return message.uid < uid; });
    if (listed == listing_.end() || listed->uid.value != fetched.uid) return;
    sync::ServerMessage answer = *listed;
    answer.fingerprint = sync::fingerprint(header_, fetched.size.value_or(answer.size));
    answers_.push_back(std::move(answer));
    is_whole_ = false;
  }

  std::span<const std::uint32_t> asked_;
  std::span<const sync::ServerMessage> listing_;
  std::vector<sync::ServerMessage>& answers_;
  std::string header_;
  bool is_whole_ = false;
};

}  // namespace

Result<std::vector<sync::ServerMessage>> fetch_fingerprints(Connection& connection, std::span<const sync::Uid> uids,
                                                            std::span<const sync::ServerMessage> listing) {
  std::vector<std::uint32_t> asked;
  for (const sync::Uid uid : uids) asked.push_back(uid.value);
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  std::vector<sync::ServerMessage> answers;
  for (std::size_t start = 0; start < asked.size(); start += set_size) {
    const auto set = std::span<const std::uint32_t>(asked).subspan(start, std::min(set_size, asked.size() - start));
    Headers headers(set, listing, answers);
    const auto condition = connection.run(imap::uid_fetch(imap::to_sequence_set(set), items),
                                          [&](imap::Event& event) -> Result<void> {
                                            headers.take(event);
                                            return {};
                                          });
    if (!condition) return fail(condition.error());
  }
  return answers;
}

}  // namespace valija::remote
