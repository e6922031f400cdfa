#include "valija/index/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "convert.hpp"
#include "query.hpp"
#include "reading.hpp"
#include "senders.hpp"
#include "tail_cursor.hpp"
#include "thread_cursor.hpp"
#include "valija/base/clock.hpp"
#include "valija/base/text.hpp"

namespace valija::index {

Result<void> SafeDatabase::ensure_open() {
  if (database_) return {};
  auto opened = Database::open(location_, Mode::read_only);
  if (!opened) return Unexpected(std::move(opened).error());
  database_.emplace(std::move(*opened));
  directory_ = xapian_directory(location_.database);
  return {};
}

namespace {

template <typename T>
using Attempt = std::optional<Result<T>>;

class NotmuchReader final : public Reader {
 public:
  explicit NotmuchReader(Location location) : database_(std::move(location)) {}

  Result<void> open() { return database_.ensure_open(); }

  Result<Threads> threads(const std::string& query, std::size_t first, std::size_t count, Sort sort, ListOptions options) override {
    if (first == 0) tail_.reset();  // another list begins: the end of the last one is of no more use
    return read<Threads>([&](Database& database) -> Attempt<Threads> {
      ThreadCursor& cursor = cursor_at(database, query, first, sort, options);
      std::vector<ThreadSummary> rows;
      if (cursor.position() < first) {
        if (!cursor.read(first - cursor.position(), rows)) return wrong_query<Threads>(database, query);
        rows.clear();
      }
      if (cursor.position() == first && !cursor.read(count, rows)) return wrong_query<Threads>(database, query);
      const bool at_end = rows.size() < count || cursor.is_at_end();
      return Result<Threads>(Threads{std::move(rows), at_end});
    });
  }

  Result<Threads> last_threads(const std::string& query, std::size_t first, std::size_t count, ListOptions options) override {
    if (!can_narrow()) return cut_from_whole(query, first, count, options);
    return read<Threads>([&](Database& database) -> Attempt<Threads> {
      if (!tail_ || !tail_->is_of(query, options) || tail_->position() > first || first == 0) {
        tail_ = std::make_unique<TailCursor>(database.get(), query, options, excluded_tags(database));
      }
      std::vector<ThreadSummary> rows;
      const bool is_read = tail_->read(first - tail_->position(), rows);
      rows.clear();
      if (!is_read || !tail_->read(count, rows)) return wrong_query<Threads>(database, query);
      std::reverse(rows.begin(), rows.end());
      return Result<Threads>(Threads{std::move(rows), tail_->is_at_start()});
    });
  }

  Result<std::vector<ThreadMessage>> thread(const std::string& thread_id, const std::string& query) override {
    return read<std::vector<ThreadMessage>>([&](Database& database) -> Attempt<std::vector<ThreadMessage>> {
      const std::string whole = "thread:" + thread_id;
      const bool narrows = !query.empty() && can_narrow();
      if (narrows) {
        auto matching = open_thread(database, {query, {whole}, {}});
        if (!matching) return wrong_query<std::vector<ThreadMessage>>(database, query);
        if (!matching->empty()) return Result<std::vector<ThreadMessage>>(std::move(*matching));
      }
      auto messages = open_thread(database, {whole, {}, {}});
      if (!messages) return std::nullopt;
      for (auto& message : *messages) message.matched = query.empty();
      return Result<std::vector<ThreadMessage>>(std::move(*messages));
    });
  }

  Result<std::vector<ThreadMessage>> messages(const std::string& query, std::size_t limit, Sort sort) override {
    std::vector<ThreadMessage> found;
    const auto keep = [&](notmuch_message_t* message) {
      auto copy = to_message(message, 0);
      if (copy) {
        copy->matched = true;
        found.push_back(std::move(*copy));
      }
      return copy.has_value() ? found.size() : failed;
    };
    return collect(query, limit, sort, found, keep);
  }

  Result<std::vector<std::string>> files(const std::string& query, std::size_t limit, Sort sort) override {
    std::vector<std::string> found;
    const auto keep = [&](notmuch_message_t* message) {
      auto names = take_filenames(notmuch_message_get_filenames(message));
      if (names.empty()) return failed;
      std::move(names.begin(), names.end(), std::back_inserter(found));
      return found.size();
    };
    auto collected = collect(query, limit, sort, found, keep);
    if (collected && limit > 0 && collected->size() > limit) collected->resize(limit);
    return collected;
  }

  Result<std::vector<std::string>> ids(const std::string& query) override {
    std::vector<std::string> found;
    const auto keep = [&](notmuch_message_t* message) {
      const char* id = notmuch_message_get_message_id(message);
      if (id == nullptr) return failed;
      found.emplace_back(id);
      return found.size();
    };
    return collect(query, 0, Sort::oldest_first, found, keep);
  }

  Result<std::vector<std::pair<std::string, std::size_t>>> judged(const std::string& query, const Judge& judge) override {
    std::vector<std::pair<std::string, std::size_t>> found;
    const auto keep = [&](notmuch_message_t* message) {
      std::string id = id_of(message);
      if (id.empty()) return failed;
      const std::size_t judgement = judge(id, take_tags(notmuch_message_get_tags(message)));
      found.emplace_back(std::move(id), judgement);
      return found.size();
    };
    return collect(query, 0, Sort::oldest_first, found, keep);
  }

  Result<std::vector<std::string>> tags(const std::string& query) override {
    return read<std::vector<std::string>>([&](Database& database) -> Attempt<std::vector<std::string>> {
      if (query.empty() || query == "*") {
        return Result<std::vector<std::string>>(take_tags(notmuch_database_get_all_tags(database.get())));
      }
      QueryHandle handle;
      auto found = search(database, {query, {}, {}}, Sort::newest_first, handle);
      if (!found || !*found) return refusal<std::vector<std::string>>(std::move(found));
      return Result<std::vector<std::string>>(take_tags(notmuch_messages_collect_tags((*found)->get())));
    });
  }

  Result<std::vector<SenderSummary>> senders(const std::string& query, std::size_t limit) override {
    return read<std::vector<SenderSummary>>([&](Database& database) -> Attempt<std::vector<SenderSummary>> {
      SenderTally tally;
      const auto count_into = [&tally](void (SenderTally::*add)(notmuch_message_t*)) {
        return [&tally, add](notmuch_message_t* message) -> std::optional<bool> {
          (tally.*add)(message);
          return true;
        };
      };
      auto all = each(database, {query, {}, {}}, Sort::newest_first, count_into(&SenderTally::add));
      if (!all || !*all) return refusal<std::vector<SenderSummary>>(std::move(all));
      // To ask for the unread ones alone costs less than to read the tags of each message.
      auto unread = each(database, both(query, "tag:unread"), Sort::newest_first, count_into(&SenderTally::add_unread));
      if (!unread || !*unread) return refusal<std::vector<SenderSummary>>(std::move(unread));
      return Result<std::vector<SenderSummary>>(tally.take(limit));
    });
  }

  Result<std::uint64_t> count_messages(const std::string& query) override { return count(query, notmuch_query_count_messages); }
  Result<std::uint64_t> count_threads(const std::string& query) override { return count(query, notmuch_query_count_threads); }

  Result<Changes> changes_since(std::uint64_t since) override {
    if (auto fresh = refresh(); !fresh) return Unexpected(std::move(fresh).error());
    return read<Changes>([&](Database& database) -> Attempt<Changes> {
      std::vector<Change> messages;
      auto changes = walk(database, since, [&messages](Change change) {
        messages.push_back(std::move(change));
        return true;
      });
      if (changes && *changes) (*changes)->messages = std::move(messages);
      return changes;
    });
  }

  Result<Changes> visit_changes(std::uint64_t since, const std::function<bool(Change)>& take) override {
    if (auto fresh = refresh(); !fresh) return Unexpected(std::move(fresh).error());
    return read<Changes>([&](Database& database) { return walk(database, since, take); });
  }

  Result<std::optional<Change>> message_of(const std::string& path) override {
    return read<std::optional<Change>>([&](Database& database) -> Attempt<std::optional<Change>> {
      notmuch_message_t* raw = nullptr;
      const auto status = notmuch_database_find_message_by_filename(database.get(), path.c_str(), &raw);
      const MessageHandle message(raw);
      if (status != NOTMUCH_STATUS_SUCCESS && status != NOTMUCH_STATUS_PATH_ERROR) return std::nullopt;
      return Result<std::optional<Change>>(message ? std::optional(to_change(message.get())) : std::nullopt);
    });
  }

  Result<std::uint64_t> refresh() override {
    if (database_.get() != nullptr && is_outdated()) {
      forget();
      if (!database_.get()->reopen(database_.directory())) database_.drop();
    }
    return read<std::uint64_t>([](Database& database) -> Attempt<std::uint64_t> { return Result(database.revision()); });
  }

  bool is_outdated() const override {
    return database_.get() == nullptr || stamp_of(database_.directory()) != database_.get()->stamp();
  }

  Result<std::vector<std::pair<std::string, std::string>>> saved_searches() override {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    return read<Pairs>([](Database& database) -> Attempt<Pairs> {
      Pairs found;
      constexpr std::string_view prefix = "query.";
      const std::unique_ptr<notmuch_config_pairs_t, Release> pairs(notmuch_config_get_pairs(database.get(), "query."));
      if (!pairs) return Result<Pairs>(std::move(found));
      for (; notmuch_config_pairs_valid(pairs.get()) != 0; notmuch_config_pairs_move_to_next(pairs.get())) {
        found.emplace_back(text_or_empty(notmuch_config_pairs_key(pairs.get())).substr(prefix.size()),
                           text_or_empty(notmuch_config_pairs_value(pairs.get())));
      }
      return Result<Pairs>(std::move(found));
    });
  }

 private:
  static constexpr std::size_t failed = static_cast<std::size_t>(-1);
  static constexpr std::size_t most_cursors = 3;

  void forget() {
    cursors_.clear();
    tail_.reset();
  }

  /// For a libnotmuch that cannot ask for a part of a query.
  Result<Threads> cut_from_whole(const std::string& query, std::size_t first, std::size_t count, ListOptions options) {
    auto all = threads(query, 0, static_cast<std::size_t>(-1), Sort::newest_first, options);
    if (!all) return all;
    all->rows.resize(all->rows.size() - std::min(first, all->rows.size()));
    all->at_end = all->rows.size() <= count;
    if (!all->at_end) all->rows.erase(all->rows.begin(), all->rows.end() - static_cast<std::ptrdiff_t>(count));
    return all;
  }

  template <typename T, typename Read>
  Result<T> read(Read reader) {
    return database_.reading(reader, [this] { forget(); });
  }

  template <typename T, typename U>
  static Attempt<T> refusal(Attempt<U>&& attempt) {
    if (!attempt) return std::nullopt;
    return Result<T>(Unexpected(std::move(*attempt).error()));
  }

  /// Why a query failed: it is wrong (an error), or the database could not be read (nothing). libnotmuch has one status for both, and
  /// Xapian may find its revision gone while it parses: the query is parsed once more by itself.
  template <typename T>
  static Attempt<T> wrong_query(Database& database, const std::string& query) {
    const QueryHandle handle = make_query(database.get(), {query, {}, {}}, Sort::newest_first, {});
    if (!handle || notmuch_query_add_tag_exclude(handle.get(), "deleted") == NOTMUCH_STATUS_SUCCESS) return std::nullopt;
    const std::string complaint = database.complaint();
    if (complaint.find("parsing query") == std::string::npos || complaint.find("discarded") != std::string::npos) return std::nullopt;
    return Result<T>(fail(Kind::usage, Blast::message,
                          fmt::format(fmt::runtime(_("The search {} is not understood.")), clean(query)),
                          _("See notmuch-search-terms(7); put quotes around words with special characters.")));
  }

  ThreadCursor& cursor_at(Database& database, const std::string& query, std::size_t first, Sort sort, ListOptions options) {
    const auto fits = [&](const std::unique_ptr<ThreadCursor>& cursor) {
      return cursor->is_of(query, sort, options) && cursor->position() <= first && first != 0;
    };
    const auto known = std::find_if(cursors_.begin(), cursors_.end(), fits);
    if (known != cursors_.end()) {
      std::rotate(cursors_.begin(), known, known + 1);
      return *cursors_.front();
    }
    std::erase_if(cursors_, [&](const auto& cursor) { return cursor->is_of(query, sort, options); });
    if (cursors_.size() >= most_cursors) cursors_.pop_back();
    auto cursor = std::make_unique<ThreadCursor>(database.get(), query, sort, options, SystemClock().now(), excluded_tags(database));
    return **cursors_.insert(cursors_.begin(), std::move(cursor));
  }

  static Change to_change(notmuch_message_t* message) {
    return {take_tags(notmuch_message_get_tags(message)), take_filenames(notmuch_message_get_filenames(message)), id_of(message)};
  }

  static std::string id_of(notmuch_message_t* message) {
    const char* id = notmuch_message_get_message_id(message);
    return id == nullptr ? std::string() : std::string(id);
  }

  Attempt<Changes> walk(Database& database, std::uint64_t since, const std::function<bool(Change)>& take) {
    Changes changes{{}, database.revision(), database.identity()};
    if (changes.revision <= since) return Result<Changes>(std::move(changes));
    const std::string query = fmt::format("lastmod:{}..{}", since + 1, changes.revision);
    const QueryHandle handle = make_query(database.get(), {query, {}, {}}, Sort::newest_first, {});
    if (!handle) return std::nullopt;
    notmuch_query_set_sort(handle.get(), NOTMUCH_SORT_UNSORTED);
    notmuch_messages_t* raw = nullptr;
    if (notmuch_query_search_messages(handle.get(), &raw) != NOTMUCH_STATUS_SUCCESS) return std::nullopt;
    const MessagesHandle messages(raw);
    for (; notmuch_messages_valid(raw) != 0; notmuch_messages_move_to_next(raw)) {
      const MessageHandle message(notmuch_messages_get(raw));
      if (!message) return std::nullopt;
      Change change = to_change(message.get());
      if (change.paths.empty() || change.id.empty()) return std::nullopt;
      if (!take(std::move(change))) return Result<Changes>(Changes{{}, 0, database.identity()});
    }
    return Result<Changes>(std::move(changes));
  }

  static std::vector<std::string> excluded_tags(const Database& database) {
    return database.values(NOTMUCH_CONFIG_EXCLUDE_TAGS);
  }

  /// The messages of a query; `handle` owns them.
  Attempt<MessagesHandle> search(Database& database, const Narrowed& query, Sort sort, QueryHandle& handle) {
    handle = make_query(database.get(), query, sort, excluded_tags(database));
    notmuch_messages_t* messages = nullptr;
    if (!handle) return std::nullopt;
    if (notmuch_query_search_messages(handle.get(), &messages) != NOTMUCH_STATUS_SUCCESS) return wrong_query<MessagesHandle>(database, query.query);
    return Result<MessagesHandle>(MessagesHandle(messages));
  }

  /// Shows each match to `take`, until it says false; nothing: the database could not be read.
  template <typename Take>
  Attempt<void> each(Database& database, const Narrowed& query, Sort sort, Take take) {
    QueryHandle handle;
    auto matches = search(database, query, sort, handle);
    if (!matches || !*matches) return refusal<void>(std::move(matches));
    notmuch_messages_t* messages = (*matches)->get();
    for (; notmuch_messages_valid(messages) != 0; notmuch_messages_move_to_next(messages)) {
      const MessageHandle message(notmuch_messages_get(messages));
      const std::optional<bool> goes_on = message ? take(message.get()) : std::nullopt;
      if (!goes_on) return std::nullopt;
      if (!*goes_on) break;
    }
    return Result<void>();
  }

  /// Runs `keep(message)` over the matches until it says that there are `limit` values (0: all).
  template <typename T, typename Keep>
  Result<std::vector<T>> collect(const std::string& query, std::size_t limit, Sort sort, std::vector<T>& found, Keep keep) {
    return read<std::vector<T>>([&](Database& database) -> Attempt<std::vector<T>> {
      found.clear();
      auto done = each(database, {query, {}, {}}, sort, [&](notmuch_message_t* message) -> std::optional<bool> {
        const std::size_t size = keep(message);
        if (size == failed) return std::nullopt;
        return limit == 0 || size < limit;
      });
      if (!done || !*done) return refusal<std::vector<T>>(std::move(done));
      return Result<std::vector<T>>(std::move(found));
    });
  }

  std::optional<std::vector<ThreadMessage>> open_thread(Database& database, const Narrowed& query) {
    const QueryHandle handle = make_query(database.get(), query, Sort::oldest_first, {});
    notmuch_threads_t* raw = nullptr;
    if (!handle || notmuch_query_search_threads(handle.get(), &raw) != NOTMUCH_STATUS_SUCCESS) return std::nullopt;
    const ThreadsHandle threads(raw);
    if (notmuch_threads_valid(raw) == 0) return std::vector<ThreadMessage>();
    const ThreadHandle thread = take_thread(database.get(), raw);
    return thread ? to_messages(thread.get()) : std::nullopt;
  }

  Result<std::uint64_t> count(const std::string& query, notmuch_status_t (*ask)(notmuch_query_t*, unsigned int*)) {
    return read<std::uint64_t>([&](Database& database) -> Attempt<std::uint64_t> {
      const QueryHandle handle = make_query(database.get(), {query, {}, {}}, Sort::newest_first, excluded_tags(database));
      if (!handle) return std::nullopt;
      unsigned int number = 0;
      if (ask(handle.get(), &number) != NOTMUCH_STATUS_SUCCESS) return wrong_query<std::uint64_t>(database, query);
      return Result<std::uint64_t>(number);
    });
  }

  SafeDatabase database_;
  std::vector<std::unique_ptr<ThreadCursor>> cursors_;  ///< most recently used first; they die before the database
  std::unique_ptr<TailCursor> tail_;
};

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open(const Location& location) {
  auto reader = std::make_unique<NotmuchReader>(location);
  if (auto opened = reader->open(); !opened) return Unexpected(std::move(opened).error());
  return std::unique_ptr<Reader>(std::move(reader));
}

}  // namespace valija::index
