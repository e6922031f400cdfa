#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>
#include <string_view>

#include "interface.hpp"
#include "valija/base/words.hpp"
#include "valija/cli/cli.hpp"
#include "valija/cli/demo.hpp"
#include "valija/cli/sync.hpp"
#include "valija/net/stream.hpp"
#include "valija/workers/index_service.hpp"
#include "valija/workers/post_office.hpp"
#include "valija/workers/render_service.hpp"

namespace {

using namespace valija;

/// "" if the mail root is what the index's paths are relative to, "mail/" if it lies below that.
std::string folder_prefix(const config::Settings& settings, const config::Places& places) {
  const std::string& root = places.notmuch_mail_root;
  if (root.empty() || !settings.mail_root.starts_with(root + "/")) return {};
  return settings.mail_root.substr(root.size() + 1) + "/";
}

/// What the workers could not save while they ended: the screen is given back, so it is told here.
int report_lost_changes(Channel<messages::Event>& events, int status) {
  for (const auto& event : events.drain()) {
    const auto* failed = std::get_if<messages::Failed>(&event);
    if (failed == nullptr || !failed->is_lost_change) continue;
    fmt::print(stderr, "valija: {}\n", to_text(failed->error));
    if (status == 0) status = exit_status(failed->error.kind);
  }
  return status;
}

/// As every program finds a person's editor.
std::string editor_of_environment() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* command = std::getenv(name);
    if (command != nullptr && *command != '\0') return command;
  }
  return {};
}

int run_interface_on(const config::Settings& settings, const config::Places& places, app::Options options) {
  const SystemClock clock;
  Channel<messages::Event> events;
  options.folder_prefix = folder_prefix(settings, places);
  options.home = places.home;
  options.editor = editor_of_environment();
  options.download_directory = places.home.empty() ? "." : places.home;
  options.settings_file = places.settings_file;
  int status = 0;
  {
    workers::PostOffice office(settings, places, clock, events);
    SettingsSource source;
    if (!options.is_demo) source = {places.settings_file, [&places] { return cli::load_settings(places, {.interface = {}, .sync = {}, .demo = {}, .key_faults = app::key_faults}); }};
    status = run_interface(settings, office, events, std::move(options), source);
  }
  return report_lost_changes(events, status);
}

int open_interface(const config::Settings& settings, const config::Places& places, const cli::InterfaceOptions& typed) {
  app::Options options;
  options.query = typed.query;
  options.composes = typed.composes;
  options.mailto = typed.mailto;
  options.attach = typed.attach;
  options.is_unconfigured = settings.accounts.empty() && places.notmuch_database.empty();
  return run_interface_on(settings, places, std::move(options));
}

int open_demo(const cli::InterfaceOptions& typed) {
  const auto demo = cli::DemoMailbox::make();
  if (!demo) {
    fmt::print(stderr, "valija: {}\n", to_text(demo.error()));
    return exit_status(demo.error().kind);
  }
  app::Options options;
  options.query = typed.query;
  options.is_demo = true;
  return run_interface_on((*demo)->settings(), (*demo)->places(), std::move(options));
}

}  // namespace

int main(int argc, char** argv) {
  init_words();
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--process=index") {
    prctl(PR_SET_NAME, "valija-index");  // for ps and top, which would say "exe"
    return workers::index_process_main();
  }
  if (first == "--process=render") {
    prctl(PR_SET_NAME, "valija-render");
    return workers::render_process_main();
  }
  const rlimit no_core{0, 0};  // this process holds passwords
  setrlimit(RLIMIT_CORE, &no_core);
  net::start();
  return cli::run(
      argc, argv,
      {.interface = open_interface, .sync = cli::run_sync, .demo = open_demo, .key_faults = app::key_faults});
}
