#pragma once

#include <string_view>

namespace valija::mime {

/// Longer ones are text.
constexpr std::size_t longest_attribution = 400;

/// "On ... Ana wrote:" in the languages that mailers write it in, or a date and an address in front of a colon.
bool is_attribution(std::string_view line);

/// A line that may be the first of several of one: "On Mon, 23 Nov 2026 at 09:41, Ana Ruiz <ana@example.org>".
bool begins_attribution(std::string_view line);

/// It names a day, and a time or an address: nobody writes that into a sentence of his own.
bool is_dated(std::string_view attribution);

enum class HeadMark { none, original, forwarded };

/// "-----Original Message-----", "Begin forwarded message:" and their kin, behind which earlier mail follows without marks.
HeadMark head_mark(std::string_view line);

enum class HeadLabel { none, from, date, to, cc, subject, reply_to };

/// What the line of a copied header says: "Gesendet: Montag" is the date.
HeadLabel head_label(std::string_view line);

/// "Sent from my iPhone", "Get Outlook for Android" and their kin.
bool is_device_signature(std::string_view line);

}  // namespace valija::mime
