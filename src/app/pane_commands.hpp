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
    Command{"toggle-sidebar", "", N_("Shows or hides the side bar."), nullptr, in_panes, [](App& app, Arguments) { app.toggle_sidebar(); }, nullptr,
            {{{"global", "<c-w>b", "toggle-sidebar"}}}},
    Command{"sidebar-width", "[COLUMNS]", N_("Makes the side bar wider (+4), narrower (-4) or as wide as that."), nullptr, in_panes,
            [](App& app, Arguments size) { app.set_sidebar_width(size); }, nullptr,
            {{{"global", "<c-w>>", "sidebar-width +4"}, {"global", "<c-w><lt>", "sidebar-width -4"}}}},
    Command{"split", "WHERE", N_("Opens threads below the list, beside it, or instead of it (none)."), nullptr, in_panes,
            [](App& app, Arguments where) { where.empty() ? app.open_prompt(Prompt::Kind::command, "split ") : app.set_split(where); }, complete_splits,
            {{{"global", "<c-w>s", "split below"}, {"global", "<c-w>v", "split beside"}, {"global", "<c-w>o", "split none"}, {"global", "<c-w>a", "split auto"}}}},
    Command{"toggle-preview", "", N_("Shows the thread under the cursor while the list keeps the keys, or not any more."), nullptr, in_mail | in_sidebar,
            [](App& app, Arguments) { app.toggle_preview(); }, nullptr, {{{"global", "<c-w>p", "toggle-preview"}}}},
    Command{"split-size", "[PERCENT]", N_("Gives the list more room beside an open thread (+5), less (-5), or that much of it."), nullptr, in_panes,
            [](App& app, Arguments size) { app.set_split_size(size); }, nullptr,
            {{{"global", "<c-w>+", "split-size +5"}, {"global", "<c-w>-", "split-size -5"}, {"global", "<c-w>=", "split-size"}}}},
    Command{"open-tab", "[QUERY]", N_("Opens a thread, a view or a search in a tab of its own."), nullptr, in_list | in_reader | in_sidebar,
            [](App& app, Arguments query) { app.open_tab(query); }, complete_query, {{{"list", "T", "open-tab"}, {"reader", "T", "open-tab"}}}},
    Command{"copy", "WHAT", N_("Copies a link, the Message-ID, the sender's address, the subject or the text."), nullptr, in_mail,
            [](App& app, Arguments what) { what.empty() ? app.open_prompt(Prompt::Kind::command, "copy ") : app.copy(what); }, complete_copies,
            {{{"list", "yi", "copy id"}, {"list", "ya", "copy address"}, {"list", "ys", "copy subject"}, {"reader", "yl", "copy link"}, {"reader", "yi", "copy id"},
              {"reader", "ya", "copy address"}, {"reader", "ys", "copy subject"}, {"reader", "yy", "copy text"}}}},
    Command{"redraw", "", N_("Draws the whole screen again."), nullptr, everywhere, [](App& app, Arguments) { app.redraw(); }, nullptr,
            {{{"global", "<c-l>", "redraw"}}}},
    Command{"suspend", "", N_("Goes back to the shell; fg returns."), nullptr, everywhere, [](App& app, Arguments) { app.suspend(); }, nullptr,
            {{{"global", "<c-z>", "suspend"}}}},
    Command{"quit", "", N_("Ends valija. Nothing is lost."), nullptr, everywhere, [](App& app, Arguments) { app.leave(); }, nullptr,
            {{{"global", "Q", "quit"}}}},
};

}  // namespace valija::app
