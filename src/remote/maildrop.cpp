#include "maildrop.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

/// Longer ones are no UIDL (RFC 1939 §7: 70 octets, none of them a control or a space).
constexpr std::size_t longest_uidl = 70;
/// What is behind it in a header can differ as it likes.
constexpr std::size_t header_limit = std::size_t{1} << 20;

/// FNV-1a in 64 bits, from a start of choice.
std::uint64_t hash(std::string_view octets, std::uint64_t start) {
  for (const char octet : octets) start = (start ^ static_cast<unsigned char>(octet)) * 0x100000001b3;
  return start;
}

std::string digest(std::string_view octets) {
  const std::uint64_t first = hash(octets, 0xcbf29ce484222325);
  return fmt::format("{:016x}{:016x}", first, hash(octets, first ^ 0x9e3779b97f4a7c15));
}

/// "=" and a UIDL, or "~" and the digest of what should have been one.
std::string name_of_uidl(std::string_view uidl) {
  const bool is_proper = uidl.size() <= longest_uidl && std::all_of(uidl.begin(), uidl.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return is_proper ? '=' + std::string(uidl) : '~' + digest(uidl);
}

DropMessage* find(Maildrop& drop, pop3::MessageNumber number) {
  const auto found = std::lower_bound(drop.messages.begin(), drop.messages.end(), number,
                                      [](const DropMessage& message, pop3::MessageNumber n) { return message.number < n; });
  return found != drop.messages.end() && found->number == number ? &*found : nullptr;
}

Result<void> list_sizes(Pop3Connection& connection, Maildrop& drop) {
  const auto stat = connection.run(pop3::stat());
  if (!stat) return fail(stat.error());
  const auto reply = connection.run(pop3::list(), [&](const pop3::Event& event) {
    const auto* line = std::get_if<pop3::Row>(&event);
    if (line == nullptr) return;
    const auto row = pop3::parse_list_row(line->text);
    if (row) drop.messages.push_back({row->number, row->size, {}});
    if (!row) drop.is_whole = false;
  });
  if (!reply) return fail(reply.error());
  if (!reply->is_ok) return fail(refused(*reply));
  std::stable_sort(drop.messages.begin(), drop.messages.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  const auto same = std::unique(drop.messages.begin(), drop.messages.end(), [](const auto& a, const auto& b) { return a.number == b.number; });
  drop.messages.erase(same, drop.messages.end());
  drop.is_whole = drop.is_whole && stat->is_ok && pop3::parse_stat(stat->text) == drop.messages.size();
  return {};
}

Result<void> take_uidls(Pop3Connection& connection, Maildrop& drop) {
  const auto reply = connection.run(pop3::uidl(), [&](const pop3::Event& event) {
    const auto* line = std::get_if<pop3::Row>(&event);
    const auto row = line != nullptr ? pop3::parse_uidl_row(line->text) : std::nullopt;
    DropMessage* message = row ? find(drop, row->number) : nullptr;
    if (message != nullptr && message->name.empty() && !row->name.empty()) message->name = name_of_uidl(row->name);
  });
  if (!reply) return fail(reply.error());
  std::map<std::string_view, std::size_t> uses;
  for (const DropMessage& message : drop.messages) ++uses[message.name];
  std::vector<bool> is_doubled;
  for (const DropMessage& message : drop.messages) is_doubled.push_back(uses[message.name] > 1);
  for (std::size_t i = 0; i < is_doubled.size(); ++i) {
    if (is_doubled[i]) drop.messages[i].name.clear();
  }
  return {};
}

/// "#", digest and size; copies that are equal even in that are counted.
Result<void> name_by_headers(Pop3Connection& connection, Maildrop& drop, Warnings& warnings) {
  std::vector<pop3::MessageNumber> numbers;
  for (const DropMessage& message : drop.messages) {
    if (message.name.empty()) numbers.push_back(message.number);
  }
  std::map<std::string, int> copies;
  const auto read = read_headers(connection, numbers, [&](std::size_t index, const std::optional<std::string>& header) {
    if (!header) return;
    DropMessage& message = *find(drop, numbers[index]);
    const std::string name = fmt::format("#{}:{}", digest(*header), message.size);
    const int copy = ++copies[name];
    message.name = copy == 1 ? name : fmt::format("{}:{}", name, copy);
  });
  if (!read) return read;
  const auto nameless = std::erase_if(drop.messages, [](const DropMessage& message) { return message.name.empty(); });
  if (nameless == 0) return {};
  drop.is_whole = false;
  const char* sentence = n_("The server has {} message that it gives no name and no header for.",
                            "The server has {} messages that it gives no names and no headers for.", nameless);
  warnings.add({Kind::protocol, Blast::message, fmt::format(fmt::runtime(sentence), nameless),
                _("They cannot be told apart from those that are here, so they were left out. The server needs UIDL or TOP.")});
  return {};
}

}  // namespace

Result<Maildrop> list_maildrop(Pop3Connection& connection, Warnings& warnings) {
  Maildrop drop;
  if (auto listed = list_sizes(connection, drop); !listed) return fail(std::move(listed).error());
  if (auto named = take_uidls(connection, drop); !named) return fail(std::move(named).error());
  if (auto named = name_by_headers(connection, drop, warnings); !named) return fail(std::move(named).error());
  return drop;
}

Result<void> read_headers(Pop3Connection& connection, std::span<const pop3::MessageNumber> numbers,
                          const std::function<void(std::size_t index, const std::optional<std::string>& header)>& take) {
  std::string header;
  return run_all(
      connection, numbers.size(), [&](std::size_t index) { return pop3::top(numbers[index]); },
      [&](std::size_t index, const pop3::Event& event) -> Result<void> {
        if (const auto* piece = std::get_if<pop3::Piece>(&event)) {
          header += piece->octets.substr(0, header_limit - header.size());
        } else if (const auto* completed = std::get_if<pop3::Completed>(&event)) {
          take(index, completed->reply.is_ok ? std::optional(header) : std::nullopt);
          header.clear();
        }
        return {};
      });
}

}  // namespace valija::remote
