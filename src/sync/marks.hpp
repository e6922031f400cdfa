#pragma once

#include "valija/sync/plan.hpp"

namespace valija::sync {

// Set operations on flags and keywords together. Keywords are equal without regard to ASCII case (RFC 9051 §2.3.2); where both sides have one, the
// result spells it as `a` does. Keywords of a result are sorted and unique.
Marks unite(const Marks& a, const Marks& b);
Marks intersect(const Marks& a, const Marks& b);
Marks subtract(const Marks& a, const Marks& b);
bool is_same(const Marks& a, const Marks& b);
bool is_empty(const Marks& marks);

/// Those marks that the folder keeps.
Marks kept_of(const Marks& marks, const Storable& storable);

/// How three states of a message's marks become one.
struct MergedMarks {
  Marks local;        ///< what the file is to have
  Marks add, remove;  ///< what the server is to be told
  Marks agreed;       ///< what the server has afterwards
};
/// As `merge` for the marks that the folder keeps. One that it does not keep is never sent; it comes here when the server has it newly, and stays
/// here when the server lacks it.
MergedMarks merge_kept(const Marks& synced, const Marks& server, const Marks& local, const Storable& storable);

}  // namespace valija::sync
