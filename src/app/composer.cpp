#include "valija/app/composer.hpp"

#include <algorithm>
#include <utility>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

using config::KeyName;

bool is_of_recipients(Field field) { return field == Field::to || field == Field::cc || field == Field::bcc || field == Field::reply_to; }

template <typename AnyDraft>
auto& slot_of(AnyDraft& draft, Field field) {
  switch (field) {
    case Field::from: return draft.from;
    case Field::cc: return draft.cc;
    case Field::bcc: return draft.bcc;
    case Field::reply_to: return draft.reply_to;
    case Field::subject: return draft.subject;
    default: return draft.to;
  }
}

std::string signature_block(const std::string& signature) {
  const std::string text(trim(signature));
  return text.empty() ? std::string() : "-- \n" + text + "\n";
}

/// Makes room to write in a text that nobody wrote in yet, and says where: behind the quote of an answer, else at the top; an empty line before what follows.
TextEditor::Place make_room(std::string& body, bool is_behind_quote) {
  std::vector<std::string> lines = split(body, '\n');
  if (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  const auto quoted = std::find_if(lines.rbegin(), lines.rend(), [](const std::string& line) { return quote_size(line) > 0; });
  std::size_t at = is_behind_quote ? static_cast<std::size_t>(lines.rend() - quoted) : 0;
  while (at < lines.size() && lines[at].empty()) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
  // What a template or a link has written stays as it is.
  if (at == 0 && !lines.empty() && lines[0] != "-- " && !body.starts_with("\n")) return {};
  const auto insert = [&lines](std::size_t number) { lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(number), ""); };
  if (at < lines.size()) insert(at);
  insert(at);
  if (at > 0) insert(at++);
  body = join(lines, "\n") + "\n";
  return {at, 0};
}

}  // namespace

Composer::Composer(Draft draft, bool is_kept, Start start) : draft_(std::move(draft)), is_kept_(is_kept) {
  TextEditor::Place place;
  if (start != Start::as_it_is) place = make_room(draft_.body, start == Start::behind_the_quote);
  text_.set_text(draft_.body);
  draft_.body.clear();
  text_.go_to(place);
  first_revision_ = text_.revision();
  is_new_ = !is_kept;
  cursor_ = rows().size() - 1;
}

Draft Composer::draft() const {
  Draft draft = draft_;
  draft.body = text_.text();
  return draft;
}

const std::string& Composer::value(Field field) const { return slot_of(draft_, field); }
std::string& Composer::slot(Field field) { return slot_of(draft_, field); }

std::string Composer::name() const {
  if (!trim(draft_.subject).empty()) return draft_.subject;
  const std::vector<Address> to = parse_addresses(draft_.to);
  return to.empty() ? _("New message") : short_name(to.front());
}

std::vector<ComposeRow> Composer::rows() const {
  std::vector<ComposeRow> rows{{Field::from}, {Field::to}};
  if (shows_cc_ || !draft_.cc.empty()) rows.push_back({Field::cc});
  if (shows_bcc_ || !draft_.bcc.empty()) rows.push_back({Field::bcc});
  if (shows_reply_to_ || !draft_.reply_to.empty()) rows.push_back({Field::reply_to});
  rows.push_back({Field::subject});
  for (std::size_t i = 0; i < draft_.attachments.size(); ++i) rows.push_back({Field::attachment, i});
  rows.push_back({Field::text});
  return rows;
}

void Composer::move(long rows) {
  const long last = static_cast<long>(this->rows().size()) - 1;
  cursor_ = static_cast<std::size_t>(std::clamp(static_cast<long>(cursor_) + std::clamp(rows, -last, last), 0L, last));
}

void Composer::edit_field(Field field) {
  if (mode_ == Mode::away || field == Field::from || field == Field::attachment || field == Field::text) return;
  stop_typing();
  shows_cc_ = shows_cc_ || field == Field::cc;
  shows_bcc_ = shows_bcc_ || field == Field::bcc;
  shows_reply_to_ = shows_reply_to_ || field == Field::reply_to;
  const std::vector<ComposeRow> all = rows();
  cursor_ = static_cast<std::size_t>(std::find(all.begin(), all.end(), ComposeRow{field}) - all.begin());
  field_.set_text(slot(field));
  field_.go_to({0, slot(field).size()});
  mode_ = Mode::field;
}

void Composer::edit_text() {
  if (mode_ == Mode::away) return;
  stop_typing();
  cursor_ = rows().size() - 1;
  mode_ = Mode::text;
}

void Composer::stop_typing() {
  if (!is_typing()) return;
  const ComposeRow here = active();
  mode_ = Mode::browsing;
  suggestions_.clear();
  chosen_ = -1;
  looked_up_.clear();
  // What stayed empty needs no row.
  shows_cc_ = shows_bcc_ = shows_reply_to_ = false;
  const std::vector<ComposeRow> all = rows();
  const auto same = std::find(all.begin(), all.end(), here);
  cursor_ = same != all.end() ? static_cast<std::size_t>(same - all.begin()) : 1;
}

std::optional<Field> Composer::first_gap() const {
  if (trim(draft_.to).empty() && trim(draft_.cc).empty() && trim(draft_.bcc).empty()) return Field::to;
  if (trim(draft_.subject).empty()) return Field::subject;
  return std::nullopt;
}

void Composer::take_field() {
  std::string& value = slot(active().field);
  if (value == field_.text()) return;
  value = field_.text();
  ++changes_;
  chosen_ = -1;
}

/// To what comes next (1) or before (-1); by Enter (0) only where a new message has a gap, else the field is done.
void Composer::leave_field(int direction) {
  const Field field = active().field;
  if (direction == 0) {
    stop_typing();
    if (!is_new_) return;
    const std::optional<Field> gap = first_gap();
    if (gap && *gap != field) return edit_field(*gap);
    is_new_ = false;
    wants_text_ = true;
    return;
  }
  const std::vector<ComposeRow> all = rows();
  const std::size_t next = std::clamp<std::size_t>(cursor_ + static_cast<std::size_t>(direction), 1, all.size() - 1);
  const ComposeRow wanted = all[next];
  stop_typing();
  if (wanted.field == Field::text) {
    is_new_ = false;
    wants_text_ = true;
  } else if (wanted.field != Field::attachment) {
    edit_field(wanted.field);
  }
}

bool Composer::key(const config::Key& key) {
  if (mode_ == Mode::text) {
    is_new_ = false;
    return text_.key(key);
  }
  if (mode_ != Mode::field) return false;
  const auto is_ctrl = [&key](char32_t letter) { return key.ctrl && key.point == letter; };
  if (key.name == KeyName::down || is_ctrl(U'n')) return choose(1);
  if (key.name == KeyName::up || is_ctrl(U'p')) return choose(-1);
  if (key.name == KeyName::tab || key.name == KeyName::enter) {
    const bool is_tab = key.name == KeyName::tab;
    const auto [begin, end] = recipient();
    const std::string word = field_.text().substr(begin, end - begin);
    // A name is not an address yet: the likeliest one is meant.
    const bool takes_first = !suggestions_.empty() && !word.empty() && (is_tab || word.find('@') == std::string::npos);
    if (chosen_ >= 0 || (takes_first && !key.shift)) {
      take_suggestion(static_cast<std::size_t>(std::max(0, chosen_)));
      return true;
    }
    leave_field(is_tab ? (key.shift ? -1 : 1) : 0);
    return true;
  }
  const bool is_known = field_.key(key);
  take_field();
  return is_known;
}

void Composer::paste(const std::string& text) {
  if (mode_ == Mode::text) text_.insert(text);
  if (mode_ != Mode::field) return;
  field_.insert(text);
  take_field();
}

bool Composer::choose(int direction) {
  const int count = static_cast<int>(suggestions_.size());
  if (count > 0) chosen_ = (chosen_ + 1 + direction + count + 1) % (count + 1) - 1;
  return true;
}

std::pair<std::size_t, std::size_t> Composer::recipient() const {
  const std::string& text = field_.lines().front();
  const std::size_t cursor = field_.cursor().octet;
  std::size_t begin = 0, end = text.size();
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') is_quoted = !is_quoted;
    if (text[i] != ',' || is_quoted) continue;
    if (i >= cursor) {
      end = i;
      break;
    }
    begin = i + 1;
  }
  while (begin < end && text[begin] == ' ') ++begin;
  while (end > begin && text[end - 1] == ' ') --end;
  return {begin, end};
}

std::optional<std::string> Composer::take_lookup() {
  if (mode_ != Mode::field || !is_of_recipients(active().field)) return std::nullopt;
  const auto [begin, end] = recipient();
  std::string word = field_.text().substr(begin, end - begin);
  if (word == looked_up_) return std::nullopt;
  looked_up_ = word;
  // A whole address needs no more help; nor does nothing.
  if (word.empty() || word.back() == '>') {
    set_suggestions({});
    return std::nullopt;
  }
  return word;
}

void Composer::set_suggestions(std::vector<AddressSuggestion> suggestions) {
  suggestions_ = std::move(suggestions);
  chosen_ = -1;
}

void Composer::take_suggestion(std::size_t number) {
  if (number >= suggestions_.size()) return;
  const auto [begin, end] = recipient();
  const bool is_last = trim(std::string_view(field_.text()).substr(end)).empty();
  field_.replace(begin, is_last ? field_.text().size() : end, suggestions_[number].text + (is_last ? ", " : ""));
  set_suggestions({});
  take_field();
  looked_up_.clear();
}

void Composer::add(std::vector<Attachment> attachments) {
  for (Attachment& attachment : attachments) draft_.attachments.push_back(std::move(attachment));
  ++changes_;
  if (mode_ != Mode::field) cursor_ = rows().size() - 1;
}

bool Composer::remove_attachment(std::size_t number) {
  if (number >= draft_.attachments.size()) return false;
  draft_.attachments.erase(draft_.attachments.begin() + static_cast<std::ptrdiff_t>(number));
  ++changes_;
  cursor_ = std::min(cursor_, rows().size() - 1);
  return true;
}

void Composer::set_sender(const Address& address, const std::string& account, const std::string& old_signature, const std::string& signature) {
  draft_.from = to_text(address);
  draft_.account = account;
  ++changes_;
  const std::string old_block = signature_block(old_signature), block = signature_block(signature);
  std::string body = text_.text();
  const std::size_t at = old_block.empty() ? std::string::npos : body.rfind(old_block);
  if (at != std::string::npos) {
    body.replace(at, old_block.size(), block);
  } else if (!block.empty() && body.find("\n-- \n") == std::string::npos) {
    body += "\n" + block;
  } else {
    return;
  }
  const TextEditor::Place place = text_.cursor();
  text_.set_text(body);
  text_.go_to(place);
}

void Composer::toggle_markdown() {
  draft_.is_markdown = !draft_.is_markdown;
  ++changes_;
}

void Composer::take_edited(Draft draft) {
  const bool is_same_text = draft.body == text_.text();
  if (!is_same_text) text_.set_text(draft.body);
  draft.body.clear();
  if (!(draft == draft_)) ++changes_;
  draft_ = std::move(draft);
  is_new_ = false;
  mode_ = Mode::browsing;
  cursor_ = rows().size() - 1;
}

ComposeAreas compose_areas(const Composer& composer, const Area& body) {
  ComposeAreas areas;
  const int wanted = static_cast<int>(composer.rows().size()) - 1;
  const int head = std::min(wanted, std::max(1, std::max(body.rows - 4, body.rows / 2)));
  areas.head = {body.row, body.column, std::min(head, body.rows), body.columns};
  const int left = body.rows - areas.head.rows;
  if (left >= 2) areas.rule = {body.row + areas.head.rows, body.column, 1, body.columns};
  areas.text = {body.row + areas.head.rows + areas.rule.rows, body.column, std::max(0, left - areas.rule.rows), body.columns};
  const auto shown = static_cast<std::size_t>(areas.head.rows);
  const std::size_t last = static_cast<std::size_t>(wanted) - std::min<std::size_t>(shown, static_cast<std::size_t>(wanted));
  areas.first_row = composer.cursor() < shown ? 0 : std::min(last, composer.cursor() + 1 - shown);
  return areas;
}

}  // namespace valija::app
