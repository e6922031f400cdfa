#pragma once

#include <array>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

/// Settings, colours, and what goes on behind the screen.
inline constexpr std::array settings_commands{
    Command{"sync", "[confirm]", N_("Syncs now; with confirm also deletes what was held back."), N_("sync"), in_panes,
            [](App& app, Arguments arguments) { app.start_sync(arguments); }, complete_sync,
            {{{"global", "$", "sync"}, {"global", "<f5>", "sync"}}}},
    Command{"failures", "", N_("Says again what failed in the last sync."), nullptr, in_panes, [](App& app, Arguments) { app.say_failures(); },
            nullptr, {}},
    Command{"stop", "", N_("Stops the running sync; what has arrived stays."), nullptr, in_panes, [](App& app, Arguments) { app.stop(); },
            nullptr, {}},
    Command{"theme", "auto|dark|light", N_("Changes the colours until the end of the session."), nullptr, everywhere,
            [](App& app, Arguments name) { app.set_theme(name); }, complete_themes, {}},
};

}  // namespace valija::app
