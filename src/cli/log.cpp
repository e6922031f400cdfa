#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "json.hpp"
#include "relative_date.hpp"
#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/log_line.hpp"
#include "valija/store/account_store.hpp"

namespace valija::cli {

namespace {

using store::LoggedOperation;

constexpr std::size_t default_limit = 50;
constexpr std::size_t largest_limit = 100'000;
constexpr int time_columns = 16;   // 2026-11-22 12:10
constexpr int widest_place = 28;

struct Message {
  std::string id, from, subject;
};
using Messages = std::map<std::string, Message>;  // by the base name of a file

/// The part of a Maildir file name before ":2,", which stays the same.
std::string base_of(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.substr(0, name.find(":2,"));
}

Result<Messages> find_messages(const std::string& query, const Session& session) {
  auto reader = open_index(session);
  if (!reader) return Unexpected(std::move(reader).error());
  const auto found = (*reader)->messages(query, 0, index::Sort::newest_first);
  if (!found) return Unexpected(Error(found.error()));
  Messages messages;
  for (const ThreadMessage& message : *found) {
    for (const std::string& file : message.files) messages[base_of(file)] = {message.id, message.from, message.subject};
  }
  return messages;
}

Result<std::vector<LoggedOperation>> read_operations(const Session& session, const Messages* messages, std::size_t limit) {
  std::vector<std::string> bases;
  if (messages) {
    for (const auto& [base, message] : *messages) bases.push_back(base);
  }
  const bool is_nothing_asked = limit == 0 || (messages && bases.empty());
  if (is_nothing_asked || !std::filesystem::is_directory(session.places.state_dir)) return std::vector<LoggedOperation>();
  auto log = store::OperationLog::open(session.places.state_dir);
  if (!log) return Unexpected(std::move(log).error());
  return (*log)->read(bases, limit);
}

std::string padded(const std::string& text, int columns) {
  return text + std::string(static_cast<std::size_t>(std::max(0, columns - display_width(text))), ' ');
}

/// Entries as aligned lines, those of one message below its subject.
class Page {
 public:
  Page(const std::vector<LoggedOperation>& operations, Output& out) : out_(out) {
    for (const LoggedOperation& operation : operations) {
      place_columns_ = std::max(place_columns_, std::min(widest_place, display_width(place_of(operation))));
    }
  }

  void heading(const Message& message) {
    if (!std::exchange(is_first_, false)) out_.line("");
    const std::string subject = clean(message.subject.empty() ? _("(no subject)") : message.subject);
    out_.line(fit(fmt::format("{} ({})", subject, clean(message.from)), out_.width()));
  }

  /// `count` equal ones in a row.
  void entry(const LoggedOperation& operation, std::size_t count) {
    const std::string what = in_words(LogLine{0, {}, {}, operation.what, {}, count});
    const std::string place = padded(fit(place_of(operation), place_columns_), place_columns_);
    const std::string line = fmt::format("{}  {}  {}", time_of(operation.time), place, what);
    const std::string why = clean(operation.why);
    if (why.empty()) {
      out_.line(line);
    } else if (display_width(line) + 2 + display_width(why) <= out_.width()) {
      out_.line(fmt::format("{}: {}", line, why));
    } else {
      out_.line(line);
      wrapped(why);
    }
  }

 private:
  static std::string place_of(const LoggedOperation& operation) { return clean(operation.account + "/" + operation.folder); }

  /// Below the line that it belongs to.
  void wrapped(const std::string& text) {
    const std::string margin(time_columns + 2, ' ');
    std::string line;
    for (const std::string& word : split(text, ' ')) {
      if (!line.empty() && display_width(margin) + display_width(line) + 1 + display_width(word) > out_.width()) {
        out_.line(margin + line);
        line.clear();
      }
      line += (line.empty() ? "" : " ") + word;
    }
    out_.line(margin + line);
  }

  Output& out_;
  int place_columns_ = 0;
  bool is_first_ = true;
};

bool is_alike(const LoggedOperation& a, const LoggedOperation& b) {
  return a.account == b.account && a.folder == b.folder && a.what == b.what && a.why == b.why && time_of(a.time) == time_of(b.time);
}

/// What happened as a whole: equal entries of one minute are one line.
void print_all(const std::vector<LoggedOperation>& operations, Output& out) {
  Page page(operations, out);
  for (auto first = operations.begin(); first != operations.end();) {
    const auto last = std::find_if_not(first, operations.end(), [&](const LoggedOperation& next) { return is_alike(*first, next); });
    page.entry(*first, static_cast<std::size_t>(last - first));
    first = last;
  }
}

/// The story of each message, those to which something happened last first.
void print_by_message(const std::vector<LoggedOperation>& operations, const Messages& messages, Output& out) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<const LoggedOperation*>> of_message;  // by id
  for (const LoggedOperation& operation : operations) {
    const auto message = messages.find(operation.base);
    if (message == messages.end()) continue;
    auto& entries = of_message[message->second.id];
    if (entries.empty()) order.push_back(operation.base);
    entries.push_back(&operation);
  }
  Page page(operations, out);
  for (const std::string& base : order) {
    const Message& message = messages.at(base);
    page.heading(message);
    for (const LoggedOperation* operation : of_message[message.id]) page.entry(*operation, 1);
  }
}

void print_json(const std::vector<LoggedOperation>& operations, const Messages& messages, Output& out) {
  out.put("[");
  bool is_first = true;
  for (const LoggedOperation& operation : operations) {
    Json object{{"timestamp", operation.time}, {"account", operation.account}, {"folder", operation.folder}, {"file", operation.base}};
    if (const auto message = messages.find(operation.base); message != messages.end()) object["id"] = message->second.id;
    object.update({{"what", operation.what}, {"why", operation.why}});
    out.put(std::exchange(is_first, false) ? "" : ",\n");
    out.put(to_text(object));
  }
  out.put("]\n");
}

}  // namespace

Result<int> log(const Arguments& arguments, Session& session) {
  const std::string query = arguments.query();
  const bool is_search = !trim(query).empty();
  Messages messages;
  if (is_search) {
    auto found = find_messages(query, session);
    if (!found) return Unexpected(std::move(found).error());
    messages = std::move(*found);
  }
  const std::size_t limit = std::min(largest_limit, limit_of(arguments, is_search ? largest_limit : default_limit));
  const auto operations = read_operations(session, is_search ? &messages : nullptr, limit);
  if (!operations) return Unexpected(Error(operations.error()));

  if (arguments.value("--format", "text") == "json") {
    print_json(*operations, messages, session.out);
  } else if (is_search) {
    print_by_message(*operations, messages, session.out);
  } else {
    print_all(*operations, session.out);
  }
  if (operations->empty() && session.out.is_terminal()) session.out.line(_("The log holds nothing about that."));
  return 0;
}

}  // namespace valija::cli
