#pragma once

#include <string_view>

namespace valija::mime {

constexpr std::string_view unknown_type = "application/octet-stream";

/// The type that the end of a file's name promises ("image/png" of "a.png"); unknown_type if it is not known.
std::string_view type_of_name(std::string_view name);

}  // namespace valija::mime
