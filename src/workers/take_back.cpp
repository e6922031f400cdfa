#include "valija/workers/take_back.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/store/draft_files.hpp"

namespace valija::workers {
namespace {

Error too_late(std::int64_t id) {
  return {Kind::usage, Blast::message, fmt::format(fmt::runtime(_("Mail {} cannot be taken back: it is not in the outbox, or the server has it.")), id),
          _("See: valija outbox")};
}

/// Who has it already is not written to again.
void leave_out(Draft& draft, const std::vector<std::string>& delivered) {
  if (delivered.empty()) return;
  for (std::string* field : {&draft.to, &draft.cc, &draft.bcc}) {
    std::vector<std::string> left;
    for (const Address& address : parse_addresses(*field)) {
      const bool has_it = std::any_of(delivered.begin(), delivered.end(), [&](const std::string& one) { return equal_ignoring_case(one, address.mailbox); });
      if (!has_it) left.push_back(to_text(address));
    }
    *field = join(left, ", ");
  }
}

}  // namespace

Result<Draft> take_back(store::Outbox& outbox, const std::string& state_dir, std::int64_t id) {
  const auto found = outbox.find(id);
  if (!found) return fail(found.error());
  if (!*found) return fail(too_late(id));
  const store::DraftFiles drafts(state_dir);
  Draft draft;
  if (!(*found)->draft.empty()) {
    auto parsed = parse_draft((*found)->draft);
    if (!parsed) return parsed;
    draft = std::move(*parsed);
    leave_out(draft, (*found)->delivered);
    if (draft.id.empty()) draft.id = drafts.new_id();
    if (const auto saved = drafts.save(draft); !saved) return fail(saved.error());
  }
  const auto cancelled = outbox.cancel(id);
  if (cancelled && *cancelled) return draft;
  if (cancelled && !draft.id.empty()) static_cast<void>(drafts.remove(draft.id));
  return fail(cancelled ? too_late(id) : cancelled.error());
}

}  // namespace valija::workers
