#include "editor_pane.hpp"

#include <array>

namespace valija {
namespace {

constexpr int not_started = 127;  // as the shell says it

}  // namespace

void EditorPane::update() {
  const app::EditorWish* wish = app_.editor_wish();
  if (program_ && (wish == nullptr || *wish != *wish_)) program_.reset();
  if (wish == nullptr) return;
  if (!program_) start(*wish);
  if (!program_) return;
  const app::Area area = app_.editor_area();
  if (!area.empty()) program_->resize(area.columns, area.rows);
  program_->pump();
  if (!program_->has_ended()) return;
  const int status = program_->exit_status();
  program_.reset();
  app_.editor_ended(wish_->draft_id, status);
}

void EditorPane::start(const app::EditorWish& wish) {
  wish_ = wish;
  const app::Area area = app_.editor_area();
  const bool is_shown = !area.empty();
  auto program = pty::Program::start(wish.command, {wish.file}, is_shown ? area.columns : 80, is_shown ? area.rows : 24);
  if (program) {
    program_ = std::move(*program);
  } else {
    app_.editor_ended(wish.draft_id, not_started);
    app_.say(app::Notice::Kind::failed, program.error().message, program.error().hint);
  }
}

bool EditorPane::key(const config::Key& key) {
  if (!has_keyboard()) return false;
  const std::array typed{key};
  if (!app_.pending_keys().empty() || app_.keymap().find({"editor"}, typed).match != config::Keymap::Match::none) return false;
  program_->key(key);
  return true;
}

bool EditorPane::paste(std::string_view text) {
  if (!has_keyboard()) return false;
  program_->paste(text);
  return true;
}

}  // namespace valija
