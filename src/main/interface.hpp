#pragma once

#include <functional>
#include <string>

#include "valija/app/app.hpp"
#include "valija/base/channel.hpp"
#include "valija/config/settings.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"

namespace valija {

/// Where settings are read while the interface is open; nothing: they stay as they are.
struct SettingsSource {
  std::string file;  ///< to watch, present or not
  std::function<config::Loaded()> load{};
};

/// The terminal interface: takes the screen, runs until a person, the terminal or a signal ends it, gives the screen back. Waits only in
/// poll{tty, events, signals}. Returns the exit status; what failed before the screen was taken goes to standard error.
int run_interface(const config::Settings& settings, messages::Mailroom& mailroom, Channel<messages::Event>& events, app::Options options,
                  const SettingsSource& source = {});

}  // namespace valija
