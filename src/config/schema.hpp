#pragma once

#include "account_rows.hpp"
#include "settings_rows.hpp"

namespace valija::config {

/// Sections whose keys are chosen by the person.
struct FreeSection {
  const char* name;
  const char* key_form;  ///< as the man page writes it
  const char* value_form;
  const char* example;  ///< one line of TOML
  const char* doc;
};
inline constexpr std::array free_sections{
    FreeSection{"tags", "TAG", R"("flag:FLAG", "keyword:KEYWORD" or "folder:FOLDER")", R"(todo = "keyword:$Todo")",
                N_("Which tags stand for flags, keywords or folders of the server. Flags are seen, answered, flagged, "
                   "draft and passed. A message that gets a tag for a folder is moved there, and the other way round. Without a row the "
                   "tags unread, replied, flagged, draft and passed are flags; inbox, archive, sent, trash and spam are the folders for "
                   "that; junk, notjunk, phishing and mdn-sent are $Junk, $NotJunk, $Phishing and $MDNSent; every other tag is a keyword of "
                   "the same name.")},
    FreeSection{"views", "NAME", N_("a search"), R"("To reply" = "tag:flagged and not tag:replied")",
                N_("Saved searches in the side bar, in this order. The search is written as for notmuch.")},
    FreeSection{"aliases", "NAME", N_("addresses"), R"(family = "Marta Gil <marta@example.org>, jun@example.org")",
                N_("Short names for one address or many, for the fields of recipients.")},
    FreeSection{"filters", N_("TYPE"), N_("a command"), R"("text/html" = "w3m -dump -T text/html -cols $VALIJA_COLUMNS")",
                N_("Commands that turn a part of a message into text, by its type; \"image/*\" stands for every type of that kind. The command is run by "
                   "/bin/sh, reads the part as it came and writes text in UTF-8; VALIJA_COLUMNS, VALIJA_TYPE and VALIJA_CHARSET tell of the width and the "
                   "part. It has 30 seconds, and nothing locks it in: it can do what you can.")},
    FreeSection{"theme", N_("ROLE or tag.TAG"), N_("a look"), R"(row-active = "default on #2b323d")",
                N_("Colours instead of those of the built-in theme. A look is any of bold, dim, italic, underline and "
                   "reverse, then a colour, "
                   "then \"on\" and a background. Colours are default, the 16 names (red, bright-blue ...), 0 to 255, "
                   "or #rrggbb.")},
    FreeSection{"keys.CONTEXT", "KEYS", N_("a command line"), R"("g t" = "search tag:todo")",
                N_("Keys for commands, in a context. Keys are written one after the other: \"gg\", \"<c-d>\", "
                   "\"<a-enter>\", \"<space>\", \"<lt>\". "
                   "An empty command takes a key away.")},
};
/// Known, but nothing can be set in them so far: an empty one is no fault.
inline constexpr std::array empty_sections{"hooks"};

/// Names are unique in their section, every row is documented.
template <typename Rows>
constexpr bool is_sound(const Rows& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (std::string_view(rows[i].doc).empty() || std::string_view(rows[i].key).empty()) return false;
    if (rows[i].type == Type::choice && std::string_view(rows[i].choices).empty()) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (std::string_view(rows[i].section) == rows[j].section && std::string_view(rows[i].key) == rows[j].key)
        return false;
    }
  }
  return true;
}
static_assert(is_sound(account_options), "names unique, docs not empty");
static_assert(is_sound(settings_options), "names unique, docs not empty");

}  // namespace valija::config
