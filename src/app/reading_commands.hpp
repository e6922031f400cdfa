#pragma once

#include <array>

#include "completion.hpp"
#include "valija/app/commands.hpp"
#include "valija/app/reading.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

/// What is done with one message, and the pages for that.
inline constexpr std::array reading_commands{
    Command{"launch", "[NUMBER]", N_("Opens an attachment or a link of the message in its own program."), N_("open"), in_reader | in_parts | in_view,
            [](App& app, Arguments number) { app.reading().launch(number); }, complete_things, {{{"reader", "o", "launch"}, {"parts", "o", "launch"}, {"view", "o", "launch"}}}, true},
    Command{"parts", "", N_("Shows all parts of the message, to view, open, save or pipe any of them."), nullptr, in_reader,
            [](App& app, Arguments) { app.reading().show_parts(); }, nullptr, {{{"reader", "v", "parts"}}}},
    Command{"show", "[NUMBER]", N_("Shows an attachment or a picture of the message in the pane; #1.2 is a part by its own number."), N_("view"), in_reader | in_parts,
            [](App& app, Arguments number) { app.reading().show_part(number); }, complete_parts, {{{"reader", "V", "show"}, {"parts", "<enter>", "show"}, {"parts", "l", "show"}}}, true},
    Command{"save", "[NUMBER|all [FOLDER]]", N_("Saves an attachment of the message, or all of them; nothing is overwritten."), N_("save"), in_reader | in_parts | in_view,
            [](App& app, Arguments arguments) { app.reading().save(arguments); }, complete_saves,
            {{{"reader", "S", "save"}, {"parts", "S", "save"}, {"view", "S", "save"}}}, true},
    Command{"pipe", "[NUMBER] COMMAND", N_("Gives the message, or an attachment by its number, to a command of the shell."), nullptr, in_reader | in_parts | in_view,
            [](App& app, Arguments arguments) { app.reading().pipe(arguments); }, nullptr, {{{"reader", "|", "pipe"}, {"parts", "|", "pipe"}, {"view", "|", "pipe"}}}},
    Command{"alternative", "[NUMBER]", N_("Shows the next form of a message that comes in several, such as plain text and HTML."), nullptr, in_reader,
            [](App& app, Arguments number) { app.reading().alternative(number); }, nullptr, {{{"reader", "i", "alternative"}}}, true},
    Command{"charset", "[NAME]", N_("Reads the message in another character set; auto goes back."), nullptr, in_reader,
            [](App& app, Arguments name) { app.reading().charset(name); }, complete_charsets, {{{"reader", "C", "charset"}}}},
    Command{"source", "", N_("Shows the message as it came, or as it is read again."), nullptr, in_reader, [](App& app, Arguments) { app.reading().source(); }, nullptr,
            {{{"reader", "=", "source"}}}},
    Command{"headers", "[all|chosen|NAME ...]", N_("Shows all headers of the message, some by their names, or the usual ones."), nullptr, in_reader,
            [](App& app, Arguments wanted) { app.reading().headers(wanted); }, complete_headers, {{{"reader", "H", "headers"}}}},
    Command{"find", "[TEXT]", N_("Finds a text in the open messages."), nullptr, in_reader, [](App& app, Arguments text) { app.reading().find(text); }, nullptr,
            {{{"reader", "\\", "find"}}}},
    Command{"find-next", "", N_("Goes to the next place of what was found."), nullptr, in_reader, [](App& app, Arguments) { app.reading().find_next(1); }, nullptr,
            {{{"reader", ";", "find-next"}}}},
    Command{"find-previous", "", N_("Goes to the place before of what was found."), nullptr, in_reader, [](App& app, Arguments) { app.reading().find_next(-1); }, nullptr,
            {{{"reader", "'", "find-previous"}}}},
    Command{"table-right", "", N_("Shows what wide tables have further right."), nullptr, in_reader, [](App& app, Arguments) { app.reading().scroll_sideways(16); }, nullptr,
            {{{"reader", ">", "table-right"}}}},
    Command{"table-left", "", N_("Goes back to the left in wide tables."), nullptr, in_reader, [](App& app, Arguments) { app.reading().scroll_sideways(-16); }, nullptr,
            {{{"reader", "<lt>", "table-left"}}}},
    Command{"follow", "[MESSAGE-ID]", N_("Opens the message that this one answers, or one by its Message-ID."), nullptr, in_reader,
            [](App& app, Arguments id) { app.reading().follow(id); }, complete_ids, {{{"reader", "^", "follow"}}}},
    Command{"browse", "", N_("Opens the message in the browser, without anything that runs or is fetched."), nullptr, in_mail,
            [](App& app, Arguments) { app.reading().browse(); }, nullptr, {{{"reader", "b", "browse"}, {"list", "b", "browse"}}}},
    Command{"print", "[FILE.pdf]", N_("Prints the message, or writes it into a PDF file."), nullptr, in_mail, [](App& app, Arguments path) { app.reading().print(path); }, nullptr,
            {{{"reader", "P", "print"}, {"list", "P", "print"}}}},
    Command{"export", "[thread] PATH", N_("Writes the message into a file (eml), or the whole thread (mbox)."), nullptr, in_mail,
            [](App& app, Arguments arguments) { app.reading().export_to(arguments); }, nullptr, {{{"reader", "X", "export"}, {"list", "X", "export"}}}},
    Command{"why", "", N_("Says what kind of mail this is, and which of its headers say so."), nullptr, in_reader, [](App& app, Arguments) { app.reading().why(); }, nullptr,
            {{{"reader", "W", "why"}}}},
    Command{"unsubscribe", "", N_("Leaves the list that the mail is of, after showing who is asked."), nullptr, in_mail | in_senders,
            [](App& app, Arguments arguments) { app.reading().unsubscribe(arguments); }, nullptr,
            {{{"reader", "U", "unsubscribe"}, {"list", "U", "unsubscribe"}}}},
    Command{"list-archive", "", N_("Opens the archive of the mailing list in the browser."), nullptr, in_reader, [](App& app, Arguments) { app.reading().list_archive(); }, nullptr,
            {{{"reader", "%", "list-archive"}}}},
    Command{"newsletters", "", N_("Shows who sends newsletters, by how much, and what of it was never read."), nullptr, in_panes | in_page,
            [](App& app, Arguments) { app.reading().newsletters(); }, nullptr, {{{"global", "gn", "newsletters"}}}},
    Command{"open-sender", "", N_("Shows the mail of the sender as a list."), N_("open"), in_senders, [](App& app, Arguments) { app.reading().open_sender(); }, nullptr,
            {{{"senders", "<enter>", "open-sender"}, {"senders", "l", "open-sender"}}}},
    Command{"mark-newsletter", "", N_("Marks the sender for the next command, and goes on."), N_("mark"), in_senders, [](App& app, Arguments) { app.reading().mark_sender(); }, nullptr,
            {{{"senders", "m", "mark-newsletter"}}}},
    Command{"leave-newsletters", "", N_("Unsubscribes from the sender, or from all that are marked, after showing who is asked."), N_("unsubscribe"), in_senders,
            [](App& app, Arguments) { app.reading().unsubscribe({}); }, nullptr, {{{"senders", "U", "leave-newsletters"}}}},
    Command{"delete-newsletters", "", N_("Moves all newsletters of the sender, or of all that are marked, to the trash, after asking."), N_("delete all"), in_senders,
            [](App& app, Arguments arguments) { app.reading().delete_from_sender(arguments); }, nullptr, {{{"senders", "d", "delete-newsletters"}}}},
    Command{"categorise", "", N_("Gives mail that was indexed before, or by another program, the tag of its category: personal, list, newsletter, marketing, transactional or notification."),
            N_("categorise"), in_panes | in_page, [](App& app, Arguments) { app.reading().categorise(); }, nullptr, {{{"senders", "c", "categorise"}}}},
};

}  // namespace valija::app
