#pragma once

#include <exception>

#include "valija/base/error.hpp"

namespace valija {

/// What the top of a thread tells of an exception: std::bad_alloc, no descriptor left, a broken promise. Kind::bug.
Error thrown_error(const std::exception& exception, Blast blast);

}  // namespace valija
