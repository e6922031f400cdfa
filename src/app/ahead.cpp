#include "valija/app/ahead.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace valija::app {
namespace {

constexpr std::int64_t rest_ms = 50;  // while a key repeats nothing is read on the way

}  // namespace

void Ahead::follow(const std::string& thread_id, const std::string& query, std::int64_t now_ms) {
  if (thread_id != thread_id_ || query != query_) {
    forget();
    thread_id_ = thread_id;
    query_ = query;
    since_ms_ = thread_id.empty() ? -1 : now_ms;
  }
  if (next_ms(now_ms) != 0) return;
  since_ms_ = -1;
  has_message_ = false;
  reader_.open(thread_id_, query_);
}

void Ahead::forget() {
  if (reader_.is_open()) reader_.close();
  thread_id_.clear();
  since_ms_ = -1;
}

int Ahead::next_ms(std::int64_t now_ms) const {
  return since_ms_ < 0 ? -1 : static_cast<int>(std::clamp<std::int64_t>(since_ms_ + rest_ms - now_ms, 0, rest_ms));
}

std::optional<messages::RenderMessage> Ahead::wanted_message(messages::RequestId id) {
  if (has_message_) return std::nullopt;
  auto request = reader_.wanted_message(id);
  if (request) request->is_ahead = has_message_ = true;
  return request;
}

bool Ahead::take(messages::Event& event) {
  if (auto* opened = std::get_if<messages::ThreadOpened>(&event)) return reader_.take(std::move(*opened));
  if (auto* rendered = std::get_if<messages::MessageRendered>(&event)) return reader_.take(std::move(*rendered));
  if (const auto* failed = std::get_if<messages::Failed>(&event)) return reader_.failed(failed->id, failed->error);
  return false;
}

std::optional<Reader> Ahead::open(const std::string& thread_id, const std::string& query) {
  if (!reader_.is_good_for(thread_id, query)) return std::nullopt;
  reader_.come_to_front();
  return std::exchange(reader_, Reader());
}

}  // namespace valija::app
