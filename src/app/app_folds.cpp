// How an open message is folded.
#include "valija/app/app.hpp"
#include "valija/base/words.hpp"

namespace valija::app {

void App::toggle_quotes() {
  if (!reader_.toggle_quotes()) say(Notice::Kind::hint, _("This message quotes nothing long."));
}

void App::fold_answers() {
  if (!reader_.toggle_answers()) say(Notice::Kind::hint, _("Nothing answers this message."));
}

}  // namespace valija::app
