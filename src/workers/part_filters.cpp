#include "valija/workers/part_filters.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "valija/base/fd.hpp"
#include "valija/base/process.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mime/parse.hpp"

namespace valija::workers {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t largest_output = 16UL << 20;
constexpr std::size_t most_lines = 100'000;
constexpr std::ptrdiff_t most_parts = 20;  // each has the whole message read again

/// What a message says goes into variables, never into the text of the command; and only what is a plain word.
std::string plain_word(std::string_view text) {
  const bool is_plain = !text.starts_with('-') && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || std::string_view("/.:_+-").find(c) != std::string_view::npos;
  });
  return is_plain ? std::string(text) : std::string();
}

/// Lines of another document of the same message, with its links and pictures.
void append(Document& document, Document other) {
  const auto links = static_cast<int>(document.links.size()), pictures = static_cast<int>(document.pictures.size());
  for (Line& line : other.lines) {
    for (Span& span : line.spans) {
      if (span.style.link >= 0) span.style.link += links;
      if (span.style.picture >= 0) span.style.picture += pictures;
    }
  }
  std::move(other.lines.begin(), other.lines.end(), std::back_inserter(document.lines));
  std::move(other.links.begin(), other.links.end(), std::back_inserter(document.links));
  std::move(other.pictures.begin(), other.pictures.end(), std::back_inserter(document.pictures));
}

bool is_within(std::string_view number, std::string_view around) {
  return number.size() > around.size() && number.starts_with(around) && number[around.size()] == '.';
}

}  // namespace

void append_text(Document& document, std::string_view text) {
  std::vector<Line> lines = mime::text_lines(clean_lines(text), false, false);
  if (lines.size() > most_lines) lines.resize(most_lines);
  std::move(lines.begin(), lines.end(), std::back_inserter(document.lines));
}

Result<Fd> as_input(std::string_view octets) {
  Fd file(::memfd_create("part", MFD_CLOEXEC));
  if (!file) return fail(disk_error(_("Creating"), "memfd", errno));
  if (const int error = write_all(file.get(), octets); error != 0) return fail(disk_error(_("Writing"), "memfd", error));
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

const std::string* PartFilters::command_for(std::string_view type) const {
  auto found = commands_.find(std::string(type));
  if (found == commands_.end()) found = commands_.find(std::string(type.substr(0, type.find('/'))) + "/*");
  return found == commands_.end() ? nullptr : &found->second;
}

Result<std::string> PartFilters::run(const std::string& command, const Part& part, const std::string& octets, int columns, std::stop_token stop) const {
  return run(command, part, octets, columns, timeout_ms_, std::move(stop));
}

Result<std::string> PartFilters::run(const std::string& command, const Part& part, const std::string& octets, int columns, int timeout_ms, std::stop_token stop) {
  const auto input = as_input(octets);
  if (!input) return fail(input.error());
  const std::string told = "VALIJA_COLUMNS=$1 VALIJA_TYPE=$2 VALIJA_CHARSET=$3\nexport VALIJA_COLUMNS VALIJA_TYPE VALIJA_CHARSET\nshift 3\n";
  const CommandInput given{input->get(), {std::to_string(columns), plain_word(part.type), plain_word(part.charset)}};
  auto ended = run_shell_command(told + command, timeout_ms, largest_output, std::move(stop), given);
  if (!ended) return fail(ended.error());
  if (ended->exit_code == 0) return std::move(ended->standard_output);
  return fail(Kind::input, Blast::message,
              fmt::format(fmt::runtime(_("The command {} failed ({}): {}.")), clean(command), ended->exit_code, clean_phrase(ended->standard_error)));
}

Result<void> PartFilters::append_part(Document& document, const Part& part, RenderService& service, const std::string& path, const RenderOptions& options,
                                      steady_clock::time_point deadline, std::stop_token stop) const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
  if (left.count() <= 0) return fail(Kind::try_later, Blast::message, _("It took too long."));
  const std::string* command = command_for(part.type);
  if (command == nullptr) {
    auto own = service.view(path, part.number, options.columns);
    if (!own) return fail(own.error());
    append(document, *std::move(own));
    return {};
  }
  const auto octets = service.part(path, part.number);
  if (!octets) return fail(octets.error());
  const auto text = run(*command, part, *octets, options.columns, static_cast<int>(left.count()), std::move(stop));
  if (!text) return fail(text.error());
  append_text(document, *text);
  document.depends_on_width = true;
  return {};
}

bool PartFilters::concern(const Document& document, const RenderOptions& options) const {
  const auto is_filtered = [this](const Part& part) { return part.is_shown && command_for(part.type) != nullptr; };
  return !options.source && !document.is_unreadable && std::any_of(document.parts.begin(), document.parts.end(), is_filtered);
}

Document PartFilters::apply(Document document, RenderService& service, const std::string& path, const RenderOptions& options, std::stop_token stop) const {
  if (!concern(document, options)) return document;
  if (std::count_if(document.parts.begin(), document.parts.end(), [](const Part& part) { return part.is_shown; }) > most_parts) {
    document.warnings.push_back(fmt::format(fmt::runtime(_("The filters were not used: the message shows more than {} parts.")), most_parts));
    return document;
  }
  const auto deadline = steady_clock::now() + std::chrono::milliseconds(timeout_ms_);
  Document filtered = document;
  filtered.lines.clear();
  filtered.links.clear();
  filtered.pictures.clear();
  std::string enclosed;  // a message whose text is there with it
  for (const Part& part : document.parts) {
    if (!part.is_shown || (!enclosed.empty() && is_within(part.number, enclosed))) continue;
    if (!filtered.lines.empty()) filtered.lines.emplace_back();
    const auto appended = append_part(filtered, part, service, path, options, deadline, stop);
    if (!appended) {
      document.warnings.push_back(fmt::format(fmt::runtime(_("The filter for {} did not work: {}")), part.type, appended.error().message));
      return document;
    }
    enclosed = part.number;
  }
  return filtered;
}

}  // namespace valija::workers
