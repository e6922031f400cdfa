#include "notmuch_config.hpp"

#include "valija/base/text.hpp"

namespace valija::config {

namespace {

std::string unescaped(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      text.push_back(value[i]);
      continue;
    }
    switch (value[++i]) {
      case 's':
        text.push_back(' ');
        break;
      case 'n':
        text.push_back('\n');
        break;
      case 't':
        text.push_back('\t');
        break;
      case 'r':
        text.push_back('\r');
        break;
      default:
        text.push_back(value[i]);
    }
  }
  return text;
}

}  // namespace

NotmuchConfig read_notmuch_config(std::string_view text) {
  NotmuchConfig config;
  bool in_database = false;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '[') {
      in_database = line == "[database]";
      continue;
    }
    const auto equals = line.find('=');
    if (!in_database || equals == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, equals));
    const std::string value = unescaped(trim(line.substr(equals + 1)));
    if (key == "path") config.database_path = value;
    if (key == "mail_root") config.mail_root = value;
  }
  return config;
}

}  // namespace valija::config
