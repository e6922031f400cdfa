#include "compose_desk.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <utility>

#include "attachment_source.hpp"
#include "find_renamed.hpp"
#include "role_folder.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/config/identities.hpp"
#include "valija/mail/date.hpp"
#include "valija/mail/mailto.hpp"
#include "valija/mail/presend.hpp"
#include "valija/mail/template.hpp"
#include "valija/mime/prescan.hpp"
#include "valija/workers/save_file.hpp"

namespace valija::workers {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_text = 16UL << 20;       // octets of what an editor or a template gives
constexpr std::size_t largest_message = 256UL << 20;

int utc_offset_minutes(UnixTime date) {
  const std::time_t seconds = date;
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return static_cast<int>(local.tm_gmtoff / 60);
}

std::string original_tag_of(Draft::Kind kind) {
  if (kind == Draft::Kind::reply) return "replied";
  return kind == Draft::Kind::forward ? "passed" : std::string();
}

Error no_account_error() {
  return {Kind::settings, Blast::program, _("There is no account to write from."), _("Add an account with an address to the settings.")};
}

}  // namespace

ComposeDesk::ComposeDesk(const config::Settings& settings, const config::Places& places, const Clock& clock, RendererFactory renderer)
    : settings_(settings),
      places_(places),
      clock_(clock),
      make_renderer_(std::move(renderer)),
      identities_(config::identities_of(settings)),
      files_(places.state_dir) {}

Result<Draft> ComposeDesk::start(const messages::StartDraft& request) {
  if (request.how == messages::StartDraft::How::recall) {
    auto known = in_work(request.files);
    if (!known) return Unexpected(std::move(known).error());
    if (*known) return **std::move(known);
  }
  auto draft = make(request);
  if (!draft) return draft;
  draft->id = files_.new_id();
  draft->changed = clock_.now();
  if (request.how != messages::StartDraft::How::recall) draft->is_markdown = settings_.compose_markdown;
  for (const std::string& path : request.attach) {
    auto attachments = attachments_from(path, places_.home, files_.editor_file(draft->id) + ".files");
    if (!attachments) return Unexpected(std::move(attachments).error());
    draft->attachments.insert(draft->attachments.end(), attachments->begin(), attachments->end());
  }
  return draft;
}

Result<Draft> ComposeDesk::make(const messages::StartDraft& request) {
  using How = messages::StartDraft::How;
  if (identities_.empty()) return fail(no_account_error());
  if (request.how == How::fresh) return make_new(request);
  if (request.how == How::recall) return recall(request.files);
  const auto original = original_of(request.files);
  if (!original) return Unexpected(Error(original.error()));
  switch (request.how) {
    case How::reply: return make_reply(*original, ReplyTo::sender, identities_, form());
    case How::reply_all: return make_reply(*original, ReplyTo::all, identities_, form());
    case How::reply_list: return make_reply(*original, ReplyTo::list, identities_, form());
    case How::forward: return make_forward(*original, false, identities_, form());
    case How::forward_attached: return make_forward(*original, true, identities_, form());
    default: return make_again(*original, identities_);
  }
}

Result<Draft> ComposeDesk::make_new(const messages::StartDraft& request) {
  Draft draft = make_fresh(*identity(request.account), form());
  if (starts_with_ignoring_case(request.text, "mailto:")) {
    auto asked = parse_mailto(request.text);
    if (!asked) return asked;
    draft.to = asked->to, draft.cc = asked->cc, draft.bcc = asked->bcc;
    draft.subject = asked->subject, draft.in_reply_to = asked->in_reply_to;
    draft.body = asked->body + draft.body;
    return draft;
  }
  if (request.text.empty()) return draft;
  const std::string& name = request.text;
  if (name.find('/') != std::string::npos || name.starts_with('.')) {
    return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("{} is not the name of a template.")), clean(name)), {});
  }
  const auto text = read_file(settings_.compose_templates + "/" + name + ".txt", largest_text);
  if (!text) return Unexpected(Error(text.error()));
  const UnixTime now = clock_.now();
  return with_template(std::move(draft), clean_lines(*text), {{"name", identity(request.account)->address.name}, {"date", full_date(now)}});
}

Result<Original> ComposeDesk::original_of(const std::vector<std::string>& files) {
  auto service = renderer();
  if (!service) return Unexpected(std::move(service).error());
  Error error{Kind::input, Blast::message, _("The message has no file any more."), _("Sync, and try again.")};
  for (const std::string& file : files) {
    auto document = (*service)->render(file);
    if (document) return Original{*std::move(document), file, account_of_file(file)};
    error = document.error();
  }
  return fail(std::move(error));
}

Result<Draft> ComposeDesk::recall(const std::vector<std::string>& files) {
  auto service = renderer();
  if (!service) return Unexpected(std::move(service).error());
  Error error{Kind::input, Blast::message, _("The draft has no file any more."), _("Sync, and try again.")};
  for (const std::string& file : files) {
    auto draft = (*service)->recall(file);
    if (!draft) {
      error = draft.error();
      continue;
    }
    draft->stored = file;
    draft->account = account_of_file(file);
    if (account(draft->account) == nullptr) draft->account = identities_.front().account;
    return draft;
  }
  return fail(std::move(error));
}

Result<void> ComposeDesk::save(Draft draft) {
  draft.changed = clock_.now();
  return files_.save(draft);
}

Result<void> ComposeDesk::drop(const std::string& draft_id) {
  if (draft_id.empty() || draft_id.find('/') != std::string::npos) return {};
  std::error_code gone;
  fs::remove_all(files_.editor_file(draft_id) + ".files", gone);
  fs::remove(files_.editor_file(draft_id), gone);
  return files_.remove(draft_id);
}

Result<void> ComposeDesk::store(const Draft& draft) {
  const config::Account* sender = account(draft.account);
  if (sender == nullptr) return fail(no_account_error());
  if (auto taken = nothing_left_by_editor(draft); !taken) return taken;
  auto whole = made_whole(draft);
  if (!whole) return Unexpected(std::move(whole).error());
  mime::BuildOptions options = build_options(draft.from);
  options.keeps_bcc = true;
  options.is_draft = true;
  const std::string message = files_.editor_file(draft.id) + ".eml";
  if (auto made = make_directories(fs::path(message).parent_path().string()); !made) return Unexpected(std::move(made).error());
  ::unlink(message.c_str());
  if (auto built = mime::write_message(*whole, options, message); !built) return Unexpected(std::move(built).error());
  const std::string name = fmt::format("{}.{}.draft", clock_.now(), draft.id);
  auto path = store::deliver(settings_.mail_root, draft.account, role_folder(*sender, FolderRole::drafts, places_.state_dir, "Drafts"), message, name, "DS");
  ::unlink(message.c_str());
  if (!path) return Unexpected(std::move(path).error());
  if (draft.stored != *path) remove_stored(draft.stored);
  return drop(draft.id);
}

Result<std::int64_t> ComposeDesk::queue(const Draft& draft, UnixTime due) {
  if (auto taken = nothing_left_by_editor(draft); !taken) return Unexpected(std::move(taken).error());
  auto whole = made_whole(draft);
  if (!whole) return Unexpected(std::move(whole).error());
  if (const auto faults = faults_of(*whole); !faults.empty()) return fail(Kind::input, Blast::message, faults.front(), {});
  auto out = outbox();
  if (!out) return Unexpected(std::move(out).error());
  Outgoing entry;
  entry.file = (*out)->new_file();
  const auto built = mime::write_message(*whole, build_options(draft.from), entry.file);
  if (!built) return Unexpected(Error(built.error()));
  entry.account = draft.account;
  entry.subject = draft.subject;
  entry.due = due;
  entry.draft = to_text(draft);
  entry.stored = draft.stored;
  entry.original = draft.original;
  entry.original_tag = original_tag_of(draft.kind);
  auto number = put(*built, std::move(entry));
  if (!number) return number;
  static_cast<void>(files_.remove(draft.id));  // what was attached from commands stays: the draft can come back
  return number;
}

Result<std::int64_t> ComposeDesk::bounce(const messages::BounceMessage& request) {
  if (identities_.empty()) return fail(no_account_error());
  auto out = outbox();
  if (!out) return Unexpected(std::move(out).error());
  const std::string file = request.files.empty() ? std::string() : request.files.front();
  const auto message = read_file(file, largest_message);
  if (!message) return Unexpected(Error(message.error()));
  const std::string name = request.account.empty() ? account_of_file(file) : request.account;
  const Identity* sender = identity(name);
  Outgoing entry;
  entry.file = (*out)->new_file();
  const auto built =
      mime::bounce(*message, sender->address, parse_addresses(with_members(request.to)), build_options(sender->address.mailbox), entry.file);
  if (!built) return Unexpected(Error(built.error()));
  entry.account = sender->account;
  entry.subject = mime::prescan(*message).subject;
  entry.due = clock_.now() + settings_.compose_hold;
  return put(*built, std::move(entry));
}

Result<std::int64_t> ComposeDesk::put(const mime::Built& built, Outgoing entry) {
  entry.message_id = built.message_id;
  entry.sender = built.sender;
  entry.recipients = built.recipients;
  entry.needs_smtputf8 = built.needs_smtputf8;
  entry.is_eight_bit = built.is_eight_bit;
  entry.wants_dsn = settings_.compose_delivery_report;
  entry.size = built.size;
  entry.queued = clock_.now();
  return outbox_->put(entry);
}

Result<std::string> ComposeDesk::prepare_editor(const Draft& draft, bool with_headers) {
  const std::string file = files_.editor_file(draft.id);
  // Without the draft on the disk nobody would offer what the editor has written.
  if (auto saved = save(draft); !saved) return Unexpected(std::move(saved).error());
  editor_claim_.reset();
  auto claim = files_.claim_editor_file(draft.id);
  if (!claim) return Unexpected(std::move(claim).error());
  if (!*claim) return fail(Kind::try_later, Blast::message, _("Another valija has this draft in its editor."), _("End that editor first."));
  editor_claim_ = *std::move(claim);
  if (std::error_code none; fs::exists(file, none)) return file;  // it could not be taken back
  auto written = write_file_durably(file, with_headers ? to_editable_text(draft) : draft.body);
  if (!written) return Unexpected(std::move(written).error());
  return file;
}

Result<Draft> ComposeDesk::read_editor(Draft draft, bool with_headers) {
  editor_claim_.reset();
  const auto text = read_file(files_.editor_file(draft.id), largest_text);
  if (!text) return Unexpected(Error(text.error()));
  if (with_headers) {
    auto edited = with_edited_text(std::move(draft), clean_lines(*text));
    if (!edited) return edited;
    draft = *std::move(edited);
  } else {
    draft.body = clean_lines(*text);
  }
  if (auto saved = save(draft); !saved) return Unexpected(std::move(saved).error());
  ::unlink(files_.editor_file(draft.id).c_str());
  return draft;
}

Result<RenderService*> ComposeDesk::renderer() {
  if (!renderer_) {
    auto made = make_renderer_();
    if (!made) return Unexpected(std::move(made).error());
    renderer_ = *std::move(made);
  }
  return renderer_.get();
}

Result<Draft> ComposeDesk::made_whole(Draft draft) {
  draft.to = with_members(draft.to), draft.cc = with_members(draft.cc), draft.bcc = with_members(draft.bcc);
  const std::string directory = files_.editor_file(draft.id) + ".files";
  for (Attachment& attachment : draft.attachments) {
    if (attachment.part.empty() || attachment.part == "*") continue;
    auto service = renderer();
    if (!service) return Unexpected(std::move(service).error());
    const auto octets = (*service)->part(attachment.path, attachment.part);
    if (!octets) return Unexpected(Error(octets.error()));
    if (auto made = make_directories(directory); !made) return Unexpected(std::move(made).error());
    auto path = save_new_file(directory, attachment.name, *octets);
    if (!path) return Unexpected(std::move(path).error());
    attachment.path = *std::move(path);
    attachment.part.clear();
  }
  return draft;
}

Result<store::Outbox*> ComposeDesk::outbox() {
  if (!outbox_) {
    auto opened = store::Outbox::open(places_.state_dir);
    if (!opened) return Unexpected(std::move(opened).error());
    outbox_ = *std::move(opened);
  }
  return outbox_.get();
}

std::string ComposeDesk::with_members(const std::string& recipients) const {
  if (settings_.aliases.empty()) return recipients;
  std::vector<std::string> all;
  for (const Address& address : parse_addresses(recipients)) {
    const auto alias = settings_.aliases.find(address.mailbox);
    all.push_back(alias == settings_.aliases.end() ? valija::to_text(address) : alias->second);
  }
  return join(all, ", ");
}

std::string ComposeDesk::account_of_file(const std::string& file) const {
  const std::string below = settings_.mail_root + "/";
  return file.starts_with(below) ? file.substr(below.size(), file.find('/', below.size()) - below.size()) : std::string();
}

const config::Account* ComposeDesk::account(const std::string& name) const {
  const auto found = std::find_if(settings_.accounts.begin(), settings_.accounts.end(), [&](const config::Account& one) { return one.name == name; });
  return found == settings_.accounts.end() ? nullptr : &*found;
}

/// The first one where there is none of that name.
const Identity* ComposeDesk::identity(const std::string& name) const {
  const auto found = std::find_if(identities_.begin(), identities_.end(), [&](const Identity& one) { return one.account == name; });
  return found == identities_.end() ? &identities_.front() : &*found;
}

mime::BuildOptions ComposeDesk::build_options(const std::string& from) const {
  const auto senders = parse_addresses(from);
  const UnixTime now = clock_.now();
  return {.date = now,
          .utc_offset_minutes = utc_offset_minutes(now),
          .message_id = mime::new_message_id(senders.empty() ? from : senders.front().mailbox),
          .is_flowed = settings_.compose_flowed};
}

ReplyForm ComposeDesk::form() const {
  ReplyForm form;
  form.position = settings_.compose_reply_position == "above" ? ReplyForm::Position::above : ReplyForm::Position::below;
  form.quote_prefix = settings_.compose_quote_prefix;
  form.attribution = settings_.compose_attribution == "auto" ? _("On {date}, {name} wrote:") : settings_.compose_attribution;
  return form;
}

}  // namespace valija::workers
