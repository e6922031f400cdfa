#pragma once

#include "valija/config/settings.hpp"
#include "valija/net/stream.hpp"

namespace valija::workers {

/// How a server of the account is dialled: all but the password, which may come from a command.
net::Dial dial_of(const config::Account& account, const config::ServerUrl& server, const config::Settings& settings);

/// The same with the password, which is asked for now. Kind::login: there is none.
Result<net::Dial> dial_with_password(const config::Account& account, const config::ServerUrl& server, const config::Settings& settings,
                                     std::stop_token stop);

}  // namespace valija::workers
