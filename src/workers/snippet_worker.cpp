#include "valija/workers/snippet_worker.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/wakeup.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t most_octets = 300;  // more than a screen line
constexpr std::size_t most_lines = 400;   // looked at for own words

bool is_own(const Line& line) {
  using Role = Line::Role;
  return line.quote_level == 0 && (line.role == Role::text || line.role == Role::heading || line.role == Role::preformatted);
}

}  // namespace

std::string first_words(const Document& document) {
  std::string words;
  const std::size_t lines = std::min(document.lines.size(), most_lines);
  for (std::size_t i = 0; i < lines && words.size() < most_octets; ++i) {
    const Line& line = document.lines[i];
    if (line.role == Line::Role::signature) break;
    if (!is_own(line)) continue;
    std::string text;
    for (const Span& span : line.spans) text += span.text;
    const std::string_view trimmed = trim(text);
    if (trimmed.empty()) continue;
    if (!words.empty()) words += ' ';
    words += line.marker;
    words += trimmed;
  }
  if (words.size() <= most_octets) return words;
  std::string cut;
  for (const Grapheme& grapheme : graphemes(words)) {
    if (cut.size() + grapheme.bytes.size() > most_octets) break;
    cut += grapheme.bytes;
  }
  return cut;
}

SnippetWorker::SnippetWorker(Channel<messages::Event>& events, Start start) : events_(events), start_(std::move(start)), thread_([this] { work(); }) {}

SnippetWorker::~SnippetWorker() { orders_.send(Quit{}); }

void SnippetWorker::work() {
  for (;;) {
    wait_readable({orders_.fd()}, -1);
    std::vector<Order> orders = orders_.drain();
    if (std::any_of(orders.begin(), orders.end(), [](const Order& order) { return std::holds_alternative<Quit>(order); })) return;
    for (std::size_t i = 0; i < orders.size(); ++i) {
      const auto& request = std::get<messages::FindSnippets>(orders[i]);
      answer(i + 1 == orders.size() ? request : messages::FindSnippets{request.id, {}});
    }
  }
}

void SnippetWorker::answer(const messages::FindSnippets& request) {
  messages::SnippetsFound found{request.id, {}};
  for (const std::string& file : request.files) found.snippets.emplace_back(file, snippet_of(file));
  events_.send(std::move(found));
}

/// What cannot be shown has no words; opening it says why.
std::string SnippetWorker::snippet_of(const std::string& file) {
  try {
    if (!service_) {
      auto service = start_();
      if (!service) return {};
      service_ = std::move(*service);
    }
    const auto document = service_->render(file);
    return document ? first_words(*document) : std::string();
  } catch (const std::exception&) {
    service_.reset();  // an answer may be half read
    return {};
  }
}

}  // namespace valija::workers
