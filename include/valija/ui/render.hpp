#pragma once

#include "valija/app/app.hpp"
#include "valija/config/theme.hpp"
#include "valija/pty/program.hpp"
#include "valija/ui/canvas.hpp"
#include "valija/ui/pictures.hpp"

namespace valija::ui {

/// Draws the whole state on a canvas of the state's own size, and the screen of an editor where its pane is. `orders_text`: right-to-left
/// text is put into its order, because the terminal does not. Pure but for what `pictures` remembers; null: none are drawn.
Canvas render(const app::App& app, const config::Theme& theme, bool is_ascii, const pty::Screen* editor = nullptr, bool orders_text = true, Pictures* pictures = nullptr);

}  // namespace valija::ui
