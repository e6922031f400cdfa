#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/index/writer.hpp"
#include "valija/mail/change.hpp"
#include "valija/store/asked_changes.hpp"

namespace valija::workers {

/// Where mail is. The texts must live longer.
struct MailPlaces {
  const index::Location& location;
  const std::string& state_dir;
  const std::string& mail_root;
};

/// Moves the files of these messages as a person would by hand, for the next sync to tell the server, and queues what the index has to be told. A message
/// that is no longer in its folder stays where it is. Returns how many files went; durable then.
Result<std::uint64_t> move_messages(const std::vector<FolderMove>& moves, const MailPlaces& places);

/// Does what was asked for, in this process; the writer is to be committed.
Result<index::TagsChanged> carry_out(index::Writer& writer, const store::AskedChange& change, const MailPlaces& places);

}  // namespace valija::workers
