#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "valija/cli/options.hpp"
#include "valija/config/keymap.hpp"
#include "valija/config/settings.hpp"

namespace valija::cli {

/// The programs behind commands that need more than this layer: given by main. Each returns the exit status.
struct Programs {
  std::function<int(const config::Settings&, const config::Places&, const InterfaceOptions&)> interface;
  std::function<int(const config::Settings&, const config::Places&, const SyncOptions&)> sync;
  std::function<int(const InterfaceOptions&)> demo;
  /// What is wrong with the key bindings; empty function: they are not checked.
  std::function<std::vector<config::KeyFault>(const config::Settings&)> key_faults;
};

/// The settings with all that is wrong with them, also with their keys.
config::Loaded load_settings(const config::Places& places, const Programs& programs);

/// Reads the command line and runs the command. Output goes to descriptors 1 and 2. Returns the exit status of DESIGN
/// section 3.
int run(int argc, char** argv, const Programs& programs);

/// `valija --help`, and `valija NAME --help` (empty for an unknown name).
std::string help();
std::string help(std::string_view command);
/// man/valija.1, roff, made from the same table.
std::string man_page();

}  // namespace valija::cli
