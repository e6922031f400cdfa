#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "valija/app/compose_desk.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

void ComposeDesk::start(messages::StartDraft::How how, const ThreadMessage* message, std::string text, std::string account, std::vector<std::string> attach) {
  messages::StartDraft request;
  request.how = how;
  if (message != nullptr) {
    request.message_id = message->id;
    request.files = message->files;
  }
  request.text = std::move(text);
  request.account = std::move(account);
  request.attach = std::move(attach);
  const auto id = office_.ask(std::move(request));
  starts_.emplace(id, how);
}

void ComposeDesk::bounce(const ThreadMessage& message, const std::string& to) {
  bounced_to_ = to;
  bounces_.insert(office_.ask(messages::BounceMessage{0, message.files, to}));
}

Composer* ComposeDesk::open_composer() {
  Tab* tab = tab_in_front();
  if (tab == nullptr || tab->composer == nullptr) return nullptr;
  if (tab->composer->mode() == Composer::Mode::away) {
    office_.say(Notice::Kind::hint, _("This message is on its way out."));
    return nullptr;
  }
  if (is_editor_in_front()) {
    office_.say(Notice::Kind::hint, _("The editor has the message: end it first."), _("e goes back to it."));
    return nullptr;
  }
  return tab->composer.get();
}

void ComposeDesk::edit_field(Field field) {
  if (Composer* composer = open_composer()) composer->edit_field(field);
  lay_out(body_);
}

void ComposeDesk::edit_text() {
  if (is_editor_in_front()) {
    types_into_editor_ = true;
  } else if (open_composer() != nullptr) {
    write_text();
  }
}

void ComposeDesk::write_text() {
  Composer& composer = *tab_in_front()->composer;
  if (editor_.empty()) return composer.edit_text();
  if (wish_) {
    const Tab* other = tab_of(wish_->draft_id);
    return office_.say(Notice::Kind::hint, fmt::format(fmt::runtime(_("The editor is open in another draft: {}.")), clean(other == nullptr ? "" : other->composer->name())),
                       _("End it there first."));
  }
  save_all();
  preparing_ = office_.ask(messages::PrepareEditor{0, composer.draft(), office_.settings().compose_edit_headers});
}

void ComposeDesk::leave_editor() {
  if (types_into_editor()) {
    types_into_editor_ = false;
    office_.say(Notice::Kind::hint, _("The editor stays open. e goes back to it."));
  } else {
    stop_typing();
  }
}

void ComposeDesk::editor_ended(const std::string& draft_id, int exit_status) {
  constexpr int not_found = 127;
  if (!wish_ || wish_->draft_id != draft_id) return;
  const std::string command = wish_->command;
  wish_.reset();
  types_into_editor_ = false;
  const Tab* tab = tab_of(draft_id);
  if (tab == nullptr) return;
  if (exit_status == not_found) {
    office_.say(Notice::Kind::failed, fmt::format(fmt::runtime(_("The editor could not be started: {}.")), clean(command)),
                _("Set compose.editor, or \"built-in\" for the one of valija."));
  } else if (exit_status != 0) {
    office_.say(Notice::Kind::failed, fmt::format(fmt::runtime(_("The editor ended with status {}.")), exit_status),
                _("What it had written to the file is here."));
  }
  // Whatever happened to it: what it wrote is not lost.
  reading_ = office_.ask(messages::ReadEditor{0, tab->composer->draft(), office_.settings().compose_edit_headers});
}

void ComposeDesk::attach(const std::string& source) {
  const Composer* composer = open_composer();
  if (composer == nullptr || trim(source).empty()) return;
  office_.ask(messages::AddAttachment{0, composer->id(), std::string(trim(source))});
}

void ComposeDesk::attach_part(Attachment attachment) {
  const auto newest = std::find_if(tabs_.rbegin(), tabs_.rend(), [](const Tab& tab) { return tab.composer != nullptr && tab.composer->mode() != Composer::Mode::away; });
  if (newest == tabs_.rend()) return office_.say(Notice::Kind::hint, _("No message is being written that it could go with."));
  office_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("Attached {} to the draft: {}.")), clean(attachment.name), clean(newest->composer->name())));
  newest->composer->add({std::move(attachment)});
}

void ComposeDesk::remove_attachment(const std::string& number) {
  Composer* composer = open_composer();
  if (composer == nullptr) return;
  std::size_t wanted = 0;
  const ComposeRow row = composer->active();
  if (!number.empty()) {
    std::from_chars(number.data(), number.data() + number.size(), wanted);
  } else if (row.field == Field::attachment) {
    wanted = row.number + 1;
  } else if (composer->attachments().size() == 1) {
    wanted = 1;
  }
  const std::string name = wanted > 0 && wanted <= composer->attachments().size() ? composer->attachments()[wanted - 1].name : std::string();
  if (wanted == 0 || !composer->remove_attachment(wanted - 1)) return office_.say(Notice::Kind::hint, _("Go to an attachment first, or say its number."));
  office_.say(Notice::Kind::done, fmt::format(fmt::runtime(_("{} does not go with the message any more.")), clean(name)));
  lay_out(body_);
}

void ComposeDesk::choose_identity(const std::string& name) {
  Composer* composer = open_composer();
  if (composer == nullptr) return;
  struct Sender {
    Address address;
    const Identity* identity;
  };
  std::vector<Sender> senders;
  for (const Identity& identity : identities_) {
    senders.push_back({identity.address, &identity});
    for (const std::string& alias : identity.aliases) {
      if (alias.find('*') == std::string::npos) senders.push_back({{identity.address.name, alias}, &identity});
    }
  }
  if (senders.empty()) return office_.say(Notice::Kind::hint, _("No account is set up to send from."));
  const auto is_now = [&](const Sender& sender) { return to_text(sender.address) == composer->value(Field::from) && sender.identity->account == composer->account(); };
  const auto is_named = [&](const Sender& sender) {
    return equal_ignoring_case(sender.identity->account, name) || equal_ignoring_case(sender.address.mailbox, name);
  };
  const auto now = std::find_if(senders.begin(), senders.end(), is_now);
  auto next = name.empty() ? (now == senders.end() || now + 1 == senders.end() ? senders.begin() : now + 1) : std::find_if(senders.begin(), senders.end(), is_named);
  if (next == senders.end()) return office_.say(Notice::Kind::failed, fmt::format(fmt::runtime(_("There is no account or address \"{}\".")), clean(name)));
  if (senders.size() == 1) return office_.say(Notice::Kind::hint, _("There is one address only to send from."));
  composer->set_sender(next->address, next->identity->account, signature_of(composer->account()), next->identity->signature);
}

void ComposeDesk::toggle_markdown() {
  Composer* composer = open_composer();
  if (composer == nullptr) return;
  composer->toggle_markdown();
  office_.say(Notice::Kind::done, composer->is_markdown() ? _("The text is Markdown: it gets an HTML part.") : _("The text is plain."));
}

void ComposeDesk::postpone() {
  if (open_composer() == nullptr) return;
  Tab& tab = *tab_in_front();
  save_all();
  tab.waiting = office_.ask(messages::StoreDraft{0, tab.composer->draft()});
  tab.composer->set_away(true);
  office_.say(Notice::Kind::done, _("Putting it into the drafts folder."));
}

void ComposeDesk::discard(const std::string& arguments) {
  Tab* tab = tab_in_front();
  if (tab == nullptr || tab->kind == Tab::Kind::outbox) return;
  const bool is_list = tab->kind == Tab::Kind::drafts;
  if (is_list ? tab->cursor >= kept_.size() : open_composer() == nullptr) return;
  if (arguments != "yes") {
    question_ = Question{_("Throw this draft away? It cannot be brought back."),
                         {{config::Key::character(U'y'), _("throw it away"), "discard yes"}, {config::Key::character(U'P'), _("put it into the drafts folder"), "postpone"}}};
    if (is_list) question_->choices.pop_back();
    return;
  }
  const std::string id = is_list ? kept_[tab->cursor].id : tab->composer->id();
  office_.ask(messages::DropDraft{0, id});
  office_.say(Notice::Kind::done, _("The draft is gone."));
  if (!is_list) return remove_tab(front_ - 1);
  kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(tab->cursor));
  move(0);
}

}  // namespace valija::app
