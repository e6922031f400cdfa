#include "valija/app/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_things = 500;
constexpr int title_rows = 1;

}  // namespace

std::vector<Thing> things_of(const Document& document) {
  using Kind = Thing::Kind;
  std::vector<Thing> things;
  const auto add = [&things](Thing thing) {
    if (things.size() == most_things) return;
    const bool is_known = std::any_of(things.begin(), things.end(), [&](const Thing& other) { return other.number == thing.number && other.target == thing.target; });
    if (!is_known) things.push_back(std::move(thing));
  };
  for (const Part& part : document.parts) {
    if (part.is_attachment) add({Kind::attachment, part.number, {}, clean(part.filename.empty() ? part.type : part.filename) + ", " + byte_count(part.size), part.type, part.filename});
  }
  for (const Picture& picture : document.pictures) {
    if (!picture.part.empty()) add({Kind::picture, picture.part, {}, clean(picture.name.empty() ? std::string(_("picture")) : picture.name), "image/*", picture.name});
  }
  for (const Link& link : document.links) add({Kind::link, {}, link.target, clean(link.target)});
  return things;
}

std::size_t number_of_link(const std::vector<Thing>& things, const std::string& target) {
  const auto found = std::find_if(things.begin(), things.end(), [&](const Thing& thing) { return thing.kind == Thing::Kind::link && thing.target == target; });
  return found == things.end() ? 0 : static_cast<std::size_t>(found - things.begin()) + 1;
}

std::size_t number_of_picture(const std::vector<Thing>& things, const std::string& part) {
  const auto found = std::find_if(things.begin(), things.end(), [&](const Thing& thing) { return !part.empty() && thing.number == part; });
  return found == things.end() ? 0 : static_cast<std::size_t>(found - things.begin()) + 1;
}

// Pages.

const char* Reading::context() const {
  switch (page()) {
    case Page::parts: return "parts";
    case Page::senders: return "senders";
    default: return "view";
  }
}

std::uint16_t Reading::where() const {
  switch (page()) {
    case Page::parts: return in_parts;
    case Page::senders: return in_senders;
    default: return viewed_.empty() ? in_note : in_view;
  }
}

Area Reading::area() const {
  const Geometry& geometry = app_.geometry();
  return page() == Page::senders || geometry.reader.empty() ? geometry.body : geometry.reader;
}

void Reading::push(Page page) {
  if (this->page() != page) pages_.push_back(page);
  lay_out();
}

void Reading::show(PartView view, std::string number) {
  view_ = std::move(view);
  viewed_ = std::move(number);
  app_.office_.hush();
  push(Page::view);
}

void Reading::lay_out() {
  const Area here = area();
  const int lines = std::max(1, here.rows - title_rows);
  if (view_) view_->resize(here.columns - 3, lines, static_cast<int>(app_.settings().ui_text_width));
  senders_.resize(lines);
  part_cursor_.keep_visible(static_cast<std::size_t>(lines));
}

bool Reading::move(long rows) {
  if (!is_page_open()) return false;
  if (page() == Page::senders) {
    senders_.move(rows);
  } else if (page() == Page::parts) {
    part_cursor_.move(rows, parts_.size());
    lay_out();
  } else if (view_) {
    view_->scroll(rows);
  }
  return true;
}

bool Reading::turn(double screens) { return move(static_cast<long>(screens * std::max(1, area().rows - title_rows - 1))); }

bool Reading::close() {
  if (!is_page_open()) return false;
  if (page() == Page::senders) senders_.clear_marks();
  pages_.pop_back();
  return true;
}

bool Reading::numbers_things() const {
  if (app_.prompt().kind() != Prompt::Kind::command) return false;
  const std::string& line = app_.prompt().text();
  return line.starts_with("launch ") || line.starts_with("show ") || line.starts_with("save ") || line.starts_with("copy link");
}

// Answers.

bool Reading::take(messages::Event& event) {
  const auto is_mine = [this](messages::RequestId id) { return id != 0 && (waiting_.erase(id) > 0 || lookups_.contains(id)); };
  return std::visit(
      [&](auto& value) {
        if constexpr (requires { this->on(value); }) {
          if (!is_mine(value.id)) return false;
          on(value);
          return true;
        }
        return false;
      },
      event);
}

void Reading::failed(messages::RequestId id) {
  waiting_.erase(id);
  if (id != 0 && id == senders_id_) senders_.take({});
  const auto lookup = lookups_.find(id);
  if (lookup == lookups_.end()) return;
  ways_[lookup->second].is_known = true;
  lookups_.erase(lookup);
  if (lookups_.empty()) ask_to_unsubscribe();
}

// The message that is meant, and its things.

const OpenMessage* Reading::shown_message() {
  const OpenMessage* open = app_.reader_.current_message();
  if (open != nullptr && open->state == OpenMessage::State::shown && !open->message.files.empty()) return open;
  app_.say(Notice::Kind::hint, _("No message is open yet."));
  return nullptr;
}

/// On a page it is what the cursor is on, or what is shown.
std::string Reading::default_number(const std::string& typed) const {
  const OpenMessage* open = app_.reader_.current_message();
  const bool is_of_this_message = open != nullptr && !open->message.files.empty() && open->message.files.front() == file_;
  if (!typed.empty() || !is_page_open() || !is_of_this_message) return typed;
  if (page() == Page::parts && !parts_.empty()) return "#" + parts_[part_cursor_.at].number;
  return page() == Page::view && !viewed_.empty() ? "#" + viewed_ : typed;
}

std::optional<Thing> Reading::thing(const std::string& number, bool with_links) {
  const OpenMessage* open = shown_message();
  if (open == nullptr) return std::nullopt;
  const Document& document = open->document;
  const std::string wanted = number.starts_with('#') ? number.substr(1) : number;
  if (number.starts_with('#') || number.find('.') != std::string::npos) {
    for (Thing& thing : things_of(document)) {
      if (thing.number == wanted) return std::move(thing);
    }
    for (const Part& part : document.parts) {
      if (part.number == wanted) return Thing{Thing::Kind::attachment, part.number, {}, clean(part.filename.empty() ? part.type : part.filename), part.type, part.filename};
    }
    app_.say(Notice::Kind::failed, fmt::format(fmt::runtime(_("This message has no part {}.")), clean(wanted)), fmt::format(fmt::runtime(_("{} shows its parts.")), app_.key_of("parts")));
    return std::nullopt;
  }
  std::vector<Thing> things = things_of(document);
  if (!with_links) std::erase_if(things, [](const Thing& one) { return one.kind == Thing::Kind::link; });
  if (things.empty()) {
    app_.say(Notice::Kind::hint, with_links ? _("This message has no attachments and no links.") : _("This message has no attachments."));
    return std::nullopt;
  }
  std::size_t count = 1;
  const auto [rest, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), count);
  const bool is_number = wanted.empty() || (error == std::errc() && rest == wanted.data() + wanted.size());
  if (is_number && count >= 1 && count <= things.size()) return things[count - 1];
  app_.say(Notice::Kind::failed, fmt::format(fmt::runtime(with_links ? _("There is no attachment or link {}.") : _("There is no attachment {}.")), clean(wanted)),
           fmt::format(fmt::runtime(_("They are counted from 1 to {}; Tab shows them.")), things.size()));
  return std::nullopt;
}

std::string Reading::with_home(const std::string& path) const {
  const std::string& home = app_.options().home;
  if (path == "~" || path.starts_with("~/")) return home + path.substr(1);
  return path.empty() || path.starts_with('/') ? path : app_.options().download_directory + "/" + path;
}

}  // namespace valija::app
