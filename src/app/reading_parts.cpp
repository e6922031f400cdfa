// Attachments, pictures and links: opened, shown, saved, given to other programs.
#include <fmt/format.h>

#include <algorithm>

#include "completion.hpp"
#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

/// How many things a message has that are meant where no number is typed.
std::size_t count_of_things(const OpenMessage* open, bool with_links) {
  if (open == nullptr || open->state != OpenMessage::State::shown) return 0;
  const std::vector<Thing> things = things_of(open->document);
  return static_cast<std::size_t>(std::count_if(things.begin(), things.end(), [&](const Thing& one) { return with_links || one.kind != Thing::Kind::link; }));
}

bool is_number(const std::string& word) {
  return !word.empty() && (word.starts_with('#') || word.find_first_not_of("0123456789.:") == std::string::npos);
}

}  // namespace

void Reading::launch(const std::string& arguments) {
  const CommandLine words = split_command_line(arguments);
  const bool is_sure = words.arguments == "anyway";
  const std::string number = default_number(words.name);
  if (number.empty() && count_of_things(app_.reader_.current_message(), true) > 1) return app_.open_prompt(Prompt::Kind::command, "launch ");
  const auto thing = this->thing(number, true);
  if (!thing) return;
  if (thing->kind == Thing::Kind::picture && cell_width_ > 0) return show_part(number);
  if (thing->kind == Thing::Kind::link) {
    if (starts_with_ignoring_case(thing->target, "mailto:")) return app_.compose(thing->target);
    if (!starts_with_ignoring_case(thing->target, "http://") && !starts_with_ignoring_case(thing->target, "https://")) {
      return app_.say(Notice::Kind::failed, fmt::format(fmt::runtime(_("Only addresses of the web are opened, not {}.")), thing->what));
    }
    return ask(messages::OpenLink{0, thing->target});
  }
  const std::string doubt = thing->kind == Thing::Kind::attachment ? doubt_about(thing->type, thing->name) : std::string();
  if (!doubt.empty() && !is_sure) return ask_to_open(*thing, number, doubt);
  ask(messages::OpenPart{0, app_.reader_.current_message()->message.files.front(), thing->number});
}

void Reading::ask_to_open(const Thing& thing, const std::string& number, const std::string& doubt) {
  const std::string named = number.empty() ? "1" : number;
  app_.desk_.ask({doubt,
                  {{config::Key::character(U'y'), fmt::format(fmt::runtime(_("Open {} all the same.")), thing.what), "launch " + named + " anyway"},
                   {config::Key::character(U's'), _("Save it, and look at it first."), "save " + named}},
                  _("leave it closed")});
}

void Reading::on(messages::OutsideOpened& event) { app_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Opened {}.")), clean(event.what))); }

void Reading::show_part(const std::string& number) {
  const std::string wanted = default_number(number);
  if (wanted.empty() && count_of_things(app_.reader_.current_message(), false) > 1) return show_parts();
  const auto thing = this->thing(wanted, false);
  if (!thing) return;
  const Area here = area();
  messages::ViewPart request{.file = app_.reader_.current_message()->message.files.front(), .number = thing->number};
  request.columns = std::max(20, std::min(here.columns - 3, static_cast<int>(app_.settings().ui_text_width)));
  request.pixel_width = std::max(0, here.columns - 3) * cell_width_;
  request.pixel_height = std::max(0, here.rows - 1) * cell_height_;
  file_ = request.file;
  wanted_part_ = thing->number;
  view_id_ = app_.office_.ask(std::move(request));
  waiting_.insert(view_id_);
  app_.say(Notice::Kind::hint, fmt::format(fmt::runtime(_("Opening {}…")), thing->what));
}

void Reading::on(messages::PartViewed& event) {
  const OpenMessage* open = app_.reader_.current_message();
  const bool is_still_meant = event.id == view_id_ && open != nullptr && !open->message.files.empty() && open->message.files.front() == file_;
  if (is_still_meant) show(PartView(event.title, std::move(event.document), std::move(event.pixels)), wanted_part_);
}

void Reading::show_parts() {
  const OpenMessage* open = shown_message();
  if (open == nullptr) return;
  file_ = open->message.files.front();
  parts_ = open->document.parts;
  if (parts_.empty()) return app_.say(Notice::Kind::hint, _("This message has no parts."));
  const auto first = std::find_if(parts_.begin(), parts_.end(), [](const Part& part) { return part.is_attachment; });
  part_cursor_ = {first == parts_.end() ? 0 : static_cast<std::size_t>(first - parts_.begin()), 0};
  app_.focus_ = Pane::reader;
  push(Page::parts);
}

void Reading::save(const std::string& arguments) {
  const CommandLine words = split_command_line(arguments);
  if (words.name == "all") return save_all(words.arguments);
  const std::string number = default_number(words.name);
  if (number.empty() && count_of_things(app_.reader_.current_message(), false) > 1) return app_.open_prompt(Prompt::Kind::command, "save ");
  const auto thing = this->thing(number, false);
  if (!thing) return;
  const std::string folder = words.arguments.empty() ? app_.options().download_directory : with_home(words.arguments);
  ask(messages::SaveParts{0, app_.reader_.current_message()->message.files.front(), {thing->number}, folder}, _("Saving"), true);
}

void Reading::save_all(const std::string& folder) {
  const OpenMessage* open = shown_message();
  if (open == nullptr) return;
  std::vector<std::string> numbers;
  for (const Part& part : open->document.parts) {
    if (part.is_attachment) numbers.push_back(part.number);
  }
  if (numbers.empty()) return app_.say(Notice::Kind::hint, _("This message has no attachments."));
  ask(messages::SaveParts{0, open->message.files.front(), std::move(numbers), folder.empty() ? app_.options().download_directory : with_home(folder)}, _("Saving"), true);
}

void Reading::on(messages::PartsSaved& event) {
  if (event.paths.size() < 2) return app_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Saved as {}.")), clean(join(event.paths, ", "))));
  const std::string folder = event.paths.front().substr(0, event.paths.front().rfind('/'));
  const auto count = static_cast<unsigned long>(event.paths.size());
  app_.say(Notice::Kind::done, fmt::format(fmt::runtime(n_("Saved {} file in {}.", "Saved {} files in {}.", count)), count, clean(folder)));
}

void Reading::pipe(const std::string& arguments) {
  CommandLine words = split_command_line(arguments);
  const bool has_number = is_number(words.name);
  const std::string number = has_number ? words.name : default_number({});
  const std::string command = has_number ? words.arguments : arguments;
  if (command.empty()) return app_.open_prompt(Prompt::Kind::command, number.empty() ? "pipe " : "pipe " + number + " ");
  const OpenMessage* open = shown_message();
  if (open == nullptr) return;
  std::string part;
  if (has_number) {
    const auto thing = this->thing(number, false);
    if (!thing) return;
    part = thing->number;
  }
  ask(messages::PipeMessage{0, open->message.files, std::move(part), command}, _("Running the command"), true);
}

void Reading::on(messages::MessagePiped& event) {
  const std::string_view output = trim(event.output);
  if (output.empty()) return app_.say(Notice::Kind::done, _("The command ended and wrote nothing."));
  const std::vector<std::string> lines = split(std::string(output), '\n');
  if (lines.size() == 1) return app_.say(Notice::Kind::done, clean(lines.front()));
  Document document;
  for (const std::string& text : lines) {
    Line line;
    line.role = Line::Role::preformatted;
    line.wraps = false;
    line.spans.push_back({text, {}});
    document.lines.push_back(std::move(line));
  }
  show(PartView(_("What the command wrote"), std::move(document)));
}

Completions complete_things(const App& app, const std::string& arguments) {
  Completions completions;
  const OpenMessage* open = app.reader().current_message();
  if (open == nullptr || arguments.find(' ') != std::string::npos) return completions;
  const std::vector<Thing> things = things_of(open->document);
  for (std::size_t i = 0; i < things.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    if (number.starts_with(arguments)) completions.list.push_back({number, things[i].what, {}});
  }
  return completions;
}

Completions complete_parts(const App& app, const std::string& arguments) {
  Completions completions = complete_things(app, arguments);
  const OpenMessage* open = app.reader().current_message();
  if (open == nullptr) return completions;
  const std::vector<Thing> things = things_of(open->document);
  const auto is_link = [&](const Completion& one) { return things[static_cast<std::size_t>(count_of(one.text)) - 1].kind == Thing::Kind::link; };
  std::erase_if(completions.list, is_link);
  return completions;
}

Completions complete_saves(const App& app, const std::string& arguments) {
  Completions completions = complete_parts(app, arguments);
  if (std::string_view("all").starts_with(arguments)) completions.list.push_back({"all", _("all attachments"), {}});
  return completions;
}

}  // namespace valija::app
