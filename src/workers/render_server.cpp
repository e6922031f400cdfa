#include "render_server.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "document_codec.hpp"
#include "part_view.hpp"
#include "render_protocol.hpp"
#include "sandbox.hpp"
#include "valija/base/codec.hpp"
#include "valija/base/ipc.hpp"
#include "valija/base/words.hpp"
#include "valija/html/render.hpp"
#include "valija/image/decode.hpp"
#include "valija/mime/build.hpp"
#include "valija/mime/parse.hpp"
#include "valija/workers/render_service.hpp"

namespace valija::workers {
namespace {

std::optional<std::string> read_message(const Fd& file) {
  // Not fstat(): in glibc that is newfstatat(), which the sandbox refuses because it can look at any path.
  const off_t end = file ? ::lseek(file.get(), 0, SEEK_END) : -1;
  if (end < 0) return std::nullopt;
  const auto size = static_cast<std::size_t>(end);
  if (size > largest_message) return std::nullopt;
  std::string message(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got = ::pread(file.get(), message.data() + filled, size - filled, static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  message.resize(filled);
  return message;
}

std::string answer_error(const std::string& sentence) {
  return Encoder().u8(static_cast<std::uint8_t>(RenderAnswer::error)).text(sentence).take();
}

std::string with_kind(RenderAnswer kind, std::string bytes) {
  bytes.insert(bytes.begin(), static_cast<char>(kind));
  return bytes;
}

std::string answer_octets(Result<std::string> octets) {
  if (!octets) return answer_error(octets.error().message);
  if (octets->size() > largest_part_answer) return answer_error(_("The part is larger than 60 MB."));
  return with_kind(RenderAnswer::octets, *std::move(octets));
}

std::string answer_document(const Result<Document>& document) {
  if (!document) return answer_error(document.error().message);
  return with_kind(RenderAnswer::document, encode_document(*document));
}

std::string answer_picture(const std::string& message, const RenderRequest& request) {
  const Result<std::string> octets = mime::extract_part(message, request.argument, html::data_uri);
  if (!octets) return answer_error(octets.error().message);
  const Result<Pixels> pixels = image::decode(*octets, static_cast<int>(request.most_width), static_cast<int>(request.most_height));
  if (!pixels) return answer_error(pixels.error().message);
  return with_kind(RenderAnswer::pixels, encode_pixels(*pixels));
}

/// As the file that it becomes: what reads it there is made for what is not trusted.
std::string answer_draft(const std::string& message, const std::string& path) {
  const Result<Draft> draft = mime::recall(message, path, html::render);
  if (!draft) return answer_error(draft.error().message);
  return with_kind(RenderAnswer::draft, to_text(*draft));
}

std::string answer(const Frame& frame) {
  const auto request = decode_request(frame.payload);
  if (!request) return answer_error(_("The request could not be read."));
  const auto message = read_message(frame.descriptor);
  if (!message) return answer_error(_("The message could not be read from the disk."));
  switch (request->command) {
    case RenderCommand::render: return answer_document(mime::parse(*message, html::render, request->options));
    case RenderCommand::part: return answer_octets(mime::extract_part(*message, request->argument, html::data_uri));
    case RenderCommand::recall: return answer_draft(*message, request->argument);
    case RenderCommand::view: return answer_document(view_part(*message, request->argument, request->options));
    case RenderCommand::picture: return answer_picture(*message, *request);
    case RenderCommand::page: return answer_octets(page_of(*message));
  }
  return answer_error(_("The request could not be read."));
}

/// What one large message took goes back to the system.
void give_memory_back(std::size_t answered) {
  constexpr std::size_t large = 1024 * 1024;
  if (answered > large) ::malloc_trim(0);
}

/// Processor time for one message; the other side watches the wall clock besides.
void limit_time(time_t seconds) {
  const itimerval timer = {{}, {seconds, 0}};
  ::setitimer(ITIMER_PROF, &timer, nullptr);
}

}  // namespace

void serve_render_requests(int socket, int idle_ms, int processor_seconds) {
  for (;;) {
    const auto frame = receive_frame(socket, idle_ms);
    if (!frame || !frame->has_value()) return;
    if (processor_seconds > 0) limit_time(processor_seconds);
    const std::string bytes = answer(**frame);
    if (!send_frame(socket, bytes)) return;
    give_memory_back(bytes.size());
  }
}

int render_process_main() {
  constexpr int socket = 3;
  constexpr int idle_ms = 30'000;
  constexpr int processor_seconds = 15;
  // Nothing that a message makes a library print may reach the terminal.
  const Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing.get(), standard);
  mime::start();
  _("The message has no part {}.");  // loads the catalogue, which the sandbox would refuse
  if (!enter_sandbox()) return exit_without_sandbox;
  serve_render_requests(socket, idle_ms, processor_seconds);
  ::_exit(0);  // nothing to tidy up, and a leak checker could not run in here
}

}  // namespace valija::workers
