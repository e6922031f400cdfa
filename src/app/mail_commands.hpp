#pragma once

#include <array>
#include <string>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

/// Reading, moving about and triage.
inline constexpr std::array mail_commands{
    Command{"down", "[N]", N_("Goes down a row, or N rows."), nullptr, everywhere,
            [](App& app, Arguments n) { app.move(count_of(n)); }, nullptr,
            {{{"global", "j", "down"}, {"global", "<down>", "down"}}}},
    Command{"up", "[N]", N_("Goes up a row, or N rows."), nullptr, everywhere,
            [](App& app, Arguments n) { app.move(-count_of(n)); }, nullptr,
            {{{"global", "k", "up"}, {"global", "<up>", "up"}}}},
    Command{"page-down", "", N_("Goes down a screen."), nullptr, everywhere, [](App& app, Arguments) { app.page(1); }, nullptr,
            {{{"global", "<pgdn>", "page-down"}, {"global", "<c-f>", "page-down"}}}},
    Command{"page-up", "", N_("Goes up a screen."), nullptr, everywhere, [](App& app, Arguments) { app.page(-1); }, nullptr,
            {{{"global", "<pgup>", "page-up"}, {"global", "<c-b>", "page-up"}}}},
    Command{"half-page-down", "", N_("Goes down half a screen."), nullptr, everywhere,
            [](App& app, Arguments) { app.page(0.5); }, nullptr, {{{"global", "<c-d>", "half-page-down"}}}},
    Command{"half-page-up", "", N_("Goes up half a screen."), nullptr, everywhere,
            [](App& app, Arguments) { app.page(-0.5); }, nullptr, {{{"global", "<c-u>", "half-page-up"}}}},
    Command{"top", "", N_("Goes to the beginning."), nullptr, everywhere, [](App& app, Arguments) { app.go_to_top(); }, nullptr,
            {{{"global", "gg", "top"}, {"global", "<home>", "top"}}}},
    Command{"bottom", "", N_("Goes to the end."), nullptr, everywhere, [](App& app, Arguments) { app.go_to_bottom(); }, nullptr,
            {{{"global", "G", "bottom"}, {"global", "<end>", "bottom"}}}},
    Command{"open", "", N_("Opens what the cursor is on."), N_("open"),
            in_list | in_sidebar | in_desk, [](App& app, Arguments) { app.open(); }, nullptr,
            {{{"list", "<enter>", "open"}, {"sidebar", "<enter>", "open"}, {"compose", "<enter>", "open"}, {"outbox", "<enter>", "open"},
              {"drafts", "<enter>", "open"}, {"list", "l", "open"}, {"list", "<right>", "open"}, {"sidebar", "l", "open"},
              {"sidebar", "<right>", "open"}}}},
    Command{"read-on", "", N_("Goes down a screen, and after the end to the next unread message."), N_("read on"), in_mail,
            [](App& app, Arguments) { app.read_on(); }, nullptr,
            {{{"reader", "<space>", "read-on"}, {"list", "<space>", "read-on"}}}},
    Command{"next-message", "", N_("Goes to the next message of the thread."), N_("next message"), in_reader,
            [](App& app, Arguments) { app.next_message(1); }, nullptr,
            {{{"reader", "n", "next-message"}, {"reader", "J", "next-message"}}}},
    Command{"previous-message", "", N_("Goes to the previous message of the thread."), nullptr, in_reader,
            [](App& app, Arguments) { app.next_message(-1); }, nullptr,
            {{{"reader", "p", "previous-message"}, {"reader", "K", "previous-message"}}}},
    Command{"fold", "", N_("Folds the message to one line, or unfolds it."), nullptr, in_reader, [](App& app, Arguments) { app.fold(); },
            nullptr, {{{"reader", "<enter>", "fold"}}}},
    Command{"fold-all", "", N_("Folds all messages of the thread, or unfolds them."), nullptr, in_reader,
            [](App& app, Arguments) { app.fold_all(); }, nullptr, {{{"reader", "O", "fold-all"}}}},
    Command{"close", "", N_("Closes what is open, goes back, or quits when nothing is open."), N_("close"), everywhere,
            [](App& app, Arguments) { app.close(); }, nullptr,
            {{{"global", "q", "close"}, {"reader", "h", "close"}, {"reader", "<left>", "close"}}}},
    Command{"toggle-unread", "", N_("Marks as read, or as unread."), N_("unread"), in_mail,
            [](App& app, Arguments) { app.toggle_tag("unread"); }, nullptr,
            {{{"list", "N", "toggle-unread"}, {"reader", "N", "toggle-unread"}}}},
    Command{"toggle-flag", "", N_("Flags, or takes the flag away."), N_("flag"), in_mail,
            [](App& app, Arguments) { app.toggle_tag("flagged"); }, nullptr,
            {{{"list", "s", "toggle-flag"}, {"reader", "s", "toggle-flag"}}}},
    Command{"archive", "", N_("Moves to the archive, out of the inbox."), N_("archive"), in_mail, [](App& app, Arguments) { app.put_in("archive"); },
            nullptr, {{{"list", "a", "archive"}, {"reader", "a", "archive"}}}},
    Command{"trash", "", N_("Moves to the trash."), N_("delete"), in_mail, [](App& app, Arguments) { app.put_in("trash"); }, nullptr,
            {{{"list", "d", "trash"}, {"reader", "d", "trash"}}}},
    Command{"spam", "", N_("Moves to the folder for spam."), nullptr, in_mail, [](App& app, Arguments) { app.put_in("spam"); }, nullptr,
            {{{"list", "!", "spam"}, {"reader", "!", "spam"}}}},
    Command{"move", "FOLDER", N_("Moves to a folder that a tag of [tags] stands for."), nullptr, in_mail,
            [](App& app, Arguments folder) { app.move_to(folder); }, complete_move_targets, {{{"list", "M", "move"}, {"reader", "M", "move"}}}},
    Command{"tag", "+TAG|-TAG ...", N_("Adds and removes tags."), N_("tag"), in_mail, [](App& app, Arguments changes) { app.tag(changes); },
            complete_tags, {{{"list", "t", "tag"}, {"reader", "t", "tag"}}}},
    Command{"save", "[NUMBER [FOLDER]]", N_("Saves an attachment of the message."), N_("save"), in_reader,
            [](App& app, Arguments arguments) { app.save_part(arguments); }, complete_parts, {{{"reader", "S", "save"}}}},
};

}  // namespace valija::app
