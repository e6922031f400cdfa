#include "folder_name.hpp"

#include <fmt/format.h>

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

std::string flat_name(const FolderPath& folder) { return directory_name(folder.text()); }

}  // namespace valija::store
