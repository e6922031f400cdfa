#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

/// Writing and sending.
inline constexpr std::array compose_commands{
    Command{"send", "[anyway]", N_("Sends the message, after a look at what may have been forgotten."), N_("send"), in_compose,
            [](App& app, Arguments how) { app.desk().send(how); }, nullptr, {{{"compose", "y", "send"}}}},
    Command{"send-later", "WHEN", N_("Sends the message at a time: 18:30, tomorrow 8, monday 9, in 2h."), nullptr, in_compose,
            [](App& app, Arguments when) { when.empty() ? app.open_prompt(Prompt::Kind::command, "send-later ") : app.desk().send_later(when); }, nullptr, {{{"compose", "Y", "send-later"}}}},
    Command{"edit", "", N_("Edits the text of the message."), N_("edit"), in_compose,
            [](App& app, Arguments) { app.desk().edit_text(); }, nullptr, {{{"compose", "e", "edit"}}}},
    Command{"edit-to", "", N_("Edits whom the message is for."), N_("to"), in_compose,
            [](App& app, Arguments) { app.desk().edit_field(Field::to); }, nullptr, {{{"compose", "t", "edit-to"}}}},
    Command{"edit-cc", "", N_("Edits who gets a copy."), nullptr, in_compose,
            [](App& app, Arguments) { app.desk().edit_field(Field::cc); }, nullptr, {{{"compose", "c", "edit-cc"}}}},
    Command{"edit-bcc", "", N_("Edits who gets a copy that nobody else sees."), nullptr, in_compose,
            [](App& app, Arguments) { app.desk().edit_field(Field::bcc); }, nullptr, {{{"compose", "b", "edit-bcc"}}}},
    Command{"edit-reply-to", "", N_("Edits where answers are to go."), nullptr, in_compose,
            [](App& app, Arguments) { app.desk().edit_field(Field::reply_to); }, nullptr, {}},
    Command{"edit-subject", "", N_("Edits the subject."), N_("subject"), in_compose,
            [](App& app, Arguments) { app.desk().edit_field(Field::subject); }, nullptr, {{{"compose", "s", "edit-subject"}}}},
    Command{"attach", "PATH|!COMMAND", N_("Attaches files, or what a command prints."), N_("attach"), in_compose,
            [](App& app, Arguments source) { source.empty() ? app.open_prompt(Prompt::Kind::command, "attach ") : app.desk().attach(source); }, complete_paths, {{{"compose", "A", "attach"}}}},
    Command{"detach", "[NUMBER]", N_("Takes an attachment away from the message."), nullptr, in_compose,
            [](App& app, Arguments number) { app.desk().remove_attachment(number); }, nullptr, {{{"compose", "d", "detach"}}}},
    Command{"identity", "[ACCOUNT|ADDRESS]", N_("Sends from another account or address of yours; without one, from the next."), N_("from"), in_compose,
            [](App& app, Arguments name) { app.desk().choose_identity(name); }, nullptr, {{{"compose", "i", "identity"}}}},
    Command{"markdown", "", N_("Sends the text also as HTML, made from Markdown, or not any more."), nullptr, in_compose,
            [](App& app, Arguments) { app.desk().toggle_markdown(); }, nullptr, {{{"compose", "m", "markdown"}}}},
    Command{"postpone", "", N_("Puts the message into the drafts folder of its account."), N_("postpone"), in_compose,
            [](App& app, Arguments) { app.desk().postpone(); }, nullptr, {{{"compose", "P", "postpone"}}}},
    Command{"discard", "[yes]", N_("Throws the draft away, after asking."), nullptr, in_compose | in_drafts,
            [](App& app, Arguments sure) { app.desk().discard(sure); }, nullptr, {{{"compose", "X", "discard"}, {"drafts", "X", "discard"}}}},
    Command{"leave-editor", "", N_("Goes back from the editor to the message; the editor stays open. It gets every other key, also Alt-1 to Alt-9."), N_("back to the message"), in_editor,
            [](App& app, Arguments) { app.desk().leave_editor(); }, nullptr, {{{"editor", "<c-]>", "leave-editor"}}}},
    Command{"compose", "[TO|TEMPLATE]", N_("Writes a new message."), nullptr, in_panes,
            [](App& app, Arguments to) { app.compose(to); }, complete_people, {{{"list", "c", "compose"}, {"reader", "c", "compose"}, {"sidebar", "c", "compose"}, {"outbox", "c", "compose"}, {"drafts", "c", "compose"}}}},
    Command{"reply", "", N_("Answers the sender."), N_("reply"), in_mail,
            [](App& app, Arguments) { app.answer(messages::StartDraft::How::reply); }, nullptr, {{{"list", "r", "reply"}, {"reader", "r", "reply"}}}},
    Command{"reply-all", "", N_("Answers everybody."), nullptr, in_mail,
            [](App& app, Arguments) { app.answer(messages::StartDraft::How::reply_all); }, nullptr, {{{"list", "R", "reply-all"}, {"reader", "R", "reply-all"}}}},
    Command{"reply-list", "", N_("Answers the mailing list."), nullptr, in_mail,
            [](App& app, Arguments) { app.answer(messages::StartDraft::How::reply_list); }, nullptr, {{{"list", "L", "reply-list"}, {"reader", "L", "reply-list"}}}},
    Command{"forward", "", N_("Forwards the message within a new one."), nullptr, in_mail,
            [](App& app, Arguments) { app.answer(messages::StartDraft::How::forward); }, nullptr, {{{"list", "f", "forward"}, {"reader", "f", "forward"}}}},
    Command{"forward-attached", "", N_("Forwards the message whole, as an attachment."), nullptr, in_mail,
            [](App& app, Arguments) { app.answer(messages::StartDraft::How::forward_attached); }, nullptr, {{{"list", "F", "forward-attached"}, {"reader", "F", "forward-attached"}}}},
    Command{"edit-again", "", N_("Takes up a draft again, or writes a new message from one that was sent."), nullptr, in_mail,
            [](App& app, Arguments) { app.edit_again(); }, nullptr, {{{"list", "e", "edit-again"}, {"reader", "e", "edit-again"}}}},
    Command{"bounce", "TO", N_("Sends the message on unchanged."), nullptr, in_mail,
            [](App& app, Arguments to) { app.bounce(to); }, complete_people, {{{"list", "B", "bounce"}, {"reader", "B", "bounce"}}}},
    Command{"attach-message", "[NUMBER]", N_("Attaches the message, or one of its attachments, to the draft that is open."), nullptr, in_mail,
            [](App& app, Arguments number) { app.attach_message(number); }, nullptr, {{{"list", "A", "attach-message"}, {"reader", "A", "attach-message"}}}},
    Command{"undo-send", "", N_("Takes back the mail that is about to leave."), nullptr, in_panes,
            [](App& app, Arguments) { app.desk().undo_send(); }, nullptr, {}},
    Command{"next-tab", "", N_("Goes to the next tab."), nullptr, in_panes | in_page | in_editor,
            [](App& app, Arguments) { app.next_tab(1); }, nullptr, {{{"global", "gt", "next-tab"}}}},
    Command{"previous-tab", "", N_("Goes to the previous tab."), nullptr, in_panes | in_page | in_editor,
            [](App& app, Arguments) { app.next_tab(-1); }, nullptr, {{{"global", "gT", "previous-tab"}}}},
    Command{"tab", "NUMBER", N_("Goes to a tab; 1 is the mail."), nullptr, in_panes | in_page | in_editor,
            [](App& app, Arguments number) { app.go_to_tab(static_cast<std::size_t>(std::max(1L, count_of(number))) - 1); }, nullptr, {{{"global", "<a-1>", "tab 1"}, {"global", "<a-2>", "tab 2"}, {"global", "<a-3>", "tab 3"}, {"global", "<a-4>", "tab 4"}, {"global", "<a-5>", "tab 5"}, {"global", "<a-6>", "tab 6"}, {"global", "<a-7>", "tab 7"}, {"global", "<a-8>", "tab 8"}, {"global", "<a-9>", "tab 9"}}}},
    Command{"drafts", "", N_("Shows the drafts on this computer that are not open."), nullptr, in_panes,
            [](App& app, Arguments) { app.desk().show_drafts(); }, nullptr, {}},
    Command{"outbox", "", N_("Shows what waits to be sent."), nullptr, in_panes,
            [](App& app, Arguments) { app.desk().show_outbox(); }, nullptr, {{{"global", "go", "outbox"}}}},
    Command{"cancel-sending", "", N_("Takes the mail out of the outbox and makes it a draft again."), N_("edit"), in_outbox,
            [](App& app, Arguments) { app.desk().cancel_sending(); }, nullptr, {{{"outbox", "e", "cancel-sending"}}}},
    Command{"send-again", "", N_("Tries a mail again that was refused or may have been sent."), N_("send again"), in_outbox,
            [](App& app, Arguments) { app.desk().send_again(); }, nullptr, {{{"outbox", "s", "send-again"}}}},
    Command{"flush", "", N_("Sends now all that waits, whenever it is due."), N_("send all now"), in_outbox,
            [](App& app, Arguments) { app.desk().flush(); }, nullptr, {{{"outbox", "F", "flush"}}}},
};

}  // namespace valija::app
