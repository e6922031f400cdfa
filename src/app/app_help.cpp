#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "help.hpp"
#include "key_presets.hpp"
#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr std::array<const char*, 5> mail_contexts{"list", "reader", "sidebar", "global", "compose"};

/// The same key with the other case of its letter.
config::KeySequence with_other_case(config::KeySequence keys) {
  for (config::Key& key : keys) {
    if (key.point >= U'a' && key.point <= U'z') {
      key.point -= U'a' - U'A';
    } else if (key.point >= U'A' && key.point <= U'Z') {
      key.point += U'a' - U'A';
    }
  }
  return keys;
}

}  // namespace

void App::toggle_help() {
  is_help_open_ = !is_help_open_;
  help_wanted_.clear();
  if (is_help_open_) all_help_ = help_rows(keymap_);
  show_help_that_fits();
}

void App::show_help_that_fits() {
  help_ = wrapped_help(matching_help(all_help_, help_wanted_), geometry_.columns);
  help_top_ = 0;
}

std::string App::nearest_to_key(const config::KeySequence& keys) const {
  // A habit from another program.
  for (const char* preset : preset_names) {
    if (settings_.ui_keys == preset) continue;
    for (const config::DefaultKey& row : preset_keys(preset)) {
      const bool is_here = row.context == context() || std::string_view(row.context) == "global";
      if (!is_here || config::parse_keys(row.keys) != keys) continue;
      return fmt::format(fmt::runtime(_("In {} it is {}: here that is {}.")), preset, row.command, key_of(row.command));
    }
  }
  const auto command_at = [this](const char* name, const config::KeySequence& typed) { return keymap_.find({name}, typed).command; };
  for (const char* name : mail_contexts) {
    if (const std::string_view command = command_at(name, keys); !command.empty() && name != context()) {
      return fmt::format("{}: {}", _(heading_of(name)), command);
    }
  }
  const config::KeySequence other = with_other_case(keys);
  const config::Keymap::Found found = other == keys ? config::Keymap::Found() : keymap_.find({context(), "global"}, other);
  if (found.match == config::Keymap::Match::command) return fmt::format(fmt::runtime(_("{} is {}.")), key_names(other), found.command);
  return {};
}

}  // namespace valija::app
