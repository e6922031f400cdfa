#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/app/prompt.hpp"
#include "valija/mail/document.hpp"

namespace valija::app {

class App;

using Arguments = const std::string&;

/// N of a command, 1 if it is not there, at most a million.
long count_of(const std::string& arguments);

Completions complete_tags(const App& app, const std::string& arguments);
Completions complete_query(const App& app, const std::string& arguments);
/// What is typed behind from: or to: at the end of a query, to look it up; empty: nothing.
std::string person_in_query(const std::string& query);
/// Commands, views and folders that fit, the best first.
Completions complete_palette(const App& app, const std::string& typed);
Completions complete_views(const App& app, const std::string& arguments);
/// Folders for `move`, the likeliest first.
Completions complete_move_targets(const App& app, const std::string& arguments);
/// Those that fit what was typed, the likeliest first.
std::vector<std::string> folders_like(const std::vector<std::string>& folders, std::string_view typed);
/// Commands for `thread`, and what they complete.
Completions complete_whole_thread(const App& app, const std::string& arguments);
/// Attachments, pictures and links for `launch`; without the links; these, and "all".
Completions complete_things(const App& app, const std::string& arguments);
Completions complete_parts(const App& app, const std::string& arguments);
Completions complete_saves(const App& app, const std::string& arguments);
/// Message-IDs that a message names.
Completions complete_ids(const App& app, const std::string& arguments);
Completions complete_charsets(const App& app, const std::string& arguments);
Completions complete_headers(const App& app, const std::string& arguments);

Completions complete_sync(const App& app, const std::string& arguments);
Completions complete_themes(const App& app, const std::string& arguments);
/// Options that can be set while it runs, then their values.
Completions complete_options(const App& app, const std::string& arguments);
Completions complete_paths(const App& app, const std::string& arguments);
Completions complete_people(const App& app, const std::string& arguments);
Completions complete_splits(const App& app, const std::string& arguments);
Completions complete_copies(const App& app, const std::string& arguments);
/// A whole command line: names first, then what the command's own completer says.
Completions complete_command_line(const App& app, const std::string& line);

}  // namespace valija::app
