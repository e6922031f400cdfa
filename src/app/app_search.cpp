#include "valija/app/app.hpp"

namespace valija::app {

void App::on(messages::HistoryLoaded& event) { prompt_.take_history(std::move(event.commands), std::move(event.searches)); }

void App::on(messages::SettingWritten&) {}

}  // namespace valija::app
