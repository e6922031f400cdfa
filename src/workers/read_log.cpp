#include "read_log.hpp"

#include <filesystem>
#include <tuple>
#include <utility>

#include "valija/store/account_store.hpp"

namespace valija::workers {

std::vector<LogLine> read_log(const std::string& state_dir, std::size_t count) {
  std::vector<LogLine> lines;
  std::error_code error;
  if (!std::filesystem::is_directory(state_dir, error)) return lines;
  auto log = store::OperationLog::open(state_dir);
  if (!log) return lines;
  auto operations = (*log)->read({}, count);
  if (!operations) return lines;
  const auto kind = [](const auto& of) { return std::tuple(of.time / 60, of.account, of.folder, of.what, of.why); };
  for (store::LoggedOperation& operation : *operations) {
    if (!lines.empty() && kind(lines.back()) == kind(operation)) {
      ++lines.back().messages;
    } else {
      lines.push_back({operation.time, std::move(operation.account), std::move(operation.folder), std::move(operation.what), std::move(operation.why)});
    }
  }
  return lines;
}

}  // namespace valija::workers
