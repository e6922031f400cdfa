#include "folder_name.hpp"

#include <fmt/format.h>

#include <charconv>

#include "valija/base/text.hpp"

namespace valija::store {
namespace {

bool is_unsafe(unsigned char byte) { return byte < 0x20 || byte == 0x7f || byte == '%' || byte == '/'; }

void append_escaped(std::string& name, char byte) { name += fmt::format("%{:02X}", static_cast<unsigned char>(byte)); }

}  // namespace

std::string directory_name(std::string_view component) {
  const bool is_reserved = equal_ignoring_case(component, "cur") || equal_ignoring_case(component, "new") || equal_ignoring_case(component, "tmp");
  if (component.empty()) return "%";
  std::string name;
  for (std::size_t index = 0; index < component.size(); ++index) {
    const bool first_needs_it = index == 0 && (is_reserved || component.front() == '.');
    if (first_needs_it || is_unsafe(static_cast<unsigned char>(component[index]))) {
      append_escaped(name, component[index]);
    } else {
      name += component[index];
    }
  }
  return name;
}

std::optional<std::string> component_of(std::string_view name) {
  std::string component;
  for (std::size_t at = 0; at < name.size(); ++at) {
    unsigned value = 0;
    const bool is_escape = name[at] == '%' && at + 2 < name.size() &&
                           std::from_chars(name.data() + at + 1, name.data() + at + 3, value, 16).ptr == name.data() + at + 3;
    component += is_escape ? static_cast<char>(value) : name[at];
    if (is_escape) at += 2;
  }
  if (directory_name(component) != name) return std::nullopt;
  return component;
}

std::string flat_name(const FolderPath& folder) { return directory_name(folder.text()); }

}  // namespace valija::store
