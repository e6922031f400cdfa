#pragma once

#include <string>

#include "valija/mail/draft.hpp"
#include "valija/store/outbox.hpp"

namespace valija::workers {

/// Takes a mail out of the outbox. What a person wrote is a draft in STATE/drafts before it is gone, and is returned; an empty id: a program had sent it.
/// Kind::usage: there is none, or it is too late.
Result<Draft> take_back(store::Outbox& outbox, const std::string& state_dir, std::int64_t id);

}  // namespace valija::workers
