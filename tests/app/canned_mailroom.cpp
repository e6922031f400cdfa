#include "canned_mailroom.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "valija/app/query_text.hpp"
#include "valija/base/text.hpp"

namespace valija::testing {
namespace {

struct Row {
  long minutes_ago;
  std::vector<std::string> authors;
  int total;
  const char* subject;
  std::vector<std::string> tags;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> all{
      {12, {"Marta Gil", "Ana Ruiz"}, 3, "Presupuesto 2027: última versión", {"attachment", "client", "finance", "inbox", "unread"}},
      {41, {"build bot"}, 1, "main is green again", {"ci", "inbox"}},
      {58, {"Jun Tanaka 田中", "Lea Roth"}, 7, "Re: packaging for Debian trixie", {"debian", "inbox", "unread"}},
      {95, {"Nora Lindqvist"}, 2, "Can we move Thursday's call to 15:00?", {"inbox"}},
      {190, {"田中 純"}, 1, "新しい見積書をお送りします", {"attachment", "client", "inbox", "unread"}},
      {1100, {"Librería Cálamo"}, 1, "Su pedido 8841 está en camino", {"inbox", "shop"}},
      {1180, {"Yusuf Demir", "Ana Ruiz", "Priya Natarajan"}, 12, "[PATCH v3 0/4] store: rename a batch in one directory pass", {"inbox", "list", "patch"}},
      {1300, {"Samira Haddad"}, 1, "اجتماع يوم الأحد في المكتب الجديد", {"inbox", "unread"}},
      {1500, {"Mail Delivery System"}, 1, "Undelivered Mail Returned to Sender", {"inbox"}},
      {2900, {"Olek Nowak"}, 1, "Photos from the ridge 🏔️ and a few of the hut", {"attachment", "family", "flagged", "inbox"}},
      {3200, {"The Weekly Build"}, 1, "Issue 212: smaller binaries, calmer tools, and the return of the man page", {"inbox", "newsletter"}},
      {4400, {"Ana Ruiz", "Pilar Sanz"}, 4, "Re: Cena del sábado", {"family", "inbox", "replied"}},
      {5000, {"Eike Brandt"}, 1, "Invitation: planning, Wed 25 Nov 10:00", {"calendar", "inbox"}},
      {7200, {"notifications@forge.example.org"}, 1, "A very long subject that goes on and on, because somebody pasted the whole first paragraph of the report into it and then pressed send without looking, as happens", {"inbox"}},
      {14000, {"Kim Ji-woo 김지우"}, 2, "Re: 회의록 공유드립니다", {"client", "inbox"}},
      {30000, {"Tom Okafor"}, 1, "Invoice 2026-114", {"attachment", "finance", "inbox"}},
      {60000, {"Ana Ruiz"}, 1, "Notes to self: winter tyres", {"sent", "todo"}},
      {600000, {"Greta Holm"}, 1, "Old but good: the sync design from last year", {"inbox"}},
  };
  return all;
}

Line text_line(std::string text, Line::Role role = Line::Role::text, int quote = 0) {
  Line line;
  line.role = role;
  line.quote_level = quote;
  line.spans.push_back({std::move(text), {}});
  return line;
}

Document document_of(const CannedThread& thread, std::size_t number, std::size_t total) {
  Document document;
  document.headers.from = {{thread.summary.authors[number % thread.summary.authors.size()],
                            "person" + std::to_string(number % thread.summary.authors.size()) + "@example.org"}};
  document.headers.to = {{"Ana Ruiz", "ana@example.org"}, {"Jun Tanaka", "jun@example.net"}};
  document.headers.subject = thread.summary.subject;
  document.lines = {text_line("Hola Ana:"), text_line(""),
                    text_line("te mando la última versión del presupuesto. He cambiado las dos partidas de las que hablamos y he añadido una hoja "
                              "con el detalle por trimestre, para que se vea de dónde sale cada cifra."),
                    text_line("")};
  if (number > 0) {
    document.lines.push_back(text_line("On Mon, Jun Tanaka wrote:", Line::Role::attribution));
    document.lines.push_back(text_line("The numbers look right to me, but I would like to see the third quarter split by team before we sign.", Line::Role::quote, 1));
    document.lines.push_back(text_line("Is the travel line final?", Line::Role::quote, 2));
    document.lines.push_back(text_line(""));
  }
  document.lines.push_back(text_line("Three things are still open:"));
  for (const char* item : {"the licence for the second office", "who pays the translation", "the date of the review"}) {
    Line line = text_line(item);
    line.indent = 4;
    line.marker = "• ";
    document.lines.push_back(line);
  }
  document.lines.push_back(text_line(""));
  Line link = text_line("The draft is at ");
  link.spans.push_back({"https://example.org/budget/2027", {.link = 0}});
  link.spans.push_back({" until Friday.", {}});
  document.lines.push_back(link);
  document.links.push_back({"https://example.org/budget/2027"});
  for (int i = 0; i < (total > 6 ? 40 : 2); ++i) document.lines.push_back(text_line("Line " + std::to_string(i + 1) + " of a longer text."));
  document.lines.push_back(text_line(""));
  document.lines.push_back(text_line("-- ", Line::Role::signature));
  document.lines.push_back(text_line("Marta Gil, Contabilidad", Line::Role::signature));
  document.parts.push_back({"1", 0, "text/plain", "", 900, false, true});
  const auto& tags = thread.summary.tags;
  if (std::find(tags.begin(), tags.end(), "attachment") != tags.end() && number + 1 == total) {
    document.parts.push_back({"2", 0, "application/pdf", "presupuesto-2027.pdf", 1258291, true, false});
    document.parts.push_back({"3", 0, "application/vnd.oasis.opendocument.spreadsheet", "detalle por trimestre.ods", 48211, true, false});
  }
  return document;
}

bool has_tag(const ThreadSummary& row, const std::string& tag) { return std::find(row.tags.begin(), row.tags.end(), tag) != row.tags.end(); }

}  // namespace

CannedMailroom::CannedMailroom(UnixTime now, std::size_t more_threads) : now_(now) {
  for (const Row& row : rows()) add(now - row.minutes_ago * 60, row.authors, row.total, row.subject, row.tags);
  for (std::size_t i = 0; i < more_threads; ++i) {
    const Row& like = rows()[i * 7 % rows().size()];
    add(now - static_cast<UnixTime>(700000 + i * 11) * 60, like.authors, like.total, like.subject,
        {"inbox", i % 3 == 0 ? "list" : "archive"});
  }
}

void CannedMailroom::add(UnixTime date, std::vector<std::string> authors, int total, const std::string& subject, std::vector<std::string> tags) {
  CannedThread thread;
  thread.summary.id = "00000000000" + std::to_string(10000 + threads_.size());
  thread.summary.newest = date;
  thread.summary.oldest = date - (total - 1) * 5400;
  thread.summary.matched = thread.summary.total = total;
  thread.summary.subject = subject;
  thread.summary.authors = std::move(authors);
  thread.summary.tags = std::move(tags);
  threads_.push_back(std::move(thread));
  // Messages are made when a thread is opened: a list of a hundred thousand stays light.
}

void CannedMailroom::arrive(const std::string& from, const std::string& subject, UnixTime date) {
  add(date, {from}, 1, subject, {"inbox", "unread"});
  std::rotate(threads_.begin(), threads_.end() - 1, threads_.end());
}

void CannedMailroom::post(messages::Request request) {
  requests.push_back(request);
  std::visit([this](auto& value) { on(value); }, request);
}

bool CannedMailroom::matches(const CannedThread& thread, const std::string& asked) const {
  const std::string query = app::as_written(asked);
  const std::string also_unread = ") and tag:unread";
  const auto has = [&](const std::string& tag) {
    return std::find(thread.summary.tags.begin(), thread.summary.tags.end(), tag) != thread.summary.tags.end();
  };
  if (query.starts_with("(") && query.ends_with(also_unread)) {
    return has("unread") && matches(thread, query.substr(1, query.size() - 1 - also_unread.size()));
  }
  if (query == "*") return true;
  if (query.starts_with("tag:")) return has(query.substr(4));
  if (query.starts_with("folder:")) return query.find("INBOX") != std::string::npos ? has("inbox") : has("list");
  return to_lower_ascii(thread.summary.subject).find(to_lower_ascii(query)) != std::string::npos;
}

void CannedMailroom::on(messages::ListThreads& request) {
  std::vector<const CannedThread*> found;
  for (const CannedThread& thread : threads_) {
    if (matches(thread, request.query)) found.push_back(&thread);
  }
  const std::size_t size = found.size();
  const std::size_t end = request.from_end ? size - std::min(size, request.first) : std::min(size, request.first + request.count);
  const std::size_t begin = request.from_end ? end - std::min(end, request.count) : std::min(size, request.first);
  messages::ThreadsListed answered{request.id, request.first, {}, end == size, begin == 0};
  for (std::size_t i = begin; i < end; ++i) {
    ThreadSummary row = found[i]->summary;
    if (has_tag(row, "unread")) row.unread_authors = {row.authors.front()};
    if (request.with_paths) row.path = "/mail/" + std::string(i % 4 == 3 ? "home" : "work") + "/INBOX/cur/" + row.id;
    if (request.by_message) {
      row.message = row.id + ".0@example.org";
      row.total = 1;
    }
    answered.rows.push_back(std::move(row));
  }
  answer(std::move(answered));
}

void CannedMailroom::on(messages::ListUnindexed& request) { answer(messages::UnindexedListed{request.id, unindexed}); }

void CannedMailroom::on(messages::ListTags& request) {
  std::map<std::string, std::uint64_t> counts;
  for (const CannedThread& thread : threads_) {
    for (const std::string& tag : thread.summary.tags) ++counts[tag];
  }
  messages::TagsListed listed{request.id, {counts.begin(), counts.end()}};
  std::stable_sort(listed.tags.begin(), listed.tags.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  answer(std::move(listed));
}

void CannedMailroom::on(messages::FindSnippets& request) {
  messages::SnippetsFound found{request.id, {}};
  for (const std::string& file : request.files) found.snippets.emplace_back(file, "The first words of the message, as they stand there.");
  answer(std::move(found));
}

void CannedMailroom::on(messages::CountMessages& request) {
  messages::MessagesCounted counted{request.id, {}};
  for (const std::string& query : request.queries) {
    counted.counts.push_back(static_cast<std::uint64_t>(
        std::count_if(threads_.begin(), threads_.end(), [&](const CannedThread& thread) { return matches(thread, query); })));
  }
  answer(std::move(counted));
}

void CannedMailroom::on(messages::OpenThread& request) {
  messages::ThreadOpened opened{request.id, request.thread_id, {}};
  for (CannedThread& thread : threads_) {
    if (thread.summary.id != request.thread_id) continue;
    const auto total = static_cast<std::size_t>(thread.summary.total);
    for (std::size_t i = thread.messages.size(); i < total; ++i) {
      CannedMessage canned;
      canned.document = document_of(thread, i, total);
      canned.message.id = thread.summary.id + "." + std::to_string(i) + "@example.org";
      canned.message.date = thread.summary.newest - static_cast<UnixTime>(total - 1 - i) * 5400;
      canned.message.from = to_text(canned.document.headers.from.front());
      canned.message.subject = (i > 0 ? "Re: " : "") + thread.summary.subject;
      canned.message.depth = static_cast<int>(i);
      for (const std::string& folder : copies) canned.message.files.push_back("/mail/" + folder + "/cur/" + canned.message.id);
      canned.message.tags = thread.summary.tags;
      if (i + 1 < total) std::erase(canned.message.tags, "unread");
      thread.messages.push_back(std::move(canned));
    }
    for (const CannedMessage& canned : thread.messages) opened.messages.push_back(canned.message);
  }
  answer(std::move(opened));
}

void CannedMailroom::on(messages::RenderMessage& request) {
  for (const CannedThread& thread : threads_) {
    for (const CannedMessage& canned : thread.messages) {
      if (canned.message.id == request.message_id) return answer(messages::MessageRendered{request.id, request.message_id, canned.document});
    }
  }
  answer(messages::Failed{request.id, {Kind::disk, Blast::message, "The file of this message is gone.", "Sync to fetch it again."}, {}, {}});
}

void CannedMailroom::on(messages::SaveParts& request) {
  std::vector<std::string> paths;
  for (const std::string& number : request.numbers) paths.push_back(request.directory + "/part-" + number);
  answer(messages::PartsSaved{request.id, std::move(paths)});
}

void CannedMailroom::on(messages::ChangeTags& request) {
  for (CannedThread& thread : threads_) {
    bool is_changed = request.query.starts_with("thread:" + thread.summary.id);
    for (CannedMessage& canned : thread.messages) {
      if (!is_changed && request.query.find(canned.message.id) == std::string::npos) continue;
      is_changed = true;
      std::erase_if(canned.message.tags, [&](const std::string& tag) {
        return std::find(request.remove.begin(), request.remove.end(), tag) != request.remove.end();
      });
      canned.message.tags.insert(canned.message.tags.end(), request.add.begin(), request.add.end());
    }
    if (!is_changed) continue;
    for (const std::string& tag : request.remove) std::erase(thread.summary.tags, tag);
    for (const std::string& tag : request.add) thread.summary.tags.push_back(tag);
    std::sort(thread.summary.tags.begin(), thread.summary.tags.end());
    thread.summary.tags.erase(std::unique(thread.summary.tags.begin(), thread.summary.tags.end()), thread.summary.tags.end());
  }
  std::vector<FilesInFolder> places;
  for (const std::string& folder : copies) places.push_back({"/mail/" + folder, 1});
  if (request.is_kept) {
    Action action{.id = static_cast<std::int64_t>(actions.size()) + 1, .time = now_, .label = request.label, .place_tag = request.place_tag, .messages = 1};
    actions.insert(actions.begin(), std::move(action));
  }
  answer(messages::TagsChanged{request.id, 1, std::move(places), request.is_kept ? actions.front().id : 0});
}

/// Remembers what was done, without its effects: the threads stay as they are.
void CannedMailroom::on(messages::UndoChange& request) {
  const auto of_other_kind = [&](const Action& action) { return action.is_undone == request.again; };
  const auto found = std::find_if(actions.begin(), actions.end(), of_other_kind);
  if (found == actions.end()) {
    return answer(messages::Failed{request.id, {Kind::usage, Blast::message, request.again ? "Nothing to do again." : "Nothing to undo.", {}}, {}, {}});
  }
  found->is_undone = !request.again;
  answer(messages::ActionUndone{request.id, *found, request.again});
}

void CannedMailroom::on(messages::StartDraft& request) {
  using How = messages::StartDraft::How;
  Draft draft;
  draft.id = "draft-" + std::to_string(request.id);
  draft.account = request.account.empty() ? "work" : request.account;
  draft.from = "Ana Ruiz <ana@example.org>";
  if (request.how == How::fresh) {
    if (request.text.starts_with("mailto:")) draft.to = request.text.substr(7);
    return answer(messages::DraftStarted{request.id, draft});
  }
  draft.kind = request.how == How::forward || request.how == How::forward_attached ? Draft::Kind::forward : Draft::Kind::reply;
  draft.to = draft.kind == Draft::Kind::forward ? "" : "Marta Gil <marta@example.org>";
  if (request.how == How::reply_all) draft.cc = "Jun Tanaka <jun@example.net>";
  draft.subject = draft.kind == Draft::Kind::forward ? "Fwd: Presupuesto 2027" : "Re: Presupuesto 2027: última versión";
  draft.in_reply_to = request.message_id;
  draft.body = "Marta Gil wrote on Mon 23 Nov:\n> Hola Ana: te mando la última versión del presupuesto.\n> He cambiado las dos partidas de las que hablamos.\n>\n"
               "> > Is the travel line final?\n> Three things are still open.\n\n\n-- \nAna Ruiz\n";
  answer(messages::DraftStarted{request.id, draft});
}

void CannedMailroom::on(messages::QueueDraft& request) {
  Outgoing outgoing;
  outgoing.id = static_cast<std::int64_t>(queued_.size()) + 1;
  outgoing.account = request.draft.account;
  outgoing.subject = request.draft.subject;
  for (const Address& address : parse_addresses(request.draft.to)) outgoing.recipients.push_back(address.mailbox);
  outgoing.due = request.due;
  outgoing.queued = now_;
  outbox.push_back(outgoing);
  queued_.push_back(request.draft);
  answer(messages::DraftQueued{request.id, request.draft.id, outgoing.id, request.due});
  answer(messages::OutboxChanged{outbox, 0});
}

void CannedMailroom::on(messages::ReadEditor& request) {
  request.draft.body = edited;
  answer(messages::DraftRead{request.id, request.draft});
}

void CannedMailroom::on(messages::AddAttachment& request) {
  const std::string name = request.source.substr(request.source.rfind('/') + 1);
  answer(messages::AttachmentAdded{request.id, request.draft_id, {{request.source, {}, name, "application/pdf", 1258291}}});
}

void CannedMailroom::on(messages::CompleteAddress& request) {
  messages::AddressesCompleted completed{request.id, {}, {"example.org", "example.net"}};
  for (const char* text : {"Marta Gil <marta@example.org>", "Marta Ortiz <m.ortiz@example.net>", "Jun Tanaka <jun@example.net>"}) {
    if (!request.typed.empty() && starts_with_ignoring_case(text, request.typed)) completed.suggestions.push_back({text, {}});
  }
  if (request.typed == "fam") completed.suggestions.push_back({"olek@example.org, pilar@example.org", "family: 2 people"});
  answer(std::move(completed));
}

void CannedMailroom::on(messages::CancelOutgoing& request) {
  std::erase_if(outbox, [&](const Outgoing& outgoing) { return outgoing.id == request.outgoing; });
  const auto number = static_cast<std::size_t>(request.outgoing) - 1;
  answer(messages::OutgoingCancelled{request.id, number < queued_.size() ? queued_[number] : Draft()});
  answer(messages::OutboxChanged{outbox, 0});
}

std::vector<Outgoing> canned_outbox(UnixTime now) {
  struct Entry {
    OutgoingState state;
    UnixTime due;
    int tries;
    const char *to, *subject, *answer;
  };
  const std::array<Entry, 5> entries{{
      {OutgoingState::handing, -5, 0, "jun@example.net", "Re: packaging for Debian trixie", ""},
      {OutgoingState::waiting, 64800, 0, "marta@example.org", "Presupuesto 2027: última versión", ""},
      {OutgoingState::waiting, 240, 2, "nora@example.com", "Thursday's call", "451 4.7.1 Greylisted, please try again in 5 minutes"},
      {OutgoingState::refused, -4000, 1, "tom.okafor@example.com", "Invoice 2026-114", "550 5.1.1 <tom.okafor@example.com>: no such user here"},
      {OutgoingState::maybe_sent, -9000, 1, "pilar@example.org", "Re: Cena del sábado", "The connection was closed behind the final dot."},
  }};
  std::vector<Outgoing> outbox;
  for (const Entry& entry : entries) {
    Outgoing outgoing;
    outgoing.id = static_cast<std::int64_t>(outbox.size()) + 100;
    outgoing.account = "work";
    outgoing.state = entry.state;
    outgoing.queued = now - 9000;
    outgoing.due = now + entry.due;
    outgoing.tries = entry.tries;
    outgoing.recipients = {entry.to};
    outgoing.subject = entry.subject;
    outgoing.answer = entry.answer;
    outbox.push_back(std::move(outgoing));
  }
  return outbox;
}

config::Settings canned_settings() {
  config::Settings settings;
  for (const char* name : {"work", "home"}) {
    config::Account account;
    account.name = name;
    account.address = std::string(name) == "work" ? "ana@example.org" : "ana@home.example";
    account.full_name = "Ana Ruiz";
    settings.accounts.push_back(std::move(account));
  }
  settings.mail_root = "/mail";
  return settings;
}

messages::FoldersListed canned_folders(const std::string& account) {
  messages::FoldersListed listed{account, {}};
  const std::array<std::pair<const char*, FolderRole>, 8> folders{{{"INBOX", FolderRole::inbox}, {"Archive", FolderRole::archive},
      {"Sent", FolderRole::sent}, {"Drafts", FolderRole::drafts}, {"Lists", FolderRole::none}, {"Lists/debian-devel", FolderRole::none},
      {"Lists/notmuch", FolderRole::none}, {"Clients/Olmo", FolderRole::none}}};
  for (const auto& [path, role] : folders) {
    if (account == "home" && role == FolderRole::none) continue;
    if (auto parsed = FolderPath::from_text(path)) listed.folders.push_back({std::move(*parsed), role});
  }
  return listed;
}

}  // namespace valija::testing
