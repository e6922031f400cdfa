#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "valija/mail/identity.hpp"
#include "valija/mail/mailto.hpp"
#include "valija/mail/presend.hpp"
#include "valija/mail/reply.hpp"

/// What a page or a person hands over: a mailto: address, and a draft as an editor left it. Nothing but the six fields of a mailto: is taken, and
/// what is taken can be written down and read back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto draft = valija::parse_mailto(text)) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    for (const auto* field : {&draft->to, &draft->cc, &draft->bcc, &draft->subject, &draft->in_reply_to}) {
      if (std::any_of(field->begin(), field->end(), is_control)) std::abort();
    }
    if (!draft->attachments.empty() || !draft->from.empty() || !draft->reply_to.empty()) std::abort();
  }
  if (const auto draft = valija::parse_draft(text)) {
    const auto again = valija::parse_draft(valija::to_text(*draft));
    if (!again || *again != *draft) std::abort();
    static_cast<void>(valija::doubts_about(*draft, {}, {}, {"example.org"}));
    const bool has_faults = !valija::faults_of(*draft).empty();
    for (const auto& address : valija::parse_addresses(draft->to)) {
      if (!has_faults && !valija::is_sendable(address.mailbox)) std::abort();
    }
  }
  static_cast<void>(valija::with_edited_text({}, text));
  static_cast<void>(valija::reply_subject(text));
  return 0;
}
