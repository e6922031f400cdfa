#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>

#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/cli/cli.hpp"

namespace valija::cli {

namespace {

int finish(const Result<int>& status, Output& out, Output& err) {
  out.flush();
  if (!status) print_error(status.error(), err);
  if (const auto written = out.result(); !written) {
    print_error(written.error(), err);
    return exit_status(written.error().kind);
  }
  return status ? *status : exit_status(status.error().kind);
}

Result<int> refuse_words(const Arguments& arguments) {
  return fail(Kind::usage, Blast::program,
              fmt::format(fmt::runtime(_("The command {} takes nothing behind it.")), arguments.command->name),
              fmt::format(fmt::runtime(_("See: valija {} --help")), arguments.command->name));
}

SyncOptions sync_options_of(const Arguments& arguments) {
  SyncOptions options;
  options.dry_run = arguments.has("--dry-run");
  options.watch = arguments.has("--watch");
  options.json = arguments.has("--json");
  options.no_index = arguments.has("--no-index");
  options.confirm_deletes = arguments.has("--confirm-deletes");
  options.accounts = arguments.values("--account");
  options.folders = arguments.words;
  return options;
}

/// The commands that work on the mail of the settings.
Result<int> run_with_settings(const Arguments& arguments, const config::Places& places, const Programs& programs,
                              Output& out, Output& err) {
  const config::Loaded loaded = load_settings(places, programs);
  if (!loaded.faults.empty()) return Unexpected(config::to_error(loaded.faults));
  const std::string_view name = arguments.command->name;
  if (name.empty()) return programs.interface(loaded.settings, places, {.query = arguments.query()});
  if (name == "compose") {
    auto options = compose(arguments, loaded.settings);
    return options ? Result<int>(programs.interface(loaded.settings, places, *options)) : Unexpected(std::move(options).error());
  }
  if (name == "sync") return programs.sync(loaded.settings, places, sync_options_of(arguments));

  const SystemClock clock;
  Session session{loaded.settings, places, out, err, clock, [] { return workers::RenderService::start({}); }};
  if (name == "search") return search(arguments, session);
  if (name == "count") return count(arguments, session);
  if (name == "show") return show(arguments, session);
  if (name == "tag") return tag(arguments, session);
  if (name == "move") return move(arguments, session);
  if (name == "undo") return undo(arguments, session);
  if (name == "log") return log(arguments, session);
  if (name == "send") return send(arguments, session);
  if (name == "outbox") return outbox(arguments, session);
  return doctor(arguments, session);
}

Result<int> run_command(const Arguments& arguments, const Programs& programs, Output& out, Output& err) {
  if (arguments.wants_version) {
    out.put("valija " VALIJA_VERSION "\n");
    return 0;
  }
  const std::string_view name = arguments.command->name;
  if (arguments.wants_help) {
    out.put(name.empty() ? help() : help(name));
    return 0;
  }
  if (name == "demo") return arguments.words.empty() ? Result<int>(programs.demo({})) : refuse_words(arguments);
  const config::Places places = config::find_places(arguments.settings_file);
  if (name == "config") return config_command(arguments, [&] { return load_settings(places, programs); }, out, err);
  return run_with_settings(arguments, places, programs, out, err);
}

}  // namespace

config::Loaded load_settings(const config::Places& places, const Programs& programs) {
  config::Loaded loaded = config::load(places);
  if (!programs.key_faults) return loaded;
  for (auto& fault : config::to_faults(loaded.settings, programs.key_faults(loaded.settings))) {
    // Keys of the file that hide each other were found without the built-in ones already.
    const auto is_same = [&fault](const config::Fault& other) { return std::tie(other.line, other.column, other.message) == std::tie(fault.line, fault.column, fault.message); };
    if (std::none_of(loaded.faults.begin(), loaded.faults.end(), is_same)) loaded.faults.push_back(std::move(fault));
  }
  std::stable_sort(loaded.faults.begin(), loaded.faults.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return loaded;
}

int run(int argc, char** argv, const Programs& programs) {
  Output out(STDOUT_FILENO), err(STDERR_FILENO);
  const auto arguments = parse_arguments(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  if (!arguments) return finish(Unexpected(Error(arguments.error())), out, err);
  return finish(run_command(*arguments, programs, out, err), out, err);
}

}  // namespace valija::cli
