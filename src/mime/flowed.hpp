#pragma once

#include <string>
#include <string_view>

namespace valija::mime {

/// Text with LF as format=flowed (RFC 3676 §4): long lines are broken at blanks within 72 columns, blanks at the end of other lines go unless
/// they are quoted (our own quoting left them there), lines that begin with a blank or "From " are stuffed.
std::string to_flowed(std::string_view text);

/// Flowed text would damage a patch for those who take it out of the mail.
bool holds_patch(std::string_view text);

/// The way back, for a text that is edited again: LF, one line for each paragraph, quote marks with one blank behind them.
std::string from_flowed(std::string_view text, bool deletes_space);

}  // namespace valija::mime
