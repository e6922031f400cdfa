#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "valija/remote/imap_remote.hpp"

namespace {

using namespace valija;

/// A server that says the same octets whatever it is asked.
class Babbler final : public net::Stream {
 public:
  Babbler(std::string_view wire, std::size_t step) : wire_(wire), step_(step) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    if (wire_.empty()) return fail(Kind::unreachable, Blast::account, "cut");
    const std::size_t size = std::min({wire_.size(), step_, buffer.size()});
    std::memcpy(buffer.data(), wire_.data(), size);
    wire_.remove_prefix(size);
    return size;
  }
  Result<void> write(std::string_view) override { return {}; }
  Result<bool> readable(int) override { return true; }

 private:
  std::string_view wire_;
  std::size_t step_;
};

/// Every message that ends is whole, was asked for, and comes once.
class Judge final : public sync::FetchSink {
 public:
  Result<void> begin(const sync::ServerMessage& message, std::uint64_t size) override {
    if (message.uid.value == 0 || message.uid.value > 3 || size == 0) std::abort();
    uid_ = message.uid.value;
    left_ = size;
    return {};
  }
  Result<void> body(std::string_view piece) override {
    if (uid_ == 0 || piece.size() > left_) std::abort();
    left_ -= piece.size();
    return {};
  }
  Result<void> end() override {
    if (uid_ == 0 || left_ != 0 || came_[uid_]) std::abort();
    came_[uid_] = true;
    uid_ = 0;
    return {};
  }

 private:
  std::uint32_t uid_ = 0;
  std::uint64_t left_ = 0;
  bool came_[4] = {};
};

/// Two messages of the same few octets; each is taken or refused at most once.
class Parcel final : public sync::UploadSource {
 public:
  Result<std::optional<sync::OutgoingMessage>> next() override {
    left_ = 5;
    if (handed_out_ == 2) return std::optional<sync::OutgoingMessage>();
    ++handed_out_;
    return std::optional(sync::OutgoingMessage{{}, 0, left_});
  }
  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = std::min(buffer.size(), left_);
    std::fill_n(buffer.begin(), size, 'x');
    left_ -= size;
    return size;
  }
  Result<void> appended(std::size_t index, sync::UidValidity, sync::Uid) override { return settle(index); }
  Result<void> refused(std::size_t index, const Error&) override { return settle(index); }

 private:
  Result<void> settle(std::size_t index) {
    if (index >= handed_out_ || is_settled_[index]) std::abort();
    is_settled_[index] = true;
    return {};
  }

  std::size_t handed_out_ = 0, left_ = 0;
  bool is_settled_[2] = {};
};

/// What is told of the uids 1 to 3 must be of them, once each.
template <typename Values, typename UidOf>
void judge(const Values& values, UidOf uid_of) {
  bool came[4] = {};
  for (const auto& value : values) {
    const std::uint32_t uid = uid_of(value).value;
    if (uid == 0 || uid > 3 || came[uid]) std::abort();
    came[uid] = true;
  }
}

void write(sync::Remote& remote, const sync::ServerFolder& folder) {
  const sync::Uid uids[] = {{3}, {1}, {2}};
  sync::ServerFolder other;
  other.wire_name = "Other";
  other.path = *FolderPath::from_text("Other");
  const std::vector<sync::MarkChange> changes{{{1}, {{Flag::seen}, {}}, {}}, {{2}, {{Flag::seen}, {}}, {{}, {"x"}}}, {{3}, {}, {{}, {"x"}}}};
  if (const auto unchanged = remote.store(folder, {1}, {5}, changes)) judge(*unchanged, [](sync::Uid uid) { return uid; });
  if (const auto moved = remote.move(folder, {1}, uids, other)) judge(*moved, [](const auto& message) { return message.from; });
  if (const auto gone = remote.expunge(folder, {1}, uids)) judge(*gone, [](sync::Uid uid) { return uid; });
  Parcel parcel;
  (void)remote.append(folder, parcel);
  (void)remote.create_folder(*FolderPath::from_text("a/b"));
  (void)remote.rename_folder(other, *FolderPath::from_text("c"));
  (void)remote.delete_folder(other);
  (void)remote.is_gone(other);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view wire(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::size_t step = std::size_t{bytes[0]} % 100 + 1;
  const auto remote = remote::make_imap_remote([&]() -> Result<std::unique_ptr<net::Stream>> {
    return std::unique_ptr<net::Stream>(std::make_unique<Babbler>(wire, step));
  });
  if (const auto folders = remote->list_folders()) {
    for (const auto& folder : *folders) {
      if (folder.path.components().empty()) std::abort();
    }
  }
  sync::ServerFolder folder;
  folder.wire_name = "INBOX";
  sync::SyncedState known;
  known.uid_validity = {1};
  known.highest = {5};
  known.messages = {{{1}, "a", {}}, {{2}, "b", {}}};
  if (const auto snapshot = remote->list_messages(folder, known)) {
    for (std::size_t i = 1; i < snapshot->messages.size(); ++i) {
      if (!(snapshot->messages[i - 1].uid < snapshot->messages[i].uid)) std::abort();
    }
  }
  Judge judge;
  std::vector<sync::ServerMessage> messages(3);
  for (std::uint32_t i = 0; i < 3; ++i) messages[i].uid = {3 - i};
  (void)remote->fetch(folder, {1}, messages, judge);
  (void)remote->fingerprints(folder, {1}, messages);
  write(*remote, folder);
  remote->take_warnings();
  return 0;
}
