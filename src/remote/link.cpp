#include "link.hpp"

#include <utility>

#include <fmt/format.h>

#include "answers.hpp"
#include "listing.hpp"
#include "selection.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {

Result<Connection*> Link::connect() {
  if (connection_) return connection_.get();
  auto stream = dialler_();
  dial_failed_ = !stream;
  if (!stream) return fail(std::move(stream).error());
  connection_ = std::make_unique<Connection>(std::move(*stream), clock_, compress_);
  if (auto started = connection_->start(); !started) {
    drop();
    return fail(std::move(started).error());
  }
  return connection_.get();
}

void Link::drop() {
  connection_.reset();
  selected_.reset();
  may_be_open_ = false;
}

void Link::end() {
  if (connection_) connection_->end();
  drop();
}

Result<void> Link::open(const sync::ServerFolder& folder, sync::UidValidity validity) {
  const auto connection = connect();
  if (!connection) return fail(connection.error());
  if (selected_ != folder.wire_name) {
    forget_folder();
    const auto selected = select(**connection, folder, access_);
    if (!selected) return fail(selected.error());
    selected_ = folder.wire_name;
    validity_ = selected->uid_validity;
  }
  if (validity_ == validity) return {};
  return fail(Kind::try_later, Blast::folder, fmt::format(fmt::runtime(_("The server has renumbered the folder {}.")), shown_name(folder)),
              _("The next sync reads it anew."));
}

Result<sync::ServerSnapshot> Link::list(const sync::ServerFolder& folder, const sync::SyncedState& known, Warnings& warnings) {
  const auto connection = connect();
  if (!connection) return fail(connection.error());
  forget_folder();
  auto snapshot = remote::list(**connection, folder, known, access_, warnings);
  if (!snapshot) return snapshot;
  selected_ = folder.wire_name;
  validity_ = snapshot->uid_validity;
  return snapshot;
}

Result<void> Link::leave_folder() {
  const auto connection = connect();
  if (!connection) return fail(connection.error());
  if (!std::exchange(may_be_open_, false)) return {};
  selected_.reset();
  if ((*connection)->has("UNSELECT") || (*connection)->has("IMAP4REV2")) {
    const auto left = (*connection)->run(imap::unselect());
    return left ? Result<void>() : fail(left.error());
  }
  // CLOSE removes what is marked as deleted, but not from a folder that is open for reading only.
  const auto examined = (*connection)->run(imap::examine("INBOX"));
  if (!examined) return fail(examined.error());
  if (!is_ok(*examined)) return {};
  const auto closed = (*connection)->run(imap::close());
  return closed ? Result<void>() : fail(closed.error());
}

}  // namespace valija::remote
