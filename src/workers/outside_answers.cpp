// OutsideWorker: what other programs make of mail for us, and what leaves it as a file or on paper.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "confinement.hpp"
#include "export_mail.hpp"
#include "find_renamed.hpp"
#include "valija/base/process.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/workers/document_text.hpp"
#include "valija/workers/outside_worker.hpp"
#include "valija/workers/save_file.hpp"

namespace valija::workers {
namespace {

constexpr int timeout_ms = 30'000;
constexpr std::size_t largest_text = 16UL << 20, largest_pdf = 64'000'000;
constexpr int printed_columns = 80;

Part find_part(const Document& whole, const std::string& number) {
  const auto part = std::find_if(whole.parts.begin(), whole.parts.end(), [&](const Part& each) { return each.number == number; });
  if (part != whole.parts.end()) return *part;
  const auto picture = std::find_if(whole.pictures.begin(), whole.pictures.end(), [&](const Picture& each) { return each.part == number; });
  Part none;
  none.number = number;
  none.type = "image/*";
  if (picture != whole.pictures.end()) none.filename = picture->name;
  return none;
}

std::string title_of(const Part& part) {
  const std::string name = part.filename.empty() ? part.type : part.filename;
  return part.size == 0 ? name : name + ", " + byte_count(part.size);
}

bool is_pdf(const Part& part) {
  return part.type == "application/pdf" || part.type == "application/x-pdf" || (part.type == "application/octet-stream" && to_lower_ascii(part.filename).ends_with(".pdf"));
}

/// The text of a PDF as it stands on its pages. Who wrote that may have meant to take over its reader.
Result<std::string> pdf_text(const std::string& octets, std::stop_token stop) {
  const auto input = as_input(octets);
  if (!input) return fail(input.error());
  const auto confinement = Confinement::prepare();
  if (!confinement) return fail(confinement.error());
  const CommandInput given{input->get(), {}, [&] { return confinement->enter(); }};
  auto ended = run_shell_command("exec pdftotext -layout - -", timeout_ms, largest_text, std::move(stop), given);
  if (!ended) return fail(ended.error());
  if (ended->exit_code == 0) return std::move(ended->standard_output);
  if (ended->exit_code == no_such_program) return fail(Kind::settings, Blast::message, _("The text of a PDF is shown where pdftotext is installed (the package poppler-utils)."));
  return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("pdftotext failed ({}): {}.")), ended->exit_code, clean_phrase(ended->standard_error)));
}

/// A rule stands between the pages.
Document pdf_document(const std::string& text) {
  Document document;
  for (const std::string& page : split(text, '\f')) {
    if (trim(page).empty()) continue;
    if (!document.lines.empty()) document.lines.emplace_back().role = Line::Role::rule;
    for (std::string& row : split(clean_lines(page), '\n')) {
      Line& line = document.lines.emplace_back();
      line.role = Line::Role::preformatted;
      line.wraps = false;
      if (!row.empty()) line.spans.push_back({std::move(row), {}});
    }
  }
  return document;
}

Document filtered_document(const std::string& text) {
  Document document;
  append_text(document, text);
  document.depends_on_width = true;
  return document;
}

/// What a filter or pdftotext makes of the part, or why it does not; nothing where neither is for it.
std::optional<Result<Document>> outside_view(RenderService& renderer, const PartFilters& filters, const std::string& file, const Part& part, int columns, std::stop_token stop) {
  const std::string* filter = filters.command_for(part.type);
  if (filter == nullptr && !is_pdf(part)) return std::nullopt;
  const auto octets = renderer.part(file, part.number);
  if (!octets) return fail(octets.error());
  const auto text = filter != nullptr ? filters.run(*filter, part, *octets, columns, std::move(stop)) : pdf_text(*octets, std::move(stop));
  if (!text) return fail(text.error());
  return filter != nullptr ? filtered_document(*text) : pdf_document(*text);
}

}  // namespace

std::string OutsideWorker::program_beside_us(const std::string& name) {
  std::array<char, 4096> path;
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return name;
  const std::string_view ours(path.data(), static_cast<std::size_t>(size));
  return std::string(ours.substr(0, ours.rfind('/') + 1)) + name;
}

OutsideWorker::Answer OutsideWorker::carry_out(const messages::ViewPart& request, std::stop_token stop) {
  const auto renderer = service();
  if (!renderer) return fail(renderer.error());
  const std::string file = now_at(request.file);
  const auto whole = (*renderer)->render(file);
  if (!whole) return fail(whole.error());
  const Part part = find_part(*whole, request.number);
  messages::PartViewed viewed{request.id, title_of(part), {}, {}};
  auto outside = outside_view(**renderer, options_.filters, file, part, request.columns, std::move(stop));
  if (outside && *outside) {
    viewed.document = **std::move(outside);
    return messages::Event(std::move(viewed));
  }
  auto own = (*renderer)->view(file, request.number, request.columns);
  if (!own) return fail(own.error());
  viewed.document = *std::move(own);
  if (outside) viewed.document.warnings.push_back(outside->error().message);
  if (part.type.starts_with("image/") && request.pixel_width > 0 && request.pixel_height > 0) {
    auto pixels = (*renderer)->picture(file, request.number, request.pixel_width, request.pixel_height);
    if (pixels) {
      viewed.pixels = *std::move(pixels);
    } else {
      viewed.document.warnings.push_back(pixels.error().message);
    }
  }
  return messages::Event(std::move(viewed));
}

/// All of them or none: what was saved before the failure goes again.
OutsideWorker::Answer OutsideWorker::carry_out(const messages::SaveParts& request, std::stop_token stop) {
  const auto renderer = service();
  if (!renderer) return fail(renderer.error());
  const std::string file = now_at(request.file);
  const auto document = (*renderer)->render(file);
  if (!document) return fail(document.error());
  std::vector<std::string> paths;
  for (const std::string& number : request.numbers) {
    const auto octets = (*renderer)->part(file, number);
    auto saved = octets ? save_new_file(request.directory, name_of_part(*document, number), *octets, stop) : Result<std::string>(fail(octets.error()));
    if (!saved) {
      for (const std::string& path : paths) ::unlink(path.c_str());
      return fail(std::move(saved).error());
    }
    paths.push_back(*std::move(saved));
  }
  return messages::Event(messages::PartsSaved{request.id, std::move(paths)});
}

OutsideWorker::Answer OutsideWorker::carry_out(const messages::ExportMessages& request, std::stop_token stop) {
  auto path = export_mail(request.files, request.path, stop);
  if (!path) return fail(std::move(path).error());
  return messages::Event(messages::MessagesExported{request.id, request.files.size(), *std::move(path)});
}

OutsideWorker::Answer OutsideWorker::carry_out(const messages::PrintMessage& request, std::stop_token stop) {
  const auto renderer = service();
  if (!renderer) return fail(renderer.error());
  RenderOptions options = request.options;
  options.columns = printed_columns;
  const std::string file = now_at(request.file);
  auto rendered = (*renderer)->render(file, options);
  if (!rendered) return fail(rendered.error());
  const Document document = options_.filters.apply(*std::move(rendered), **renderer, file, options, stop);
  const bool is_pdf = !request.pdf.empty();
  const std::string text = header_text(document) + "\n" + document_text(document, is_pdf ? 0 : printed_columns);
  const Result<void> done = is_pdf ? write_pdf(request.pdf, document.headers.subject, text, std::move(stop)) : print(text, std::move(stop));
  if (!done) return fail(done.error());
  return messages::Event(messages::MessagePrinted{request.id, request.pdf});
}

Result<void> OutsideWorker::print(const std::string& text, std::stop_token stop) {
  const auto input = as_input(text);
  if (!input) return fail(input.error());
  const auto ended = run_shell_command(options_.print_with, timeout_ms, largest_text, std::move(stop), {input->get(), {}});
  if (!ended) return fail(ended.error());
  if (ended->exit_code == 0) return {};
  return fail(Kind::settings, Blast::message,
              fmt::format(fmt::runtime(_("The command {} failed ({}): {}.")), clean(options_.print_with), ended->exit_code, clean_phrase(ended->standard_error)),
              _("Name another one in ui.print-with of the settings, or print into a PDF file."));
}

/// A file that could not hold all of the text stays, but that is no success.
Result<void> OutsideWorker::write_pdf(const std::string& path, const std::string& title, const std::string& text, std::stop_token stop) {
  const auto input = as_input(text);
  if (!input) return fail(input.error());
  const auto ended = run_shell_command("exec \"$@\"", timeout_ms, largest_pdf, stop, {input->get(), {options_.pdf_program, title}});
  if (!ended && ended.error().kind == Kind::settings) {
    return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("The PDF would be larger than {}.")), byte_count(largest_pdf)), _("Export the message, or save its parts."));
  }
  if (!ended) return fail(ended.error());
  const bool is_cut = ended->exit_code == exit_status(Kind::input) && !ended->standard_output.empty();
  if (ended->exit_code == 0 || is_cut) {
    if (auto written = write_new_file(path, ended->standard_output, stop); !written || !is_cut) return written;
    return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("{} holds only the beginning of the text: a PDF gets 2,000 pages.")), clean(path)), _("Export the message for all of it."));
  }
  return fail(Kind::settings, Blast::message,
              fmt::format(fmt::runtime(_("The command {} failed ({}): {}.")), clean(options_.pdf_program), ended->exit_code, clean_phrase(ended->standard_error)),
              _("It is installed together with valija, in the same directory."));
}

}  // namespace valija::workers
