#include "interface.hpp"

#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "editor_pane.hpp"
#include "settings_watch.hpp"
#include "valija/app/reading.hpp"
#include "valija/ui/input.hpp"
#include "valija/ui/painter.hpp"
#include "valija/ui/render.hpp"
#include "valija/ui/terminal.hpp"

namespace valija {
namespace {

constexpr int escape_wait_ms = 50;  // between the octets of one key, also over a slow line

/// The loop and what it holds.
class Interface {
 public:
  Interface(const config::Settings& settings, messages::Mailroom& mailroom, Channel<messages::Event>& events, app::Options options,
            const SettingsSource& source, ui::Terminal& terminal)
      : source_(source),
        watch_(source.file),
        events_(events),
        terminal_(terminal),
        app_(settings, mailroom, clock_, std::move(options)),
        editor_(app_),
        decoder_(terminal.capabilities().keys),
        painter_(terminal.capabilities(), terminal.depth(), terminal.is_utf8()),
        is_dark_(terminal.guesses_dark()) {}

  void run() {
    resize();
    draw();
    while (!app_.wants_quit() && !terminal_.is_gone()) {
      wait();
      take_signals();
      take_input();
      for (messages::Event& event : events_.drain()) app_.handle(std::move(event));
      if (app_.next_tick_ms() == 0) app_.tick();
      if (watch_.has_changed()) read_settings();
      editor_.update();
      if (app_.take_wants_suspend()) suspend();
      if (app_.take_wants_redraw()) painter_.forget();
      draw();
    }
    // Whatever ended it, also a terminal that hung up: what is written goes to the disk.
    app_.quit();
  }

 private:
  void wait() {
    const short tty_events = static_cast<short>(POLLIN | (terminal_.is_idle() ? 0 : POLLOUT));
    pollfd fds[] = {{terminal_.fd(), tty_events, 0}, {events_.fd(), POLLIN, 0}, {terminal_.signal_fd(), POLLIN, 0}, {editor_.fd(), POLLIN, 0}, {watch_.fd(), POLLIN, 0}};
    int timeout = app_.next_tick_ms();
    const auto left = [this] { return static_cast<int>(std::max<std::int64_t>(typed_ms_ + escape_wait_ms - clock_.monotonic_ms(), 0)); };
    if (decoder_.waits_for_more()) timeout = timeout < 0 ? left() : std::min(timeout, left());
    poll(fds, std::size(fds), timeout);
    // Only silence of the terminal for the whole wait makes an Escape a key of its own, however much else goes on.
    if (decoder_.waits_for_more() && (fds[0].revents & POLLIN) == 0 && left() == 0) decoder_.give_up();
  }

  void read_settings() {
    config::Loaded loaded = source_.load();
    if (loaded.faults.empty()) {
      app_.apply(std::move(loaded.settings));
    } else {
      app_.settings_failed(loaded.faults);
    }
  }

  void take_signals() {
    for (const ui::Signal signal : terminal_.take_signals()) {
      switch (signal) {
        case ui::Signal::resized: resize(); break;
        case ui::Signal::suspend: suspend(); break;
        case ui::Signal::resumed: painter_.forget(); break;
        case ui::Signal::quit: app_.quit(); break;
      }
    }
  }

  void take_input() {
    if (const std::string bytes = terminal_.read(); !bytes.empty()) {
      typed_ms_ = clock_.monotonic_ms();
      decoder_.feed(bytes);
    }
    while (auto input = decoder_.next()) {
      if (app_.wants_quit()) return;
      if (const auto* key = std::get_if<config::Key>(&*input); key != nullptr && !editor_.key(*key)) app_.key(*key);
      if (const auto* paste = std::get_if<ui::Paste>(&*input); paste != nullptr && !editor_.paste(paste->text)) app_.paste(paste->text);
      if (const auto* mouse = std::get_if<app::MouseEvent>(&*input)) app_.mouse(*mouse);
      if (const auto* focus = std::get_if<ui::Focus>(&*input)) focus_changed(focus->has);
      if (const auto* answer = std::get_if<ui::GraphicsAnswer>(&*input)) take_graphics(*answer);
      if (const auto* background = std::get_if<ui::Background>(&*input)) is_dark_ = background->is_dark();
    }
  }

  /// While nobody looked the terminal may have got other colours.
  void focus_changed(bool has_focus) {
    app_.focus_changed(has_focus);
    if (has_focus) has_asked_background_ = false;
  }

  void take_graphics(const ui::GraphicsAnswer& answer) {
    graphics_.has_sixel = graphics_.has_sixel || answer.has_sixel;
    graphics_.has_kitty = graphics_.has_kitty || answer.has_kitty;
    if (answer.cell_width > 0) graphics_.cell_width = answer.cell_width, graphics_.cell_height = answer.cell_height;
  }

  /// What pictures can be drawn here, by the settings of now.
  void choose_graphics() {
    const std::string wanted = app_.settings().ui_linear ? "none" : app_.settings().ui_pictures;
    if (wanted != "none" && wanted != "blocks" && !std::exchange(has_asked_graphics_, true)) terminal_.ask_graphics();
    const bool has_colors = terminal_.is_utf8() && terminal_.depth() >= config::ColorDepth::indexed256 && !app_.settings().ui_ascii;
    const ui::Graphics graphics = ui::graphics_for(wanted, graphics_, has_colors);
    pictures_.set(graphics);
    const bool shows_some = graphics.kind != ui::Graphics::Kind::none;
    app_.reading().set_cell(shows_some ? graphics.cell_width : 0, shows_some ? graphics.cell_height : 0);
  }

  void resize() {
    int columns = 0, rows = 0;
    terminal_.size(columns, rows);
    painter_.forget();
    has_asked_graphics_ = false;  // other cells, perhaps
    app_.resize(columns, rows);
  }

  void suspend() {
    terminal_.suspend();
    resize();
  }

  void draw() {
    if (!terminal_.is_idle()) return terminal_.flush();
    terminal_.set_mouse(app_.settings().ui_mouse);
    if (app_.settings().ui_title) terminal_.set_title(app_.window_title());
    if (const auto text = app_.take_copy()) terminal_.copy(*text);
    choose_graphics();
    std::string name = app_.theme_name();
    if (name == "auto") {
      if (!std::exchange(has_asked_background_, true)) terminal_.ask_background();
      name = is_dark_ ? "dark" : "light";
    }
    if (!theme_ || name != theme_name_ || app_.settings_revision() != theme_revision_) theme_ = config::Theme::make(name, terminal_.depth(), app_.settings().theme);
    theme_name_ = std::move(name);
    theme_revision_ = app_.settings_revision();
    const std::string bytes = painter_.paint(ui::render(app_, *theme_, app_.settings().ui_ascii || !terminal_.is_utf8(), editor_.screen(), ui::orders_text(app_.settings()), &pictures_));
    if (!bytes.empty()) terminal_.send(bytes);
  }

  const SettingsSource& source_;
  SettingsWatch watch_;
  Channel<messages::Event>& events_;
  ui::Terminal& terminal_;
  SystemClock clock_;
  app::App app_;
  EditorPane editor_;
  ui::InputDecoder decoder_;
  ui::Painter painter_;
  ui::GraphicsAnswer graphics_;
  ui::Pictures pictures_;
  std::optional<config::Theme> theme_;
  std::string theme_name_;
  std::uint64_t theme_revision_ = 0;
  bool is_dark_;
  bool has_asked_background_ = false, has_asked_graphics_ = false;  ///< each is asked when it is needed
  std::int64_t typed_ms_ = 0;  ///< when the terminal last sent something
};

}  // namespace

int run_interface(const config::Settings& settings, messages::Mailroom& mailroom, Channel<messages::Event>& events, app::Options options,
                  const SettingsSource& source) {
  auto terminal = ui::Terminal::open(settings);
  if (!terminal) {
    std::fputs((to_text(terminal.error()) + "\n").c_str(), stderr);
    return exit_status(terminal.error().kind);
  }
  Interface(settings, mailroom, events, std::move(options), source, **terminal).run();
  return 0;
}

}  // namespace valija
