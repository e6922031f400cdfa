#include "valija/base/ipc.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "valija/base/codec.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t largest_payload = 64 * 1024 * 1024;
constexpr std::size_t header_size = 4;

Unexpected broken(const char* sentence) { return fail(Kind::bug, Blast::program, sentence); }

Unexpected timed_out() { return fail(Kind::try_later, Blast::program, _("A worker process did not answer in time.")); }

Unexpected peer_gone() { return broken(_("A worker process stopped in the middle of its work.")); }

int milliseconds_until(steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

/// Puts `descriptor` into the control part of `message`; `control` must outlive the call to sendmsg.
template <typename Control>
void attach(msghdr& message, Control& control, int descriptor) {
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
}

/// Takes the first descriptor that came along and closes the others: the peer is not trusted.
Fd detach_descriptor(msghdr& message) {
  Fd first;
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr; head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(head) + i * sizeof(int), sizeof descriptor);
      Fd received(descriptor);
      if (!first) first = std::move(received);
    }
  }
  return first;
}

/// One recvmsg of at most `size` bytes: count, 0 for the end, -1 with errno.
ssize_t receive_some(int socket, char* into, std::size_t size, Fd& descriptor) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(4 * sizeof(int))> control = {};
  iovec piece = {into, size};
  msghdr message = {};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0) return got;
  Fd received = detach_descriptor(message);
  if (received && !descriptor) descriptor = std::move(received);
  return got;
}

/// False: the time is over.
bool wait_writable(int socket, int timeout_ms) {
  pollfd waiting = {socket, POLLOUT, 0};
  const int ready = ::poll(&waiting, 1, timeout_ms);
  return ready > 0 || (ready < 0 && errno == EINTR);
}

enum class Reading { done, closed, timeout, failed };

/// Waits for the bytes of one frame, up to a deadline.
class FrameReader {
 public:
  FrameReader(int socket, int timeout_ms)
      : socket_(socket),
        waits_for_ever_(timeout_ms < 0),
        deadline_(steady_clock::now() + std::chrono::milliseconds(timeout_ms)) {}

  /// Appends exactly `size` bytes to `bytes`, which grows as they come: an announced size is not believed.
  Reading read(std::string& bytes, std::size_t size, Fd& descriptor) {
    constexpr std::size_t chunk = 256 * 1024;
    while (bytes.size() < size) {
      const std::size_t before = bytes.size();
      bytes.resize(before + std::min(chunk, size - before));
      const ssize_t got = receive_some(socket_, bytes.data() + before, bytes.size() - before, descriptor);
      const int error = errno;
      bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      if (got > 0 || (got < 0 && error == EINTR)) continue;
      if (got == 0) return Reading::closed;
      if (error == ECONNRESET) return Reading::closed;
      if (error != EAGAIN) return Reading::failed;
      if (wait_readable({socket_}, waits_for_ever_ ? -1 : milliseconds_until(deadline_)) < 0) return Reading::timeout;
    }
    return Reading::done;
  }

 private:
  int socket_;
  bool waits_for_ever_;
  steady_clock::time_point deadline_;
};

}  // namespace

Result<void> send_frame(int socket, std::string_view payload, int descriptor, int timeout_ms) {
  if (payload.size() > largest_payload) return broken(_("A message between our processes is too large."));
  const auto deadline = steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  Encoder encoder;
  encoder.u32(static_cast<std::uint32_t>(payload.size()));
  std::string header = encoder.take();

  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control = {};
  std::size_t sent = 0;
  while (sent < header_size + payload.size()) {
    const std::size_t header_done = std::min(sent, header_size);
    std::array<iovec, 2> pieces = {
        iovec{header.data() + header_done, header_size - header_done},
        iovec{const_cast<char*>(payload.data()) + (sent - header_done), payload.size() - (sent - header_done)}};
    msghdr message = {};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    if (descriptor >= 0 && sent == 0) attach(message, control, descriptor);
    const ssize_t got = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (got >= 0) {
      sent += static_cast<std::size_t>(got);
    } else if (errno == EAGAIN) {
      if (!wait_writable(socket, timeout_ms < 0 ? -1 : milliseconds_until(deadline))) return timed_out();
    } else if (errno != EINTR) {
      return peer_gone();
    }
  }
  return {};
}

Result<std::optional<Frame>> receive_frame(int socket, int timeout_ms) {
  FrameReader reader(socket, timeout_ms);
  Frame frame;
  std::string header;
  switch (reader.read(header, header_size, frame.descriptor)) {
    case Reading::timeout:
      return timed_out();
    case Reading::failed:
      return peer_gone();
    case Reading::closed:
      if (header.empty()) return std::optional<Frame>();
      return peer_gone();
    case Reading::done:
      break;
  }
  const std::size_t size = Decoder(header).u32();
  if (size > largest_payload) return broken(_("A worker process sent a message that is too large."));
  Fd unexpected;
  const Reading end = reader.read(frame.payload, size, unexpected);
  if (end == Reading::timeout) return timed_out();
  if (end != Reading::done) return peer_gone();
  return std::optional<Frame>(std::move(frame));
}

}  // namespace valija
