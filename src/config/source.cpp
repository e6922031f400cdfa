#include "source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::config {

namespace {

/// Columns of a line that a fault shows; the caret is always among them.
constexpr int shown_columns = 100;
constexpr std::size_t longest_kept_line = 4096;

/// A key that holds a secret, also one that is spelt wrong: "password", "pasword", "secret.password".
bool names_a_secret(std::string_view key) {
  const std::string name = to_lower_ascii(key);
  if (name.find("command") != std::string::npos) return false;
  return name.find("pass") != std::string::npos || name.find("pasw") != std::string::npos ||
         name.find("secret") != std::string::npos || name.find("token") != std::string::npos;
}

/// "imaps://ana:hunter2@host" -> "imaps://ana:***@host"
std::string without_url_password(std::string line) {
  const auto scheme = line.find("://");
  if (scheme == std::string::npos) return line;
  const auto end = line.find_first_of(" \t\"'", scheme + 3);
  const auto at = line.rfind('@', end);
  const auto colon = line.find(':', scheme + 3);
  if (at == std::string::npos || colon == std::string::npos || colon > at) return line;
  return line.replace(colon + 1, at - colon - 1, "***");
}

std::size_t octets_of(std::string_view line, std::size_t code_points) {
  std::size_t octets = 0;
  for (; octets < line.size() && code_points > 0; --code_points) {
    ++octets;
    while (octets < line.size() && (static_cast<unsigned char>(line[octets]) & 0xc0) == 0x80) ++octets;
  }
  return octets;
}

}  // namespace

std::string without_secrets(std::string_view line) {
  const auto equals = line.find('=');
  if (equals != std::string_view::npos && names_a_secret(line.substr(0, equals))) {
    return std::string(line.substr(0, equals)) + "= " + _("(hidden)");
  }
  return without_url_password(std::string(line));
}

Source::Source(std::string file, std::string_view text) : file_(std::move(file)) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines_.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

void Source::fault(Position at, std::string message, std::string help) {
  faults_.push_back(fault_at(at, std::move(message), std::move(help)));
}

void Source::warn(Position at, std::string message, std::string help) {
  warnings_.push_back(fault_at(at, std::move(message), std::move(help)));
}

Fault Source::fault_at(Position at, std::string message, std::string help) const {
  std::string line;
  if (at.line > 0 && at.line <= lines_.size()) {
    const std::string_view whole = lines_[at.line - 1];
    const std::size_t start = octets_of(whole, at.column > 0 ? at.column - 1 : 0);
    line = without_secrets(whole.substr(0, std::max(start, longest_kept_line)));
  }
  return {file_, at.line, at.column, std::move(line), std::move(message), std::move(help)};
}

std::string to_text(const Fault& fault) {
  std::string text = clean(fault.file);
  if (fault.line > 0) text += fmt::format(":{}", fault.line);
  if (fault.line > 0 && fault.column > 0) text += fmt::format(":{}", fault.column);
  if (!text.empty()) text += ": ";
  text += fault.message + "\n";
  if (fault.line > 0 && !fault.source_line.empty()) {
    const std::size_t start = octets_of(fault.source_line, fault.column > 0 ? fault.column - 1 : 0);
    std::string before = clean(std::string_view(fault.source_line).substr(0, start));
    if (display_width(before) > shown_columns - 20) {
      const auto parts = graphemes(before);
      int columns = 0;
      std::size_t first = parts.size();
      while (first > 0 && columns < 40) columns += parts[--first].width;
      const auto offset = static_cast<std::size_t>(parts[first].bytes.data() - before.data());
      before = "…" + before.substr(offset);
    }
    const int caret = display_width(before);
    text += "    " + fit(before + clean(std::string_view(fault.source_line).substr(start)), shown_columns) + "\n";
    text += "    " + std::string(static_cast<std::size_t>(caret), ' ') + "^\n";
  }
  if (!fault.help.empty()) text += "    " + fault.help + "\n";
  return text;
}

Error to_error(const std::vector<Fault>& faults) {
  std::string message = _("The settings cannot be used:");
  for (const Fault& fault : faults) message += "\n" + to_text(fault);
  if (message.ends_with('\n')) message.pop_back();
  return {Kind::settings, Blast::program, std::move(message), _("Correct them, then check with: valija config check")};
}

}  // namespace valija::config
