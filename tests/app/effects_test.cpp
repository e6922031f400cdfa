// Commands that no other test runs by name: what each does is looked at.
#include <functional>

#include "reply.hpp"
#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"

using namespace valija;
using namespace valija::testing;

namespace {

using app::Pane;
using Page = app::Reading::Page;

/// One command: what is pressed before (in pieces), its line or (where a line is typed) its key, and what holds then and not before.
struct Effect {
  const char* name;
  const char* before;
  const char* line;
  std::function<bool(Desk&)> holds;
};

struct Wide : Desk {
  Wide() : Desk({}, 60, 160, 48) {
    state.handle(canned_folders("work"));
    mailroom.outbox = canned_outbox(noon);
    mailroom.senders = {{"Weekly", "weekly@a.example", 40, 40, noon, "/mail/1", 0}, {"Daily", "daily@b.example", 30, 2, noon, "/mail/2", 0}};
    answer();
    press("<enter>");  // makes the messages of the thread
    press("q");
    describe(mailroom.threads()[0].messages.back().document);
  }

 private:
  /// What the commands for single messages have something to do with.
  static void describe(Document& document) {
    Line table;
    table.role = Line::Role::table;
    table.wraps = false;
    table.spans.push_back({std::string(300, 'x'), {}});
    document.lines.insert(document.lines.begin(), table);
    document.headers.unsubscribe = {"https://news.example.org/u", "", true};
    document.headers.list_archive = "https://lists.example.org/archive";
  }
};

bool is_row_unread(Desk& desk) { return desk.state.list().active() != nullptr && app::has_tag(desk.state.list().active()->tags, "unread"); }
std::size_t row(Desk& desk) { return desk.state.list().cursor(); }
std::size_t last_row(Desk& desk) { return desk.state.list().rows().size() - 1; }
bool is_typed(Desk& desk, std::string_view text, std::size_t cursor) { return desk.state.prompt().text() == text && desk.state.prompt().cursor() == cursor; }
bool is_tab_in_front(Desk& desk, std::size_t number) { return desk.state.tabs().size() > number && desk.state.tabs()[number].is_front; }
bool is_edited(Desk& desk, app::Field field) { return open_draft(desk).mode() == app::Composer::Mode::field && open_draft(desk).active().field == field; }

/// The first octet of the wide line that is shown; -1: it is not on the screen.
int table_begin(Desk& desk) {
  for (const auto& visible : desk.state.reader().visible()) {
    if (visible.row.kind == app::ReaderRow::Kind::text && visible.row.flow.line == 0 && visible.message == desk.state.reader().current()) return static_cast<int>(visible.row.flow.begin);
  }
  return -1;
}

template <typename Request>
bool was_asked(Desk& desk) {
  return desk.count<Request>() > 0;
}

using How = messages::StartDraft::How;
bool was_begun(Desk& desk, How how) { return was_asked<messages::StartDraft>(desk) && desk.last<messages::StartDraft>()->how == how; }

const Effect effects[] = {
    {"next-pane", "", "next-pane", [](Desk& desk) { return desk.state.focus() == Pane::sidebar; }},
    {"previous-pane", "<enter>", "previous-pane", [](Desk& desk) { return desk.state.focus() == Pane::list; }},
    {"toggle-sidebar", "", "toggle-sidebar", [](Desk& desk) { return desk.state.geometry().sidebar.empty(); }},
    {"toggle-preview", "", "toggle-preview", [](Desk& desk) { return desk.state.is_previewing(); }},
    {"redraw", "", "redraw", [](Desk& desk) { return desk.state.take_wants_redraw(); }},
    {"suspend", "", "suspend", [](Desk& desk) { return desk.state.take_wants_suspend(); }},
    {"stop", "", "stop", [](Desk& desk) { return was_asked<messages::StopSync>(desk); }},
    {"next-tab", "T", "next-tab", [](Desk& desk) { return is_tab_in_front(desk, 0); }},
    {"previous-tab", "TT", "previous-tab", [](Desk& desk) { return is_tab_in_front(desk, 1); }},

    {"command", "", "command", [](Desk& desk) { return desk.state.prompt().kind() == app::Prompt::Kind::command; }},
    {"palette", "", "palette", [](Desk& desk) { return desk.state.prompt().is_palette(); }},
    {"close", "<enter>", "close", [](Desk& desk) { return !desk.state.reader().is_open(); }},
    {"open", "", "open", [](Desk& desk) { return desk.state.reader().is_open(); }},

    {"down", "", "down 3", [](Desk& desk) { return row(desk) == 3; }},
    {"up", "jjj", "up 2", [](Desk& desk) { return row(desk) == 1; }},
    {"top", "G", "top", [](Desk& desk) { return row(desk) == 0; }},
    {"bottom", "", "bottom", [](Desk& desk) { return row(desk) == last_row(desk); }},
    {"toggle-unread", "", "toggle-unread", [](Desk& desk) { return !is_row_unread(desk); }},
    {"toggle-flag", "", "toggle-flag", [](Desk& desk) { return app::has_tag(desk.state.list().active()->tags, "flagged"); }},
    {"page-down", "", "page-down", [](Desk& desk) { return row(desk) > 30; }},
    {"page-up", "G", "page-up", [](Desk& desk) { return row(desk) + 30 < last_row(desk); }},
    {"half-page-down", "", "half-page-down", [](Desk& desk) { return row(desk) > 15 && row(desk) < 30; }},
    {"half-page-up", "G", "half-page-up", [](Desk& desk) { return row(desk) + 15 < last_row(desk); }},
    {"read-on", "", "read-on", [](Desk& desk) { return row(desk) > 30; }},
    {"next-unread", "j", "next-unread", [](Desk& desk) { return row(desk) > 1 && is_row_unread(desk); }},
    {"previous-unread", "jj", "previous-unread", [](Desk& desk) { return row(desk) < 2 && is_row_unread(desk); }},
    {"toggle-messages", "", "toggle-messages", [](Desk& desk) { return !desk.state.list().rows().front().message.empty(); }},
    {"toggle-snippets", "", "toggle-snippets", [](Desk& desk) { return was_asked<messages::FindSnippets>(desk); }},
    {"mark-range", "", "mark-range", [](Desk& desk) { return desk.state.selection().has_range() && desk.state.selection().count() == 1; }},
    {"mark-all", "", "mark-all", [](Desk& desk) { return desk.state.selection().is_all(); }},
    {"mark-sender", "", "mark-sender", [](Desk& desk) { return desk.last<messages::ListThreads>()->query.find("from:") != std::string::npos; }},
    {"redo", "au", "redo", [](Desk& desk) { return desk.last<messages::UndoChange>()->again; }},
    {"repeat", "a", "repeat", [](Desk& desk) { return desk.count<messages::ChangeTags>() == 2; }},

    {"next-message", "<enter>K", "next-message", [](Desk& desk) { return desk.state.reader().current() == 2; }},
    {"previous-message", "<enter>", "previous-message", [](Desk& desk) { return desk.state.reader().current() == 1; }},
    {"fold", "<enter>", "fold", [](Desk& desk) { return !desk.state.reader().current_message()->is_open; }},
    {"fold-all", "<enter>", "fold-all", [](Desk& desk) { return desk.state.reader().messages()[0].is_open; }},
    {"save", "<enter>", "save 2 /tmp/here", [](Desk& desk) { return was_asked<messages::SaveParts>(desk) && desk.last<messages::SaveParts>()->directory == "/tmp/here"; }},
    {"parts", "<enter>", "parts", [](Desk& desk) { return desk.state.reading().page() == Page::parts; }},
    {"alternative", "<enter>", "alternative", [](Desk& desk) { return desk.state.notice().text.find("one form only") != std::string::npos; }},
    {"source", "<enter>", "source", [](Desk& desk) { return desk.last<messages::RenderMessage>()->options.source; }},
    {"find-next", "<enter> :find<space> text<enter>", "find-next", [](Desk& desk) { return desk.state.reader().match() == 1; }},
    {"find-previous", "<enter> :find<space> text<enter>", "find-previous", [](Desk& desk) { return desk.state.reader().match() + 1 == desk.state.reader().matches().size(); }},
    {"table-right", "<enter>", "table-right", [](Desk& desk) { return table_begin(desk) == 16; }},
    {"table-left", "<enter> >>", "table-left", [](Desk& desk) { return table_begin(desk) == 16; }},
    {"why", "<enter>", "why", [](Desk& desk) { return desk.state.reading().page() == Page::view; }},
    {"unsubscribe", "<enter>", "unsubscribe", [](Desk& desk) { return desk.state.desk().question().has_value(); }},
    {"list-archive", "<enter>", "list-archive", [](Desk& desk) { return was_asked<messages::OpenLink>(desk); }},
    {"newsletters", "", "newsletters", [](Desk& desk) { return desk.state.reading().page() == Page::senders; }},
    {"open-sender", "gn", "open-sender", [](Desk& desk) { return desk.state.list().query().starts_with("(from:\"weekly@a.example\") and ("); }},
    {"mark-newsletter", "gn m", "mark-newsletter", [](Desk& desk) { return desk.state.reading().senders().chosen().size() == 2; }},
    {"delete-newsletters", "gn", "delete-newsletters", [](Desk& desk) { return desk.state.desk().question().has_value(); }},
    {"fold-answers", "<enter>KK", "fold-answers", [](Desk& desk) { return desk.state.reader().messages()[1].is_hidden; }},
    {"toggle-quotes", "<enter>", "toggle-quotes", [](Desk& desk) { return desk.state.notice().text == "This message quotes nothing long."; }},

    {"prompt-accept", "/invoice", "<enter>", [](Desk& desk) { return !desk.state.prompt().is_open() && desk.state.is_search(); }},
    {"prompt-cancel", "/invoice", "<c-g>", [](Desk& desk) { return !desk.state.prompt().is_open() && !desk.state.is_search(); }},
    {"prompt-complete", ":redr", "<tab>", [](Desk& desk) { return desk.state.prompt().text() == "redraw"; }},
    {"prompt-complete-back", ":edit-", "<s-tab>", [](Desk& desk) { return desk.state.prompt().text().starts_with("edit-") && desk.state.prompt().chosen() > 0; }},
    {"prompt-older", "/invoice <enter>/", "<up>", [](Desk& desk) { return is_typed(desk, "invoice", 7); }},
    {"prompt-newer", "/invoice <enter>/bud<up>", "<down>", [](Desk& desk) { return is_typed(desk, "bud", 3); }},
    {"prompt-left", ":tag", "<left>", [](Desk& desk) { return is_typed(desk, "tag", 2); }},
    {"prompt-right", ":tag<home>", "<right>", [](Desk& desk) { return is_typed(desk, "tag", 1); }},
    {"prompt-home", ":tag", "<home>", [](Desk& desk) { return is_typed(desk, "tag", 0); }},
    {"prompt-end", ":tag<home>", "<end>", [](Desk& desk) { return is_typed(desk, "tag", 3); }},
    {"prompt-erase-end", ":tag<left>", "<c-k>", [](Desk& desk) { return is_typed(desk, "ta", 2); }},
    {"prompt-erase-start", ":tag<left>", "<c-u>", [](Desk& desk) { return is_typed(desk, "g", 0); }},
    {"prompt-erase-word", ":tag", "<c-w>", [](Desk& desk) { return is_typed(desk, "", 0); }},
    {"prompt-backspace", ":tag", "<backspace>", [](Desk& desk) { return is_typed(desk, "ta", 2); }},
    {"prompt-delete", ":tag<home>", "<del>", [](Desk& desk) { return is_typed(desk, "ag", 0); }},

    {"edit", "r<esc>", "edit", [](Desk& desk) { return open_draft(desk).mode() == app::Composer::Mode::text; }},
    {"edit-to", "r<esc>", "edit-to", [](Desk& desk) { return is_edited(desk, app::Field::to); }},
    {"edit-cc", "r<esc>", "edit-cc", [](Desk& desk) { return is_edited(desk, app::Field::cc); }},
    {"edit-bcc", "r<esc>", "edit-bcc", [](Desk& desk) { return is_edited(desk, app::Field::bcc); }},
    {"edit-reply-to", "r<esc>", "edit-reply-to", [](Desk& desk) { return is_edited(desk, app::Field::reply_to); }},
    {"edit-subject", "r<esc>", "edit-subject", [](Desk& desk) { return is_edited(desk, app::Field::subject); }},
    {"identity", "r<esc>", "identity home", [](Desk& desk) { return open_draft(desk).draft().account == "home"; }},
    {"markdown", "r<esc>", "markdown", [](Desk& desk) { return open_draft(desk).is_markdown(); }},
    {"reply", "", "reply", [](Desk& desk) { return was_begun(desk, How::reply); }},
    {"reply-all", "", "reply-all", [](Desk& desk) { return was_begun(desk, How::reply_all); }},
    {"reply-list", "", "reply-list", [](Desk& desk) { return was_begun(desk, How::reply_list); }},
    {"forward", "", "forward", [](Desk& desk) { return was_begun(desk, How::forward); }},
    {"forward-attached", "", "forward-attached", [](Desk& desk) { return was_begun(desk, How::forward_attached); }},
    {"bounce", "", "bounce eva@example.org", [](Desk& desk) { return was_asked<messages::BounceMessage>(desk) && desk.last<messages::BounceMessage>()->to == "eva@example.org"; }},
    {"postpone", "r<esc>", "postpone", [](Desk& desk) { return was_asked<messages::StoreDraft>(desk); }},
    {"edit-again", "", "edit-again", [](Desk& desk) { return was_begun(desk, How::again); }},
    {"attach-message", "r<esc><a-1>", "attach-message", [](Desk& desk) { return desk.state.notice().text.starts_with("Attached Re: Presupuesto"); }},
    {"undo-send", "r<esc>y", "undo-send", [](Desk& desk) { return was_asked<messages::CancelOutgoing>(desk); }},
    {"cancel-sending", "go j", "cancel-sending", [](Desk& desk) { return was_asked<messages::CancelOutgoing>(desk); }},
    {"send-again", "go jjj", "send-again", [](Desk& desk) { return was_asked<messages::SendAgain>(desk); }},
};

}  // namespace

TEST_CASE("each of these commands does what it says") {
  for (const Effect& effect : effects) {
    CAPTURE(std::string(effect.name));
    Wide desk;
    desk.state.handle(messages::SyncProgress{"work", messages::SyncProgress::Stage::downloading, "INBOX", 1, 2, 0, -1});
    for (const std::string& keys : split(effect.before, ' ')) {
      if (!keys.empty()) desk.press(keys);
    }
    CHECK_FALSE(effect.holds(desk));
    if (effect.line[0] == '<') {
      desk.press(effect.line);
    } else {
      desk.state.run(effect.line);
    }
    desk.answer();
    CAPTURE(desk.state.notice().text);
    CHECK(effect.holds(desk));
  }
}

TEST_CASE("an editor is left for its message, and stays open") {
  app::Options options;
  options.editor = "vim";
  Reply desk(options);
  REQUIRE(desk.state.types_into_editor());
  desk.state.run("leave-editor");
  CHECK_FALSE(desk.state.types_into_editor());
  CHECK(desk.state.editor_wish() != nullptr);
}
