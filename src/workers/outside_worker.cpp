#include "valija/workers/outside_worker.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "valija/base/process.hpp"
#include "valija/base/text.hpp"
#include "valija/base/thrown.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"
#include "valija/workers/save_file.hpp"

namespace valija::workers {
namespace {

constexpr int open_timeout_ms = 10'000;
constexpr std::size_t largest_output = 4UL << 20;
constexpr int no_such_program = 127;  // as a shell says it

/// Readable from its beginning.
Result<Fd> as_input(const std::string& octets) {
  Fd file(::memfd_create("part", MFD_CLOEXEC));
  if (!file) return fail(disk_error(_("create"), "memfd", errno));
  if (const int error = write_all(file.get(), octets); error != 0) return fail(disk_error(_("write"), "memfd", error));
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

Result<Fd> open_first(const std::vector<std::string>& files) {
  int error = ENOENT;
  for (const std::string& path : files) {
    Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (file) return file;
    error = errno;
  }
  return fail(disk_error(_("open"), files.empty() ? "" : files.front(), error));
}

}  // namespace

OutsideWorker::OutsideWorker(Options options, Channel<messages::Event>& events)
    : options_(std::move(options)), events_(events), thread_([this](std::stop_token stop) { work(std::move(stop)); }) {}

OutsideWorker::~OutsideWorker() {
  thread_.request_stop();
  orders_.send(Quit{});
}

void OutsideWorker::work(std::stop_token stop) {
  std::error_code ignored;
  std::filesystem::remove_all(options_.directory, ignored);  // what an earlier run opened
  for (;;) {
    wait_readable({orders_.fd()}, -1);
    for (const Order& order : orders_.drain()) {
      if (std::holds_alternative<Quit>(order)) return;
      std::visit(
          [&](const auto& request) {
            if constexpr (requires { request.id; }) {
              try {
                auto answer = carry_out(request, stop);
                events_.send(answer ? *std::move(answer) : messages::Event(messages::Failed{request.id, answer.error(), {}, {}}));
              } catch (const std::exception& exception) {
                service_.reset();  // an answer may be half read
                events_.send(messages::Failed{request.id, thrown_error(exception, Blast::message), {}, {}});
              }
            }
          },
          order);
    }
  }
}

Result<RenderService*> OutsideWorker::service() {
  if (!service_) {
    auto started = options_.start();
    if (!started) return Unexpected(std::move(started).error());
    service_ = *std::move(started);
  }
  return service_.get();
}

/// The program goes on by itself; only that it is there at all is waited for.
Result<void> OutsideWorker::open(const std::string& target, std::stop_token stop) {
  const std::string program = options_.open_with.substr(0, options_.open_with.find(' '));
  const std::string command = fmt::format("command -v {} >/dev/null 2>&1 || exit {}; {} \"$@\" </dev/null >/dev/null 2>&1 &", program, no_such_program, options_.open_with);
  const auto ended = run_shell_command(command, open_timeout_ms, 4096, std::move(stop), {-1, {target}});
  if (!ended) return fail(ended.error());
  if (ended->exit_code == 0) return {};
  return fail(Kind::settings, Blast::message, fmt::format(fmt::runtime(_("There is no program {} to open {} with.")), clean(program), clean(target)),
              _("Name another one in ui.open-with of the settings."));
}

Result<messages::Event> OutsideWorker::carry_out(const messages::OpenPart& request, std::stop_token stop) {
  const auto renderer = service();
  if (!renderer) return fail(renderer.error());
  const auto document = (*renderer)->render(request.file);
  if (!document) return fail(document.error());
  const auto octets = (*renderer)->part(request.file, request.number);
  if (!octets) return fail(octets.error());
  std::string name;
  for (const Part& part : document->parts) {
    if (part.number == request.number) name = part.filename;
  }
  if (auto made = make_directories(options_.directory); !made) return Unexpected(std::move(made).error());
  auto file = save_new_file(options_.directory, name, *octets);
  if (!file) return Unexpected(std::move(file).error());
  if (auto opened = open(*file, std::move(stop)); !opened) return Unexpected(std::move(opened).error());
  return messages::Event(messages::OutsideOpened{request.id, *std::move(file)});
}

Result<messages::Event> OutsideWorker::carry_out(const messages::OpenLink& request, std::stop_token stop) {
  if (!starts_with_ignoring_case(request.target, "http://") && !starts_with_ignoring_case(request.target, "https://")) {
    return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("Only addresses of the web are opened, not {}.")), clean(request.target)), {});
  }
  if (auto opened = open(request.target, std::move(stop)); !opened) return Unexpected(std::move(opened).error());
  return messages::Event(messages::OutsideOpened{request.id, request.target});
}

Result<messages::Event> OutsideWorker::carry_out(const messages::PipeMessage& request, std::stop_token stop) {
  Result<Fd> input = open_first(request.files);
  if (input && !request.number.empty()) {
    const auto renderer = service();
    if (!renderer) return fail(renderer.error());
    const auto octets = (*renderer)->part(request.files.front(), request.number);
    if (!octets) return fail(octets.error());
    input = as_input(*octets);
  }
  if (!input) return Unexpected(std::move(input).error());
  auto ended = run_shell_command(request.command, options_.pipe_timeout_ms, largest_output, std::move(stop), {input->get(), {}});
  if (!ended) {
    if (ended.error().kind != Kind::settings) return Unexpected(std::move(ended).error());
    return fail(Kind::input, Blast::message, _("The command wrote more than can be shown."), _("Write \"> FILE\" behind it."));
  }
  if (ended->exit_code == 0) return messages::Event(messages::MessagePiped{request.id, std::move(ended->standard_output)});
  return fail(Kind::input, Blast::message,
              fmt::format(fmt::runtime(_("The command {} failed ({}): {}.")), clean(request.command), ended->exit_code, clean_phrase(ended->standard_error)), {});
}

}  // namespace valija::workers
