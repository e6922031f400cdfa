#include "valija/ui/capabilities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "terminfo.hpp"
#include "valija/base/words.hpp"

namespace valija::ui {
namespace {

struct NamedKey {
  const char* capability;
  config::KeyName name;
  bool shift = false;
};
constexpr std::array named_keys{
    NamedKey{"kcuu1", config::KeyName::up},       NamedKey{"kcud1", config::KeyName::down},
    NamedKey{"kcub1", config::KeyName::left},     NamedKey{"kcuf1", config::KeyName::right},
    NamedKey{"khome", config::KeyName::home},     NamedKey{"kend", config::KeyName::end},
    NamedKey{"kpp", config::KeyName::page_up},    NamedKey{"knp", config::KeyName::page_down},
    NamedKey{"kich1", config::KeyName::insert},   NamedKey{"kdch1", config::KeyName::del},
    NamedKey{"kcbt", config::KeyName::tab, true}, NamedKey{"kent", config::KeyName::enter},
    NamedKey{"kf1", config::KeyName::f1},         NamedKey{"kf2", config::KeyName::f2},
    NamedKey{"kf3", config::KeyName::f3},         NamedKey{"kf4", config::KeyName::f4},
    NamedKey{"kf5", config::KeyName::f5},         NamedKey{"kf6", config::KeyName::f6},
    NamedKey{"kf7", config::KeyName::f7},         NamedKey{"kf8", config::KeyName::f8},
    NamedKey{"kf9", config::KeyName::f9},         NamedKey{"kf10", config::KeyName::f10},
    NamedKey{"kf11", config::KeyName::f11},       NamedKey{"kf12", config::KeyName::f12},
};

void read_keys(Capabilities& found) {
  for (const NamedKey& key : named_keys) {
    std::string bytes = terminfo::text(key.capability);
    if (bytes.size() < 2) continue;
    found.keys.emplace_back(std::move(bytes), config::Key{.name = key.name, .shift = key.shift});
  }
}

void read_strings(Capabilities& found) {
  found.cursor_address = terminfo::text("cup");
  found.column_address = terminfo::text("hpa");
  found.cursor_right = terminfo::text("cuf");
  found.cursor_up = terminfo::text("cuu");
  found.cursor_down = terminfo::text("cud");
  found.clear_to_end = terminfo::text("el");
  found.erase_characters = terminfo::text("ech");
  found.scroll_region = terminfo::text("csr");
  found.scroll_up = terminfo::text("indn");
  found.scroll_down = terminfo::text("rin");
  found.clear = terminfo::text("clear");
  found.reset = terminfo::text("sgr0");
  found.bold = terminfo::text("bold");
  found.dim = terminfo::text("dim");
  found.underline = terminfo::text("smul");
  found.reverse = terminfo::text("rev");
  found.enter_screen = terminfo::text("smcup");
  found.leave_screen = terminfo::text("rmcup");
  found.keypad_on = terminfo::text("smkx");
  found.keypad_off = terminfo::text("rmkx");
  found.cursor_show = terminfo::text("cnorm");
  found.cursor_hide = terminfo::text("civis");
  found.wrap_off = terminfo::text("rmam");
  found.wrap_on = terminfo::text("smam");
}

}  // namespace

Result<Capabilities> find_capabilities(const std::string& terminal_name) {
  Capabilities found;
  found.name = terminal_name;
  bool is_known = terminfo::read(terminal_name);
  if (!is_known && !terminal_name.empty() && terminal_name != "dumb") {
    is_known = terminfo::read("xterm-256color");
  }
  if (is_known) {
    read_strings(found);
    read_keys(found);
    found.colors = std::max(0, terminfo::number("colors"));
    found.erases_with_background = terminfo::flag("bce");
    found.can_write_corner = !terminfo::flag("am") || terminfo::flag("xenl") || !found.wrap_off.empty();
    found.is_ecma = found.bold.starts_with("\x1b[1") || found.colors > 0;
    found.is_modern = found.colors >= 256;
    terminfo::forget();
  }
  if (!is_known || found.cursor_address.empty() || found.clear.empty()) {
    return fail(Kind::usage, Blast::program,
                fmt::format(fmt::runtime(_("The terminal \"{}\" cannot move its cursor, so valija cannot draw on it.")), terminal_name),
                _("Set TERM to the name of your terminal, or use the commands: valija search, valija show."));
  }
  return found;
}

std::string formatted(const std::string& capability, int first, int second) {
  if (capability.empty()) return {};
  // What nearly every terminal has needs no interpreter.
  if (capability == "\x1b[%i%p1%d;%p2%dH") return fmt::format("\x1b[{};{}H", first + 1, second + 1);
  if (capability == "\x1b[%i%p1%dG") return fmt::format("\x1b[{}G", first + 1);
  return terminfo::with_parameters(capability, first, second);
}

config::ColorDepth color_depth(const std::string& setting, const std::string& no_color, const std::string& colorterm,
                               const Capabilities& capabilities) {
  using config::ColorDepth;
  if (setting == "mono") return ColorDepth::mono;
  if (setting == "16") return ColorDepth::ansi16;
  if (setting == "256") return ColorDepth::indexed256;
  if (setting == "true") return ColorDepth::rgb;
  if (!no_color.empty()) return ColorDepth::mono;
  if (capabilities.colors >= 0x1000000 || colorterm == "truecolor" || colorterm == "24bit") return ColorDepth::rgb;
  if (capabilities.colors >= 256) return ColorDepth::indexed256;
  return capabilities.colors >= 8 ? ColorDepth::ansi16 : ColorDepth::mono;
}

}  // namespace valija::ui
