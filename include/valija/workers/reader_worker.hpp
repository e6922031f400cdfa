#pragma once

#include <string>
#include <thread>

#include "valija/base/channel.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/index/reader.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"

namespace valija::workers {

/// Answers the questions of the screen from the index, on a thread of its own. Lists and threads first, the newest before older ones;
/// counts behind them in slices of one query, so that a list never waits for them. A question that was asked again before it was begun
/// is answered once, for the newer request.
///
/// Where there is no index yet, lists are empty; it is opened as soon as a first sync has made it. While idle, a change of the index by
/// any program becomes an IndexChanged event within a second.
class ReaderWorker {
 public:
  struct Options {
    index::Location location;
    std::string state_dir;
    int look_ms = 1000;  ///< how often an idle worker looks at the disk (one stat)
  };

  ReaderWorker(Options options, Channel<messages::Event>& events);
  ReaderWorker(const ReaderWorker&) = delete;
  ReaderWorker& operator=(const ReaderWorker&) = delete;
  /// Stops after the question that is being answered, and joins.
  ~ReaderWorker();

  /// ListThreads, OpenThread, CountMessages, ListUnindexed; others are not for it and do nothing. Any thread.
  void post(messages::Request request);

 private:
  Options options_;
  Channel<messages::Event>& events_;
  Channel<messages::Request> requests_;
  Wakeup stop_;
  std::jthread thread_;  ///< last: it uses all of the others
};

}  // namespace valija::workers
