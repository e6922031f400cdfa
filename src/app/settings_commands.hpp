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
    Command{"theme", "[NAME]", N_("Changes the colours until the end of the session; those that are chosen from are shown at once."), nullptr, everywhere,
            [](App& app, Arguments name) { app.set_theme(name); }, complete_themes, {}},
    Command{"set", "[OPTION [VALUE]]", N_("Changes a setting until the file is saved or valija ends, or says its value."), nullptr, everywhere,
            [](App& app, Arguments arguments) { app.set_option(arguments); }, complete_options, {}},
    Command{"activity", "", N_("Shows what sync, index and outbox are doing and did; Esc there stops the sync."), nullptr, everywhere,
            [](App& app, Arguments) { app.toggle_activity(); }, nullptr, {{{"global", "gA", "activity"}}}},
};

}  // namespace valija::app
