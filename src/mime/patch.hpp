#pragma once

#include <optional>
#include <string_view>

#include "valija/mail/document.hpp"

namespace valija::mime {

/// Follows unified diffs through the lines of a text. A hunk is as long as its "@@ -1,4 +1,5 @@" says, so that text behind it is
/// never taken for a removed line.
class PatchReader {
 public:
  /// The role of the next line, nothing outside of a patch. `next` is the line behind it.
  std::optional<Line::Role> role(std::string_view line, std::string_view next);

 private:
  bool start_hunk(std::string_view line);

  bool in_header_ = false;
  unsigned long old_left_ = 0, new_left_ = 0;
};

}  // namespace valija::mime
