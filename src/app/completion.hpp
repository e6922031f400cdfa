#pragma once

#include <string>

#include "valija/app/prompt.hpp"

namespace valija::app {

class App;

using Arguments = const std::string&;

/// N of a command, 1 if it is not there, at most a million.
long count_of(const std::string& arguments);

Completions complete_tags(const App& app, const std::string& arguments);
Completions complete_parts(const App& app, const std::string& arguments);
Completions complete_query(const App& app, const std::string& arguments);
Completions complete_views(const App& app, const std::string& arguments);
/// Folders for `move`.
Completions complete_move_targets(const App& app, const std::string& arguments);
Completions complete_sync(const App& app, const std::string& arguments);
Completions complete_themes(const App& app, const std::string& arguments);
Completions complete_paths(const App& app, const std::string& arguments);
Completions complete_people(const App& app, const std::string& arguments);
/// A whole command line: names first, then what the command's own completer says.
Completions complete_command_line(const App& app, const std::string& line);

}  // namespace valija::app
