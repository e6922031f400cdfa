#include "valija/workers/outside_worker.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

#include "find_renamed.hpp"
#include "mailcap.hpp"
#include "valija/base/process.hpp"
#include "valija/base/text.hpp"
#include "valija/base/thrown.hpp"
#include "valija/base/wakeup.hpp"
#include "valija/base/words.hpp"
#include "valija/workers/save_file.hpp"

namespace valija::workers {
namespace {

constexpr int open_timeout_ms = 10'000, test_timeout_ms = 5'000;
constexpr std::size_t largest_output = 4UL << 20;

Result<Fd> open_first(const std::vector<std::string>& files) {
  int error = ENOENT;
  for (const std::string& path : files) {
    Fd file(::open(now_at(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (file) return file;
    error = errno;
  }
  return fail(disk_error(_("Opening"), files.empty() ? "" : files.front(), error));
}

messages::RequestId id_of(const messages::Request& request) {
  return std::visit(
      [](const auto& one) -> messages::RequestId {
        if constexpr (requires { one.id; }) return one.id;
        return 0;
      },
      request);
}

/// A folder is named after its process.
bool is_in_use(const std::string& name) {
  int process = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), process);
  if (read.ec != std::errc() || read.ptr != name.data() + name.size() || process <= 0 || process == ::getpid()) return false;
  return ::kill(process, 0) == 0 || errno == EPERM;
}

/// What earlier runs opened.
void remove_unused(const std::string& directory) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error); !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (!is_in_use(entry->path().filename())) std::filesystem::remove_all(entry->path(), ignored);
  }
}

/// The program is there, and the entry's own test is content.
bool is_usable(const MailcapEntry& entry, std::string_view type, std::stop_token stop) {
  const std::string program = entry.command.substr(0, entry.command.find_first_of(" ;&|<>()"));
  const auto test = mailcap_command(entry.test.empty() ? "true" : entry.test, {}, type);
  const bool is_word = !program.empty() && program.find_first_of("\"'`$\\%*?~") == std::string::npos;
  if (!test) return false;
  const std::string command = (is_word ? fmt::format("command -v {} >/dev/null 2>&1 && ", program) : std::string()) + "{ " + *test + "\n} >/dev/null 2>&1";
  const auto ended = run_shell_command(command, test_timeout_ms, 4096, std::move(stop));
  return ended && ended->exit_code == 0;
}

std::optional<MailcapEntry> usable_entry(std::string_view type, const std::stop_token& stop) {
  for (MailcapEntry& entry : mailcap_entries_for(type)) {
    if (is_usable(entry, type, stop)) return std::move(entry);
  }
  return std::nullopt;
}

Result<void> in_background(const std::string& command, std::stop_token stop) {
  const auto ended = run_shell_command("{ " + command + "\n} </dev/null >/dev/null 2>&1 &", open_timeout_ms, 4096, std::move(stop));
  return ended ? Result<void>() : fail(ended.error());
}

}  // namespace

OutsideWorker::OutsideWorker(Options options, Channel<messages::Event>& events)
    : options_(std::move(options)), events_(events), thread_([this](std::stop_token stop) { work(std::move(stop)); }) {}

OutsideWorker::~OutsideWorker() {
  thread_.request_stop();
  orders_.send(Quit{});
}

void OutsideWorker::work(std::stop_token stop) {
  if (!options_.directory.empty()) remove_unused(options_.directory);
  for (;;) {
    wait_readable({orders_.fd()}, -1);
    for (const Order& order : orders_.drain()) {
      const auto* asked = std::get_if<Asked>(&order);
      if (asked == nullptr) return;
      const std::stop_callback ends_with_thread(stop, [source = asked->stop]() mutable { source.request_stop(); });
      std::visit([&](const auto& request) { answer(request, asked->stop.get_token()); }, asked->request);
      forget(id_of(asked->request), asked->stop);
    }
  }
}

void OutsideWorker::post(messages::Request request) {
  const std::scoped_lock lock(mutex_);
  if (const auto* cancel = std::get_if<messages::Cancel>(&request)) {
    if (const auto asked = stops_.find(cancel->id); asked != stops_.end()) asked->second.request_stop();
    return;
  }
  std::stop_source stop;
  if (const auto id = id_of(request); id != 0) stops_.insert_or_assign(id, stop);
  orders_.send(Asked{std::move(request), std::move(stop)});
}

void OutsideWorker::forget(messages::RequestId id, const std::stop_source& stop) {
  const std::scoped_lock lock(mutex_);
  if (const auto asked = stops_.find(id); asked != stops_.end() && asked->second == stop) stops_.erase(asked);
}

template <typename Request>
void OutsideWorker::answer(const Request& request, std::stop_token stop) {
  if constexpr (requires { carry_out(request, stop); }) {
    try {
      auto event = stop.stop_requested() ? Answer(fail(Kind::cancelled, Blast::message, _("Stopped."))) : carry_out(request, std::move(stop));
      events_.send(event ? *std::move(event) : messages::Event(messages::Failed{request.id, event.error(), {}, {}}));
    } catch (const std::exception& exception) {
      service_.reset();  // an answer may be half read
      events_.send(messages::Failed{request.id, thrown_error(exception, Blast::message), {}, {}});
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
  const std::string opener = options_.open_with == "auto" ? "xdg-open" : options_.open_with;
  const std::string program = opener.substr(0, opener.find(' '));
  const std::string command = fmt::format("command -v {} >/dev/null 2>&1 || exit {}; {} \"$@\" </dev/null >/dev/null 2>&1 &", program, no_such_program, opener);
  const auto ended = run_shell_command(command, open_timeout_ms, 4096, std::move(stop), {-1, {target}});
  if (!ended) return fail(ended.error());
  if (ended->exit_code == 0) return {};
  return fail(Kind::settings, Blast::message, fmt::format(fmt::runtime(_("There is no program {} to open {} with.")), clean(program), clean(target)),
              _("Name another one in ui.open-with of the settings."));
}

OutsideWorker::Answer OutsideWorker::open_octets(messages::RequestId id, const std::string& octets, const std::string& type, const std::string& name, std::stop_token stop) {
  const auto entry = options_.open_with == "auto" ? usable_entry(type, stop) : std::nullopt;
  const std::string directory = fmt::format("{}/{}", options_.directory, ::getpid());
  if (auto made = make_directories(directory); !made) return Unexpected(std::move(made).error());
  auto file = save_new_file(directory, entry ? mailcap_name(*entry, name) : name, octets);
  if (!file) return Unexpected(std::move(file).error());
  const auto command = entry ? mailcap_command(entry->command, *file, type) : std::nullopt;
  auto opened = command ? in_background(*command, std::move(stop)) : open(*file, std::move(stop));
  if (!opened) return Unexpected(std::move(opened).error());
  return messages::Event(messages::OutsideOpened{id, *std::move(file)});
}

OutsideWorker::Answer OutsideWorker::carry_out(const messages::OpenPart& request, std::stop_token stop) {
  const auto renderer = service();
  if (!renderer) return fail(renderer.error());
  const std::string file = now_at(request.file);
  const auto document = (*renderer)->render(file);
  if (!document) return fail(document.error());
  const auto octets = (*renderer)->part(file, request.number);
  if (!octets) return fail(octets.error());
  const auto part = std::find_if(document->parts.begin(), document->parts.end(), [&](const Part& each) { return each.number == request.number; });
  const std::string type = part == document->parts.end() ? std::string() : part->type;
  return open_octets(request.id, *octets, type, name_of_part(*document, request.number), std::move(stop));
}

OutsideWorker::Answer OutsideWorker::carry_out(const messages::BrowseMessage& request, std::stop_token stop) {
  const auto renderer = service();
  if (!renderer) return fail(renderer.error());
  const auto page = (*renderer)->page(now_at(request.file));
  if (!page) return fail(page.error());
  return open_octets(request.id, *page, "text/html", "message.html", std::move(stop));
}

OutsideWorker::Answer OutsideWorker::carry_out(const messages::OpenLink& request, std::stop_token stop) {
  if (!starts_with_ignoring_case(request.target, "http://") && !starts_with_ignoring_case(request.target, "https://")) {
    return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("Only addresses of the web are opened, not {}.")), clean(request.target)), {});
  }
  if (auto opened = open(request.target, std::move(stop)); !opened) return Unexpected(std::move(opened).error());
  return messages::Event(messages::OutsideOpened{request.id, request.target});
}

/// Of the first file that has it.
Result<Fd> OutsideWorker::open_part(const std::vector<std::string>& files, const std::string& number) {
  const auto renderer = service();
  if (!renderer) return fail(renderer.error());
  Result<std::string> octets = fail(disk_error(_("Opening"), "", ENOENT));
  for (const std::string& file : files) {
    octets = (*renderer)->part(now_at(file), number);
    if (octets) return as_input(*octets);
  }
  return fail(octets.error());
}

OutsideWorker::Answer OutsideWorker::carry_out(const messages::PipeMessage& request, std::stop_token stop) {
  Result<Fd> input = request.number.empty() ? open_first(request.files) : open_part(request.files, request.number);
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
