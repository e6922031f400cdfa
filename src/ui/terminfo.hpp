#pragma once

#include <string>

namespace valija::ui::terminfo {

/// Reads the entry of a terminal; the functions below speak of it until `forget`. False: there is none.
bool read(const std::string& terminal_name);
void forget();
std::string text(const char* capability);
int number(const char* capability);
bool flag(const char* capability);
/// A string with its parameters, as terminfo(5) says.
std::string with_parameters(const std::string& text, int first, int second);

}  // namespace valija::ui::terminfo
