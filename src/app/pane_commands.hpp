#pragma once

#include <array>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

/// Panes, tabs and the terminal.
inline constexpr std::array pane_commands{
    Command{"next-pane", "", N_("Goes to the next pane."), N_("views"), in_panes, [](App& app, Arguments) { app.next_pane(1); }, nullptr,
            {{{"global", "<tab>", "next-pane"}}}},
    Command{"previous-pane", "", N_("Goes to the previous pane."), nullptr, in_panes, [](App& app, Arguments) { app.next_pane(-1); },
            nullptr, {{{"global", "<s-tab>", "previous-pane"}, {"list", "h", "previous-pane"}, {"list", "<left>", "previous-pane"}}}},
    Command{"redraw", "", N_("Draws the whole screen again."), nullptr, everywhere, [](App& app, Arguments) { app.redraw(); }, nullptr,
            {{{"global", "<c-l>", "redraw"}}}},
    Command{"suspend", "", N_("Goes back to the shell; fg returns."), nullptr, everywhere, [](App& app, Arguments) { app.suspend(); }, nullptr,
            {{{"global", "<c-z>", "suspend"}}}},
    Command{"quit", "", N_("Ends valija. Nothing is lost."), nullptr, everywhere, [](App& app, Arguments) { app.leave(); }, nullptr,
            {{{"global", "Q", "quit"}}}},
};

}  // namespace valija::app
