#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace valija::mime {

struct Gunzipped {
  std::string octets;
  bool is_cut = false;  ///< there is more than the limit, or the file is torn
};

/// What a gzip file (RFC 1952) holds, up to `limit` octets of it. Nothing: it is none.
std::optional<Gunzipped> gunzip(std::string_view octets, std::size_t limit);

}  // namespace valija::mime
