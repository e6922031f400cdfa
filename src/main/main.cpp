#include <string_view>

#include <fmt/format.h>

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

int open_interface(const config::Settings& settings, const config::Places& places,
                   const cli::InterfaceOptions& options) {
  const SystemClock clock;
  Channel<messages::Event> events;
  workers::PostOffice office(settings, places, clock, events);
  return run_interface(settings, office, events, {options.query});
}

int open_demo(const cli::InterfaceOptions& options) {
  const auto demo = cli::DemoMailbox::make();
  if (!demo) {
    fmt::print(stderr, "valija: {}\n", to_text(demo.error()));
    return exit_status(demo.error().kind);
  }
  return open_interface((*demo)->settings(), (*demo)->places(), options);
}

}  // namespace

int main(int argc, char** argv) {
  init_words();
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--process=index") return workers::index_process_main();
  if (first == "--process=render") return workers::render_process_main();
  net::start();
  return cli::run(argc, argv, {.interface = open_interface, .sync = cli::run_sync, .demo = open_demo});
}
