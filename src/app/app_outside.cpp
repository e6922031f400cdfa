// Attachments and links in programs of their own, pipes, and how an open message is folded.
#include <fmt/format.h>

#include <algorithm>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

std::vector<OutsideThing> things_of(const Document& document) {
  std::vector<OutsideThing> things;
  for (const Part& part : document.parts) {
    if (part.is_attachment) things.push_back({part.number, {}, clean(part.filename.empty() ? part.type : part.filename) + ", " + byte_count(part.size)});
  }
  for (const Link& link : document.links) {
    const bool is_known = std::any_of(things.begin(), things.end(), [&](const OutsideThing& thing) { return thing.target == link.target; });
    if (!is_known && things.size() < 500) things.push_back({{}, link.target, clean(link.target)});
  }
  return things;
}

/// The shown message with a file; null, and said, where there is none.
const ThreadMessage* App::message_for_outside(const Document*& document) {
  const OpenMessage* open = reader_.current_message();
  if (open == nullptr || open->state != OpenMessage::State::shown || open->message.files.empty()) {
    say(Notice::Kind::hint, _("No message is open yet."));
    return nullptr;
  }
  document = &open->document;
  return &open->message;
}

void App::open_outside(const std::string& number) {
  const Document* document = nullptr;
  const ThreadMessage* message = message_for_outside(document);
  if (message == nullptr) return;
  const std::vector<OutsideThing> things = things_of(*document);
  if (things.empty()) return say(Notice::Kind::hint, _("This message has no attachments and no links."));
  if (number.empty() && things.size() > 1) return open_prompt(Prompt::Kind::command, "launch ");
  const bool is_number = number.find_first_not_of("0123456789") == std::string::npos;
  const long wanted = number.empty() ? 1 : count_of(number);
  if (!is_number || wanted < 1 || wanted > static_cast<long>(things.size())) {
    return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("There is no attachment or link {}.")), clean(number)),
               fmt::format(fmt::runtime(_("They are counted from 1 to {}; Tab shows them.")), things.size()));
  }
  const OutsideThing& thing = things[static_cast<std::size_t>(wanted) - 1];
  if (starts_with_ignoring_case(thing.target, "mailto:")) return compose(thing.target);
  const messages::RequestId id = next_id();
  outside_.insert(id);
  if (thing.target.empty()) return post(messages::OpenPart{id, message->files.front(), thing.number});
  if (!starts_with_ignoring_case(thing.target, "http://") && !starts_with_ignoring_case(thing.target, "https://")) {
    return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("Only addresses of the web are opened, not {}.")), thing.what));
  }
  post(messages::OpenLink{id, thing.target});
}

void App::on(messages::OutsideOpened& event) {
  if (outside_.erase(event.id) > 0) say(Notice::Kind::done, fmt::format(fmt::runtime(_("Opened {}.")), clean(event.what)));
}

void App::pipe(const std::string& arguments) {
  const Document* document = nullptr;
  const ThreadMessage* message = message_for_outside(document);
  if (message == nullptr) return;
  if (arguments.empty()) return open_prompt(Prompt::Kind::command, "pipe ");
  CommandLine words = split_command_line(arguments);
  const bool is_part = words.name.find_first_not_of("0123456789") == std::string::npos;
  std::string number;
  if (is_part) {
    const std::vector<OutsideThing> things = things_of(*document);
    const long wanted = count_of(words.name);
    if (wanted < 1 || wanted > static_cast<long>(things.size()) || things[static_cast<std::size_t>(wanted) - 1].number.empty()) {
      return say(Notice::Kind::failed, fmt::format(fmt::runtime(_("There is no attachment {}.")), words.name), _("Without a number the whole message goes to the command."));
    }
    if (words.arguments.empty()) return say(Notice::Kind::hint, _("Write the command behind the number: :pipe 1 wc -l"));
    number = things[static_cast<std::size_t>(wanted) - 1].number;
  }
  const messages::RequestId id = next_id();
  outside_.insert(id);
  say(Notice::Kind::hint, _("Running the command…"));
  post(messages::PipeMessage{id, message->files, std::move(number), is_part ? words.arguments : arguments});
}

void App::on(messages::MessagePiped& event) {
  if (outside_.erase(event.id) == 0) return;
  const std::string_view output = trim(event.output);
  if (output.empty()) return say(Notice::Kind::done, _("The command ended and wrote nothing."));
  const std::vector<std::string> lines = split(std::string(output), '\n');
  const auto more = static_cast<unsigned long>(lines.size() - 1);
  say(Notice::Kind::done, clean(lines.front()),
      more == 0 ? "" : fmt::format(fmt::runtime(n_("{} more line; write \"> FILE\" behind the command to keep it.", "{} more lines; write \"> FILE\" behind the command to keep them.", more)), more));
}

void App::toggle_quotes() {
  if (!reader_.toggle_quotes()) say(Notice::Kind::hint, _("This message quotes nothing long."));
}

void App::fold_answers() {
  if (!reader_.toggle_answers()) say(Notice::Kind::hint, _("Nothing answers this message."));
}

}  // namespace valija::app
