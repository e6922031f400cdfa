#include "mailcap.hpp"

#include <algorithm>
#include <cstdlib>

#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;
constexpr std::size_t longest_name = 100;

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
}

/// A type or an absolute path.
bool is_plain_word(std::string_view text) {
  return !text.starts_with('-') && std::all_of(text.begin(), text.end(), [](char c) { return is_plain(c) || c == '/' || c == '+'; });
}

/// Lines with those that a backslash at the end joins to them, without comments.
std::vector<std::string> logical_lines(std::string_view text) {
  std::vector<std::string> lines;
  bool goes_on = false;
  for (std::string& line : split(text, '\n')) {
    if (!goes_on && trim(line).starts_with('#')) continue;
    if (!goes_on) lines.emplace_back();
    goes_on = line.ends_with('\\');
    if (goes_on) line.pop_back();
    lines.back() += line;
  }
  return lines;
}

/// Fields between semicolons; a backslash takes its meaning from a semicolon, and is itself left out there.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ';') {
      fields.emplace_back();
    } else {
      if (line[i] == '\\' && i + 1 < line.size()) {
        if (line[i + 1] != ';') fields.back() += line[i];
        ++i;
      }
      fields.back() += line[i];
    }
  }
  for (std::string& field : fields) field = trim(field);
  return fields;
}

bool covers(const std::string& pattern, std::string_view type) {
  const std::string_view main = type.substr(0, type.find('/'));
  return pattern == type || pattern == main || pattern == std::string(main) + "/*";
}

std::vector<std::string> mailcap_files() {
  const char* given = std::getenv("MAILCAPS");
  if (given != nullptr && *given != '\0') return split(given, ':');
  const char* home = std::getenv("HOME");
  std::vector<std::string> files{"/etc/mailcap", "/usr/share/etc/mailcap", "/usr/local/etc/mailcap"};
  if (home != nullptr && *home != '\0') files.insert(files.begin(), std::string(home) + "/.mailcap");
  return files;
}

}  // namespace

std::vector<MailcapEntry> parse_mailcap(std::string_view text) {
  std::vector<MailcapEntry> entries;
  for (const std::string& line : logical_lines(text)) {
    const std::vector<std::string> fields = fields_of(line);
    if (fields.size() < 2 || fields[0].empty() || fields[1].empty()) continue;
    MailcapEntry entry;
    entry.type = to_lower_ascii(fields[0]);
    entry.command = fields[1];
    for (std::size_t i = 2; i < fields.size(); ++i) {
      const std::size_t equals = fields[i].find('=');
      const std::string name = to_lower_ascii(trim(std::string_view(fields[i]).substr(0, equals)));
      const std::string value = equals == std::string::npos ? std::string() : std::string(trim(std::string_view(fields[i]).substr(equals + 1)));
      if (name == "test") entry.test = value;
      if (name == "nametemplate") entry.name_template = value;
      entry.needs_terminal |= name == "needsterminal";
      entry.is_copious |= name == "copiousoutput";
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<MailcapEntry> mailcap_entries_for(std::string_view type) {
  std::vector<MailcapEntry> entries;
  for (const std::string& path : mailcap_files()) {
    const auto text = read_file(path, largest_file);
    if (!text) continue;
    for (MailcapEntry& entry : parse_mailcap(*text)) {
      if (!entry.needs_terminal && !entry.is_copious && covers(entry.type, type)) entries.push_back(std::move(entry));
    }
  }
  return entries;
}

std::string mailcap_name(const MailcapEntry& entry, std::string_view name) {
  std::string safe;
  for (const char c : name.substr(name.size() - std::min(name.size(), longest_name))) safe += is_plain(c) ? c : '_';
  safe.erase(0, safe.find_first_not_of(".-"));
  if (safe.empty()) safe = "part";
  const std::size_t place = entry.name_template.find("%s");
  if (place != 0) return safe;
  const std::string ending = entry.name_template.substr(2);
  return ending.size() > 20 || !std::all_of(ending.begin(), ending.end(), is_plain) || safe.ends_with(ending) ? safe : safe + ending;
}

std::optional<std::string> mailcap_command(std::string_view text, std::string_view path, std::string_view type) {
  if (!is_plain_word(path) || !is_plain_word(type)) return std::nullopt;
  std::string command;
  bool has_path = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 1 == text.size()) {
      command += text[i];
      continue;
    }
    const char what = text[++i];
    has_path |= what == 's';
    if (what == 's') command += path;
    if (what == 't') command += type;
    if (what == '%') command += '%';
    if (what == '{') i = std::min(text.find('}', i), text.size());  // parameters of the message: never
  }
  if (!has_path && !path.empty()) command = "{ " + command + "\n} <" + std::string(path);
  return command;
}

}  // namespace valija::workers
