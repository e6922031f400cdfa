#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/index/effects.hpp"
#include "valija/index/writer.hpp"
#include "valija/mail/tag_map.hpp"
#include "valija/store/asked_changes.hpp"
#include "valija/workers/carry_out.hpp"

namespace valija::cli {

namespace {

constexpr int quiet_wait_ms = 500;
constexpr std::size_t sentence_columns = 78;
constexpr int slice_ms = 250;

/// INT, TERM and HUP wait while this lives, so that who stops the command takes back what was asked; then they do what they always do. Those that are
/// ignored (nohup) stay so.
class HeldSignals {
 public:
  HeldSignals() {
    sigemptyset(&held_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      struct sigaction now {};
      if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&held_, signal);
    }
    pthread_sigmask(SIG_BLOCK, &held_, &before_);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  bool has_come() const {
    sigset_t pending;
    sigset_t ours;
    sigpending(&pending);
    sigandset(&ours, &pending, &held_);
    return sigisemptyset(&ours) == 0;
  }

 private:
  sigset_t held_{}, before_{};
};

/// What was asked for, stored while it is tried: killed, it is done by whoever comes next; given up, it is forgotten. Without a state that can be written
/// it is tried all the same.
class Asked {
 public:
  explicit Asked(const Session& session) : session_(session) {
    auto opened = store::AskedChanges::open(session.places.state_dir);
    if (!opened) return;
    state_ = std::move(*opened);
    if (auto left = state_->claim()) left_ = std::move(*left);
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;
  ~Asked() { settle(); }

  /// What was not done is forgotten.
  void settle() {
    if (state_ && change_.row != 0) static_cast<void>(is_done_ ? state_->done(change_.row) : state_->give_up(change_));
    change_.row = 0;
  }

  /// What the tags would really change, behind what others left.
  Result<std::vector<TagEffect>> effects(index::Reader& reader, const std::string& query, const std::vector<std::string>& add,
                                         const std::vector<std::string>& remove) const {
    std::vector<TagEffect> by_ids;
    by_ids.reserve(left_.size());
    std::vector<const TagEffect*> pending;
    for (const auto& change : left_) {
      if (!change.action) pending.push_back(&by_ids.emplace_back(TagEffect{change.ids, change.add, change.remove}));
      if (!change.action) continue;
      for (const TagEffect& effect : change.action->effects) pending.push_back(&effect);
    }
    return index::effects_of(reader, query, add, remove, pending);
  }

  /// What finds nothing now is not to find something else some day, and is not stored.
  void put(store::AskedChange change) {
    change_ = std::move(change);
    if (state_ && !change_.action->effects.empty()) change_.row = state_->put(change_, session_.clock.now()).value_or(0);
  }

  /// Opens, changes, commits; waits up to `wait_ms` for another program that writes. Kind::try_later: nothing was changed.
  Result<index::TagsChanged> carry_out(int wait_ms) {
    auto writer = index::Writer::open(index_location(session_), wait_ms);
    if (!writer) return Unexpected(std::move(writer).error());
    const index::Location location = index_location(session_);
    const workers::MailPlaces places{location, session_.places.state_dir, session_.settings.mail_root};
    for (const auto& change : left_) static_cast<void>(workers::carry_out(**writer, change, places));  // older, and nobody waits for an answer
    auto changed = workers::carry_out(**writer, change_, places);
    if (!changed) return Unexpected(Error(changed.error()));
    if (auto committed = (*writer)->commit(); !committed) return Unexpected(std::move(committed).error());
    for (const auto& change : left_) static_cast<void>(state_->done(change.row));
    is_done_ = true;
    return changed;
  }

 private:
  const Session& session_;
  std::unique_ptr<store::AskedChanges> state_;
  std::vector<store::AskedChange> left_;  ///< by processes that are no more
  store::AskedChange change_;
  bool is_done_ = false;
};

/// Says so when the other program takes long.
Result<index::TagsChanged> carry_out_patiently(Asked& asked, const Session& session, const HeldSignals& signals) {
  auto changed = asked.carry_out(quiet_wait_ms);
  if (changed || changed.error().kind != Kind::try_later) return changed;
  session.err.line(fmt::format("valija: {} {}", changed.error().message, _("Waiting for it.")));
  session.err.flush();
  for (int waited = 0; waited < session.lock_wait_ms && !signals.has_come(); waited += slice_ms) {
    changed = asked.carry_out(std::min(slice_ms, session.lock_wait_ms - waited));
    if (changed || changed.error().kind != Kind::try_later) break;
  }
  return changed;
}

/// "Tagged 3 messages in 4 places: work/INBOX 3, home/INBOX 1."; where they lie only if that matters.
std::string in_words(const store::AskedChange& change, index::TagsChanged changed, const config::Settings& settings) {
  const TagMap tags(settings.tags);
  const auto is_place = [&](const std::string& tag) { return tags.place_of(tag).has_value(); };
  const auto touches_place = [&](const TagEffect& effect) {
    return std::any_of(effect.add.begin(), effect.add.end(), is_place) || std::any_of(effect.remove.begin(), effect.remove.end(), is_place);
  };
  const bool moves = std::any_of(change.action->effects.begin(), change.action->effects.end(), touches_place);
  if (!moves && count_files(changed.places) == changed.messages) changed.places.clear();
  for (FilesInFolder& place : changed.places) place.folder = place_name(place.folder, settings.mail_root);
  const char* words = n_("Tagged {} message", "Tagged {} messages", static_cast<unsigned long>(changed.messages));
  return sentence_with_places(fmt::format(fmt::runtime(words), number(changed.messages)), changed.messages, changed.places, sentence_columns);
}

}  // namespace

Result<int> tag(const Arguments& arguments, Session& session) {
  if (arguments.changes.empty()) {
    return fail(Kind::usage, Blast::program, _("No change of a tag was given."),
                _("Write it like: valija tag +todo -inbox -- from:ana"));
  }
  const auto query = query_of(arguments);
  if (!query) return Unexpected(Error(query.error()));
  // A search that is not understood, or no index, is found without the lock.
  auto reader = open_index(session);
  if (!reader) return Unexpected(std::move(reader).error());
  std::vector<std::string> add, remove;
  for (const std::string& one : arguments.changes) (one.front() == '+' ? add : remove).push_back(one.substr(1));
  Asked asked(session);
  auto effects = asked.effects(**reader, *query, add, remove);
  if (!effects) return Unexpected(std::move(effects).error());
  reader->reset();

  store::AskedChange change;
  change.action = Action{.label = join(arguments.changes, " "), .effects = std::move(*effects)};
  for (const TagEffect& effect : change.action->effects) change.action->messages += effect.ids.size();
  const auto changed = [&] {
    const HeldSignals signals;
    asked.put(change);
    auto done = carry_out_patiently(asked, session, signals);
    asked.settle();  // before a signal that came meanwhile ends the process
    return done;
  }();
  if (!changed) return Unexpected(Error(changed.error()));
  if (session.out.is_terminal()) session.out.line(in_words(change, *changed, session.settings));
  return 0;
}

}  // namespace valija::cli
