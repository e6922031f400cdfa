#include "attachment_source.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "valija/base/escapes.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/process.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/workers/save_file.hpp"

namespace valija::workers {
namespace {

namespace fs = std::filesystem;

constexpr int command_timeout_ms = 60'000;
constexpr std::size_t largest_output = 256UL << 20;
constexpr std::size_t most_completions = 200;

bool is_file(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::string full_path(std::string_view path, const std::string& home) {
  constexpr std::string_view scheme = "file://";
  if (path.starts_with(scheme)) {
    path.remove_prefix(scheme.size());
    return decode_escapes(path.substr(std::min(path.find('/'), path.size())), '%');  // behind the host
  }
  if (path == "~" || path.starts_with("~/")) return home + std::string(path.substr(1));
  std::error_code error;
  return path.starts_with('/') ? std::string(path) : (fs::current_path(error) / path).string();
}

/// As a shell takes words apart: quotes and backslashes, nothing else means anything.
std::vector<std::string> shell_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool is_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c, is_word = true;
    } else if (quote != '\'' && c == '\\' && i + 1 < text.size()) {
      word += text[++i], is_word = true;
    } else if (quote == '\0' && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
      if (is_word) words.push_back(word);
      word.clear(), is_word = false;
    } else {
      word += c, is_word = true;
    }
  }
  if (is_word) words.push_back(word);
  return words;
}

Result<Attachment> attachment_of(const std::string& path) {
  struct stat status = {};
  const std::string shown = clean(path);
  if (::stat(path.c_str(), &status) != 0) return fail(disk_error(_("Reading"), path, errno));
  if (!S_ISREG(status.st_mode)) {
    return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("{} is no file.")), shown), _("Name a file; a directory can be packed first."));
  }
  if (::access(path.c_str(), R_OK) != 0) return fail(disk_error(_("Reading"), path, errno));
  return Attachment{.path = path, .name = fs::path(path).filename().string(), .size = static_cast<std::uint64_t>(status.st_size)};
}

Result<std::vector<Attachment>> output_of(const std::string& command, const std::string& directory) {
  const auto output = run_shell_command(command, command_timeout_ms, largest_output);
  if (!output) return Unexpected(Error(output.error()));
  if (output->exit_code != 0) {
    return fail(Kind::input, Blast::message,
                fmt::format(fmt::runtime(_("The command {} failed ({}): {}.")), clean(command), output->exit_code, clean_phrase(output->standard_error)),
                _("Nothing was attached."));
  }
  if (auto made = make_directories(directory); !made) return Unexpected(std::move(made).error());
  const auto path = save_new_file(directory, "output.txt", output->standard_output);
  if (!path) return Unexpected(Error(path.error()));
  auto attachment = attachment_of(*path);
  if (!attachment) return Unexpected(std::move(attachment).error());
  return std::vector{*std::move(attachment)};
}

}  // namespace

std::vector<std::string> paths_in(std::string_view typed, const std::string& home) {
  const std::string_view whole = trim(typed);
  if (whole.empty()) return {};
  if (std::string path = full_path(whole, home); is_file(path)) return {std::move(path)};
  std::vector<std::string> paths;
  for (const std::string& word : shell_words(whole)) {
    if (!word.empty()) paths.push_back(full_path(word, home));
  }
  return paths;
}

Result<std::vector<Attachment>> attachments_from(const std::string& source, const std::string& home, const std::string& directory) {
  const std::string_view typed = trim(source);
  if (typed.starts_with('!')) return output_of(std::string(typed.substr(1)), directory);
  std::vector<Attachment> attachments;
  for (const std::string& path : paths_in(typed, home)) {
    auto attachment = attachment_of(path);
    if (!attachment) return Unexpected(std::move(attachment).error());
    attachments.push_back(*std::move(attachment));
  }
  return attachments;
}

std::vector<std::string> complete_path(const std::string& typed, const std::string& home) {
  const std::size_t slash = typed.rfind('/');
  const std::string shown = slash == std::string::npos ? std::string() : typed.substr(0, slash + 1);
  const std::string begin = typed.substr(shown.size());
  std::error_code error;
  std::vector<std::string> paths;
  for (fs::directory_iterator entry(full_path(shown.empty() ? "." : shown, home), error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(begin) || (name.starts_with('.') && !begin.starts_with('.')) || clean(name) != name) continue;
    std::error_code unknown;
    paths.push_back(shown + name + (entry->is_directory(unknown) ? "/" : ""));
  }
  std::sort(paths.begin(), paths.end());
  if (paths.size() > most_completions) paths.resize(most_completions);
  return paths;
}

}  // namespace valija::workers
