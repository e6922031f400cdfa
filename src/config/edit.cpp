#include "valija/config/edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "toml.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::config {
namespace {

Unexpected by_hand(std::string_view section, std::string_view key) {
  return fail(Kind::settings, Blast::program, fmt::format(fmt::runtime(_("{} in [{}] cannot be written into the settings file.")), key, section),
              _("valija config check tells whether the file is sound; write the line by hand."));
}

/// As TOML, in double quotes.
std::string quoted(std::string_view text) {
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') all += '\\';
    all += c;
  }
  return all + "\"";
}

const TomlEntry* find(const TomlValue& table, std::string_view key) {
  const auto found = std::find_if(table.entries.begin(), table.entries.end(), [key](const TomlEntry& entry) { return entry.key == key; });
  return found == table.entries.end() ? nullptr : &*found;
}

/// Octet of a column of code points.
std::size_t octet_of(std::string_view line, std::size_t column) {
  std::size_t at = 0;
  for (std::size_t seen = 1; at < line.size(); ++at) {
    if ((static_cast<unsigned char>(line[at]) & 0xc0) != 0x80 && seen++ == column) break;
  }
  return at;
}

/// Behind the quoted text that begins at `at`; npos: there is none, or it goes on in the next line.
std::size_t end_of_text(std::string_view line, std::size_t at) {
  if (at >= line.size() || (line[at] != '"' && line[at] != '\'') || line.substr(at, 3) == std::string(3, line[at])) return std::string_view::npos;
  for (std::size_t end = at + 1; end < line.size(); ++end) {
    if (line[end] == '\\' && line[at] == '"') {
      ++end;
    } else if (line[end] == line[at]) {
      return end + 1;
    }
  }
  return std::string_view::npos;
}

std::size_t last_line(const TomlValue& value, std::size_t line) {
  line = std::max(line, value.at.line);
  for (const TomlEntry& entry : value.entries) line = last_line(entry.value, std::max(line, entry.at.line));
  return line;
}

}  // namespace

Result<std::string> with_key(std::string_view text, std::string_view section, std::string_view key, std::string_view value) {
  if (!is_valid_utf8(text) || clean(key) != key || clean(value) != value) return by_hand(section, clean(key));
  const TomlResult read = read_toml(text);
  if (read.error) return by_hand(section, key);
  std::vector<std::string> lines = split(text, '\n');
  const std::string line = quoted(key) + " = " + quoted(value);
  const TomlEntry* table = find(read.root, section);
  const TomlEntry* entry = table == nullptr ? nullptr : find(table->value, key);
  if (entry != nullptr && entry->value.at.line >= 1 && entry->value.at.line <= lines.size()) {
    std::string& there = lines[entry->value.at.line - 1];
    const std::size_t begin = octet_of(there, entry->value.at.column), end = end_of_text(there, begin);
    if (end == std::string::npos) return by_hand(section, key);
    there.replace(begin, end - begin, quoted(value));
  } else if (table != nullptr) {
    const std::size_t behind = std::min(lines.size(), last_line(table->value, table->at.line));
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(behind), line);
  } else {
    while (!lines.empty() && trim(lines.back()).empty()) lines.pop_back();
    if (!lines.empty()) lines.emplace_back();
    lines.insert(lines.end(), {fmt::format("[{}]", section), line, ""});
  }
  std::string changed = join(lines, "\n");
  // What a person wrote in another way than expected is found out here.
  const TomlResult again = read_toml(changed);
  const TomlEntry* now = again.error ? nullptr : find(again.root, section);
  now = now == nullptr ? nullptr : find(now->value, key);
  if (now == nullptr || now->value.text != value || again.root.entries.size() != read.root.entries.size() + (table == nullptr ? 1 : 0)) return by_hand(section, key);
  return changed;
}

}  // namespace valija::config
