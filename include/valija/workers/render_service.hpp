#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "valija/base/process.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/document.hpp"
#include "valija/mail/draft.hpp"
#include "valija/mail/pixels.hpp"
#include "valija/mime/prescan.hpp"

namespace valija::workers {

/// Parses messages in the sandboxed render process, which is started on demand and ends itself when idle. Calls block; one thread
/// uses it. A message that kills the process or takes too long is quarantined for this run (by path, size and mtime) and answered
/// with its raw text; the process is started again and everything else goes on.
class RenderService {
 public:
  struct Options {
    int niceness = 5;
    int timeout_ms = 10'000;  ///< wall time for one message
    /// Serve from a thread of this process, without sandbox and time limit: for tests.
    bool in_thread = false;
    /// How the process is started; empty: this very binary with `--process=render`.
    std::function<Result<Child>()> spawn;
    /// The look at the head of a message before it is handed over.
    mime::Prescan (*prescan)(std::string_view head) = mime::prescan;
  };

  /// Nothing runs before the first request.
  static Result<std::unique_ptr<RenderService>> start(Options options);
  virtual ~RenderService() = default;

  /// The message in `path`, ready to show. Kind::disk if the file cannot be opened, Kind::input if it is no regular file or
  /// above 256 MiB; every other file gives a Document (`is_unreadable` where only the raw text can be shown).
  virtual Result<Document> render(const std::string& path, const RenderOptions& options = {}) = 0;

  /// Part `number` by itself as a Document: texts, enclosed messages and HTML as they are read, an archive as the list of what it holds, and anything else as
  /// what it is with its first octets.
  virtual Result<Document> view(const std::string& path, const std::string& number, int columns) = 0;

  /// Part `number` (also "1.1#3", see Picture::part) as a picture, scaled down to fit. Kind::input: it is none that can be decoded.
  virtual Result<Pixels> picture(const std::string& path, const std::string& number, int most_width, int most_height) = 0;

  /// The message as a page for a browser: its HTML, else its text, with nothing in it that runs or fetches; its own pictures are in it.
  virtual Result<std::string> page(const std::string& path) = 0;

  /// The decoded octets of part `number`; at most 60 MiB of them pass. Kind::input if there is none.
  virtual Result<std::string> part(const std::string& path, const std::string& number) = 0;

  /// A message of a Drafts folder, to be written on (mime::recall). One that has only HTML comes back as its text; the HTML, which is what the text says, does not go along.
  virtual Result<Draft> recall(const std::string& path) = 0;
};

/// `valija --process=render`: answers requests on descriptor 3 inside the sandbox until the other side closes or nothing was asked
/// for 30 seconds. Returns the exit status.
int render_process_main();

}  // namespace valija::workers
