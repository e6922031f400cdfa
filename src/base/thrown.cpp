#include "valija/base/thrown.hpp"

#include <fmt/format.h>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {

Error thrown_error(const std::exception& exception, Blast blast) {
  return {Kind::bug, blast, fmt::format(fmt::runtime(_("Something went wrong that never should: {}.")), clean(exception.what())),
          _("If it comes back, report it with these words.")};
}

}  // namespace valija
