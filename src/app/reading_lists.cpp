// Leaving lists, and the page of those who send newsletters.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/mailbox_query.hpp"

namespace valija::app {
namespace {

constexpr char newsletters_query[] = "(tag:newsletter or tag:marketing) and not tag:trash and not tag:spam";
constexpr std::size_t most_left_at_once = 50;

/// Who would be asked: the host of an address of the web, the mailbox of a mailto:. Empty: browsers and we may read it differently.
std::string target_of(const std::string& url) {
  if (starts_with_ignoring_case(url, "mailto:")) return clean(url.substr(7, url.find('?') == std::string::npos ? std::string::npos : url.find('?') - 7));
  const std::size_t slashes = url.find("//");
  if (slashes == std::string::npos || url.find('\\') != std::string::npos) return {};
  std::string host = url.substr(slashes + 2);
  host = host.substr(0, host.find_first_of("/?#"));
  return clean(host.substr(host.rfind('@') == std::string::npos ? 0 : host.rfind('@') + 1));
}

bool is_one_click(const Unsubscribe& how) { return how.is_one_click && !how.https.empty(); }

/// What they sent of what the page counts.
std::string query_of(const std::vector<SenderSummary>& senders) {
  std::vector<std::string> terms;
  for (const SenderSummary& sender : senders) terms.push_back(sender_query(sender.mailbox));
  return fmt::format("({}) and ({})", join(terms, " or "), newsletters_query);
}

/// Without those that a query cannot name.
std::vector<SenderSummary> named(std::vector<SenderSummary> senders) {
  std::erase_if(senders, [](const SenderSummary& sender) { return sender_query(sender.mailbox).empty(); });
  return senders;
}

/// Their addresses: names are anybody's.
std::string whom(const std::vector<SenderSummary>& senders) {
  constexpr std::size_t most_told = 5;
  std::vector<std::string> told;
  for (const SenderSummary& sender : senders) {
    if (told.size() < most_told) told.push_back(clean(sender.mailbox));
  }
  return join(told, ", ") + (senders.size() > most_told ? ", …" : "");
}

std::string name_of(const SenderSummary& sender) { return clean(sender.name.empty() ? sender.mailbox : sender.name); }

}  // namespace

void Reading::list_archive() {
  const OpenMessage* open = shown_message();
  if (open == nullptr) return;
  const std::string& archive = open->document.headers.list_archive;
  if (archive.empty()) return app_.say(Notice::Kind::hint, _("This message names no archive of a list."));
  ask(messages::OpenLink{0, archive});
}

void Reading::unsubscribe(const std::string& arguments) {
  if (arguments == "yes" || arguments == "browser") {
    if (!lookups_.empty()) return app_.say(Notice::Kind::hint, _("Looking how that is left…"));
    for (WayOut& way : ways_) {
      if (arguments == "browser") way.how.mailto.clear();
    }
    return leave_lists();
  }
  forget_question();
  if (page() == Page::senders) {
    for (const SenderSummary& sender : senders_.chosen()) ways_.push_back({name_of(sender), sender.mailbox, sender.newest_file, {}, false});
    if (ways_.empty()) return app_.say(Notice::Kind::hint, _("There is no sender here."));
    if (ways_.size() > most_left_at_once) ways_.resize(most_left_at_once);
    return look_up_ways_out();
  }
  const OpenMessage* open = app_.focus_ == Pane::reader ? app_.reader_.current_message() : nullptr;
  if (open == nullptr || open->state != OpenMessage::State::shown) {
    return app_.with_message([this](const ThreadMessage& message) {
      if (message.files.empty()) return app_.say(Notice::Kind::hint, _("No message is open yet."));
      const std::vector<Address> from = parse_addresses(message.from);
      ways_ = {{clean(message.from), from.empty() ? std::string() : from.front().mailbox, message.files.front(), {}, false}};
      look_up_ways_out();
    });
  }
  if (open->message.files.empty()) return app_.say(Notice::Kind::hint, _("No message is open yet."));
  const Document::Headers& headers = open->document.headers;
  const Address from = headers.from.empty() ? Address{} : headers.from.front();
  const std::string name = !headers.list_name.empty() ? headers.list_name : from.name.empty() ? from.mailbox : from.name;
  ways_ = {{clean(name), from.mailbox, open->message.files.front(), headers.unsubscribe, true}};
  ask_to_unsubscribe();
}

/// How a list is left stands in its messages.
void Reading::look_up_ways_out() {
  lookups_.clear();
  for (std::size_t i = 0; i < ways_.size(); ++i) lookups_[app_.office_.ask(messages::RenderMessage{0, {}, {ways_[i].file}})] = i;
  app_.say(Notice::Kind::hint, _("Looking how that is left…"));
}

void Reading::on(messages::MessageRendered& event) {
  const auto lookup = lookups_.find(event.id);
  if (lookup == lookups_.end()) return;
  WayOut& way = ways_[lookup->second];
  way.how = event.document.headers.unsubscribe;
  way.is_known = true;
  if (!event.document.headers.list_name.empty()) way.name = clean(event.document.headers.list_name);
  lookups_.erase(lookup);
  if (lookups_.empty()) ask_to_unsubscribe();
}

void Reading::ask_to_unsubscribe() {
  app_.office_.hush();
  for (WayOut& way : ways_) {
    if (target_of(way.how.https).empty()) way.how.https.clear(), way.how.is_one_click = false;
  }
  std::erase_if(ways_, [](const WayOut& way) { return way.how == Unsubscribe{}; });
  if (ways_.empty()) return app_.say(Notice::Kind::hint, _("Its mail does not say how it is left."), _("Answer it, or mark it as spam."));
  Question question{{}, {}, _("stay on it")};
  const auto add = [&question](char32_t key, std::string text, const char* command) { question.choices.push_back({config::Key::character(key), std::move(text), command}); };
  if (ways_.size() > 1) {
    std::vector<std::string> asked, others;
    for (const WayOut& way : ways_) is_one_click(way.how) ? asked.push_back(target_of(way.how.https)) : others.push_back(way.name);
    if (asked.empty()) return app_.say(Notice::Kind::hint, _("These are left one at a time: by a mail or in the browser."));
    const auto count = static_cast<unsigned long>(asked.size());
    question.title = fmt::format(fmt::runtime(n_("Leave {} list?", "Leave {} lists?", count)), count);
    std::string text = fmt::format(fmt::runtime(_("One request each goes to {}.")), join(asked, ", "));
    if (!others.empty()) text += " " + fmt::format(fmt::runtime(_("Left one at a time: {}.")), join(others, ", "));
    add(U'y', std::move(text), "unsubscribe yes");
    return app_.desk_.ask(std::move(question));
  }
  const WayOut& way = ways_.front();
  question.title = fmt::format(fmt::runtime(_("Leave {}?")), way.name);
  if (is_one_click(way.how)) {
    add(U'y', fmt::format(fmt::runtime(_("Ask {} to take you off, by one request.")), target_of(way.how.https)), "unsubscribe yes");
  } else if (!way.how.mailto.empty()) {
    add(U'y', fmt::format(fmt::runtime(_("Write the mail to {} that asks for it; it waits for you to send it.")), target_of(way.how.mailto)), "unsubscribe yes");
  }
  if (!way.how.https.empty() && !is_one_click(way.how)) {
    const bool is_only = question.choices.empty();
    add(is_only ? U'y' : U'b', fmt::format(fmt::runtime(_("Open the page at {} in the browser.")), target_of(way.how.https)), "unsubscribe browser");
  }
  app_.desk_.ask(std::move(question));
}

void Reading::leave_lists() {
  const std::vector<WayOut> ways = std::exchange(ways_, {});
  if (ways.empty()) return app_.say(Notice::Kind::hint, _("Nothing is to be left."));
  for (const WayOut& way : ways) {
    if (is_one_click(way.how)) {
      app_.say(Notice::Kind::hint, fmt::format(fmt::runtime(_("Asking {}…")), target_of(way.how.https)));
      ask(messages::UnsubscribeFrom{0, way.how.https, way.mailbox});
    } else if (ways.size() == 1 && !way.how.mailto.empty()) {
      app_.compose(way.how.mailto);
    } else if (ways.size() == 1) {
      ask(messages::OpenLink{0, way.how.https});
    }
  }
}

void Reading::on(messages::Unsubscribed& event) {
  app_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("You are off the list of {}.")), clean(event.mailbox)), _("It may take them some days to notice."));
  if (page() == Page::senders) ask_for_senders();
}

// The page.

void Reading::newsletters() {
  if (app_.options().is_unconfigured) return;
  if (!app_.desk_.is_mail_in_front()) app_.desk_.go_to_tab(0);
  pages_ = {Page::senders};
  lay_out();
  ask_for_senders();
}

void Reading::ask_for_senders() {
  senders_id_ = app_.office_.ask(messages::ListSenders{0, newsletters_query});
  waiting_.insert(senders_id_);
}

void Reading::on(messages::SendersListed& event) {
  if (event.id != senders_id_) return;
  senders_.take(std::move(event.senders));
  lay_out();
}

void Reading::categorise() { ask(messages::CategoriseMail{}, _("Giving mail its categories"), true); }

void Reading::on(messages::MailCategorised& event) {
  const auto count = static_cast<unsigned long>(event.messages);
  const std::string text = fmt::format(fmt::runtime(n_("Gave {} message its category.", "Gave {} messages their categories.", count)), number(event.messages));
  app_.say(Notice::Kind::done, text, event.is_all ? std::string() : _("Stopped; the rest waits until you ask again."));
  if (page() == Page::senders) ask_for_senders();
}

void Reading::open_sender() {
  if (senders_.rows().empty()) return;
  const std::vector<SenderSummary> sender = named({senders_.rows()[senders_.cursor().at]});
  if (sender.empty()) return say_that_none_is_named();
  close_all();
  app_.open_list(query_of(sender), true);
}

void Reading::mark_sender() { senders_.toggle_mark(); }

void Reading::say_that_none_is_named() {
  const std::string mailbox = clean(senders_.chosen().front().mailbox);
  app_.say(Notice::Kind::hint, fmt::format(fmt::runtime(_("\"{}\" is no address that can be looked for.")), mailbox));
}

void Reading::delete_from_sender(const std::string& arguments) {
  if (arguments == "yes" && !deleted_query_.empty()) {
    app_.put_query_in(std::exchange(deleted_query_, {}), "trash");
    senders_.clear_marks();
    return ask_for_senders();
  }
  if (senders_.rows().empty()) return app_.say(Notice::Kind::hint, _("There is no sender here."));
  const std::vector<SenderSummary> chosen = named(senders_.chosen());
  if (chosen.empty()) return say_that_none_is_named();
  unsigned long count = 0;
  for (const SenderSummary& sender : chosen) count += sender.messages;
  deleted_query_ = query_of(chosen);
  const char* title = n_("Delete {} message of {}?", "Delete {} messages of {}?", count);
  app_.desk_.ask({fmt::format(fmt::runtime(title), number(count), whom(chosen)),
                  {{config::Key::character(U'y'), fmt::format(fmt::runtime(_("Move what they sent to the trash; {} undoes.")), app_.key_of("undo")), "delete-newsletters yes"}},
                  _("keep it")});
}

}  // namespace valija::app
