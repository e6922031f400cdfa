#include "valija/workers/take_back.hpp"

#include <fmt/format.h>

#include "valija/base/words.hpp"
#include "valija/store/draft_files.hpp"

namespace valija::workers {
namespace {

Error too_late(std::int64_t id) {
  return {Kind::usage, Blast::message, fmt::format(fmt::runtime(_("Mail {} cannot be taken back: it is not in the outbox, or the server has it.")), id),
          _("See: valija outbox")};
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
    if (draft.id.empty()) draft.id = drafts.new_id();
    if (const auto saved = drafts.save(draft); !saved) return fail(saved.error());
  }
  const auto cancelled = outbox.cancel(id);
  if (cancelled && *cancelled) return draft;
  if (cancelled && !draft.id.empty()) static_cast<void>(drafts.remove(draft.id));
  return fail(cancelled ? too_late(id) : cancelled.error());
}

}  // namespace valija::workers
