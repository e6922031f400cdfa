#pragma once

#include "valija/app/app.hpp"
#include "valija/config/theme.hpp"
#include "valija/ui/canvas.hpp"

namespace valija::ui {

/// Draws the whole state on a canvas of the state's own size. Pure.
Canvas render(const app::App& app, const config::Theme& theme, bool is_ascii);

}  // namespace valija::ui
