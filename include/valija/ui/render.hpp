#pragma once

#include "valija/app/app.hpp"
#include "valija/config/theme.hpp"
#include "valija/pty/program.hpp"
#include "valija/pty/program.hpp"
#include "valija/ui/canvas.hpp"

namespace valija::ui {

/// Draws the whole state on a canvas of the state's own size, and the screen of an editor where its pane is. Pure.
Canvas render(const app::App& app, const config::Theme& theme, bool is_ascii, const pty::Screen* editor = nullptr);

}  // namespace valija::ui
