#pragma once

#include <array>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

/// Searches, views, the typed line and the help.
inline constexpr std::array search_commands{
    Command{"search", "[QUERY]", N_("Searches all mail, in the words of notmuch; in the help, its rows."), N_("search"), in_panes | in_help,
            [](App& app, Arguments query) { app.search(query); }, complete_query, {{{"global", "/", "search"}}}},
    Command{"save-view", "NAME", N_("Keeps the search that is open as a view, in the settings file."), nullptr, in_mail | in_sidebar,
            [](App& app, Arguments name) { app.save_view(name); }, nullptr, {}},
    Command{"view", "NAME", N_("Opens a view or folder of the side bar by its name."), nullptr, in_panes | in_page,
            [](App& app, Arguments name) { app.open_view(name); }, complete_views,
            {{{"global", "gi", "view inbox"}, {"global", "gu", "view unread"}, {"global", "gf", "view flagged"}, {"global", "gs", "view sent"},
              {"global", "gd", "view drafts"}, {"global", "ga", "view archive"}, {"global", "gm", "view all"}}}},
    Command{"command", "", N_("Types a command by its name."), nullptr, in_panes | in_page | in_help | in_activity,
            [](App& app, Arguments) { app.open_prompt(Prompt::Kind::command, {}); }, nullptr, {{{"global", ":", "command"}}}},
    Command{"palette", "", N_("Finds a command, view or folder by a few letters, and runs or opens it."), nullptr, in_panes | in_page | in_help | in_activity,
            [](App& app, Arguments) { app.open_palette(); }, nullptr, {{{"global", "<c-p>", "palette"}}}},
    Command{"help", "", N_("Shows every key and command."), N_("help"), everywhere, [](App& app, Arguments) { app.toggle_help(); }, nullptr,
            {{{"global", "?", "help"}, {"global", "<f1>", "help"}}}},
};

}  // namespace valija::app
