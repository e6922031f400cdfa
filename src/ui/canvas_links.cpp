#include <algorithm>

#include "valija/ui/canvas.hpp"

namespace valija::ui {
namespace {

constexpr std::size_t longest_target = 2000;  // octets; terminals take about as much

bool is_linkable(std::string_view target) {
  const bool is_known = target.starts_with("https://") || target.starts_with("http://") || target.starts_with("mailto:");
  return is_known && target.size() <= longest_target && std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// FNV-1a.
std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

}  // namespace

void Canvas::link(int row, int column, int columns, const std::string& target) {
  if (row < 0 || row >= rows_ || column < 0 || !is_linkable(target)) return;
  std::uint32_t number = std::max(1u, hash_of(target));
  while (targets_.contains(number) && targets_.at(number) != target) number = std::max(1u, number + 1);
  targets_[number] = target;
  for (int at = column; at < std::min(column + columns, columns_); ++at) cells_[index(row, at)].link = number;
}

const std::string& Canvas::target_of(const Cell& cell) const {
  static const std::string nowhere;
  const auto found = targets_.find(cell.link);
  return found == targets_.end() ? nowhere : found->second;
}

}  // namespace valija::ui
