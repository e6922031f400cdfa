#include "valija/sync/fingerprint.hpp"

#include <array>
#include <optional>

#include "valija/base/text.hpp"

namespace valija::sync {
namespace {

constexpr std::array<std::string_view, 4> field_names = {"message-id", "date", "from", "subject"};
constexpr std::size_t longest_field = 4096;

std::optional<std::size_t> field_index(std::string_view name) {
  for (std::size_t index = 0; index < field_names.size(); ++index) {
    if (equal_ignoring_case(trim(name), field_names[index])) return index;
  }
  return std::nullopt;
}

/// White space, folds among it, is one space: servers refold headers.
void append_folded(std::string& field, std::string_view text) {
  bool space = !field.empty();
  for (const char byte : text) {
    if (field.size() >= longest_field) return;
    if (byte == ' ' || byte == '\t' || byte == '\r') {
      space = !field.empty();
      continue;
    }
    if (space && field.back() != ' ') field += ' ';
    space = false;
    field += byte;
  }
}

}  // namespace

std::string fingerprint(std::string_view header, std::uint64_t size) {
  std::array<std::string, field_names.size()> fields;
  std::string* current = nullptr;
  while (!header.empty()) {
    const std::size_t end = header.find('\n');
    std::string_view line = header.substr(0, end);
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      if (current != nullptr) append_folded(*current, line);
      continue;
    }
    const std::size_t colon = line.find(':');
    const std::optional<std::size_t> index = colon == std::string_view::npos ? std::nullopt : field_index(line.substr(0, colon));
    current = index && fields[*index].empty() ? &fields[*index] : nullptr;
    if (current != nullptr) append_folded(*current, line.substr(colon + 1));
  }
  std::string result;
  for (const std::string& field : fields) result += field;
  if (result.empty()) return {};
  result = std::to_string(size);
  for (const std::string& field : fields) result.append(1, '\n').append(field);
  return result;
}

}  // namespace valija::sync
