#pragma once

#include "valija/config/settings.hpp"
#include "valija/mail/outgoing.hpp"

namespace valija::workers {

/// The message that was answered or passed on gets its tag, as a person would give it: it is stored first, tried at once, and where the index is busy
/// the next process does it.
Result<void> tag_original(const Outgoing& entry, const config::Settings& settings, const config::Places& places, UnixTime now);

}  // namespace valija::workers
