#include "key_presets.hpp"

#include <algorithm>
#include <vector>

#include "valija/app/commands.hpp"

namespace valija::app {
namespace {

using config::DefaultKey;

/// mutt and neomutt: index and pager.
constexpr std::array mutt_keys{
    DefaultKey{"list", "m", "compose"},         DefaultKey{"reader", "m", "compose"},         DefaultKey{"list", "g", "reply-all"},
    DefaultKey{"reader", "g", "reply-all"},     DefaultKey{"list", "c", "view"},              DefaultKey{"reader", "c", "view"},
    DefaultKey{"sidebar", "c", "view"},         DefaultKey{"list", "b", "bounce"},            DefaultKey{"reader", "b", "bounce"},
    DefaultKey{"list", "s", "move"},            DefaultKey{"reader", "s", "move"},            DefaultKey{"list", "F", "toggle-flag"},
    DefaultKey{"reader", "F", "toggle-flag"},   DefaultKey{"list", "u", "undo"},              DefaultKey{"reader", "u", "undo"},
    DefaultKey{"list", "t", "mark"},            DefaultKey{"list", "T", "mark-sender"},       DefaultKey{"list", "<tab>", "next-unread"},
    DefaultKey{"reader", "<tab>", "next-unread"}, DefaultKey{"list", "l", "search"},          DefaultKey{"list", "z", "page-down"},
    DefaultKey{"list", "Z", "page-up"},         DefaultKey{"list", "=", "top"},               DefaultKey{"list", "*", "bottom"},
    DefaultKey{"list", "x", "quit"},            DefaultKey{"list", "R", "drafts"},            DefaultKey{"reader", "-", "page-up"},
    DefaultKey{"reader", "i", "close"},         DefaultKey{"reader", "x", "close"},           DefaultKey{"list", "i", "close"},
    DefaultKey{"list", "v", "launch"},          DefaultKey{"reader", "v", "parts"},           DefaultKey{"list", "<c-d>", "thread trash"},
    DefaultKey{"reader", "<c-d>", "thread trash"}, DefaultKey{"list", "G", "sync"},           DefaultKey{"list", "y", "next-pane"},
    DefaultKey{"reader", "y", "next-pane"},     DefaultKey{"sidebar", "y", "next-pane"},
};

/// The keyboard shortcuts of Gmail's pages.
constexpr std::array gmail_keys{
    DefaultKey{"list", "e", "archive"},         DefaultKey{"reader", "e", "archive"},         DefaultKey{"list", "#", "trash"},
    DefaultKey{"reader", "#", "trash"},         DefaultKey{"list", "a", "reply-all"},         DefaultKey{"reader", "a", "reply-all"},
    DefaultKey{"list", "o", "open"},            DefaultKey{"reader", "o", "fold"},            DefaultKey{"reader", "u", "close"},
    DefaultKey{"list", "u", "sync"},            DefaultKey{"list", "x", "mark"},              DefaultKey{"list", "z", "undo"},
    DefaultKey{"reader", "z", "undo"},          DefaultKey{"list", "I", "toggle-unread"},     DefaultKey{"reader", "I", "toggle-unread"},
    DefaultKey{"list", "U", "toggle-unread"},   DefaultKey{"reader", "U", "toggle-unread"},   DefaultKey{"list", "l", "tag"},
    DefaultKey{"reader", "l", "tag"},           DefaultKey{"list", "v", "move"},              DefaultKey{"reader", "v", "move"},
    DefaultKey{"reader", ";", "fold-all"},      DefaultKey{"list", "N", "sync"},              DefaultKey{"reader", "y", "archive"},
    DefaultKey{"list", "y", "archive"},         DefaultKey{"global", "ga", "view all"},       DefaultKey{"global", "gl", "view"},
};

/// Alpine: MESSAGE INDEX and MESSAGE TEXT.
constexpr std::array alpine_keys{
    DefaultKey{"list", "n", "down"},            DefaultKey{"list", "p", "up"},                DefaultKey{"list", "v", "open"},
    DefaultKey{"list", ">", "open"},            DefaultKey{"sidebar", ">", "open"},           DefaultKey{"reader", "<lt>", "close"},
    DefaultKey{"list", "<lt>", "next-pane"},    DefaultKey{"list", "<tab>", "next-unread"},   DefaultKey{"reader", "<tab>", "next-unread"},
    DefaultKey{"list", "-", "page-up"},         DefaultKey{"reader", "-", "page-up"},         DefaultKey{"list", "<space>", "page-down"},
    DefaultKey{"list", "u", "undo"},            DefaultKey{"reader", "u", "undo"},            DefaultKey{"list", "s", "move"},
    DefaultKey{"reader", "s", "move"},          DefaultKey{"list", "*", "toggle-flag"},       DefaultKey{"reader", "*", "toggle-flag"},
    DefaultKey{"list", "w", "search"},          DefaultKey{"reader", "w", "search"},          DefaultKey{"list", "g", "view"},
    DefaultKey{"reader", "g", "view"},          DefaultKey{"sidebar", "g", "view"},           DefaultKey{"list", "b", "bounce"},
    DefaultKey{"reader", "b", "bounce"},        DefaultKey{"list", "l", "next-pane"},         DefaultKey{"reader", "l", "next-pane"},
    DefaultKey{"sidebar", "l", "next-pane"},    DefaultKey{"list", "m", "command"},           DefaultKey{"reader", "m", "command"},
    DefaultKey{"list", ";", "mark"},            DefaultKey{"reader", "v", "parts"},           DefaultKey{"reader", "e", "save"},
    DefaultKey{"global", "q", "quit"},
};

bool hide_each_other(const config::KeySequence& a, const config::KeySequence& b) {
  const std::size_t common = std::min(a.size(), b.size());
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin());
}

std::vector<DefaultKey> with_free_keys(std::span<const DefaultKey> preset) {
  std::vector<std::pair<std::string_view, config::KeySequence>> taken;
  for (const DefaultKey& row : preset) taken.emplace_back(row.context, config::parse_keys(row.keys).value_or(config::KeySequence()));
  std::vector<DefaultKey> keys(preset.begin(), preset.end());
  for (const DefaultKey& row : default_keys()) {
    const config::KeySequence own = config::parse_keys(row.keys).value_or(config::KeySequence());
    const bool is_taken = std::any_of(taken.begin(), taken.end(), [&](const auto& other) { return other.first == row.context && hide_each_other(other.second, own); });
    if (!is_taken) keys.push_back(row);
  }
  return keys;
}

}  // namespace

std::span<const DefaultKey> preset_keys(std::string_view preset) {
  if (preset == "mutt") return mutt_keys;
  if (preset == "gmail") return gmail_keys;
  if (preset == "alpine") return alpine_keys;
  return {};
}

std::span<const DefaultKey> default_keys(std::string_view preset) {
  static const std::vector<DefaultKey> mutt = with_free_keys(mutt_keys), gmail = with_free_keys(gmail_keys), alpine = with_free_keys(alpine_keys);
  if (preset == "mutt") return mutt;
  if (preset == "gmail") return gmail;
  if (preset == "alpine") return alpine;
  return default_keys();
}

}  // namespace valija::app
