#include "valija/workers/render_service.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>

#include "document_codec.hpp"
#include "render_protocol.hpp"
#include "render_server.hpp"
#include "valija/base/codec.hpp"
#include "valija/base/ipc.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/parse.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t prescanned = 4 * 1024 * 1024;

/// What a quarantine remembers: the message is tried again when one of them changes.
using FileKey = std::tuple<std::string, off_t, time_t, long>;

struct OpenedMessage {
  Fd file;
  FileKey key;
  std::string head;
};

Unexpected refuse_file(const std::string& path, const char* why) {
  return fail(Kind::input, Blast::message, fmt::format("{}: {}", clean(path), why));
}

Result<OpenedMessage> open_message(const std::string& path) {
  OpenedMessage opened;
  opened.file = Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  struct stat status = {};
  if (!opened.file || ::fstat(opened.file.get(), &status) != 0) {
    Error error = disk_error(_("Opening"), path, errno);
    error.blast = Blast::message;
    return fail(std::move(error));
  }
  if (!S_ISREG(status.st_mode)) return refuse_file(path, _("This is not a regular file."));
  if (static_cast<std::size_t>(status.st_size) > largest_message) return refuse_file(path, _("The message is larger than 256 MB."));
  opened.key = {path, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  opened.head.resize(std::min(prescanned, static_cast<std::size_t>(status.st_size)));
  ssize_t got = -1;
  do {
    got = ::pread(opened.file.get(), opened.head.data(), opened.head.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return fail(disk_error(_("Reading"), path, errno));
  opened.head.resize(static_cast<std::size_t>(got));
  return opened;
}

/// The other end of the conversation: the process, or a thread of ours in tests.
class Peer {
 public:
  explicit Peer(Child child) : child_(std::move(child)) {}
  Peer(Fd ours, Fd theirs)
      : socket_(std::move(ours)), thread_([end = std::move(theirs)] {
          mime::start();
          serve_render_requests(end.get(), -1, 0);
        }) {}
  ~Peer() {
    if (socket_) ::shutdown(socket_.get(), SHUT_RDWR);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// It ended while nothing was asked: no message is to blame.
  bool has_ended() const {
    char octet = 0;
    return ::recv(socket(), &octet, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  }
  int socket() const { return socket_ ? socket_.get() : child_.socket(); }
  /// Ends it, by force if it hangs; the wait status of the process.
  int stop(int ms) { return child_.stop(ms); }

 private:
  Child child_;
  Fd socket_;
  std::jthread thread_;  ///< last: joined before what it uses goes
};

/// How one attempt ended.
enum class Outcome { answered, ended_idle, died };

class ProcessRenderService final : public RenderService {
 public:
  explicit ProcessRenderService(Options options) : options_(std::move(options)) {}

  Result<Document> render(const std::string& path, const RenderOptions& options) override {
    auto opened = open_message(path);
    if (!opened) return fail(std::move(opened).error());
    if (const auto danger = danger_of(*opened, raw_reason())) return mime::raw_document(opened->head, *danger);
    auto answer = ask({RenderCommand::render, {}, options}, *opened);
    if (!answer) return fail(std::move(answer).error());
    if (answer->has_value() && !(*answer)->empty() &&
        (*answer)->front() == static_cast<char>(RenderAnswer::document)) {
      if (auto document = decode_document(std::string_view(**answer).substr(1))) return *std::move(document);
    }
    if (answer->has_value() && is_error(**answer)) return fail(to_error(**answer));
    quarantine(opened->key);
    return mime::raw_document(opened->head, raw_reason());
  }

  Result<Document> view(const std::string& path, const std::string& number, int columns) override {
    RenderOptions options;
    options.columns = columns;
    return fetch(path, {RenderCommand::view, number, options}, RenderAnswer::document, [](const std::string& bytes) { return decode_document(bytes); });
  }

  Result<Pixels> picture(const std::string& path, const std::string& number, int most_width, int most_height) override {
    const auto size = [](int length) { return static_cast<std::uint32_t>(std::max(length, 0)); };
    auto pixels = fetch(path, {RenderCommand::picture, number, {}, size(most_width), size(most_height)}, RenderAnswer::pixels,
                        [](const std::string& bytes) { return decode_pixels(bytes); });
    peer_.reset();  // decoders of pictures have been broken into more than anything else: this process sees no other message
    return pixels;
  }

  Result<std::string> page(const std::string& path) override { return fetch(path, {RenderCommand::page}, RenderAnswer::octets, as_they_are); }

  Result<std::string> part(const std::string& path, const std::string& number) override {
    return fetch(path, {RenderCommand::part, number}, RenderAnswer::octets, as_they_are);
  }

  Result<Draft> recall(const std::string& path) override {
    return fetch(path, {RenderCommand::recall, path}, RenderAnswer::draft, [&](const std::string& text) {
      auto draft = parse_draft(text);
      return draft && is_within(*draft, path) ? std::optional<Draft>(*std::move(draft)) : std::nullopt;
    });
  }

 private:
  static std::optional<std::string> as_they_are(std::string octets) { return octets; }

  /// What `read` makes of an answer of this kind; what it makes nothing of is as bad as no answer.
  template <typename Read, typename Value = typename std::invoke_result_t<Read, std::string>::value_type>
  Result<Value> fetch(const std::string& path, const RenderRequest& request, RenderAnswer kind, Read read) {
    auto opened = open_message(path);
    if (!opened) return fail(std::move(opened).error());
    if (const auto danger = danger_of(*opened, reason())) return fail(Kind::input, Blast::message, *danger);
    auto answer = ask(request, *opened);
    if (!answer) return fail(std::move(answer).error());
    if (answer->has_value() && is_error(**answer)) return fail(to_error(**answer));
    if (answer->has_value() && (*answer)->starts_with(static_cast<char>(kind))) {
      (*answer)->erase(0, 1);
      if (auto value = read(**std::move(answer))) return *std::move(value);
    }
    quarantine(opened->key);
    return fail(Kind::input, Blast::message, reason());
  }

  /// A process that an attacker has taken over cannot attach another file, nor have one removed.
  static bool is_within(const Draft& draft, const std::string& path) {
    const auto is_part = [&](const Attachment& attachment) { return attachment.path == path && !attachment.part.empty(); };
    return draft.id.empty() && draft.stored.empty() && std::all_of(draft.attachments.begin(), draft.attachments.end(), is_part);
  }

  /// A process that died, or that answered nonsense, is not asked again.
  void quarantine(const FileKey& key) {
    quarantined_.insert(key);
    peer_.reset();
  }

  static std::string reason() { return _("This message could not be read: it made the process that reads messages fail."); }
  static std::string raw_reason() {
    return _("This message could not be read: it made the process that reads messages fail. Its raw text is shown.");
  }

  static bool is_error(const std::string& answer) {
    return !answer.empty() && answer.front() == static_cast<char>(RenderAnswer::error);
  }

  static Error to_error(const std::string& answer) {
    const std::string sentence = Decoder(std::string_view(answer).substr(1)).text();
    return {Kind::input, Blast::message, clean(sentence), {}};
  }

  /// `failed`: the sentence for a message that is quarantined.
  std::optional<std::string> danger_of(const OpenedMessage& opened, const std::string& failed) const {
    if (quarantined_.contains(opened.key)) return failed;
    mime::Prescan prescan = options_.prescan(opened.head);
    if (!prescan.dangerous) return std::nullopt;
    return std::move(prescan.reason);
  }

  /// Nothing: the message made the process fail. An Error: no process can be had.
  Result<std::optional<std::string>> ask(const RenderRequest& wanted, const OpenedMessage& opened) {
    const std::string request = encode_request(wanted);
    for (int attempt = 0; attempt < 2; ++attempt) {
      if (peer_ && peer_->has_ended()) peer_.reset();
      if (!peer_) {
        if (auto started = start_peer(); !started) return fail(std::move(started).error());
      }
      std::string answer;
      int status = 0;
      switch (exchange(request, opened.file.get(), answer, status)) {
        case Outcome::answered:
          return std::optional<std::string>(std::move(answer));
        case Outcome::ended_idle:
          continue;
        case Outcome::died:
          if (WIFEXITED(status) && WEXITSTATUS(status) == exit_without_sandbox) return fail(without_sandbox());
          return std::optional<std::string>();
      }
    }
    return std::optional<std::string>();
  }

  Outcome exchange(const std::string& request, int file, std::string& answer, int& status) {
    if (send_frame(peer_->socket(), request, file)) {
      auto frame = receive_frame(peer_->socket(), options_.timeout_ms);
      if (frame && frame->has_value()) {
        answer = std::move((*frame)->payload);
        return Outcome::answered;
      }
      const bool is_late = !frame && frame.error().kind == Kind::try_later;
      status = peer_->stop(is_late ? 0 : 1000);
    } else {
      status = peer_->stop(1000);
    }
    peer_.reset();
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Outcome::ended_idle : Outcome::died;
  }

  Result<void> start_peer() {
    if (options_.in_thread) return start_thread();
    auto child = options_.spawn ? options_.spawn() : spawn_self({"--process=render"}, options_.niceness);
    if (!child) return fail(std::move(child).error());
    peer_.emplace(*std::move(child));
    return {};
  }

  Result<void> start_thread() {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return fail(disk_error(_("Opening"), "socketpair", errno));
    peer_.emplace(Fd(ends[0]), Fd(ends[1]));
    return {};
  }

  static Error without_sandbox() {
    return {Kind::bug, Blast::program, _("The process that reads messages could not lock itself in."),
            _("The kernel must allow seccomp filters.")};
  }

  Options options_;
  std::optional<Peer> peer_;
  std::set<FileKey> quarantined_;
};

}  // namespace

Result<std::unique_ptr<RenderService>> RenderService::start(Options options) {
  return std::unique_ptr<RenderService>(std::make_unique<ProcessRenderService>(std::move(options)));
}

}  // namespace valija::workers
