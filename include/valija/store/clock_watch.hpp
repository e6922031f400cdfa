#pragma once

#include <string>

#include "valija/base/clock.hpp"

namespace valija::store {

/// Whether the time may be believed when something is deleted for its age. It is looked at in every pass (STATE/clock, shared by all accounts): after a
/// step back, or forward by more than two days, it is not believed for the day that follows. A clock that was wrong for a while, or a machine that slept,
/// deletes nothing early; at worst something rests a day longer. Any thread.
bool is_clock_steady(const std::string& state_dir, UnixTime now);

}  // namespace valija::store
