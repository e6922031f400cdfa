#pragma once

#include <array>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

/// What the list shows, and going through it.
inline constexpr std::array list_commands{
    Command{"next-unread", "", N_("Goes to the next unread message, in this thread or a later one."), nullptr, in_mail,
            [](App& app, Arguments) { app.next_unread(1); }, nullptr,
            {{{"list", "n", "next-unread"}, {"global", "]", "next-unread"}}}},
    Command{"previous-unread", "", N_("Goes to the previous unread message, in this thread or an earlier one."), nullptr, in_mail,
            [](App& app, Arguments) { app.next_unread(-1); }, nullptr,
            {{{"list", "p", "previous-unread"}, {"global", "[", "previous-unread"}}}},
    Command{"toggle-messages", "", N_("The list shows messages instead of threads, or threads again."), nullptr, in_mail,
            [](App& app, Arguments) { app.toggle_messages(); }, nullptr,
            {{{"global", "gv", "toggle-messages"}}}},
    Command{"toggle-snippets", "", N_("Shows or hides the first words of each row's newest message."), nullptr, in_mail,
            [](App& app, Arguments) { app.toggle_snippets(); }, nullptr,
            {{{"global", "gl", "toggle-snippets"}}}},
};

}  // namespace valija::app
