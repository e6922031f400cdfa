#include "terminfo.hpp"

// The one file that includes curses. Its macros (tab, columns, ...) must not meet other headers.
#include <unistd.h>

#include <curses.h>

#include <term.h>

namespace valija::ui::terminfo {
namespace {

/// "$<5>" asks for a delay that no terminal has needed for decades.
std::string without_padding(std::string text) {
  for (std::size_t at = text.find("$<"); at != std::string::npos; at = text.find("$<", at)) {
    const std::size_t end = text.find('>', at);
    if (end == std::string::npos) break;
    text.erase(at, end - at + 1);
  }
  return text;
}

}  // namespace

bool read(const std::string& terminal_name) {
  int status = 0;
  return setupterm(terminal_name.c_str(), STDOUT_FILENO, &status) == 0;
}

void forget() { del_curterm(set_curterm(nullptr)); }

std::string text(const char* capability) {
  const char* value = tigetstr(capability);
  if (value == nullptr || value == reinterpret_cast<const char*>(-1)) return {};
  return without_padding(value);
}

int number(const char* capability) { return tigetnum(capability); }
bool flag(const char* capability) { return tigetflag(capability) > 0; }

std::string with_parameters(const std::string& text, int first, int second) {
  const char* value = tiparm(text.c_str(), first, second);
  return value == nullptr ? std::string() : without_padding(value);
}

}  // namespace valija::ui::terminfo
