#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/config/options.hpp"
#include "valija/config/theme.hpp"

namespace valija::app {
namespace {

bool is_theme(const std::string& name) {
  const auto names = config::theme_names();
  return name == "auto" || std::any_of(names.begin(), names.end(), [&name](const config::ThemeName& theme) { return name == theme.name; });
}

}  // namespace

config::Keymap make_keymap(const config::Settings& settings) {
  std::vector<config::KeyFault> faults;  // said by the settings' own check
  return config::Keymap::build(default_keys(settings.ui_keys), settings.keys, faults);
}

void App::apply(config::Settings settings) {
  const std::vector<std::string> later = config::keep_until_next_start(settings_, settings);
  if (settings.ui_theme != settings_.ui_theme) theme_name_ = settings.ui_theme;
  const auto panes = [](const config::Settings& of) { return std::tuple(of.ui_split, of.ui_split_size, of.ui_split_width, of.ui_sidebar, of.ui_sidebar_width); };
  // What was dragged stays as it is, unless its setting is another one.
  const bool has_other_panes = panes(settings) != panes(settings_);
  settings_ = std::move(settings);
  if (has_other_panes) take_pane_settings();
  keymap_ = make_keymap(settings_);
  sidebar_.take(settings_);
  pending_.clear();
  all_help_ = help_rows(keymap_);
  if (is_help_open_) show_help_that_fits();
  counts_are_stale_ = true;
  ++settings_revision_;
  say(Notice::Kind::done, _("The settings apply."),
      later.empty() ? std::string() : fmt::format(fmt::runtime(_("At the next start: {}.")), join(later, ", ")));
  settle();
}

void App::settings_failed(const std::vector<config::Fault>& faults) {
  if (faults.empty()) return;
  const config::Fault& first = faults.front();
  const std::string name = first.file.substr(first.file.rfind('/') + 1);
  std::string text = first.line == 0 ? fmt::format("{}: {}", name, first.message) : fmt::format("{}:{}: {}", name, first.line, first.message);
  if (const auto others = static_cast<unsigned long>(faults.size() - 1); others > 0) {
    text += " " + fmt::format(fmt::runtime(n_("{} more fault.", "{} more faults.", others)), others);
  }
  const char* kept = _("The settings before it stay in force.");
  say(Notice::Kind::failed, std::move(text), first.help.empty() ? std::string(kept) : first.help + " " + kept);
  settle();
}

void App::set_option(const std::string& arguments) {
  const CommandLine parts = split_command_line(arguments);
  if (parts.name.empty()) return open_prompt(Prompt::Kind::command, "set ");
  if (parts.arguments.empty()) {
    const auto value = config::option_value(settings_, parts.name);
    if (!value) return say(Notice::Kind::failed, value.error().message, value.error().hint);
    return say(Notice::Kind::hint, parts.name + " = " + *value);
  }
  config::Settings changed = settings_;
  const auto done = config::set_option(changed, parts.name, parts.arguments);
  if (!done) return say(Notice::Kind::failed, done.error().message, done.error().hint);
  apply(std::move(changed));
}

void App::set_theme(const std::string& name) {
  if (name.empty()) return open_prompt(Prompt::Kind::command, "theme ");
  if (!is_theme(name)) return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("There is no theme \"{}\".")), name), _(":theme shows them all."));
  theme_name_ = name;
}

std::string App::theme_name() const {
  if (prompt_.kind() == Prompt::Kind::command) {
    const CommandLine line = split_command_line(prompt_.text());
    const bool is_option = line.name == "set" && line.arguments.starts_with("ui.theme ");
    const std::string name = line.name == "theme" ? line.arguments : is_option ? split_command_line(line.arguments).arguments : std::string();
    if (is_theme(name)) return name;
  }
  return theme_name_;
}

}  // namespace valija::app
