#pragma once

#include <array>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

/// What keys do in a line that is typed at the bottom.
inline constexpr std::array prompt_commands{
    Command{"prompt-accept", "", N_("Runs the line, or takes what is chosen."), nullptr, in_prompt, [](App& app, Arguments) { app.accept_prompt(); }, nullptr,
            {{{"prompt", "<enter>", "prompt-accept"}}}},
    Command{"prompt-cancel", "", N_("Gives the line up."), nullptr, in_prompt, [](App& app, Arguments) { app.cancel_prompt(); }, nullptr,
            {{{"prompt", "<c-g>", "prompt-cancel"}}}},
    Command{"prompt-complete", "", N_("The next completion."), nullptr, in_prompt, [](App& app, Arguments) { app.complete_line(1); }, nullptr,
            {{{"prompt", "<tab>", "prompt-complete"}}}},
    Command{"prompt-complete-back", "", N_("The previous completion."), nullptr, in_prompt, [](App& app, Arguments) { app.complete_line(-1); }, nullptr,
            {{{"prompt", "<s-tab>", "prompt-complete-back"}}}},
    Command{"prompt-older", "", N_("What was typed before; in the palette the row above."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::older); }, nullptr,
            {{{"prompt", "<up>", "prompt-older"}, {"prompt", "<c-p>", "prompt-older"}}}},
    Command{"prompt-newer", "", N_("What was typed after it; in the palette the row below."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::newer); }, nullptr,
            {{{"prompt", "<down>", "prompt-newer"}, {"prompt", "<c-n>", "prompt-newer"}}}},
    Command{"prompt-left", "", N_("A letter to the left."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::left); }, nullptr,
            {{{"prompt", "<left>", "prompt-left"}, {"prompt", "<c-b>", "prompt-left"}}}},
    Command{"prompt-right", "", N_("A letter to the right."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::right); }, nullptr,
            {{{"prompt", "<right>", "prompt-right"}, {"prompt", "<c-f>", "prompt-right"}}}},
    Command{"prompt-home", "", N_("To the beginning of the line."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::home); }, nullptr,
            {{{"prompt", "<home>", "prompt-home"}, {"prompt", "<c-a>", "prompt-home"}}}},
    Command{"prompt-end", "", N_("To the end of the line."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::end); }, nullptr,
            {{{"prompt", "<end>", "prompt-end"}, {"prompt", "<c-e>", "prompt-end"}}}},
    Command{"prompt-erase-word", "", N_("Removes the word before the cursor."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::erase_word); }, nullptr,
            {{{"prompt", "<c-w>", "prompt-erase-word"}}}},
    Command{"prompt-erase-start", "", N_("Removes all before the cursor."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::erase_to_start); }, nullptr,
            {{{"prompt", "<c-u>", "prompt-erase-start"}}}},
    Command{"prompt-erase-end", "", N_("Removes all behind the cursor."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::erase_to_end); }, nullptr,
            {{{"prompt", "<c-k>", "prompt-erase-end"}}}},
    Command{"prompt-backspace", "", N_("Removes the letter before the cursor; an empty line is given up."), nullptr, in_prompt,
            [](App& app, Arguments) { app.prompt().text().empty() ? app.cancel_prompt() : app.edit_line(&Prompt::erase_before); }, nullptr,
            {{{"prompt", "<backspace>", "prompt-backspace"}, {"prompt", "<c-h>", "prompt-backspace"}}}},
    Command{"prompt-delete", "", N_("Removes the letter under the cursor."), nullptr, in_prompt, [](App& app, Arguments) { app.edit_line(&Prompt::erase_after); }, nullptr,
            {{{"prompt", "<del>", "prompt-delete"}, {"prompt", "<c-d>", "prompt-delete"}}}},
};

}  // namespace valija::app
