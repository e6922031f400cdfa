#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "valija/app/app.hpp"
#include "valija/pty/program.hpp"

namespace valija {

/// Runs the editor that the app wishes for, in its pane: started and ended as the wish comes and goes. UI thread.
class EditorPane {
 public:
  explicit EditorPane(app::App& app) : app_(app) {}

  /// To poll; -1: none runs.
  int fd() const { return program_ ? program_->fd() : -1; }
  /// Starts, sizes, reads or ends it.
  void update();
  /// True: the key was for the editor. What is bound in the context "editor" is not.
  bool key(const config::Key& key);
  bool paste(std::string_view text);
  /// Null: nothing to draw.
  const pty::Screen* screen() const { return program_ ? &program_->screen() : nullptr; }

 private:
  void start(const app::EditorWish& wish);
  bool has_keyboard() const { return program_ && app_.types_into_editor(); }

  app::App& app_;
  std::optional<app::EditorWish> wish_;  ///< that program_ runs for
  std::unique_ptr<pty::Program> program_;
};

}  // namespace valija
