#pragma once

#include "valija/config/settings.hpp"
#include "valija/mail/outgoing.hpp"

namespace valija::workers {

/// Whether a copy goes into the Sent folder here, for the next sync to upload: `sent-copy`, where "auto" means not for servers that make one themselves.
bool needs_sent_copy(const config::Account& account);

/// Puts the copy there, durable, once however often it is called. It tells the recipients that the message itself does not (Bcc). Returns the path.
/// Kind::try_later: the account's tree is not in place.
Result<std::string> make_sent_copy(const Outgoing& entry, const config::Account& account, const config::Settings& settings, const config::Places& places);

}  // namespace valija::workers
