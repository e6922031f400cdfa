#pragma once

#include <array>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "valija/base/words.hpp"
#include "valija/config/key.hpp"
#include "valija/config/settings.hpp"

namespace valija::config {

/// Where keys are bound; `[keys.NAME]` in the settings.
struct KeyContext {
  const char* name;
  const char* doc;
};
inline constexpr std::array key_contexts{
    KeyContext{"global", N_("everywhere, unless the context below binds the same key")},
    KeyContext{"list", N_("the list of threads")},
    KeyContext{"reader", N_("an open message or thread")},
    KeyContext{"sidebar", N_("accounts, folders and saved searches")},
    KeyContext{"compose", N_("a message that is being written")},
    KeyContext{"editor", N_("a text or a field of it, also where another program edits it")},
    KeyContext{"outbox", N_("what waits to be sent")},
    KeyContext{"drafts", N_("the list of drafts")},
    KeyContext{"parts", N_("the parts of a message")},
    KeyContext{"view", N_("a part of a message that is shown by itself")},
    KeyContext{"senders", N_("the senders of newsletters")},
    KeyContext{"prompt", N_("a line that is being typed at the bottom")},
    KeyContext{"activity", N_("the view of what goes on")},
    KeyContext{"help", N_("the help screen")},
};

/// A key that is bound without any settings; the rows are written in the command table of app.
struct DefaultKey {
  const char* context;
  const char* keys;
  const char* command;
};

/// A binding that cannot be used, and why.
struct KeyFault {
  KeyBinding binding;
  std::string message;
  std::string help;
};

/// The same as faults of the settings file, with the line they stand in; reads the file once more for that.
std::vector<Fault> to_faults(const Settings& settings, const std::vector<KeyFault>& faults);

/// What keys do: context -> sequence -> command line. A value; reading it from several threads is safe.
class Keymap {
 public:
  enum class Match : std::uint8_t { none, prefix, command };
  struct Found {
    Match match = Match::none;
    std::string_view command;  ///< as long as the keymap lives
  };
  struct Row {
    KeySequence keys;
    std::string command;
  };

  /// The default rows with the settings over them. A setting replaces the default of the same keys and those that it
  /// hides (that begin with it, or that it begins with); an empty command unbinds. Two settings of one context that are
  /// equal or hide each other, and keys that cannot be read, go to `faults` and are left out.
  static Keymap build(std::span<const DefaultKey> defaults, const std::vector<KeyBinding>& settings,
                      std::vector<KeyFault>& faults);

  /// What was typed so far, looked up in one context after the other; the first that knows it decides.
  Found find(std::initializer_list<std::string_view> contexts, std::span<const Key> typed) const;

  /// All rows of a context, by keys; for the help screen.
  const std::vector<Row>& rows(std::string_view context) const;
  /// The shortest keys for a command line in a context, as text; empty: none. For key hints.
  std::string keys_of(std::string_view context, std::string_view command) const;

 private:
  std::map<std::string, std::vector<Row>, std::less<>> contexts_;
};

}  // namespace valija::config
