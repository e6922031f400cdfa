#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>

#include "valija/remote/imap_remote.hpp"
#include "valija/sync/remote.hpp"
#include "valija/sync/uid_book.hpp"

namespace valija::remote {

/// What becomes of messages on the server once they are safe here (BookedMessage::is_safe).
struct Pop3Options {
  bool leave_on_server = true;        ///< false: they are deleted
  std::int64_t delete_after_days = 0;  ///< of those left there: deleted this long after they were first seen; 0: never
};

/// sync::Remote over POP3 (RFC 1939): one folder, INBOX, which is only read; `book` gives its messages their numbers. Deletes what is due
/// behind each list and again in `close`, which a pass calls when its messages have reached the index. Each list_folders begins
/// a new session, because a session does not see mail that comes later.
std::unique_ptr<sync::Remote> make_pop3_remote(Dialler dialler, std::unique_ptr<sync::UidBook> book, Pop3Options options, std::stop_token stop = {});

}  // namespace valija::remote
