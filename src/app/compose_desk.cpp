#include "valija/app/compose_desk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/config/identities.hpp"

namespace valija::app {
namespace {

constexpr std::int64_t save_after_ms = 3000;
constexpr std::int64_t retry_save_ms = 27000;  // what could not be saved is not tried every three seconds
constexpr int text_margin = 2;

}  // namespace

ComposeDesk::ComposeDesk(Office& office, std::string editor) : office_(office), identities_(config::identities_of(office.settings())) {
  const std::string& wanted = office.settings().compose_editor;
  if (wanted != "built-in") editor_ = wanted.empty() ? std::move(editor) : wanted;
}

void ComposeDesk::begin() {
  drafts_id_ = office_.ask(messages::ListDrafts{});
  tells_of_drafts_ = true;
  office_.ask(messages::ListOutbox{});
}

// Tabs.

std::vector<ComposeDesk::TabName> ComposeDesk::names() const {
  std::vector<TabName> names;
  for (std::size_t i = 0; i < tabs_.size(); ++i) {
    const Tab& tab = tabs_[i];
    std::string text = tab.kind == Tab::Kind::draft ? tab.composer->name() : tab.kind == Tab::Kind::outbox ? _("Outbox") : _("Drafts");
    names.push_back({std::move(text), tab.kind, i + 1 == front_});
  }
  return names;
}

void ComposeDesk::go_to_tab(std::size_t number) {
  if (number > tabs_.size()) return office_.say(Notice::Kind::hint, fmt::format(fmt::runtime(_("There is no tab {}.")), number + 1));
  stop_typing();
  save_all();
  types_into_editor_ = false;
  front_ = number;
  lay_out(body_);
}

void ComposeDesk::next_tab(int direction) {
  const auto count = static_cast<long>(tabs_.size()) + 1;
  if (count == 1) return office_.say(Notice::Kind::hint, _("No message is being written."));
  go_to_tab(static_cast<std::size_t>((static_cast<long>(front_) + direction + count) % count));
}

void ComposeDesk::remove_tab(std::size_t index) {
  tabs_.erase(tabs_.begin() + static_cast<std::ptrdiff_t>(index));
  question_.reset();
  if (front_ == index + 1) {
    types_into_editor_ = false;
    front_ = std::min(index, tabs_.size());
  } else if (front_ > index + 1) {
    --front_;
  }
  lay_out(body_);
}

void ComposeDesk::close() {
  Tab* tab = tab_in_front();
  if (tab == nullptr) return;
  if (tab->kind != Tab::Kind::draft) return remove_tab(front_ - 1);
  if (is_editor_in_front()) return office_.say(Notice::Kind::hint, _("The editor is still open: end it first."), _("e goes back to it."));
  const Composer& composer = *tab->composer;
  if (composer.mode() == Composer::Mode::away) return office_.say(Notice::Kind::hint, _("This message is on its way out."));
  const bool is_nothing = composer.draft().is_empty(signature_of(composer.account())) || (!composer.is_touched() && !composer.is_kept());
  if (is_nothing && !composer.is_kept()) {
    office_.ask(messages::DropDraft{0, composer.id()});
  } else {
    save(*tab);
    office_.say(Notice::Kind::done, _("The draft is kept on this computer."), _(":drafts opens it again."));
  }
  remove_tab(front_ - 1);
}

void ComposeDesk::lay_out(const Area& body) {
  body_ = body;
  Tab* tab = tab_in_front();
  if (tab == nullptr || tab->composer == nullptr) return;
  const ComposeAreas areas = compose_areas(*tab->composer, body);
  const int widest = static_cast<int>(std::clamp<std::int64_t>(office_.settings().ui_text_width, 20, 1000));
  tab->composer->text().resize(std::min(widest, areas.text.columns - text_margin - 1), areas.text.rows);
}

Area ComposeDesk::editor_area() const {
  if (!is_editor_in_front()) return {};
  if (!wish_->in_pane) return {0, 0, body_.row + body_.rows + 1, body_.columns};
  return compose_areas(*composer(), body_).text;
}

// Keys.

void ComposeDesk::key(const config::Key& key) {
  Tab* tab = tab_in_front();
  if (tab == nullptr || tab->composer == nullptr) return;
  if (!tab->composer->key(key)) office_.say(Notice::Kind::hint, _("This key does nothing in a text."), _("Esc leaves the text."));
  if (tab->composer->take_wants_text()) write_text();
  look_up();
}

void ComposeDesk::paste(const std::string& text) {
  Tab* tab = tab_in_front();
  if (tab == nullptr || tab->composer == nullptr) return;
  if (is_typing()) {
    tab->composer->paste(text);
    return look_up();
  }
  // What is dragged into a terminal arrives as a path.
  const std::string_view begin = trim(text);
  const bool is_path = begin.starts_with("/") || begin.starts_with("~/") || begin.starts_with("'/") || begin.starts_with("\"/") || begin.starts_with("file://");
  if (is_path) return attach(std::string(begin));
  office_.say(Notice::Kind::hint, _("Pasted text is never run as keys."), _("e edits the text, A attaches a file."));
}

bool ComposeDesk::stop_typing() {
  if (!is_typing()) return false;
  tab_in_front()->composer->stop_typing();
  save_all();
  return true;
}

std::optional<std::string> ComposeDesk::answer_question(const config::Key& key) {
  for (const Question::Choice& choice : question_->choices) {
    if (choice.key != key) continue;
    std::string command = choice.command;
    question_.reset();
    return command;
  }
  return std::nullopt;
}

bool ComposeDesk::drop_question() {
  const bool had_one = question_.has_value();
  question_.reset();
  return had_one;
}

void ComposeDesk::move(long rows) {
  Tab* tab = tab_in_front();
  if (tab == nullptr) return;
  if (tab->composer != nullptr) return tab->composer->move(rows);
  const auto count = static_cast<long>(tab->kind == Tab::Kind::outbox ? outbox_.size() : kept_.size());
  const long last = std::max(0L, count - 1);
  tab->cursor = static_cast<std::size_t>(std::clamp(static_cast<long>(tab->cursor) + std::clamp(rows, -last, last), 0L, last));
}

void ComposeDesk::page(double screens) {
  const Composer* open = composer();
  if (open == nullptr) return move(static_cast<long>(screens * std::max(1, body_.rows / 2)));
  // The text is what is long.
  TextEditor& text = tab_in_front()->composer->text();
  text.key(config::Key::named(screens < 0 ? config::KeyName::page_up : config::KeyName::page_down));
}

void ComposeDesk::next_field(int direction) { move(direction); }

void ComposeDesk::open() {
  const Tab* tab = front_tab();
  if (tab == nullptr) return;
  if (tab->kind == Tab::Kind::outbox) return cancel_sending();
  if (tab->kind == Tab::Kind::drafts) {
    if (tab->cursor >= kept_.size()) return;
    const Draft draft = kept_[tab->cursor];
    return open_draft(draft, true, Composer::Start::as_it_is);
  }
  const ComposeRow row = tab->composer->active();
  switch (row.field) {
    case Field::from: return choose_identity({});
    case Field::text: return edit_text();
    case Field::attachment: return office_.say(Notice::Kind::hint, _("d takes this attachment away."));
    default: return edit_field(row.field);
  }
}

// Drafts.

ComposeDesk::Tab* ComposeDesk::tab_of(const std::string& draft_id) {
  const auto found = std::find_if(tabs_.begin(), tabs_.end(), [&](const Tab& tab) { return tab.composer != nullptr && tab.composer->id() == draft_id; });
  return found == tabs_.end() ? nullptr : &*found;
}

std::string ComposeDesk::signature_of(const std::string& account) const {
  const auto found = std::find_if(identities_.begin(), identities_.end(), [&](const Identity& identity) { return identity.account == account; });
  return found == identities_.end() ? std::string() : found->signature;
}

void ComposeDesk::open_draft(Draft draft, bool is_kept, Composer::Start start) {
  stop_typing();
  if (const Tab* known = tab_of(draft.id)) return go_to_tab(static_cast<std::size_t>(known - tabs_.data()) + 1);
  std::erase_if(kept_, [&](const Draft& other) { return other.id == draft.id; });
  Tab tab;
  tab.composer = std::make_unique<Composer>(std::move(draft), is_kept, start);
  tabs_.push_back(std::move(tab));
  go_to_tab(tabs_.size());
  // The domains that mail went to before, for what is doubted before sending.
  if (known_domains_.empty()) lookup_id_ = office_.ask(messages::CompleteAddress{});
  if (start == Composer::Start::as_it_is) return;
  Composer& composer = *tabs_.back().composer;
  if (const auto gap = composer.first_gap()) {
    composer.edit_field(*gap);
  } else {
    write_text();
  }
}

void ComposeDesk::open_list(Tab::Kind kind) {
  const auto found = std::find_if(tabs_.begin(), tabs_.end(), [kind](const Tab& tab) { return tab.kind == kind; });
  if (found != tabs_.end()) return go_to_tab(static_cast<std::size_t>(found - tabs_.begin()) + 1);
  Tab tab;
  tab.kind = kind;
  tabs_.push_back(std::move(tab));
  go_to_tab(tabs_.size());
}

void ComposeDesk::show_drafts() {
  drafts_id_ = office_.ask(messages::ListDrafts{});
  tells_of_drafts_ = false;
  open_list(Tab::Kind::drafts);
}

void ComposeDesk::save(Tab& tab) {
  Draft draft = tab.composer->draft();
  draft.changed = office_.now();
  tab.saved_revision = tab.composer->revision();
  tab.changed_ms = -1;
  tab.composer->note_kept();
  saves_.insert(office_.ask(messages::SaveDraft{0, std::move(draft)}));
}

void ComposeDesk::save_all() {
  for (Tab& tab : tabs_) {
    if (tab.composer != nullptr && tab.composer->mode() != Composer::Mode::away && tab.composer->revision() != tab.saved_revision) save(tab);
  }
}

void ComposeDesk::note_changes() {
  const std::int64_t ms = office_.monotonic_ms();
  for (Tab& tab : tabs_) {
    if (tab.composer == nullptr || tab.composer->mode() == Composer::Mode::away || tab.composer->revision() == tab.saved_revision) continue;
    if (tab.changed_ms < 0) tab.changed_ms = ms;
    if (ms - tab.changed_ms >= save_after_ms) save(tab);
  }
}

void ComposeDesk::tick() { note_changes(); }

int ComposeDesk::next_tick_ms() const {
  const std::int64_t ms = office_.monotonic_ms();
  std::int64_t wait = -1;
  const auto sooner = [&wait](std::int64_t other) { wait = wait < 0 ? std::max<std::int64_t>(0, other) : std::min(wait, std::max<std::int64_t>(0, other)); };
  for (const Tab& tab : tabs_) {
    if (tab.composer == nullptr || tab.composer->mode() == Composer::Mode::away || tab.composer->revision() == tab.saved_revision) continue;
    sooner(tab.changed_ms < 0 ? save_after_ms : tab.changed_ms + save_after_ms - ms);
  }
  const UnixTime now = office_.now();
  if (std::any_of(departures_.begin(), departures_.end(), [now](const Departure& departure) { return departure.due >= now && departure.due - now <= 3600; })) sooner(1000);
  return static_cast<int>(std::min<std::int64_t>(wait, 3600000));
}

// Answers.

void ComposeDesk::on(messages::DraftStarted& event) {
  using How = messages::StartDraft::How;
  const auto started = starts_.find(event.id);
  if (started == starts_.end()) return;
  const How how = started->second;
  starts_.erase(started);
  if (how == How::again || how == How::recall) return open_draft(std::move(event.draft), event.is_kept, Composer::Start::as_it_is);
  const bool is_below = event.draft.kind == Draft::Kind::reply && office_.settings().compose_reply_position == "below";
  open_draft(std::move(event.draft), false, is_below ? Composer::Start::behind_the_quote : Composer::Start::at_the_top);
}

void ComposeDesk::on(messages::DraftSaved& event) { saves_.erase(event.id); }

void ComposeDesk::on(messages::DraftsListed& event) {
  if (event.id != drafts_id_) return;
  kept_ = std::move(event.drafts);
  std::erase_if(kept_, [this](const Draft& draft) { return tab_of(draft.id) != nullptr; });
  for (Tab& tab : tabs_) {
    if (tab.kind == Tab::Kind::drafts) tab.cursor = std::min(tab.cursor, kept_.empty() ? 0 : kept_.size() - 1);
  }
  if (!std::exchange(tells_of_drafts_, false) || kept_.empty()) return;
  const auto count = static_cast<unsigned long>(kept_.size());
  office_.say(Notice::Kind::hint, fmt::format(fmt::runtime(n_("{} draft from earlier:", "{} drafts from earlier:", count)), number(count)),
              n_(":drafts opens it.", ":drafts opens them.", count));
}

void ComposeDesk::on(messages::DraftStored& event) {
  for (std::size_t i = 0; i < tabs_.size(); ++i) {
    if (event.id == 0 || tabs_[i].waiting != event.id) continue;
    office_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Put into the drafts folder of {}.")), tabs_[i].composer->account()));
    return remove_tab(i);
  }
}

void ComposeDesk::on(messages::EditorReady& event) {
  const Tab* tab = tab_of(event.draft_id);
  if (event.id != preparing_ || tab == nullptr) return;
  wish_ = EditorWish{event.draft_id, editor_, event.file, office_.settings().compose_editor_place != "full"};
  types_into_editor_ = composer() != nullptr && composer()->id() == event.draft_id;
}

void ComposeDesk::on(messages::DraftRead& event) {
  Tab* tab = tab_of(event.draft.id);
  if (event.id != reading_ || tab == nullptr) return;
  tab->composer->take_edited(std::move(event.draft));
  save_all();
}

void ComposeDesk::on(messages::AttachmentAdded& event) {
  Tab* tab = tab_of(event.draft_id);
  if (tab == nullptr || event.attachments.empty()) return;
  const Attachment& first = event.attachments.front();
  const auto count = static_cast<unsigned long>(event.attachments.size());
  std::uint64_t size = 0;
  for (const Attachment& attachment : event.attachments) size += attachment.size;
  const std::string what = count == 1 ? first.name : fmt::format(fmt::runtime(n_("{} file", "{} files", count)), number(count));
  office_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Attached {} ({}).")), clean(what), byte_count(size)));
  tab->composer->add(std::move(event.attachments));
  lay_out(body_);
}

void ComposeDesk::on(messages::PathsCompleted& event) {
  if (event.id == paths_id_) paths_ = std::move(event.paths);
}

void ComposeDesk::on(messages::AddressesCompleted& event) {
  if (!event.known_domains.empty()) known_domains_ = std::move(event.known_domains);
  if (event.id == people_id_) {
    people_ = std::move(event.suggestions);
  } else if (event.id == lookup_id_ && is_typing()) {
    tab_in_front()->composer->set_suggestions(std::move(event.suggestions));
  }
}

void ComposeDesk::failed(const messages::Failed& event) {
  if (event.id == 0) return;
  starts_.erase(event.id);
  bounces_.erase(event.id);
  if (event.id == reading_) reading_ = 0;
  if (coming_back_.erase(event.id) > 0) {
    for (Departure& departure : departures_) departure.is_gone = false;
  }
  const bool was_save = saves_.erase(event.id) > 0;
  for (Tab& tab : tabs_) {
    if (tab.composer == nullptr) continue;
    if (tab.waiting == event.id) {
      tab.waiting = 0;
      tab.composer->set_away(false);
    }
    if (!was_save || tab.composer->mode() == Composer::Mode::away) continue;
    tab.saved_revision = ~std::uint64_t{0};
    tab.changed_ms = office_.monotonic_ms() + retry_save_ms;
  }
}

const std::vector<std::string>& ComposeDesk::paths_for(std::string_view typed) const {
  static const std::vector<std::string> none;
  return typed == path_typed_ ? paths_ : none;
}

void ComposeDesk::look_up_path(std::string_view typed) {
  if (typed == path_typed_ || typed.starts_with("!")) return;
  path_typed_ = typed;
  paths_.clear();
  paths_id_ = office_.ask(messages::CompletePath{0, path_typed_});
}

const std::vector<AddressSuggestion>& ComposeDesk::people_for(std::string_view typed) const {
  static const std::vector<AddressSuggestion> none;
  return typed == person_typed_ ? people_ : none;
}

void ComposeDesk::look_up_person(std::string_view typed) {
  if (typed == person_typed_ || typed.empty()) return;
  person_typed_ = typed;
  people_.clear();
  people_id_ = office_.ask(messages::CompleteAddress{0, person_typed_});
}

void ComposeDesk::look_up() {
  Tab* tab = tab_in_front();
  if (tab == nullptr || tab->composer == nullptr) return;
  if (auto word = tab->composer->take_lookup()) lookup_id_ = office_.ask(messages::CompleteAddress{0, std::move(*word)});
}

}  // namespace valija::app
