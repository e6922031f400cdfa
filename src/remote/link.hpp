#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "connection.hpp"
#include "valija/remote/imap_remote.hpp"
#include "valija/sync/types.hpp"
#include "warnings.hpp"

namespace valija::remote {

/// One connection, dialled again behind a cut, and the folder that is open on it. A connection that failed is never used again.
class Link {
 public:
  /// Both must outlive it.
  Link(const Dialler& dialler, const Clock& clock, Compress compress) : dialler_(dialler), clock_(clock), compress_(compress) {}

  /// The connection that is there, else a fresh one.
  Result<Connection*> connect();
  void drop();
  /// LOGOUT.
  void end();
  /// Nobody answered at all: dialling again at once would only keep the person waiting.
  bool dial_failed() const { return dial_failed_; }

  /// The folder is open, under this UIDVALIDITY: else Kind::try_later, Blast::folder.
  Result<void> open(const sync::ServerFolder& folder, sync::UidValidity validity);
  /// Opens it and lists it: see listing.hpp.
  Result<sync::ServerSnapshot> list(const sync::ServerFolder& folder, const sync::SyncedState& known, Warnings& warnings);
  /// How folders are opened from now on.
  void set_access(imap::Access access) {
    if (std::exchange(access_, access) != access) selected_.reset();
  }
  /// Nothing is open afterwards: what STATUS says of an open folder may be old (RFC 9051 §6.3.11). Removes no message.
  Result<void> leave_folder();
  /// Somebody else has worked with the connection: nobody knows what is open.
  void forget_folder() { selected_.reset(), may_be_open_ = true; }

  /// For work that may be done twice: behind a cut again on a fresh connection.
  template <typename Work>
  std::invoke_result_t<Work, Connection&> with_retry(Work work);
  /// For work that may not: a cut in it is an error.
  template <typename Work>
  std::invoke_result_t<Work, Connection&> once(Work work);

  static bool is_cut(const Error& error) { return error.kind == Kind::unreachable; }

 private:
  static constexpr int attempts_limit = 3;

  const Dialler& dialler_;
  const Clock& clock_;
  Compress compress_;
  imap::Access access_ = imap::Access::write;
  std::unique_ptr<Connection> connection_;
  bool dial_failed_ = false;
  std::optional<std::string> selected_;  ///< wire name of the folder that is open
  sync::UidValidity validity_;           ///< of that folder
  bool may_be_open_ = false;             ///< some folder
};

template <typename Work>
std::invoke_result_t<Work, Connection&> Link::once(Work work) {
  const auto connection = connect();
  if (!connection) return fail(connection.error());
  auto result = work(**connection);
  // The server said no in good order: the connection goes on.
  if (!result && result.error().kind != Kind::try_later) drop();
  return result;
}

template <typename Work>
std::invoke_result_t<Work, Connection&> Link::with_retry(Work work) {
  for (int attempt = 1;; ++attempt) {
    auto result = once(work);
    if (result || dial_failed_ || !is_cut(result.error()) || attempt == attempts_limit) return result;
  }
}

}  // namespace valija::remote
