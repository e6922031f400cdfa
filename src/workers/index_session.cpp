#include "index_session.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "crash_note.hpp"
#include "find_renamed.hpp"
#include "index_messages.hpp"
#include "valija/base/ipc.hpp"
#include "valija/base/text.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"
#include "valija/index/writer.hpp"
#include "valija/mail/category.hpp"
#include "valija/mime/excerpt.hpp"

namespace valija::workers {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A commit writes nearly every block that the batch touched: on a slow or busy machine the clock alone would cut batches so small that
/// committing is most of the work.
constexpr std::size_t worth_a_commit = 400;

constexpr std::size_t most_moved = 10'000;

/// Whole texts of hundreds of megabytes would take twice that memory; nobody searches for what stands behind the first millions of words.
constexpr std::uint64_t most_text = 8U << 20;

index::Excerpts excerpts_of_long_texts() {
  return {.above = most_text, .write = [](const std::string& from, const std::string& to) { return mime::write_excerpt(from, to, most_text); }};
}

bool exists(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0;
}

bool is_that_files_fault(const Error& error) { return error.kind == Kind::input; }

/// Whether its sender was written to is looked up only where that tells.
Result<Category> category_of(index::Writer& writer, const mime::Prescan& scan) {
  if (scan.category == scan.category_if_known) return scan.category;
  const auto is_known = writer.has_written_to(scan.sender);
  if (!is_known) return Unexpected(Error(is_known.error()));
  return *is_known ? scan.category_if_known : scan.category;
}

/// One task after another on the writer; collects the answer.
class BatchRunner {
 public:
  /// `moved`: files of rename tasks that were gone again, new name -> the name that the index has.
  BatchRunner(index::Writer& writer, CrashNote& note, PrescanFile prescan, bool gives_categories, std::map<std::string, std::string>& moved)
      : writer_(writer), note_(note), prescan_(prescan), gives_categories_(gives_categories), moved_(moved) {}

  /// False: the index failed, the batch is over.
  bool run(const store::IndexTask& task) {
    note_.set(task.row);
    auto done = dispatch(task);
    note_.set(0);
    if (done) return true;
    if (is_that_files_fault(done.error())) {
      refuse(task.row, task.path, done.error().message);
      return true;
    }
    answer_.error = std::move(done).error();
    answer_.failed_row = task.row;
    return false;
  }

  /// Commits; without that nothing of the batch is done.
  BatchIndexed finish() {
    if (!answer_.error) {
      auto committed = writer_.commit();
      if (!committed) answer_.error = std::move(committed).error();
    }
    if (answer_.error) return BatchIndexed{{}, {}, 0, std::move(answer_.error), answer_.failed_row};
    answer_.index = writer_.identity();
    return std::move(answer_);
  }

 private:
  using Action = store::IndexTask::Action;

  Result<void> dispatch(const store::IndexTask& task) {
    switch (task.action) {
      case Action::add:
        return add(task.row, task.path, task.tags);
      case Action::rename:
        return rename(task);
      case Action::remove:
        return remove(task);
      case Action::retag:
        return retag(task);
      case Action::restore:
        return restore(task);
    }
    return {};
  }

  /// A file that the index does not know, or no longer, needs nothing.
  Result<void> ignoring_input(std::int64_t row, Result<void> result) {
    if (!result && !is_that_files_fault(result.error())) return result;
    answer_.done.push_back(row);
    return {};
  }

  /// The task tells what changed, so that what a person did meanwhile stays; only a message that the index has under neither name gets all.
  Result<void> rename(const store::IndexTask& task) {
    const auto old_path = writer_.name_of(first_name(task.old_path), task.message);
    if (!old_path) return Unexpected(Error(old_path.error()));
    const std::string path = exists(task.path) ? task.path : find_renamed(task.path);
    if (path.empty()) {  // moved on, or deleted: a later task tells
      moved_[task.path] = *old_path;
      return ignoring_input(task.row, writer_.retag(*old_path, task.tags, task.dropped));
    }
    const auto is_known = writer_.rename(exists(*old_path) ? task.old_path : *old_path, path);
    if (!is_known) return Unexpected(Error(is_known.error()));
    if (!*is_known) return add(task.row, path, task.all.empty() ? task.tags : task.all);
    return ignoring_input(task.row, writer_.retag(path, task.tags, task.dropped));
  }

  Result<void> retag(const store::IndexTask& task) {
    const auto moved = moved_.find(task.path);
    const auto known = writer_.name_of(moved != moved_.end() ? moved->second : task.path, task.message);
    return known ? ignoring_input(task.row, writer_.retag(*known, task.tags, task.dropped)) : Unexpected(Error(known.error()));
  }

  /// A file that lies elsewhere under the name that the index has is not the one that went.
  Result<void> remove(const store::IndexTask& task) {
    const auto known = writer_.name_of(first_name(task.path), task.message);
    if (!known) return Unexpected(Error(known.error()));
    return ignoring_input(task.row, writer_.remove(exists(*known) ? task.path : *known));
  }

  /// What the index calls a file that was moved twice, or moved and deleted, before we came.
  std::string first_name(const std::string& path) {
    const auto known = moved_.extract(path);
    return known ? known.mapped() : path;
  }

  Result<void> add(std::int64_t row, const std::string& path, const std::vector<std::string>& tags) {
    if (!exists(path)) return add_renamed(row, path, tags);
    const mime::Prescan scan = prescan_(path);
    if (scan.dangerous || !scan.indexable) {
      refuse(row, path, scan.dangerous ? scan.reason : not_mail(), scan);
      return {};
    }
    const auto category = gives_categories_ ? category_of(writer_, scan) : Result<Category>(Category::none);
    if (!category) return Unexpected(Error(category.error()));
    auto added = writer_.add(path, tags, with_category({}, *category));
    if (!added && is_that_files_fault(added.error()) && !exists(path)) return add_renamed(row, path, tags);
    if (!added) return Unexpected(std::move(added).error());
    if (*added == index::Added::refused) {
      refuse(row, path, not_mail(), scan);
      return {};
    }
    answer_.added += *added == index::Added::added ? 1 : 0;
    answer_.done.push_back(row);
    return {};
  }

  /// An index that was only compacted has it all: a person's tags stand.
  Result<void> restore(const store::IndexTask& task) {
    const std::string path = exists(task.path) ? task.path : find_renamed(task.path);
    const auto is_known = path.empty() ? Result<bool>(true) : writer_.restore(path, task.tags);
    if (!is_known) return Unexpected(Error(is_known.error()));
    if (!*is_known) return add(task.row, path, task.tags);
    answer_.done.push_back(task.row);
    return {};
  }

  /// Another program changed the flags, so the file has another name; or it is gone, and there is nothing to index.
  Result<void> add_renamed(std::int64_t row, const std::string& path, const std::vector<std::string>& tags) {
    const std::string now = find_renamed(path);
    if (!now.empty() && now != path) return add(row, now, tags);
    answer_.done.push_back(row);
    return {};
  }

  static std::string not_mail() { return _("It has no From, Subject and To line, so it cannot be searched."); }

  void refuse(std::int64_t row, const std::string& path, const std::string& reason) { refuse(row, path, reason, prescan_(path)); }

  void refuse(std::int64_t row, const std::string& path, const std::string& reason, const mime::Prescan& scan) {
    answer_.unindexed.push_back({row, {path, reason, scan.date, scan.from, scan.subject}});
  }

  index::Writer& writer_;
  CrashNote& note_;
  PrescanFile prescan_;
  bool gives_categories_;
  std::map<std::string, std::string>& moved_;
  BatchIndexed answer_;
};

class IndexSession {
 public:
  IndexSession(int socket, PrescanFile prescan) : socket_(socket), prescan_(prescan) {}

  int run() {
    if (!start()) return exit_status(Kind::protocol);
    while (true) {
      auto frame = receive_frame(socket_, -1);
      if (!frame || !*frame) return 0;
      auto request = decode_index_request((*frame)->payload);
      if (!request) return exit_status(Kind::protocol);
      const bool sent = std::visit([this](const auto& one) { return handle(one); }, *request);
      if (!sent) return 0;
    }
  }

 private:
  bool start() {
    auto frame = receive_frame(socket_, -1);
    if (!frame || !*frame) return false;
    auto request = decode_index_request((*frame)->payload);
    auto* first = request ? std::get_if<StartIndexing>(&*request) : nullptr;
    if (first == nullptr) return false;
    start_ = std::move(*first);
    auto note = CrashNote::attach(std::move((*frame)->descriptor));
    if (!note) return false;
    note_ = std::make_unique<CrashNote>(std::move(*note));
    return true;
  }

  bool handle(const StartIndexing&) { return false; }
  bool handle(const CutBatch&) { return true; }

  bool handle(const IndexBatch& batch) {
    if (auto opened = open(); !opened) return answer(BatchIndexed{{}, {}, 0, std::move(opened).error(), 0});
    const auto end = steady_clock::now() + milliseconds(batch.budget_ms);
    if (moved_.size() > most_moved) moved_.clear();
    BatchRunner runner(*writer_, *note_, prescan_, start_.gives_categories, moved_);
    for (std::size_t i = 0; i < batch.tasks.size(); ++i) {
      if (i > 0 && is_interrupted()) break;
      if (i >= worth_a_commit && steady_clock::now() >= end) break;
      if (!runner.run(batch.tasks[i])) break;
    }
    BatchIndexed indexed = runner.finish();
    if (indexed.error) writer_.reset();  // opened anew, or made again if it is gone
    return answer(std::move(indexed));
  }

  bool handle(const TagMessages& tagging) {
    MessagesTagged tagged{tagging.id, {}, std::nullopt};
    if (auto opened = open(); !opened) {
      tagged.error = std::move(opened).error();
      return answer(std::move(tagged));
    }
    auto changed = tagging.query.empty() ? writer_->apply(tagging.effects, progress_of(tagging.id)) : change_matching(tagging);
    auto committed = writer_->commit();
    if (changed) tagged.changed = *std::move(changed);
    if (!changed) tagged.error = std::move(changed).error();
    if (!tagged.error && !committed) tagged.error = std::move(committed).error();
    return answer(std::move(tagged));
  }

  bool handle(const CategoriseMessages& request) {
    MessagesCategorised categorised{request.id, 0, 0, std::nullopt};
    auto done = open();
    if (done) done = give_categories(request, categorised);
    if (auto committed = writer_ ? writer_->commit() : Result<std::uint64_t>(0U); done && !committed) done = Unexpected(std::move(committed).error());
    if (!done) categorised = {request.id, 0, 0, std::move(done).error()};
    return answer(std::move(categorised));
  }

  Result<void> give_categories(const CategoriseMessages& request, MessagesCategorised& categorised) {
    const auto end = steady_clock::now() + milliseconds(request.budget_ms);
    const auto go_on = progress_of(request.id);
    for (const std::string& id : request.ids) {
      const auto given = give_category(id);
      if (!given) return Unexpected(Error(given.error()));
      categorised.changed += *given ? 1 : 0;
      if (!go_on(++categorised.looked_at) || writer_->is_wanted_by_others() || steady_clock::now() >= end) break;
    }
    return {};
  }

  /// False: it has one, or is of none. What a person tagged meanwhile stands.
  Result<bool> give_category(const std::string& id) {
    const auto message = writer_->message(id);
    if (!message) return Unexpected(Error(message.error()));
    if (!*message || has_category_tag((*message)->tags)) return false;
    const auto path = std::find_if((*message)->paths.begin(), (*message)->paths.end(), exists);
    if (path == (*message)->paths.end()) return false;
    const auto category = category_of(*writer_, prescan_(*path));
    if (!category) return Unexpected(Error(category.error()));
    if (*category == Category::none) return false;
    const auto tagged = writer_->retag(*path, with_category({}, *category), {});
    if (!tagged && !is_that_files_fault(tagged.error())) return Unexpected(Error(tagged.error()));
    return tagged.has_value();
  }

  Result<index::TagsChanged> change_matching(const TagMessages& tagging) {
    if (tagging.effects.empty()) return index::TagsChanged();
    return writer_->change_tags(tagging.query, tagging.effects.front().add, tagging.effects.front().remove);
  }

  /// Tells how far it is, and ends where anything else is asked for: only CutBatch comes meanwhile.
  index::Writer::GoOn progress_of(std::uint64_t id) {
    return [this, id, told = steady_clock::now()](std::uint64_t looked_at) mutable {
      constexpr milliseconds interval(100);
      constexpr std::uint64_t between_looks = 64;
      if (looked_at % between_looks != 0) return true;
      if (wait_readable({socket_}, 0) == 0) return false;
      if (steady_clock::now() - told < interval) return true;
      told = steady_clock::now();
      return answer(TaggingProgress{id, looked_at});
    };
  }

  /// By a person, or by another program that waits for the index.
  bool is_interrupted() const { return wait_readable({socket_}, 0) == 0 || writer_->is_wanted_by_others(); }

  Result<void> open() {
    if (writer_) return {};
    auto writer = index::Writer::open(start_.location, start_.lock_wait_ms, excerpts_of_long_texts());
    if (!writer) return Unexpected(std::move(writer).error());
    writer_ = std::move(*writer);
    return {};
  }

  bool answer(IndexAnswer answer) { return send_frame(socket_, encode(answer)).has_value(); }

  int socket_;
  PrescanFile prescan_;
  std::map<std::string, std::string> moved_;
  StartIndexing start_;
  std::unique_ptr<CrashNote> note_;
  std::unique_ptr<index::Writer> writer_;
};

}  // namespace

int run_index_session(int socket, PrescanFile prescan) { return IndexSession(socket, prescan).run(); }

}  // namespace valija::workers
