#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "valija/base/text.hpp"
#include "valija/imap/session.hpp"
#include "valija/sync/types.hpp"

namespace valija::remote {

/// The untagged response of this type, if the event is one.
template <typename T>
const T* untagged_of(const imap::Event& event) {
  const auto* untagged = std::get_if<imap::Untagged>(&event);
  return untagged != nullptr ? std::get_if<T>(untagged) : nullptr;
}

inline bool is_ok(const imap::Condition& condition) { return condition.status == imap::Status::ok; }

/// INBOX is one folder in any case of letters (RFC 9051 §5.1).
inline bool is_same_name(std::string_view a, std::string_view b) {
  return a == b || (equal_ignoring_case(a, "INBOX") && equal_ignoring_case(b, "INBOX"));
}

/// The server's words, for a sentence.
inline std::string words_of(const imap::Condition& condition) { return clean_phrase(condition.text); }

/// "Work/2026" for a sentence.
inline std::string shown_name(const sync::ServerFolder& folder) { return clean(folder.path.text()); }

}  // namespace valija::remote
