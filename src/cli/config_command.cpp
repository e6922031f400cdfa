#include <fmt/format.h>

#include "session.hpp"
#include "valija/base/text.hpp"

namespace valija::cli {

namespace {

Result<int> check(const config::Loaded& loaded, Output& out, Output& err) {
  for (const config::Fault& fault : loaded.faults) err.put(config::to_text(fault));
  for (const config::Fault& warning : loaded.warnings) err.put(config::to_text(warning));
  if (!loaded.faults.empty()) return exit_status(Kind::settings);
  if (loaded.settings.file.empty()) {
    out.line(_("There is no settings file; the defaults are in force."));
    return 0;
  }
  const auto accounts = static_cast<unsigned long>(loaded.settings.accounts.size());
  const char* verdict = loaded.warnings.empty() ? n_("{} is good: {} account.", "{} is good: {} accounts.", accounts)
                                                : n_("{} can be read, but see above: {} account.", "{} can be read, but see above: {} accounts.", accounts);
  out.line(fmt::format(fmt::runtime(verdict), loaded.settings.file, accounts));
  return 0;
}

}  // namespace

Result<int> config_command(const Arguments& arguments, const std::function<config::Loaded()>& load, Output& out,
                           Output& err) {
  const std::string what = arguments.words.size() == 1 ? arguments.words.front() : std::string();
  if (what == "sample") {
    out.put(config::sample());
    return 0;
  }
  if (what != "check" && what != "show") {
    return fail(Kind::usage, Blast::program, _("The command config needs one of: check, show, sample."),
                _("See: valija config --help"));
  }
  const config::Loaded loaded = load();
  if (what == "check") return check(loaded, out, err);
  if (!loaded.faults.empty()) return Unexpected(config::to_error(loaded.faults));
  out.put(config::show(loaded.settings));
  return 0;
}

}  // namespace valija::cli
