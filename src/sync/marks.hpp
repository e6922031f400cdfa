#pragma once

#include "valija/sync/plan.hpp"

namespace valija::sync {

/// Set operations on flags and keywords together; the keywords of the result are sorted and unique.
Marks unite(const Marks& a, const Marks& b);
Marks intersect(const Marks& a, const Marks& b);
Marks subtract(const Marks& a, const Marks& b);

}  // namespace valija::sync
