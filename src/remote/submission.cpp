#include "valija/remote/submission.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

using smtp::Session;
using How = Submitted::How;

constexpr std::size_t piece_size = std::size_t{64} << 10;
constexpr int quit_ms = 1000;
/// Behind the final dot: how long an answer is waited for although a stop was asked for, and how soon that is noticed.
constexpr int grace_ms = 3000;
constexpr int look_ms = 250;
/// RFC 5321 §4.1.3 lets a client without a name say its address; this one tells nothing about the machine.
constexpr const char* client_name = "[127.0.0.1]";

Error silent() { return {Kind::unreachable, Blast::account, _("The server does not answer."), _("Try again later.")}; }
Error hung_up() { return {Kind::unreachable, Blast::account, _("The server closed the connection."), _("Try again later.")}; }

Submitted ended(How how, const Error& error) {
  Submitted submitted;
  submitted.how = how;
  submitted.answer = error.message;
  return submitted;
}

struct MessageFile {
  std::string path;
  Fd fd;
};

/// An empty file is no mail: what was to be sent is lost, and nothing may go out instead.
Result<MessageFile> open_message(const std::string& path) {
  MessageFile file{path, Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC))};
  struct stat status {};
  if (!file.fd || ::fstat(file.fd.get(), &status) != 0) return fail(disk_error("open", path, errno));
  if (status.st_size == 0) return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("The file {} of the mail is empty.")), clean(path)));
  return file;
}

/// Stops the line when it is asked to, but not while the answer to the final dot is on its way: who hangs up then does not know whether the mail is sent.
class LineStop {
 public:
  explicit LineStop(std::stop_token asked)
      : asked_(std::move(asked)), on_asked_(asked_, [this] {
          if (!is_held_) line_.request_stop();
        }) {}
  std::stop_token token() const { return line_.get_token(); }
  bool is_asked() const { return asked_.stop_requested(); }
  void hold() { is_held_ = true; }
  void release() {
    is_held_ = false;
    if (is_asked()) line_.request_stop();
  }

 private:
  std::stop_token asked_;
  std::stop_source line_;
  std::atomic<bool> is_held_ = false;
  std::stop_callback<std::function<void()>> on_asked_;
};

class StreamSubmission final : public Submission {
 public:
  StreamSubmission(std::unique_ptr<LineStop> stop, std::unique_ptr<net::Stream> stream, SubmissionPatience patience, std::unique_ptr<Clock> clock)
      : stop_(std::move(stop)), stream_(std::move(stream)), patience_(patience), clock_(std::move(clock)), session_(client_name), buffer_(piece_size) {}

  Result<void> start() { return wait_in(Session::Step::greeting, patience_.answer_ms); }
  const smtp::Extensions& extensions() const override { return session_.extensions(); }
  Submitted send(const smtp::Envelope& envelope, const std::string& file, const BeforeLast& before_last) override;
  bool is_open() const override { return stream_ && session_.step() == Session::Step::ready; }
  void close() override;

 private:
  Result<void> wait_in(Session::Step step, int patience_ms);
  Result<void> receive();
  Result<void> receive_what_is_there();
  Result<void> transmit();
  Result<void> send_message(const MessageFile& file, const BeforeLast& before_last);
  Result<void> send_body(const MessageFile& file);
  Submitted outcome(const Result<void>& result) const;

  std::unique_ptr<LineStop> stop_;
  std::unique_ptr<net::Stream> stream_;
  SubmissionPatience patience_;
  std::unique_ptr<Clock> clock_;
  Session session_;
  std::vector<char> buffer_;
};

/// A server that hangs up may have said why.
Result<void> StreamSubmission::transmit() {
  const std::string output = session_.take_output();
  if (output.empty()) return {};
  auto sent = stream_->write(output);
  if (!sent) static_cast<void>(receive_what_is_there());
  return sent;
}

Result<void> StreamSubmission::receive() {
  const auto size = stream_->read(buffer_);
  if (!size) return fail(size.error());
  if (*size == 0) return fail(hung_up());
  return session_.feed({buffer_.data(), *size});
}

/// Each answer has its time, however many octets it comes in.
Result<void> StreamSubmission::wait_in(Session::Step step, int patience_ms) {
  std::int64_t deadline_ms = clock_->monotonic_ms() + patience_ms;
  bool is_stopping = false;
  while (session_.step() == step) {
    if (auto sent = transmit(); !sent) return sent;
    const std::int64_t now_ms = clock_->monotonic_ms();
    if (!is_stopping && stop_->is_asked()) {
      is_stopping = true;
      deadline_ms = std::min(deadline_ms, now_ms + grace_ms);
    }
    if (now_ms >= deadline_ms) return fail(silent());
    const auto is_there = stream_->readable(static_cast<int>(std::min<std::int64_t>(deadline_ms - now_ms, look_ms)));
    if (!is_there) return fail(is_there.error());
    if (!*is_there) continue;
    const std::size_t awaited = session_.awaited();
    if (auto received = receive(); !received) return received;
    if (session_.awaited() != awaited) deadline_ms = clock_->monotonic_ms() + patience_ms;
  }
  return {};
}

/// A server that will not go on may say so at any time.
Result<void> StreamSubmission::receive_what_is_there() {
  while (session_.step() != Session::Step::closed) {
    const auto is_there = stream_->readable(0);
    if (!is_there) return fail(is_there.error());
    if (!*is_there) return {};
    if (auto received = receive(); !received) return received;
  }
  return {};
}

Result<void> StreamSubmission::send_body(const MessageFile& file) {
  while (session_.step() == Session::Step::body) {
    const ssize_t size = ::read(file.fd.get(), buffer_.data(), buffer_.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail(disk_error("read", file.path, errno));
    if (size == 0) return {};
    session_.add_body({buffer_.data(), static_cast<std::size_t>(size)});
    if (auto sent = transmit(); !sent) return sent;
    if (auto received = receive_what_is_there(); !received) return received;
  }
  return {};
}

/// `write` comes back when the system has taken the octets, not when the server has them. That is enough: the final dot is not even made before `before_last` is done.
Result<void> StreamSubmission::send_message(const MessageFile& file, const BeforeLast& before_last) {
  if (auto waited = wait_in(Session::Step::envelope, patience_.answer_ms); !waited) return waited;
  if (auto sent = send_body(file); !sent) return sent;
  if (session_.step() != Session::Step::body) return {};
  if (auto recorded = before_last(session_.outcome().later); !recorded) return recorded;
  stop_->hold();
  session_.end_body();
  auto answered = wait_in(Session::Step::answer, patience_.last_answer_ms);
  stop_->release();
  return answered;
}

Submitted StreamSubmission::outcome(const Result<void>& result) const {
  const Session::Outcome& outcome = session_.outcome();
  const smtp::Reply& reply = outcome.reply;
  Submitted submitted;
  submitted.answer = reply.code != 0 || result ? reply.text() : result.error().message;
  submitted.recipients = outcome.refused;
  submitted.later = outcome.later;
  if (outcome.is_accepted) submitted.how = How::accepted;
  else if (reply.is_permanent()) submitted.how = How::refused;
  else if (reply.is_temporary() || !outcome.was_handed_over) submitted.how = How::try_later;
  else submitted.how = How::unknown;
  return submitted;
}

Submitted StreamSubmission::send(const smtp::Envelope& envelope, const std::string& file, const BeforeLast& before_last) {
  const Result<void> alive = is_open() ? receive_what_is_there() : Result<void>(fail(hung_up()));
  if (!alive || !is_open()) {
    stream_.reset();
    return ended(How::try_later, alive ? hung_up() : alive.error());
  }
  const auto opened = open_message(file);
  if (!opened) return ended(How::refused, opened.error());
  if (const auto begun = session_.begin(envelope); !begun) {
    Submitted submitted = ended(How::refused, begun.error());
    submitted.needs_seven_bit = envelope.is_eight_bit && !extensions().eight_bit;
    return submitted;
  }
  const auto result = send_message(*opened, before_last);
  if (!is_open()) stream_.reset();
  return outcome(result);
}

void StreamSubmission::close() {
  if (!is_open()) return;
  session_.quit();
  if (transmit()) static_cast<void>(stream_->readable(quit_ms));
  stream_.reset();
}

}  // namespace

Result<std::unique_ptr<Submission>> Submission::open(const Dialler& dial, std::stop_token stop, SubmissionPatience patience, std::unique_ptr<Clock> clock) {
  auto line_stop = std::make_unique<LineStop>(std::move(stop));
  auto stream = dial(line_stop->token());
  if (!stream) return fail(std::move(stream).error());
  if (!clock) clock = std::make_unique<SystemClock>();
  auto submission = std::make_unique<StreamSubmission>(std::move(line_stop), std::move(*stream), patience, std::move(clock));
  if (auto started = submission->start(); !started) return fail(std::move(started).error());
  return std::unique_ptr<Submission>(std::move(submission));
}

}  // namespace valija::remote
