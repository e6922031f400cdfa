#include <algorithm>

#include "completion.hpp"
#include "valija/app/app.hpp"
#include "valija/app/commands.hpp"
#include "valija/app/fuzzy.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr std::size_t most_completions = 200;

}  // namespace

std::vector<std::string> folders_like(const std::vector<std::string>& folders, std::string_view typed) {
  std::vector<std::pair<int, std::string>> scored;
  for (const std::string& folder : folders) {
    if (const auto match = fuzzy_match(typed, folder)) scored.emplace_back(-match->score, folder);
  }
  std::sort(scored.begin(), scored.end());
  std::vector<std::string> likely;
  for (auto& [score, folder] : scored) likely.push_back(std::move(folder));
  return likely;
}

Completions complete_move_targets(const App& app, const std::string& arguments) {
  Completions completions;
  for (std::string& folder : folders_like(app.move_targets(), arguments)) {
    if (completions.list.size() < most_completions) completions.list.push_back({std::move(folder), {}, {}});
  }
  return completions;
}

Completions complete_whole_thread(const App& app, const std::string& arguments) {
  Completions completions;
  const CommandLine line = split_command_line(arguments);
  if (arguments.find(' ') != std::string::npos) {
    const Command* command = find_command(line.name);
    if (command == nullptr || !command->is_repeatable || command->complete == nullptr) return completions;
    const std::size_t from = arguments.find(' ') + 1;
    completions = command->complete(app, arguments.substr(from));
    completions.from += from;
    return completions;
  }
  for (const Command& command : commands()) {
    const std::string_view name = command.name;
    if (command.is_repeatable && name != "thread" && name.starts_with(arguments)) completions.list.push_back({command.name, _(command.doc), {}});
  }
  return completions;
}

}  // namespace valija::app
