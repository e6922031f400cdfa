#include <fmt/format.h>

#include <algorithm>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

/// What stands behind "mailto:" (RFC 6068 §2): all but letters and digits is escaped.
std::string mailto_escaped(const std::string& to) {
  std::string escaped;
  for (const char c : to) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '@' || c == '.';
    escaped += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

}  // namespace

void App::with_message(std::function<void(const ThreadMessage&)> what) {
  if (focus_ == Pane::reader) {
    const OpenMessage* open = reader_.current_message();
    if (open != nullptr && !open->message.files.empty()) return what(open->message);
  } else if (const ThreadSummary* row = list_.active(); row != nullptr && !list_.is_fixed()) {
    aimed_ = std::move(what);
    aimed_id_ = next_id();
    return post(messages::OpenThread{aimed_id_, row->id, list_.query()});
  } else if (list_.is_fixed() && list_.cursor() < unindexed_.size()) {
    const UnindexedMessage& file = unindexed_[list_.cursor()];
    ThreadMessage message;
    message.from = file.from;
    message.subject = file.subject;
    message.date = file.date;
    message.files = {file.path};
    return what(message);
  }
  say(Notice::Kind::hint, _("There is no message here."));
}

void App::compose(const std::string& to) {
  if (settings_.accounts.empty() && !options_.is_demo) {
    return say(Notice::Kind::hint, _("No account is set up to send from."), fmt::format(fmt::runtime(_("Write one into {}.")), options_.settings_file));
  }
  // In a folder of an account the mail is from that account.
  const SidebarRow* row = sidebar_.find_query(list_.query());
  std::string account;
  if (row != nullptr && row->kind == SidebarRow::Kind::folder) account = row->id.substr(0, row->id.find('/'));
  const bool is_address = to.find('@') != std::string::npos && !starts_with_ignoring_case(to, "mailto:");
  desk_.start(messages::StartDraft::How::fresh, nullptr, is_address ? "mailto:" + mailto_escaped(to) : to, std::move(account));
}

void App::answer(messages::StartDraft::How how) {
  with_message([this, how](const ThreadMessage& message) { desk_.start(how, &message, {}, {}); });
}

bool App::is_draft(const ThreadMessage& message) const {
  if (has_tag(message.tags, "draft")) return true;
  TagMap::Place drafts;
  drafts.role = FolderRole::drafts;
  return std::any_of(settings_.accounts.begin(), settings_.accounts.end(), [&](const config::Account& account) {
    const std::string folder = sidebar_.folder_at(account.name, drafts);
    return !folder.empty() && std::any_of(message.files.begin(), message.files.end(),
                                          [&](const std::string& file) { return file.starts_with(settings_.mail_root + "/" + folder + "/"); });
  });
}

void App::edit_again() {
  using How = messages::StartDraft::How;
  with_message([this](const ThreadMessage& message) { desk_.start(is_draft(message) ? How::recall : How::again, &message, {}, {}); });
}

void App::bounce(const std::string& to) {
  if (trim(to).empty()) return open_prompt(Prompt::Kind::command, "bounce ");
  with_message([this, to](const ThreadMessage& message) { desk_.bounce(message, to); });
}

void App::attach_message(const std::string& number) {
  if (number.empty()) {
    return with_message([this](const ThreadMessage& message) {
      const std::string name = message.subject.empty() ? std::string("message") : clean(message.subject).substr(0, 80);
      desk_.attach_part({message.files.front(), "*", clean(name) + ".eml", "message/rfc822"});
    });
  }
  const OpenMessage* open = focus_ == Pane::reader ? reader_.current_message() : nullptr;
  long left = count_of(number);
  if (open != nullptr && open->state == OpenMessage::State::shown && !open->message.files.empty()) {
    for (const Part& part : open->document.parts) {
      if (!part.is_attachment || --left > 0) continue;
      return desk_.attach_part({open->message.files.front(), part.number, part.filename.empty() ? part.type : part.filename, part.type, part.size});
    }
  }
  say(Notice::Kind::failed, fmt::format(fmt::runtime(_("There is no attachment {}.")), number));
}

void App::editor_ended(const std::string& draft_id, int exit_status) {
  desk_.editor_ended(draft_id, exit_status);
  settle();
}

void App::quit() {
  desk_.save_all();
  wants_quit_ = true;
}

void App::leave() {
  const std::string left = desk_.last_words();
  if (left.empty()) return quit();
  say(Notice::Kind::hint, left, _("Once more quits."));
}

}  // namespace valija::app
