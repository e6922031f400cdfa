#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "json.hpp"
#include "session.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/workers/document_text.hpp"
#include "valija/workers/part_filters.hpp"

namespace valija::cli {

namespace {

constexpr std::size_t largest_message = 256 * 1024 * 1024;

/// A message to show: from the index, or a file that is not in it.
struct Shown {
  ThreadMessage message;
  std::string file;  ///< the one that is read
};

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

/// The message of a file below the mail root; nothing if the query is not such a path.
std::optional<Shown> file_of(const std::string& query, const Session& session) {
  if (!query.starts_with('/')) return std::nullopt;
  std::error_code error;
  const auto path = std::filesystem::canonical(query, error);
  if (error) return std::nullopt;
  for (const std::string& root : {session.settings.mail_root, session.places.notmuch_mail_root}) {
    const auto real_root = root.empty() ? std::filesystem::path() : std::filesystem::canonical(root, error);
    if (real_root.empty() || error) continue;
    if (path.string().starts_with(real_root.string() + "/") && std::filesystem::is_regular_file(path, error)) {
      Shown shown{{}, path.string()};
      shown.message.files.push_back(shown.file);
      return shown;
    }
  }
  return std::nullopt;
}

/// Messages of a search, each with its first file that is there.
Result<std::vector<Shown>> find_messages(const std::string& query, index::Reader& reader) {
  auto messages = reader.messages(query, 0, index::Sort::oldest_first);
  if (!messages) return Unexpected(std::move(messages).error());
  std::vector<Shown> found;
  found.reserve(messages->size());
  for (ThreadMessage& message : *messages) {
    const auto there = std::find_if(message.files.begin(), message.files.end(), exists);
    const std::string path = there != message.files.end() ? *there
                             : message.files.empty()      ? std::string()
                                                          : message.files.front();
    found.push_back({std::move(message), path});
  }
  return found;
}

/// Between two messages.
std::string rule() {
  std::string line;
  for (int i = 0; i < 40; ++i) line += "─";
  return line + "\n";
}

std::string addresses_text(const std::vector<Address>& addresses) {
  std::vector<std::string> texts;
  for (const Address& address : addresses) texts.push_back(to_text(address));
  return join(texts, ", ");
}

Json headers_json(const Document::Headers& headers) {
  Json object = Json::object();
  object["from"] = addresses_text(headers.from);
  object["to"] = addresses_text(headers.to);
  object["cc"] = addresses_text(headers.cc);
  object["subject"] = headers.subject;
  object["date"] = headers.date;
  if (!headers.reply_to.empty()) object["reply-to"] = addresses_text(headers.reply_to);
  if (!headers.list_id.empty()) object["list-id"] = headers.list_id;
  object["message-id"] = headers.message_id;
  return object;
}

Json parts_json(const std::vector<Part>& parts) {
  Json list = Json::array();
  for (const Part& part : parts) {
    Json object;
    object["part"] = part.number;
    object["type"] = part.type;
    object["filename"] = part.filename;
    object["size"] = part.size;
    list.push_back(std::move(object));
  }
  return list;
}

Json all_headers_json(const std::vector<Document::HeaderRow>& rows) {
  Json list = Json::array();
  for (const Document::HeaderRow& row : rows) list.push_back(Json{{"name", row.name}, {"value", row.value}});
  return list;
}

Json pictures_json(const std::vector<Picture>& pictures) {
  Json list = Json::array();
  for (const Picture& picture : pictures) {
    if (picture.kind == Picture::Kind::enclosed) list.push_back(Json{{"part", picture.part}, {"name", picture.name}});
  }
  return list;
}

/// "1 enclosed, 5 of other servers (not fetched), 2 trackers"; empty if there are none.
std::string pictures_text(const Document& document) {
  const auto enclosed = static_cast<unsigned long>(std::count_if(document.pictures.begin(), document.pictures.end(),
                                                                 [](const Picture& picture) { return picture.kind == Picture::Kind::enclosed; }));
  std::vector<std::string> counts;
  const auto add = [&counts](const char* words, unsigned long count) {
    if (count > 0) counts.push_back(fmt::format(fmt::runtime(words), number(count)));
  };
  add(n_("{} enclosed", "{} enclosed", enclosed), enclosed);
  add(n_("{} of another server (not fetched)", "{} of other servers (not fetched)", document.remote_pictures), document.remote_pictures);
  add(n_("{} tracker", "{} trackers", document.trackers), document.trackers);
  return join(counts, ", ");
}

/// As the options say; the width is the terminal's where they say nothing.
RenderOptions render_options(const Arguments& arguments, const Session& session) {
  constexpr int narrowest = 20, widest = 1000;
  RenderOptions options;
  options.charset = arguments.value("--charset", "");
  options.alternative = arguments.value("--alternative", "");
  options.columns = std::min(session.out.width(), static_cast<int>(session.settings.ui_text_width));
  const std::string typed = arguments.value("--columns", "");
  std::from_chars(typed.data(), typed.data() + typed.size(), options.columns);
  options.columns = std::clamp(options.columns, narrowest, widest);
  return options;
}

/// Prints messages one after the other; a file that cannot be read is said on standard error, and the rest follows.
class MessagePrinter {
 public:
  MessagePrinter(workers::RenderService& renderer, index::Reader* reader, const Arguments& arguments, Session& session)
      : renderer_(renderer),
        reader_(reader),
        session_(session),
        filters_(session.settings.filters),
        options_(render_options(arguments, session)),
        has_all_headers_(arguments.value("--headers", "chosen") == "all") {}

  Result<int> print_text(std::vector<Shown> messages) {
    bool is_first = true;
    each(messages, [&](const Shown&, const Document& document) {
      if (!std::exchange(is_first, false)) session_.out.put("\n" + rule() + "\n");
      print_document(document);
    });
    return status_;
  }

  Result<int> print_json(std::vector<Shown> messages) {
    session_.out.put("[");
    bool is_first = true;
    each(messages, [&](const Shown& shown, const Document& document) {
      session_.out.put(std::exchange(is_first, false) ? "" : ",\n");
      session_.out.put(cli::to_text(message_json(shown, document)));
    });
    session_.out.put("]\n");
    return status_;
  }

 private:
  template <typename Print>
  void each(std::vector<Shown>& messages, Print print) {
    for (Shown& shown : messages) {
      const auto document = render(shown.file);
      if (!document) {
        print_error(document.error(), session_.err);
        status_ = exit_status(document.error().kind);
        continue;
      }
      if (shown.message.id.empty()) complete(shown, *document);
      print(shown, *document);
    }
  }

  Result<Document> render(const std::string& file) {
    auto document = renderer_.render(file, options_);
    if (!document) return document;
    const auto is_chosen = [this](const Part& part) { return part.alternative >= 0 && part.number == options_.alternative; };
    if (!options_.alternative.empty() && std::none_of(document->parts.begin(), document->parts.end(), is_chosen)) {
      return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("The message has no alternative {}.")), clean(options_.alternative)),
                  _("--format=json lists its parts."));
    }
    return filters_.apply(*std::move(document), renderer_, file, options_);
  }

  /// A file that was named: what the index knows about it, if it does.
  void complete(Shown& shown, const Document& document) {
    shown.message.id = document.headers.message_id;
    shown.message.date = document.headers.unix_date;
    if (!reader_ || shown.message.id.empty()) return;
    const auto known = reader_->messages("id:" + index::quoted(shown.message.id), 1, index::Sort::oldest_first);
    if (!known || known->empty()) return;
    const auto& files = known->front().files;
    if (std::find(files.begin(), files.end(), shown.file) != files.end()) shown.message = known->front();
  }

  Json message_json(const Shown& shown, const Document& document) const {
    Json object;
    object["id"] = shown.message.id;
    object["timestamp"] = shown.message.date;
    object["headers"] = headers_json(document.headers);
    object["tags"] = to_json(shown.message.tags);
    object["files"] = to_json(shown.message.files);
    object["parts"] = parts_json(document.parts);
    if (has_all_headers_) object["all-headers"] = all_headers_json(document.all_headers);
    object["pictures"] = pictures_json(document.pictures);
    object["remote-pictures"] = document.remote_pictures;
    object["trackers"] = document.trackers;
    object["text"] = workers::document_text(document, 0);
    if (!document.warnings.empty()) object["warnings"] = to_json(document.warnings);
    return object;
  }

  void print_header(const char* name, const std::string& value) {
    if (!value.empty()) session_.out.line(fmt::format("{} {}", name, value));
  }

  void print_headers(const Document& document) {
    if (!has_all_headers_) return session_.out.put(workers::header_text(document));
    for (const Document::HeaderRow& row : document.all_headers) session_.out.line(fmt::format("{}: {}", row.name, row.value));
  }

  void print_document(const Document& document) {
    print_headers(document);
    print_header(_("Pictures:"), pictures_text(document));
    for (const std::string& warning : document.warnings) print_header(_("Note:"), warning);
    session_.out.put("\n");
    session_.out.put(workers::document_text(document, options_.columns));
    print_attachments(document.parts);
  }

  void print_attachments(const std::vector<Part>& parts) {
    bool is_first = true;
    for (const Part& part : parts) {
      if (!part.is_attachment) continue;
      if (std::exchange(is_first, false))
        session_.out.put(std::string("\n") + _("Attachments (save one with --part=N):") + "\n");
      session_.out.line(fmt::format("  {}  {}  {}  {}", part.number, part.filename, part.type, byte_count(part.size)));
    }
  }

  workers::RenderService& renderer_;
  index::Reader* reader_;
  Session& session_;
  const workers::PartFilters filters_;
  const RenderOptions options_;
  const bool has_all_headers_;
  int status_ = 0;
};

/// raw and --part are about one message.
Result<Shown> only_one(std::vector<Shown> messages) {
  if (messages.size() == 1) return std::move(messages.front());
  return fail(Kind::input, Blast::message,
              messages.empty() ? std::string(_("The search finds no message."))
                               : fmt::format(fmt::runtime(_("The search finds {} messages, where one is needed.")),
                                             number(messages.size())),
              _("Name it exactly: id:MESSAGE-ID, or the path of its file."));
}

Result<int> print_raw(const Shown& shown, Session& session) {
  const auto octets = read_file(shown.file, largest_message);
  if (!octets) return Unexpected(Error(octets.error()));
  session.out.octets(*octets);
  return 0;
}

}  // namespace

Result<int> show(const Arguments& arguments, Session& session) {
  const auto query = query_of(arguments);
  if (!query) return Unexpected(Error(query.error()));
  const std::string format = arguments.value("--format", "text");

  auto reader = open_index(session);
  std::vector<Shown> messages;
  if (auto file = file_of(*query, session)) {
    messages.push_back(std::move(*file));
  } else {
    if (!reader) return Unexpected(std::move(reader).error());
    auto found = find_messages(*query, **reader);
    if (!found) return Unexpected(std::move(found).error());
    messages = std::move(*found);
  }

  if (format == "raw" && !arguments.has("--part")) {
    const auto one = only_one(std::move(messages));
    return one ? print_raw(*one, session) : Result<int>(Unexpected(Error(one.error())));
  }
  auto renderer = session.renderer();
  if (!renderer) return Unexpected(std::move(renderer).error());
  if (arguments.has("--part")) {
    const auto one = only_one(std::move(messages));
    if (!one) return Unexpected(Error(one.error()));
    const auto octets = (*renderer)->part(one->file, arguments.value("--part", ""));
    if (!octets) return Unexpected(Error(octets.error()));
    session.out.octets(*octets);
    return 0;
  }
  MessagePrinter printer(**renderer, reader ? reader->get() : nullptr, arguments, session);
  return format == "json" ? printer.print_json(std::move(messages)) : printer.print_text(std::move(messages));
}

}  // namespace valija::cli
