#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace valija {

/// Octets that came in any pieces and are taken line by line or in runs. What is taken is valid until the next `feed`.
class LineBuffer {
 public:
  void feed(std::string_view octets);
  /// Up to the next LF, without it; nothing: none has come yet. No octet is looked at twice for that.
  std::optional<std::string_view> take_line();
  /// `size` octets, or as many as there are.
  std::string_view take(std::size_t size);
  /// All that was not taken yet.
  std::string_view rest() const { return std::string_view(octets_).substr(begin_); }

 private:
  std::string octets_;
  std::size_t begin_ = 0;    ///< octets that were taken
  std::size_t scanned_ = 0;  ///< no LF before this offset, unless it was taken
};

}  // namespace valija
