// The text of a message in another way, what is found in it, and where it goes on.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "completion.hpp"
#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/mailbox_query.hpp"

namespace valija::app {
namespace {

constexpr std::array charsets{"utf-8",     "windows-1252", "iso-8859-1",  "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251", "koi8-r", "koi8-u",
                              "iso-8859-5", "iso-8859-7",   "iso-8859-8",  "iso-8859-9", "windows-1253", "windows-1254", "windows-1255", "windows-1256",
                              "shift_jis", "iso-2022-jp",  "euc-jp",      "euc-kr",     "gb18030",     "big5",         "tis-620"};

/// The choices of the alternative that the message shows one of; empty: it has none.
std::vector<Part> choices_of(const Document& document) {
  std::vector<Part> choices;
  int wanted = -1;
  for (const Part& part : document.parts) {
    if (part.alternative >= 0 && (wanted < 0 || part.is_shown)) wanted = wanted < 0 || part.is_shown ? part.alternative : wanted;
  }
  for (const Part& part : document.parts) {
    if (wanted >= 0 && part.alternative == wanted) choices.push_back(part);
  }
  return choices;
}

Line line_of(std::string text, Line::Role role = Line::Role::text, std::string marker = {}) {
  Line line;
  line.role = role;
  line.indent = marker.empty() ? 0 : 2;
  line.marker = std::move(marker);
  line.spans.push_back({std::move(text), {}});
  return line;
}

const char* words_of(Category category) {
  switch (category) {
    case Category::personal: return N_("A personal message");
    case Category::list: return N_("Mail of a mailing list");
    case Category::newsletter: return N_("A newsletter");
    case Category::marketing: return N_("Marketing");
    case Category::transactional: return N_("A receipt, an order or the like");
    case Category::notification: return N_("A notification of a program");
    case Category::none: break;
  }
  return N_("Nothing tells what kind of mail this is");
}

bool has_tag_of(const CategoryVerdict& verdict, const std::vector<std::string>& tags) {
  return std::find(tags.begin(), tags.end(), tag_of(verdict.category)) != tags.end();
}

/// What stands between < and > and looks like a Message-ID.
std::vector<std::string> ids_in(const Document& document) {
  std::vector<std::string> ids;
  if (!document.headers.in_reply_to.empty()) ids.push_back(document.headers.in_reply_to);
  ids.insert(ids.end(), document.headers.references.rbegin(), document.headers.references.rend());
  for (const Line& line : document.lines) {
    std::string text;
    for (const Span& span : line.spans) text += span.text;
    for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
      const std::size_t end = text.find('>', at);
      const std::string id = end == std::string::npos ? std::string() : text.substr(at + 1, end - at - 1);
      const bool is_id = id.size() < 250 && id.find('@') != std::string::npos && id.find(' ') == std::string::npos;
      if (is_id) ids.push_back(id);
    }
  }
  std::vector<std::string> once;
  for (const std::string& id : ids) {
    if (std::find(once.begin(), once.end(), id) == once.end() && once.size() < 100) once.push_back(id);
  }
  return once;
}

/// Without what people copy along: blanks, < >, "id:", "mid:".
std::string bare_id(std::string_view typed) {
  typed = trim(typed);
  for (const std::string_view prefix : {"id:", "mid:"}) {
    if (starts_with_ignoring_case(typed, prefix)) typed.remove_prefix(prefix.size());
  }
  if (typed.starts_with('<')) typed.remove_prefix(1);
  if (typed.ends_with('>')) typed.remove_suffix(1);
  return std::string(typed);
}

}  // namespace

void Reading::alternative(const std::string& number) {
  const OpenMessage* open = shown_message();
  if (open == nullptr) return;
  const std::vector<Part> choices = choices_of(open->document);
  if (choices.size() < 2) return app_.say(Notice::Kind::hint, _("This message comes in one form only."));
  const auto shown = static_cast<std::size_t>(std::find_if(choices.begin(), choices.end(), [](const Part& part) { return part.is_shown; }) - choices.begin());
  const std::size_t wanted = number.empty() ? (shown + 1) % choices.size() : static_cast<std::size_t>(count_of(number)) - 1;
  if (wanted >= choices.size()) return app_.say(Notice::Kind::failed, fmt::format(fmt::runtime(_("It comes in {} forms only.")), choices.size()));
  RenderOptions options = open->options;
  options.alternative = choices[wanted].number;
  app_.reader_.render_as(std::move(options));
  app_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Form {} of {}: {}")), wanted + 1, choices.size(), clean(choices[wanted].type)));
}

void Reading::charset(const std::string& name) {
  const OpenMessage* open = shown_message();
  if (open == nullptr) return;
  if (name.empty()) return app_.open_prompt(Prompt::Kind::command, "charset ");
  RenderOptions options = open->options;
  options.charset = name == "auto" ? std::string() : name;
  app_.reader_.render_as(std::move(options));
  const std::string was = open->document.charset.empty() ? std::string(_("not said")) : clean(open->document.charset);
  app_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Read as {}; before: {}.")), clean(name), was), _(":charset auto goes back."));
}

void Reading::source() {
  const OpenMessage* open = shown_message();
  if (open == nullptr) return;
  RenderOptions options = open->options;
  options.source = !options.source;
  app_.say(Notice::Kind::done, options.source ? _("As it came over the wire.") : _("As it is read."));
  app_.reader_.render_as(std::move(options));
}

void Reading::headers(const std::string& wanted) {
  const OpenMessage* open = shown_message();
  if (open == nullptr) return;
  const bool shows_some = !open->wanted_headers.empty();
  app_.reader_.show_headers(wanted == "chosen" ? "" : wanted.empty() ? (shows_some ? "" : "all") : wanted);
  if (!wanted.empty() && wanted != "chosen" && app_.reader_.current_message()->headers.empty()) app_.say(Notice::Kind::hint, _("This message has no such header."));
}

void Reading::find(const std::string& text) {
  if (text.empty()) return app_.open_prompt(Prompt::Kind::command, "find ");
  const std::size_t count = app_.reader_.find(text);
  if (count == 0) return app_.say(Notice::Kind::hint, fmt::format(fmt::runtime(_("\"{}\" stands nowhere in the open messages.")), clean(text)));
  find_next(0);
}

void Reading::find_next(long direction) {
  if (!app_.reader_.go_to_match(direction)) return app_.say(Notice::Kind::hint, _("Nothing is looked for yet."), fmt::format(fmt::runtime(_("{} finds a text.")), app_.key_of("find")));
  app_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Place {} of {}.")), app_.reader_.match() + 1, app_.reader_.matches().size()),
           fmt::format(fmt::runtime(_("{} goes to the next.")), app_.key_of("find-next")));
}

void Reading::scroll_sideways(int columns) {
  if (!app_.reader_.scroll_sideways(columns)) app_.say(Notice::Kind::hint, columns > 0 ? _("No table is wider than the pane.") : _("This is the left edge."));
}

void Reading::follow(const std::string& typed) {
  const OpenMessage* open = app_.reader_.current_message();
  std::string id = bare_id(typed);
  if (id.empty() && open != nullptr && open->state == OpenMessage::State::shown) id = open->document.headers.in_reply_to;
  if (id.empty()) return app_.open_prompt(Prompt::Kind::command, "follow ");
  const std::vector<OpenMessage>& all = app_.reader_.messages();
  const auto here = std::find_if(all.begin(), all.end(), [&](const OpenMessage& one) { return one.message.id == id; });
  if (here != all.end()) {
    app_.reader_.go_to_message(static_cast<long>(here - all.begin()) - static_cast<long>(app_.reader_.current()));
    return;
  }
  app_.open_list("id:" + quoted_term(id), true);
  app_.opens_when_listed_ = true;
}

Completions complete_ids(const App& app, const std::string& arguments) {
  Completions completions;
  const OpenMessage* open = app.reader().current_message();
  if (open == nullptr) return completions;
  for (std::string& id : ids_in(open->document)) {
    if (id.starts_with(arguments)) completions.list.push_back({std::move(id), {}, {}});
  }
  return completions;
}

Completions complete_charsets(const App&, const std::string& arguments) {
  Completions completions;
  if (std::string_view("auto").starts_with(arguments)) completions.list.push_back({"auto", _("as the message says"), {}});
  for (const char* name : charsets) {
    if (std::string_view(name).starts_with(arguments)) completions.list.push_back({name, {}, {}});
  }
  return completions;
}

Completions complete_headers(const App& app, const std::string& arguments) {
  Completions completions;
  completions.from = arguments.rfind(' ') == std::string::npos ? 0 : arguments.rfind(' ') + 1;
  const std::string word = arguments.substr(completions.from);
  const auto add = [&](const std::string& name, const char* doc) {
    const bool is_known = std::any_of(completions.list.begin(), completions.list.end(), [&](const Completion& one) { return one.text == name; });
    if (starts_with_ignoring_case(name, word) && !is_known) completions.list.push_back({name, doc, {}});
  };
  add("all", _("every header"));
  add("chosen", _("the usual ones"));
  if (const OpenMessage* open = app.reader().current_message()) {
    for (const Document::HeaderRow& row : open->document.all_headers) add(clean(row.name), "");
  }
  return completions;
}

// Out of valija.

void Reading::browse() {
  app_.with_message([this](const ThreadMessage& message) { ask(messages::BrowseMessage{0, message.files.front()}); });
}

void Reading::print(const std::string& path) {
  app_.with_message([this, path](const ThreadMessage& message) {
    const OpenMessage* open = app_.focus_ == Pane::reader ? app_.reader_.current_message() : nullptr;
    ask(messages::PrintMessage{0, message.files.front(), open == nullptr ? RenderOptions{} : open->options, with_home(path)}, _("Printing"), true);
    app_.say(Notice::Kind::hint, _("Printing…"));
  });
}

void Reading::on(messages::MessagePrinted& event) {
  app_.say(Notice::Kind::done, event.path.empty() ? std::string(_("It is with the printer.")) : fmt::format(fmt::runtime(_("Saved as {}.")), clean(event.path)));
}

void Reading::export_to(const std::string& arguments) {
  const CommandLine words = split_command_line(arguments);
  const bool is_thread = words.name == "thread" && app_.focus_ == Pane::reader;
  const std::string path = is_thread ? words.arguments : arguments;
  if (path.empty()) return app_.open_prompt(Prompt::Kind::command, is_thread ? "export thread " : "export ");
  if (!is_thread) {
    return app_.with_message([this, path](const ThreadMessage& message) { ask(messages::ExportMessages{0, {message.files.front()}, with_home(path)}, _("Saving"), true); });
  }
  std::vector<std::string> files;
  for (const OpenMessage& open : app_.reader_.messages()) {
    if (!open.message.files.empty()) files.push_back(open.message.files.front());
  }
  ask(messages::ExportMessages{0, std::move(files), with_home(path)}, _("Saving"), true);
}

void Reading::on(messages::MessagesExported& event) {
  const auto count = static_cast<unsigned long>(event.messages);
  app_.say(Notice::Kind::done, fmt::format(fmt::runtime(n_("Wrote {} message to {}.", "Wrote {} messages to {}.", count)), number(event.messages), clean(event.path)));
}

void Reading::why() {
  const OpenMessage* open = shown_message();
  if (open == nullptr) return;
  const std::vector<Address>& from = open->document.headers.from;
  explained_ = {open->document.verdict, open->document.verdict_if_known, open->message.tags};
  std::string query = from.empty() ? std::string() : written_to_query(from.front().mailbox);
  if (query.empty()) return explain(false);
  ask(messages::CountMessages{0, {std::move(query)}});
}

void Reading::on(messages::MessagesCounted& event) { explain(!event.counts.empty() && event.counts.front() > 0); }

/// As it was judged when it was indexed, if its tag tells that.
void Reading::explain(bool knows_sender) {
  const bool is_tagged = has_tag_of(explained_.verdict, explained_.tags), is_tagged_as_known = has_tag_of(explained_.verdict_if_known, explained_.tags);
  const bool is_from_known = is_tagged == is_tagged_as_known ? knows_sender : is_tagged_as_known;
  const CategoryVerdict& told = is_from_known ? explained_.verdict_if_known : explained_.verdict;
  Document document;
  document.lines.push_back(line_of(_(words_of(told.category)), Line::Role::heading));
  document.lines.push_back(line_of({}));
  for (const std::string& reason : told.reasons) document.lines.push_back(line_of(reason, Line::Role::text, "• "));
  if (told.reasons.empty()) document.lines.push_back(line_of(_("None of its headers says it.")));
  for (const std::string& tag : explained_.tags) {
    if (!is_category_tag(tag) || tag == tag_of(told.category)) continue;
    document.lines.push_back(line_of(fmt::format(fmt::runtime(_("It has the tag {} all the same.")), tag), Line::Role::text, "• "));
  }
  show(PartView(_("What kind of mail this is"), std::move(document)));
}

}  // namespace valija::app
