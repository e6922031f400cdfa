#pragma once

#include <string>

namespace valija {

/// The user's words for an English sentence (gettext). Every string that a person reads passes here.
const char* _(const char* english);

/// Singular and plural by the language's rules: `n_("%lu message", ...)` without formatting.
const char* n_(const char* one, const char* many, unsigned long count);

/// Marks a string in a constant table for translation; `_()` it where it is shown.
constexpr const char* N_(const char* english) { return english; }

/// Reads LC_ALL and the catalogue. `locale_dir` holds es/LC_MESSAGES/valija.mo; empty: the installed place, or
/// $VALIJA_LOCALE_DIR, or the build tree's. Call once, first thing in main.
void init_words(const std::string& locale_dir = {});

/// 12,345 or 12.345 as the locale writes it.
std::string number(unsigned long long value);

/// "1.2 MB" in the locale's decimal sign.
std::string byte_count(unsigned long long bytes);

}  // namespace valija
