#include <fmt/format.h>

#include <algorithm>

#include "frame.hpp"
#include "valija/app/text_flow.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/places.hpp"

namespace valija::ui {
namespace {

using app::ReaderRow;
using config::Look;
using config::Role;

constexpr int left_margin = 2;
constexpr int shortest_name = 8;  // columns

Role role_of(Line::Role role, int quote_level) {
  switch (role) {
    case Line::Role::quote: return quote_level <= 1 ? Role::quote1 : quote_level == 2 ? Role::quote2 : Role::quote3;
    case Line::Role::signature: return Role::signature;
    case Line::Role::heading: return Role::heading;
    case Line::Role::preformatted: return Role::code;
    case Line::Role::rule: return Role::rule;
    case Line::Role::attribution: return Role::dim;
    case Line::Role::diff_added: return Role::added;
    case Line::Role::diff_removed: return Role::removed;
    case Line::Role::diff_hunk: return Role::hunk;
    case Line::Role::table:
    case Line::Role::text: break;
  }
  return quote_level > 0 ? Role::quote1 : Role::text;
}

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
      case ReaderRow::Kind::attachment: return attachment(row, open.document, visible.row.index);
      case ReaderRow::Kind::warning: return warning(row, open.document.warnings[visible.row.index]);
      case ReaderRow::Kind::loading: put(row, 0, _("Opening…"), Role::dim); return;
      case ReaderRow::Kind::failed: return warning(row, open.failure);
      case ReaderRow::Kind::folded_quote: return folded_quote(row, visible.row.count);
      case ReaderRow::Kind::text: return text(row, open.document, visible.row.flow);
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

  void warning(int row, std::string_view text) { put(row, 0, text, Role::warning); }

  void text(int row, const Document& document, const app::FlowRow& flow) {
    const Line& line = document.lines[flow.line];
    int column = 0;
    for (int level = 1; level <= line.quote_level && level <= 6; ++level) {
      frame_.canvas.put(row, left_ + column, 1, frame_.signs.quote, frame_.look(level == 1 ? Role::quote1 : level == 2 ? Role::quote2 : Role::quote3));
      column += 2;
    }
    const Look& base = frame_.look(role_of(line.role, line.quote_level));
    if (line.role == Line::Role::rule) {
      frame_.canvas.repeat(row, left_ + column, width_ - column, frame_.signs.rule, base);
      return;
    }
    const int indent = app::left_columns(line) - column;
    if (flow.is_first && !line.marker.empty()) {
      const int width = std::min(display_width(line.marker), indent > 0 ? indent : room_);
      frame_.canvas.put(row, left_ + column + std::max(0, indent - width), width, line.marker, frame_.look(Role::dim));
    }
    spans(row, column + indent, document, flow, base);
  }

  void spans(int row, int column, const Document& document, const app::FlowRow& flow, const Look& base) {
    std::size_t at = 0;
    const int start = left_ + column;
    for (const Span& span : document.lines[flow.line].spans) {
      const std::size_t begin = std::max<std::size_t>(flow.begin, at), end = std::min<std::size_t>(flow.end, at + span.text.size());
      if (begin < end) {
        const std::string_view piece = std::string_view(span.text).substr(begin - at, end - begin);
        const int filled = frame_.canvas.put_part(row, left_ + column, room_ - column, piece, look_of(span.style, base));
        link(row, left_ + column, filled, document, span.style);
        column += filled;
      }
      at += span.text.size();
      if (at >= flow.end) break;
    }
    frame_.canvas.order(row, start, left_ + column - start);
  }

  void link(int row, int column, int columns, const Document& document, const Style& style) {
    const bool has_target = style.link >= 0 && static_cast<std::size_t>(style.link) < document.links.size();
    if (has_target && frame_.app.settings().ui_links) frame_.canvas.link(row, column, columns, document.links[static_cast<std::size_t>(style.link)].target);
  }

  Look look_of(const Style& style, const Look& base) const {
    Look look = base;
    if (style.dim) look = over(look, frame_.look(Role::dim));
    if (style.code) look = over(look, frame_.look(Role::code));
    if (style.link >= 0) look = over(look, frame_.look(Role::link));
    look.bold = look.bold || style.bold;
    look.italic = look.italic || style.italic;
    look.underline = look.underline || style.underline;
    return look;
  }

  Frame& frame_;
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
