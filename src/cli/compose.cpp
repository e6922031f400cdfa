#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/mailto.hpp"

namespace valija::cli {

namespace {

/// What cannot be attached is said before the screen is taken.
Result<std::string> attachable(const std::string& path) {
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(path, error);
  if (error) return fail(disk_error(_("Reading"), path, error.value()));
  if (!is_file) return fail(Kind::usage, Blast::program, fmt::format(fmt::runtime(_("{} is not a file.")), clean(path)), _("Pack a folder first to attach it."));
  if (::access(path.c_str(), R_OK) != 0) return fail(disk_error(_("Reading"), path, errno));
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) return fail(disk_error(_("Reading"), path, error.value()));
  return absolute.string();
}

}  // namespace

Result<InterfaceOptions> compose(const Arguments& arguments, const config::Settings& settings) {
  if (settings.accounts.empty()) {
    return fail(Kind::settings, Blast::program, _("No account is set up to send from."), _("See: valija config sample"));
  }
  if (arguments.words.size() > 1) {
    return fail(Kind::usage, Blast::program, _("The command compose takes one mailto: URL."), _("Separate recipients by commas: mailto:ana@example.org,jun@example.org"));
  }
  InterfaceOptions options;
  options.composes = true;
  if (!arguments.words.empty()) {
    options.mailto = arguments.words[0];
    if (auto draft = parse_mailto(options.mailto); !draft) return Unexpected(std::move(draft).error());
  }
  for (const std::string& path : arguments.values("--attach")) {
    auto file = attachable(path);
    if (!file) return Unexpected(std::move(file).error());
    options.attach.push_back(*std::move(file));
  }
  return options;
}

}  // namespace valija::cli
