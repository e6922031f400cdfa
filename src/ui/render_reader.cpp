#include <fmt/format.h>

#include <algorithm>

#include "render_text.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/places.hpp"

namespace valija::ui {
namespace {

using app::ReaderRow;
using config::Role;

constexpr int left_margin = 2;
constexpr int shortest_name = 8;  // columns

class ReaderPainter {
 public:
  ReaderPainter(Frame& frame, const app::Area& area)
      : frame_(frame),
        area_(area),
        left_(area.column + left_margin),
        room_(std::max(0, area.columns - left_margin - 1)),
        width_(std::min(room_, std::max(20, static_cast<int>(frame.app.settings().ui_text_width)))) {}

  void draw(int row, const app::Reader::VisibleRow& visible) {
    const app::OpenMessage& open = frame_.app.reader().messages()[visible.message];
    const bool is_current = visible.message == frame_.app.reader().current();
    const bool is_head = visible.row.kind == ReaderRow::Kind::sender || visible.row.kind == ReaderRow::Kind::folded;
    if (is_current && is_head) mark(row);
    switch (visible.row.kind) {
      case ReaderRow::Kind::subject: return subject(row);
      case ReaderRow::Kind::folded: return sender(row, open, visible.message, true);
      case ReaderRow::Kind::sender: return sender(row, open, visible.message, false);
      case ReaderRow::Kind::recipients: return recipients(row, open.document);
      case ReaderRow::Kind::places: return places(row, open.message.files);
      case ReaderRow::Kind::own_subject: put(row, 0, open.message.subject, Role::header_value); return;
      case ReaderRow::Kind::facts: return facts(row, open.document);
      case ReaderRow::Kind::header: return TextPainter(frame_, left_, width_, room_).draw(row, open.headers[visible.row.flow.line], visible.row.flow);
      case ReaderRow::Kind::attachment: return attachment(row, open.document, visible.row.index);
      case ReaderRow::Kind::warning: return warning(row, open.document.warnings[visible.row.index], visible.row.flow);
      case ReaderRow::Kind::loading: put(row, 0, _("Opening…"), Role::dim); return;
      case ReaderRow::Kind::failed: return warning(row, open.failure, visible.row.flow);
      case ReaderRow::Kind::folded_quote: return folded_quote(row, visible.row.count);
      case ReaderRow::Kind::text: return text(row, visible.message, open.document, visible.row.flow);
      case ReaderRow::Kind::blank: return;
    }
  }

 private:
  int put(int row, int column, std::string_view text, Role role) {
    return frame_.canvas.put_fitted(row, left_ + column, room_ - column, text, frame_.look(role));
  }

  void mark(int row) {
    const bool is_focused = frame_.app.focus() == app::Pane::reader;
    frame_.canvas.put(row, area_.column, 1, frame_.signs.bar, frame_.look(is_focused ? Role::accent : Role::dim));
    if (!is_focused) return;
    frame_.canvas.cursor_row = row;
    frame_.canvas.cursor_column = area_.column;
  }

  void subject(int row) {
    const std::vector<std::string> tags = shown_tags(frame_.app.reader().tags());
    const int wanted = tags_width(frame_, tags), gap = tags_gap(frame_);
    const int for_tags = std::min(wanted + gap, room_ / 3);
    const std::string subject = frame_.app.reader().subject();
    const int used = frame_.canvas.put_fitted(row, left_, room_ - (wanted > 0 ? for_tags : 0), subject.empty() ? _("(no subject)") : subject,
                                              frame_.look(Role::title));
    if (wanted > 0) draw_tags(frame_, row, left_ + used + gap, room_ - used - gap, tags);
  }

  /// The date in full where that leaves the sender's name and address whole.
  std::string date_beside(const std::vector<Address>& from, UnixTime date, bool is_folded) const {
    const std::string full = frame_.app.full_date(date);
    int wanted = display_width(full) + 2;
    for (const Address& address : from) wanted += display_width(clean(to_text(address))) + 2;
    return is_folded || wanted > width_ ? frame_.app.list_date(date) : full;
  }

  /// The lines of the tree before a name; returns their columns. They give way where there is little room.
  int tree(int row, std::size_t message) {
    std::vector<bool> branches = frame_.app.reader().branches(message);
    if (branches.empty()) return 0;
    const auto room = static_cast<std::size_t>(std::max(1, width_ / 8));
    if (branches.size() > room) branches.erase(branches.begin(), branches.end() - static_cast<std::ptrdiff_t>(room));
    std::string lines;
    for (std::size_t level = 0; level + 1 < branches.size(); ++level) lines += branches[level] ? std::string(frame_.signs.rule_down) + " " : "  ";
    lines += std::string(branches.back() ? frame_.signs.tee : frame_.signs.corner) + " ";
    return put(row, 0, lines, Role::rule);
  }

  void folded_quote(int row, std::uint32_t count) {
    const int column = put(row, 0, std::string(frame_.signs.quote) + " ", Role::quote1);
    put(row, column, fmt::format(fmt::runtime(n_("{} quoted line", "{} quoted lines", count)), count), Role::dim);
  }

  void sender(int row, const app::OpenMessage& open, std::size_t message, bool is_folded) {
    std::vector<Address> from = parse_addresses(open.message.from);
    if (open.state == app::OpenMessage::State::shown && !open.document.headers.from.empty()) from = open.document.headers.from;
    const std::string when = date_beside(from, open.message.date, is_folded);
    const int for_date = display_width(when) + 2;
    const Role name_role = open.is_unread() ? Role::unread : is_folded ? Role::dim : Role::title;
    int column = tree(row, message);
    if (is_folded) column += put(row, column, std::string(frame_.signs.folded) + " ", Role::dim);
    const auto add = [&](std::string_view text, Role role) {
      column += frame_.canvas.put_fitted(row, left_ + column, width_ - for_date - column, text, frame_.look(role));
    };
    for (std::size_t i = 0; i < from.size() && i < 4; ++i) {
      if (i > 0) add(", ", Role::dim);
      const std::string name = trim(from[i].name).empty() ? from[i].mailbox : from[i].name;
      if (is_folded || name == from[i].mailbox) {
        add(name, name_role);
        continue;
      }
      // The real address is always there, and whole where it fits at all: names can lie, so they give way.
      const std::string mailbox = " <" + from[i].mailbox + ">";
      add(fit(clean(name), std::max(width_ - for_date - column - display_width(clean(mailbox)), shortest_name)), name_role);
      add(mailbox, Role::dim);
    }
    if (from.empty()) add(trim(open.message.from).empty() ? std::string_view(_("(no sender)")) : std::string_view(open.message.from), name_role);
    if (app::has_tag(open.message.tags, "flagged")) add(std::string(" ") + frame_.signs.flag, Role::flagged);
    if (open.hidden > 0) add(fmt::format(fmt::runtime(n_("  {} answer folded", "  {} answers folded", static_cast<unsigned long>(open.hidden))), open.hidden), Role::dim);
    frame_.canvas.put_right(row, left_, width_, when, frame_.look(Role::date));
  }

  void recipients(int row, const Document& document) {
    std::string text;
    if (!document.headers.to.empty()) text = fmt::format(fmt::runtime(_("to {}")), frame_.app.people().names(document.headers.to));
    if (!document.headers.cc.empty()) {
      if (!text.empty()) text += "  ";
      text += fmt::format(fmt::runtime(_("cc {}")), frame_.app.people().names(document.headers.cc));
    }
    put(row, 0, text, Role::dim);
  }

  void places(int row, const std::vector<std::string>& files) {
    const std::vector<std::string> names = place_names(files, frame_.app.settings().mail_root);
    put(row, 0, fmt::format(fmt::runtime(_("in {}")), join(names, ", ")), Role::dim);
  }

  void attachment(int row, const Document& document, std::uint32_t index) {
    int count = 0;
    for (std::uint32_t i = 0; i <= index; ++i) count += document.parts[i].is_attachment ? 1 : 0;
    const Part& part = document.parts[index];
    int column = put(row, 0, fmt::format("{} {} ", frame_.signs.attachment, count), Role::attachment);
    const std::string& name = part.filename.empty() ? part.type : part.filename;
    const std::string about = byte_count(part.size) + (room_ >= 100 ? "  " + part.type : "");
    const int for_about = room_ >= 40 ? display_width(clean(about)) + 2 : 0;
    column += frame_.canvas.put_fitted(row, left_ + column, room_ - column - for_about, name, frame_.look(Role::attachment));
    put(row, column + 2, about, Role::dim);
  }

  void warning(int row, std::string_view text, const app::FlowRow& flow) { put(row, 0, text.substr(flow.begin, flow.end - flow.begin), Role::warning); }

  /// What of a list it is, and what it would have fetched.
  void facts(int row, const Document& document) {
    std::vector<std::string> facts;
    const Document::Headers& headers = document.headers;
    if (const std::string& list = headers.list_name.empty() ? headers.list_id : headers.list_name; !list.empty()) facts.push_back(fmt::format(fmt::runtime(_("list {}")), clean(list)));
    const auto count = [&facts](const char* text, std::uint32_t number) {
      if (number > 0) facts.push_back(fmt::format(fmt::runtime(text), number));
    };
    count(n_("{} tracker left out", "{} trackers left out", document.trackers), document.trackers);
    count(n_("{} picture not fetched", "{} pictures not fetched", document.remote_pictures), document.remote_pictures);
    put(row, 0, join(facts, ", "), Role::dim);
  }

  void text(int row, std::size_t message, const Document& document, const app::FlowRow& flow) {
    using Match = app::Reader::Match;
    const app::Reader& reader = frame_.app.reader();
    const auto& matches = reader.matches();
    std::vector<TextPainter::Marked> marked;
    for (auto at = std::lower_bound(matches.begin(), matches.end(), Match{message, flow.line, 0, 0}); at != matches.end() && at->message == message && at->line == flow.line; ++at) {
      marked.push_back({at->begin, at->end, *at == matches[reader.match()]});
    }
    TextPainter painter(frame_, left_, width_, room_);
    const bool is_numbered = message == reader.current() && frame_.app.reading().numbers_things();
    if (is_numbered && things_.empty()) things_ = app::things_of(document);
    if (is_numbered) painter.set_things(&things_);
    painter.draw(row, document, flow, marked);
  }

  Frame& frame_;
  std::vector<app::Thing> things_;  ///< of the current message, while one is chosen
  app::Area area_;
  int left_, room_, width_;
};

}  // namespace

void draw_reader(Frame& frame) {
  const app::Geometry& geometry = frame.app.geometry();
  const app::Area& area = geometry.reader;
  if (area.empty()) return;
  if (const app::Area& rule = geometry.reader_rule; !rule.empty() && rule.columns == 1) {
    frame.canvas.repeat_down(rule.row, rule.column, rule.rows, frame.signs.rule_down, frame.look(Role::rule));
  } else if (!rule.empty()) {
    frame.canvas.repeat(rule.row, rule.column, rule.columns, frame.signs.rule, frame.look(Role::rule));
    if (rule.column > 0) frame.canvas.put(rule.row, rule.column - 1, 1, frame.signs.tee, frame.look(Role::rule));
  }
  const app::Reader& reader = frame.app.reader();
  if (frame.app.focus() == app::Pane::reader) {
    frame.canvas.cursor_row = area.row;
    frame.canvas.cursor_column = area.column;
  }
  if (!reader.failure().empty()) {
    draw_paragraph(frame, {area.row, area.column + left_margin, area.rows, area.columns - left_margin}, area.row, reader.failure(),
                   frame.look(Role::warning));
    return;
  }
  ReaderPainter painter(frame, area);
  int row = area.row;
  for (const app::Reader::VisibleRow& visible : reader.visible()) {
    if (row >= area.row + area.rows) break;
    painter.draw(row++, visible);
  }
}

}  // namespace valija::ui
