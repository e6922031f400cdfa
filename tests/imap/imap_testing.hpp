#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/imap/framer.hpp"
#include "valija/imap/parser.hpp"
#include "valija/imap/session.hpp"

namespace valija::imap::testing {

/// The untagged response of type T that `text` is; a default one, with a failed check, if it is another.
template <typename T>
T untagged(std::string_view text) {
  const Response response = parse(text);
  const auto* outer = std::get_if<Untagged>(&response);
  const auto* inner = outer != nullptr ? std::get_if<T>(outer) : nullptr;
  CHECK_MESSAGE(inner != nullptr, "not what was expected: ", std::string(text));
  return inner != nullptr ? *inner : T{};
}

inline bool is_malformed(std::string_view text) { return std::holds_alternative<Malformed>(parse(text)); }

/// One line per event, bodies joined, so that two runs can be compared.
inline std::vector<std::string> describe(Session& session, std::vector<std::string> log = {}) {
  while (auto event = session.next()) {
    if (const auto* piece = std::get_if<BodyPiece>(&*event)) {
      if (!log.empty() && log.back().starts_with("body ")) {
        log.back() += piece->octets;
      } else {
        log.push_back("body " + std::string(piece->octets));
      }
    } else if (const auto* begin = std::get_if<BodyBegin>(&*event)) {
      log.push_back("begin " + begin->head.section + " uid " + std::to_string(begin->head.uid) + " size " +
                    std::to_string(begin->size));
    } else if (const auto* large = std::get_if<BodyTooLarge>(&*event)) {
      log.push_back("too large uid " + std::to_string(large->head.uid));
    } else if (const auto* completed = std::get_if<Completed>(&*event)) {
      log.push_back("completed " + std::to_string(completed->command) + " status " +
                    std::to_string(static_cast<int>(completed->condition.status)) + " " + completed->condition.text);
    } else if (const auto* malformed = std::get_if<Malformed>(&*event)) {
      log.push_back("malformed " + malformed->word);
    } else if (std::holds_alternative<LiteralWanted>(*event)) {
      log.push_back("literal wanted");
    } else if (std::holds_alternative<Failure>(*event)) {
      log.push_back("failure");
    } else {
      const auto& response = std::get<Untagged>(*event);
      std::string line = "untagged " + std::to_string(response.index());
      if (const auto* fetched = std::get_if<Fetched>(&response)) line += " uid " + std::to_string(fetched->uid);
      log.push_back(std::move(line));
    }
  }
  return log;
}

/// A session that is past its first CAPABILITY; `capabilities` follow IMAP4rev1.
inline Session ready_session(std::string_view capabilities = "") {
  Session session;
  session.take_output();
  session.feed("* CAPABILITY IMAP4rev1 " + std::string(capabilities) + "\r\nV1 OK done\r\n");
  while (session.next()) continue;
  return session;
}

}  // namespace valija::imap::testing
