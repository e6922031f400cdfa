#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "valija/app/reader.hpp"
#include "valija/messages/event.hpp"
#include "valija/messages/request.hpp"

namespace valija::app {

/// The thread that the cursor rests on, read before it is opened, with the one message that would be seen first. It is never on the screen, marks nothing as
/// read, and what fails is tried again, and told, when it is opened.
class Ahead {
 public:
  /// Where the cursor is; an empty thread: nowhere. What is ready for another place is thrown away.
  void follow(const std::string& thread_id, const std::string& query, std::int64_t now_ms);
  /// It may have changed: it is read again after a moment.
  void forget();
  /// Milliseconds until `follow` has something to do; -1: nothing.
  int next_ms(std::int64_t now_ms) const;
  /// As it would be on the screen.
  void resize(int columns, int rows, int text_width) { reader_.resize(columns, rows, text_width); }
  void set_fold_quotes(bool folds) { reader_.set_fold_quotes(folds); }

  std::optional<messages::OpenThread> wanted_thread(messages::RequestId id) { return reader_.wanted_thread(id); }
  std::optional<messages::RenderMessage> wanted_message(messages::RequestId id);
  /// False: it is for somebody else.
  bool take(messages::Event& event);

  /// What is there of this thread, to be shown; nothing: it has to be opened. Nothing is ahead then.
  std::optional<Reader> open(const std::string& thread_id, const std::string& query);

 private:
  Reader reader_;
  std::string thread_id_, query_;  ///< of the place of the cursor
  std::int64_t since_ms_ = -1;     ///< since when it has been there; -1: it was looked at
  bool has_message_ = false;       ///< it was asked for
};

}  // namespace valija::app
