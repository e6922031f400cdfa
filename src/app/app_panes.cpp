#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "completion.hpp"
#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr int tabs_from = 10;  // behind the name of the program
constexpr std::size_t most_copied = 64 << 10;  // octets: what terminals take

struct SplitName {
  const char* name;
  Split split;
};
constexpr SplitName split_names[] = {{"auto", Split::automatic}, {"below", Split::below}, {"beside", Split::beside}, {"none", Split::none}};

constexpr const char* copied_things[] = {"link", "id", "address", "subject", "text"};

/// "40", "+5" or "-5" beside what is there now; nothing: no number.
std::optional<int> resized(const std::string& size, int now) {
  const bool is_step = size.starts_with('+') || size.starts_with('-');
  int value = 0;
  const char* begin = size.data() + (is_step ? 1 : 0);
  const char* end = size.data() + size.size();
  const auto [rest, error] = std::from_chars(begin, end, value);
  if (error != std::errc() || rest != end || value < 0 || value > 1000) return std::nullopt;
  return !is_step ? value : size[0] == '-' ? now - value : now + value;
}

/// The first link that can be seen of a message, else its first one; empty: it has none.
std::string link_on_screen(const Reader& reader, const Document& document) {
  const auto target = [&document](int link) { return document.links[static_cast<std::size_t>(link)].target; };
  for (const Reader::VisibleRow& visible : reader.visible()) {
    if (visible.message != reader.current() || visible.row.kind != ReaderRow::Kind::text) continue;
    const FlowRow& flow = visible.row.flow;
    std::size_t at = 0;
    for (const Span& span : document.lines[flow.line].spans) {
      const bool is_here = at < flow.end && at + span.text.size() > flow.begin;
      if (is_here && span.style.link >= 0 && span.style.link < static_cast<int>(document.links.size())) return target(span.style.link);
      at += span.text.size();
    }
  }
  return document.links.empty() ? std::string() : document.links.front().target;
}

std::string text_of(const Document& document) {
  std::string text;
  for (const Line& line : document.lines) {
    for (int level = 0; level < line.quote_level; ++level) text += "> ";
    if (!line.marker.empty()) text += line.marker;
    for (const Span& span : line.spans) text += span.text;
    text += '\n';
  }
  return text;
}

}  // namespace

Completions complete_splits(const App&, const std::string& arguments) {
  Completions found;
  for (const SplitName& known : split_names) {
    if (std::string_view(known.name).starts_with(arguments)) found.list.push_back({known.name, {}, {}});
  }
  return found;
}

Completions complete_copies(const App& app, const std::string& arguments) {
  Completions found;
  for (const char* thing : copied_things) {
    if (std::string_view(thing).starts_with(arguments)) found.list.push_back({thing, {}, {}});
  }
  const OpenMessage* open = app.reader().is_open() ? app.reader().current_message() : nullptr;
  if (open == nullptr || !arguments.starts_with("link ")) return found;
  const std::vector<Thing> things = things_of(open->document);
  for (std::size_t i = 0; i < things.size(); ++i) {
    std::string text = fmt::format("link {}", i + 1);
    if (things[i].kind == Thing::Kind::link && text.starts_with(arguments)) found.list.push_back({std::move(text), things[i].what, {}});
  }
  return found;
}

void App::take_pane_settings() {
  for (const SplitName& known : split_names) {
    if (settings_.ui_split == known.name) split_ = known.split;
  }
  list_share_ = static_cast<int>(std::clamp<std::int64_t>(settings_.ui_split_size, 10, 90)) * 10;
  list_width_share_ = static_cast<int>(std::clamp<std::int64_t>(settings_.ui_split_width, 10, 90)) * 10;
  sidebar_width_ = static_cast<int>(std::clamp<std::int64_t>(settings_.ui_sidebar_width, 0, 200));
  is_sidebar_shown_ = settings_.ui_sidebar;
}

Wish App::wish() const {
  Wish wish;
  wish.sidebar_width = sidebar_width_;
  wish.sidebar_shown = is_sidebar_shown_;
  wish.sidebar_focused = focus_ == Pane::sidebar;
  wish.preview = settings_.ui_preview && focus_ != Pane::reader && !is_thread_tab();
  wish.reader_open = reader_.is_open() && !wish.preview;
  wish.split = is_thread_tab() ? Split::none : split_;
  wish.list_share = list_share_;
  wish.list_width_share = list_width_share_;
  wish.linear = settings_.ui_linear;
  return wish;
}

void App::set_split(const std::string& name) {
  for (const SplitName& known : split_names) {
    if (name != known.name) continue;
    split_ = known.split;
    if (!reader_.is_open()) say(Notice::Kind::done, fmt::format(fmt::runtime(_("Threads open so from now on: {}.")), name));
    return;
  }
  say(Notice::Kind::failed, fmt::format(fmt::runtime(_("split does not know \"{}\".")), name), _("Write :split auto, below, beside or none."));
}

void App::set_split_size(const std::string& size) {
  const std::int64_t usual = is_beside() ? settings_.ui_split_width : settings_.ui_split_size;
  const auto percent = size.empty() ? static_cast<int>(usual) : resized(size, list_share() / 10);
  if (!percent) return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("\"{}\" is no size.")), size), _("Write 40, +5 or -5."));
  list_share() = std::clamp(*percent, 10, 90) * 10;
  say(Notice::Kind::done, fmt::format(fmt::runtime(_("The list keeps {} percent of the room.")), list_share() / 10));
}

void App::set_sidebar_width(const std::string& size) {
  const auto columns = size.empty() ? static_cast<int>(settings_.ui_sidebar_width) : resized(size, sidebar_width_);
  if (!columns) return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("\"{}\" is no size.")), size), _("Write 40, +5 or -5."));
  sidebar_width_ = std::clamp(*columns, narrowest_sidebar, std::max(narrowest_sidebar, geometry_.columns / 2));
  is_sidebar_shown_ = true;
}

void App::toggle_sidebar() {
  is_sidebar_shown_ = geometry_.sidebar.empty();
  if (!is_sidebar_shown_ && focus_ == Pane::sidebar) focus_ = reader_.is_open() ? Pane::reader : Pane::list;
  lay_out();
  if (is_sidebar_shown_ && geometry_.sidebar.empty()) say(Notice::Kind::hint, _("The window is too narrow to keep the side bar."), fmt::format(fmt::runtime(_("{} goes to it.")), key_of("next-pane")));
}

void App::focus_changed(bool has_focus) {
  has_focus_ = has_focus;
  settle();
}

std::vector<TabPlace> App::tab_places() const {
  const std::vector<TabName> all = tabs();
  // With one tab what the accounts do gets what is left; with more it gets a third, so that the tabs stay where they are.
  return place_tabs(all, tabs_from, all.size() == 1 ? geometry_.columns : std::max(tabs_from, geometry_.columns * 2 / 3));
}

std::string App::window_title() const {
  const std::vector<TabName> all = tabs();
  const auto front = std::find_if(all.begin(), all.end(), [](const TabName& tab) { return tab.is_front; });
  if (front == all.end()) return "valija";
  std::string title = "valija: " + clean(front->text);
  if (front->unread > 0) title += fmt::format(" ({})", number(front->unread));
  return title;
}

void App::copy(const std::string& what) {
  const CommandLine words = split_command_line(what);
  const auto take = [this](std::string text) {
    if (text.empty()) return say(Notice::Kind::hint, _("There is nothing to copy."));
    if (text.size() > most_copied) return say(Notice::Kind::failed, _("This is too long for the clipboard of a terminal."), _("| gives it to a program."));
    say(Notice::Kind::done, fmt::format(fmt::runtime(_("Copied: {}")), fit(clean(text.substr(0, 512)), 60)));
    copy_ = std::move(text);
  };
  if (words.name == "id") return with_message([take](const ThreadMessage& message) { take("<" + message.id + ">"); });
  if (words.name == "subject") return with_message([take](const ThreadMessage& message) { take(message.subject); });
  if (words.name == "address") {
    return with_message([take](const ThreadMessage& message) {
      const std::vector<Address> from = parse_addresses(message.from);
      take(from.empty() ? std::string() : from.front().mailbox);
    });
  }
  if (words.name != "link" && words.name != "text") {
    return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("copy does not know \"{}\".")), words.name), _("Write :copy link, id, address, subject or text."));
  }
  const OpenMessage* open = reader_.is_open() ? reader_.current_message() : nullptr;
  if (open == nullptr || open->state != OpenMessage::State::shown) return say(Notice::Kind::hint, _("No message is open yet."));
  const Document& document = open->document;
  if (words.name == "text") return take(text_of(document));
  if (document.links.empty()) return say(Notice::Kind::hint, _("This message has no links."));
  if (words.arguments.empty()) return take(link_on_screen(reader_, document));
  const std::vector<Thing> things = things_of(document);
  const long number = count_of(words.arguments);
  if (number < 1 || number > static_cast<long>(things.size()) || things[static_cast<std::size_t>(number) - 1].kind != Thing::Kind::link) {
    return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("There is no link {}.")), words.arguments));
  }
  take(things[static_cast<std::size_t>(number) - 1].target);
}

}  // namespace valija::app
