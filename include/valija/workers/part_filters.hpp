#pragma once

#include <chrono>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>

#include "valija/base/fd.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/document.hpp"
#include "valija/workers/render_service.hpp"

namespace valija::workers {

/// The commands of [filters], which turn parts of a message into text. They are the person's own and run outside of the sandbox, with the octets of the
/// part as their input. Any thread.
class PartFilters {
 public:
  explicit PartFilters(std::map<std::string, std::string> commands = {}, int timeout_ms = 30'000) : commands_(std::move(commands)), timeout_ms_(timeout_ms) {}

  /// For "text/html" that row, else "text/*"; null if there is none.
  const std::string* command_for(std::string_view type) const;

  /// What the command makes of the part: at most 16 MiB. Kind::input with its first words where it failed.
  Result<std::string> run(const std::string& command, const Part& part, const std::string& octets, int columns, std::stop_token stop = {}) const;

  /// Whether a command would run for the document, rendered with these options.
  bool concern(const Document& document, const RenderOptions& options) const;

  /// What was rendered from `path`, with the text of their filters in place of the parts that are shown and have one. Where a filter fails, all together
  /// take longer than one may, or more than 20 parts are shown, all stays as it was, and a warning says so.
  Document apply(Document document, RenderService& service, const std::string& path, const RenderOptions& options, std::stop_token stop = {}) const;

 private:
  static Result<std::string> run(const std::string& command, const Part& part, const std::string& octets, int columns, int timeout_ms, std::stop_token stop);
  Result<void> append_part(Document& document, const Part& part, RenderService& service, const std::string& path, const RenderOptions& options,
                           std::chrono::steady_clock::time_point deadline, std::stop_token stop) const;

  std::map<std::string, std::string> commands_;
  int timeout_ms_;
};

/// The lines of a text behind those that are there.
void append_text(Document& document, std::string_view text);

/// An anonymous file, readable from its beginning, as the input of a command.
Result<Fd> as_input(std::string_view octets);

}  // namespace valija::workers
