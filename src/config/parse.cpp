#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "paths.hpp"
#include "sections.hpp"
#include "source.hpp"
#include "toml.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::config {

namespace {

/// Syntax errors are reported together: each one's line is blanked and the rest read again, at most this often.
constexpr int most_syntax_errors = 20;

std::string description_of(const TomlError& error) {
  // "Error while parsing key-value pair: expected '=', saw 'b'": what follows the colon says it.
  const auto colon =
      error.description.starts_with("Error while parsing") ? error.description.find(": ") : std::string::npos;
  return clean(colon == std::string::npos ? error.description : error.description.substr(colon + 2));
}

void report_syntax(const TomlError& error, Source& source) {
  if (error.is_redefinition) {
    source.fault(error.at, _("This is already set above."),
                 _("A name stands once in its section, and a section once in the file."));
  } else {
    source.fault(error.at,
                 fmt::format(fmt::runtime(_("This line cannot be read as TOML ({}).")), description_of(error)),
                 _("A section is written [name], a setting key = value, with text in double quotes."));
  }
}

/// Blanks a line in place; a section's header becomes one of a section that nobody looks at, so that its keys do not
/// fall to the section above. False when there is nothing left to blank.
bool blank_line(std::string& text, std::size_t line, int attempt) {
  std::size_t start = 0;
  for (std::size_t i = 1; i < line; ++i) {
    const auto end = text.find('\n', start);
    if (end == std::string::npos) return false;
    start = end + 1;
  }
  const std::size_t size = std::min(text.find('\n', start), text.size()) - start;
  const std::string_view old = trim(std::string_view(text).substr(start, size));
  if (old.empty()) return false;
  const std::string section = old.starts_with('[') && !old.starts_with("[valija-unreadable-")
                                  ? fmt::format("[{}{}]", unreadable_section, attempt)
                                  : "";
  text.replace(start, size, section);
  return true;
}

TomlValue read_tolerantly(const std::string& text, Source& source) {
  TomlResult result = read_toml(text);
  if (!result.error) return std::move(result.root);
  std::string rest = text;
  for (int attempt = 0; result.error && attempt < most_syntax_errors; ++attempt) {
    const Position at = result.error->at;
    report_syntax(*result.error, source);
    if (!blank_line(rest, at.line, attempt)) break;
    result = read_toml(rest);
    if (result.error && result.error->at.line == at.line) break;
  }
  return std::move(result.root);
}

Position position_of_octet(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return {static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<std::size_t>(
              std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(), is_start)) +
              1};
}

std::size_t first_invalid_octet(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const auto first = static_cast<unsigned char>(text[offset]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (!is_valid_utf8(text.substr(offset, size))) break;
    offset += size;
  }
  return offset;
}

/// Characters that no settings file holds. False: the text must not be read further.
bool check_characters(std::string_view text, Source& source) {
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    source.fault(position_of_octet(text, nul), _("The settings file contains a NUL character."),
                 _("It is not a text file; write a new one from: valija config sample"));
    return false;
  }
  if (!is_valid_utf8(text)) {
    source.fault(position_of_octet(text, first_invalid_octet(text)),
                 _("The settings file is not valid UTF-8 from here on."), _("Save it in UTF-8 with your editor."));
    return false;
  }
  return true;
}

/// A password may stand in a file that nobody else can read.
void check_password(const Parsed& parsed, Source& source) {
  if (parsed.passwords.empty()) return;
  struct stat status {};
  const bool is_private =
      ::stat(source.file().c_str(), &status) == 0 && status.st_uid == ::geteuid() && (status.st_mode & 077) == 0;
  if (is_private) return;
  for (const Position& at : parsed.passwords) {
    source.fault(at, _("A password stands in a file that others may read."),
                 fmt::format(fmt::runtime(_("Use password-command, or make the file private: chmod 600 {}")),
                             clean(source.file())));
  }
}

void settle_places(Parsed& parsed, const Places& places, Source& source) {
  Settings& settings = parsed.settings;
  if (settings.compose_templates.empty()) settings.compose_templates = places.home + "/.config/valija/templates";
  if (settings.mail_root.empty()) {
    settings.mail_root = places.notmuch_mail_root.empty() ? places.home + "/Mail" : places.notmuch_mail_root;
    return;
  }
  if (places.notmuch_database.empty() || places.notmuch_mail_root.empty()) return;
  if (is_inside(settings.mail_root, places.notmuch_mail_root)) return;
  source.fault(parsed.mail_root_at,
               fmt::format(fmt::runtime(_("The mail root is outside of the mail that notmuch indexes, {}.")),
                           clean(places.notmuch_mail_root)),
               _("Choose a directory inside of it, or leave mail.root out."));
}

}  // namespace

Loaded parse(const std::string& text, const std::string& file, const Places& places) {
  Source source(file, text);
  Loaded loaded;
  if (check_characters(text, source)) {
    Parsed parsed = read_sections(read_tolerantly(text, source), places, source);
    check_password(parsed, source);
    settle_places(parsed, places, source);
    loaded.settings = std::move(parsed.settings);
  }
  loaded.settings.file = file;
  loaded.faults = source.take_faults();
  loaded.warnings = source.take_warnings();
  std::stable_sort(loaded.faults.begin(), loaded.faults.end(),
                   [](const Fault& a, const Fault& b) { return a.line < b.line; });
  return loaded;
}

}  // namespace valija::config
