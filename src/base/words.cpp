#include "valija/base/words.hpp"

#include <fmt/format.h>
#include <langinfo.h>
#include <libintl.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace valija {
namespace {

constexpr const char* domain = "valija";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The po directory of the build tree that this program was started from, or nothing.
std::string build_tree_directory() {
  std::array<char, 4096> buffer = {};
  const ssize_t size = ::readlink("/proc/self/exe", buffer.data(), buffer.size());
  if (size <= 0) return {};
  const std::string_view program(buffer.data(), static_cast<std::size_t>(size));
  const auto source = program.rfind("/src/main/");
  if (source == std::string_view::npos) return {};
  std::string directory = std::string(program.substr(0, source)) + "/po";
  return ::access((directory + "/es/LC_MESSAGES/valija.mo").c_str(), R_OK) == 0 ? directory : std::string();
}

std::string catalogue_directory(const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  if (auto chosen = variable("VALIJA_LOCALE_DIR"); !chosen.empty()) return chosen;
  if (auto built = build_tree_directory(); !built.empty()) return built;
  return VALIJA_INSTALLED_LOCALE_DIR;
}

/// A locale that is asked for but not installed here (common over SSH) still gives its language.
void keep_language_of_missing_locale() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const auto value = variable(name);
    if (value.empty()) continue;
    if (value != "C" && value != "POSIX") ::setenv("LANGUAGE", value.substr(0, value.find_first_of(".@")).c_str(), 0);
    return;
  }
}

}  // namespace

const char* _(const char* english) {
  return *english == '\0' ? english : ::dgettext(domain, english);  // "" would give the catalogue's header
}

const char* n_(const char* one, const char* many, unsigned long count) { return ::dngettext(domain, one, many, count); }

void init_words(const std::string& locale_dir) {
  if (std::setlocale(LC_ALL, "") == nullptr) {
    std::setlocale(LC_ALL, "C.UTF-8");
    keep_language_of_missing_locale();
  }
  if (std::strcmp(::nl_langinfo(CODESET), "UTF-8") != 0) std::setlocale(LC_CTYPE, "C.UTF-8");
  ::bindtextdomain(domain, catalogue_directory(locale_dir).c_str());
  ::bind_textdomain_codeset(domain, "UTF-8");
  ::textdomain(domain);
}

std::string number(unsigned long long value) {
  // nl_langinfo and not localeconv: the latter fills a buffer that all threads share.
  std::string_view separator = ::nl_langinfo(THOUSEP);
  if (separator.empty()) separator = *::nl_langinfo(RADIXCHAR) == ',' ? "." : ",";
  std::string digits = std::to_string(value);
  for (std::size_t place = 3; place < digits.size(); place += 3 + separator.size()) {
    digits.insert(digits.size() - place, separator);
  }
  return digits;
}

std::string byte_count(unsigned long long bytes) {
  constexpr std::array units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (amount >= 999.5 && unit + 1 < units.size()) {
    amount /= 1000;
    ++unit;
  }
  std::string text = fmt::format("{:.{}f}", amount, amount < 9.95 ? 1 : 0);
  if (const auto point = text.find('.'); point != std::string::npos) text.replace(point, 1, ::nl_langinfo(RADIXCHAR));
  return text + " " + units.at(unit);
}

}  // namespace valija
