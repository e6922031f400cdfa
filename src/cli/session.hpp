#pragma once

#include <functional>
#include <memory>

#include "arguments.hpp"
#include "output.hpp"
#include "valija/base/clock.hpp"
#include "valija/cli/options.hpp"
#include "valija/config/settings.hpp"
#include "valija/index/reader.hpp"
#include "valija/workers/index_service.hpp"
#include "valija/workers/render_service.hpp"

namespace valija::cli {

using RendererFactory = std::function<Result<std::unique_ptr<workers::RenderService>>()>;

/// What a command works with.
struct Session {
  const config::Settings& settings;
  const config::Places& places;
  Output& out;
  Output& err;
  const Clock& clock;
  RendererFactory renderer;
  int lock_wait_ms = 60'000;  ///< how long another program may keep the index locked
  int in = 0;                 ///< descriptor of the standard input
  std::function<Result<std::unique_ptr<workers::IndexPeer>>()> index_peer{};  ///< empty: a process
};

/// The commands; each gives the exit status, or the error that ended it.
Result<int> search(const Arguments& arguments, Session& session);
Result<int> count(const Arguments& arguments, Session& session);
Result<int> show(const Arguments& arguments, Session& session);
Result<int> tag(const Arguments& arguments, Session& session);
Result<int> move(const Arguments& arguments, Session& session);
Result<int> undo(const Arguments& arguments, Session& session);
Result<int> log(const Arguments& arguments, Session& session);
/// What the interface is to open with for `valija compose`; not a command of its own.
Result<InterfaceOptions> compose(const Arguments& arguments, const config::Settings& settings);
Result<int> send(const Arguments& arguments, Session& session);
Result<int> outbox(const Arguments& arguments, Session& session);
Result<int> doctor(const Arguments& arguments, Session& session);
/// Before the settings are loaded: their faults are its subject.
Result<int> config_command(const Arguments& arguments, const std::function<config::Loaded()>& load, Output& out,
                           Output& err);

index::Location index_location(const Session& session);
/// The index of these settings. Kind::disk with the command that makes one where there is none.
Result<std::unique_ptr<index::Reader>> open_index(const Session& session);
/// The words as a query; Kind::usage if there are none.
Result<std::string> query_of(const Arguments& arguments);
/// The value of --limit; the fallback where it was not given.
std::size_t limit_of(const Arguments& arguments, std::size_t fallback);
/// "valija: what happened" and the hint, on standard error.
void print_error(const Error& error, Output& err);

}  // namespace valija::cli
