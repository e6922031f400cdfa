#pragma once

#include <span>
#include <string>

#include "pass.hpp"

namespace valija::sync {

/// "+flagged -seen +todo", for `valija log`.
std::string change_in_words(const Marks& add, const Marks& remove);
std::string difference_in_words(const Marks& before, const Marks& after);

/// The marks that the file had when it was listed.
Marks marks_before(const FolderJob& job, const SetLocalMarks& change);

/// A dry run: tells what the plan of this folder would do, one sentence for each kind, and counts it.
void describe(Pass& pass, FolderJob& job);

/// A dry run: tells the moves that tags ask for, and which have not been carried out on the files; counts them.
Result<void> describe_tag_moves(Pass& pass, std::span<const ServerFolder> folders, Totals& totals);

/// What the guard held back in this folder, with the option that lets it pass.
void tell_held(Pass& pass, FolderJob& job);

/// What waits because the server lets nothing be changed in this folder.
void tell_waiting(Pass& pass, FolderJob& job);

}  // namespace valija::sync
