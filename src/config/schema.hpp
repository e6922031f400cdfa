#pragma once

#include <array>
#include <limits>
#include <string_view>
#include <variant>

#include "valija/base/words.hpp"
#include "valija/config/settings.hpp"

namespace valija::config {

/// What a value must look like.
enum class Type : std::uint8_t {
  text,
  lines,
  folder,
  path,
  command,
  boolean,
  integer,
  choice,
  address,
  addresses,
  texts,
  receive_url,
  send_url,
  secret
};

/// Where a value is kept.
using SettingsSlot = std::variant<std::string Settings::*, std::int64_t Settings::*, bool Settings::*>;
using AccountSlot =
    std::variant<std::string Account::*, std::int64_t Account::*, bool Account::*, std::vector<std::string> Account::*,
                 std::optional<ServerUrl> Account::*, Secret Account::*>;

/// The value without a setting; none: empty, or found in another way that the doc tells.
using Fallback = std::variant<std::monostate, bool, std::int64_t, const char*>;

struct Range {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

/// One row per option: parsing, checks, defaults, the sample, the man page and completion come from here.
template <typename Slot>
struct Option {
  const char* section;  ///< "account" stands for [account.NAME]
  const char* key;
  Type type;
  Slot slot;
  Fallback fallback;
  Range range;
  const char* choices;  ///< separated by blanks
  const char* example;  ///< TOML, for the sample; "" the default
  const char* doc;
};
using AccountOption = Option<AccountSlot>;
using SettingsOption = Option<SettingsSlot>;

inline constexpr Range any_range{};

inline constexpr std::array account_options{
    AccountOption{"account",
                  "address",
                  Type::address,
                  &Account::address,
                  {},
                  any_range,
                  "",
                  R"("ana@example.org")",
                  N_("Your mail address. Every account needs one.")},
    AccountOption{"account",
                  "name",
                  Type::text,
                  &Account::full_name,
                  {},
                  any_range,
                  "",
                  R"("Ana Ruiz")",
                  N_("Your name, as others see it.")},
    AccountOption{"account",
                  "receive",
                  Type::receive_url,
                  &Account::receive,
                  {},
                  any_range,
                  "",
                  R"("imaps://ana@imap.example.org")",
                  N_("The server that mail is fetched from: imaps://USER@HOST:PORT or pop3s:// (encrypted at once), "
                     "imap:// or pop3:// "
                     "(encrypted by STARTTLS, which is required). The user is the mail address where the URL has none. "
                     "imap+plain:// and "
                     "pop3+plain:// do not encrypt and are refused unless the host is this machine (127.0.0.1, ::1, "
                     "localhost).")},
    AccountOption{"account",
                  "send",
                  Type::send_url,
                  &Account::send,
                  {},
                  any_range,
                  "",
                  R"("smtps://ana@smtp.example.org")",
                  N_("The server that mail is sent through: smtps:// or smtp:// (STARTTLS is required), or "
                     "\"command:COMMAND\" for a program "
                     "that takes a message like sendmail.")},
    AccountOption{"account",
                  "password-command",
                  Type::command,
                  &Account::password_command,
                  {},
                  any_range,
                  "",
                  R"("pass show mail/work")",
                  N_("A command that prints the password; the first line of its output counts. It is run by /bin/sh.")},
    AccountOption{"account",
                  "password",
                  Type::secret,
                  &Account::password,
                  {},
                  any_range,
                  "",
                  R"("...")",
                  N_("The password itself. Allowed only while nobody but you can read this file (chmod 600).")},
    AccountOption{"account", "auth", Type::choice, &Account::auth, "password", any_range, "password", "",
                  N_("How to log in.")},
    AccountOption{"account",
                  "tls-ca-file",
                  Type::path,
                  &Account::tls_ca_file,
                  {},
                  any_range,
                  "",
                  R"("~/.config/valija/ca.pem")",
                  N_("A file with certificates (PEM) that are trusted for this account besides those of the system.")},
    AccountOption{"account",
                  "aliases",
                  Type::addresses,
                  &Account::aliases,
                  {},
                  any_range,
                  "",
                  R"(["ana.ruiz@example.org"])",
                  N_("Other addresses of yours.")},
    AccountOption{"account",
                  "folders",
                  Type::texts,
                  &Account::folders,
                  {},
                  any_range,
                  "",
                  R"(["*", "!Trash"])",
                  N_("Which folders to sync: patterns with * for any text; ! in front excludes; the last match "
                     "decides. None: all folders.")},
    AccountOption{"account",
                  "archive",
                  Type::folder,
                  &Account::archive,
                  {},
                  any_range,
                  "",
                  R"("Archive")",
                  N_("The folder for archived mail. Not set: the one that the server marks (SPECIAL-USE).")},
    AccountOption{"account",
                  "sent",
                  Type::folder,
                  &Account::sent,
                  {},
                  any_range,
                  "",
                  R"("Sent")",
                  N_("The folder for sent mail. Not set: the one that the server marks.")},
    AccountOption{"account",
                  "drafts",
                  Type::folder,
                  &Account::drafts,
                  {},
                  any_range,
                  "",
                  R"("Drafts")",
                  N_("The folder for drafts. Not set: the one that the server marks.")},
    AccountOption{"account",
                  "trash",
                  Type::folder,
                  &Account::trash,
                  {},
                  any_range,
                  "",
                  R"("Trash")",
                  N_("The folder for deleted mail. Not set: the one that the server marks.")},
    AccountOption{"account",
                  "junk",
                  Type::folder,
                  &Account::junk,
                  {},
                  any_range,
                  "",
                  R"("Junk")",
                  N_("The folder for spam. Not set: the one that the server marks.")},
    AccountOption{"account",
                  "signature",
                  Type::lines,
                  &Account::signature,
                  {},
                  any_range,
                  "",
                  R"("Ana Ruiz, Example Ltd.")",
                  N_("The text under your messages.")},
    AccountOption{"account",
                  "connections",
                  Type::integer,
                  &Account::connections,
                  std::int64_t{2},
                  {1, 16},
                  "",
                  "",
                  N_("How many connections to the server may be open at once.")},
    AccountOption{"account", "compress", Type::choice, &Account::compress, "auto", any_range, "auto always never", "",
                  N_("Whether to speak compressed with a server that can (COMPRESS=DEFLATE), which makes a slow line faster; auto: unless "
                     "the server is this machine.")},
    AccountOption{"account", "push", Type::boolean, &Account::push, true, any_range, "", "",
                  N_("The server tells at once when mail arrives or changes, while the interface or sync --watch runs. false: it is only "
                     "asked every sync.interval seconds.")},
    AccountOption{"account",
                  "idle-folders",
                  Type::texts,
                  &Account::idle_folders,
                  {},
                  any_range,
                  "",
                  R"(["INBOX", "Lists/*"])",
                  N_("Which folders are watched on a server that can tell of only one folder on a connection (IDLE, without NOTIFY): patterns as "
                     "for folders. Not set: the inbox. The first of them is told of at once, the others are asked about every two "
                     "minutes.")},
    AccountOption{"account", "leave-on-server", Type::boolean, &Account::leave_on_server, true, any_range, "", "",
                  N_("POP3: fetched mail stays on the server. false: it is deleted there once it is safe on the disk and in the index.")},
    AccountOption{"account",
                  "delete-after",
                  Type::integer,
                  &Account::delete_after,
                  std::int64_t{0},
                  {0, 3650},
                  "",
                  "",
                  N_("POP3: days after which a message that was fetched and left on the server is deleted there; 0: never. Only with "
                     "leave-on-server = true.")},
};

inline constexpr std::array settings_options{
    SettingsOption{"mail", "root", Type::path, &Settings::mail_root, "~/Mail", any_range, "", "",
                   N_("Where mail is kept: a Maildir tree for each account, ROOT/ACCOUNT/FOLDER. Where notmuch is set "
                      "up already, its mail root "
                      "is the default, and this directory must be inside of it.")},
    SettingsOption{"ui", "theme", Type::choice, &Settings::ui_theme, "auto", any_range, "auto dark light", "",
                   N_("The built-in theme; auto asks the terminal for its background.")},
    SettingsOption{"ui", "colors", Type::choice, &Settings::ui_colors, "auto", any_range, "auto 16 256 true mono", "",
                   N_("How many colours the terminal can show.")},
    SettingsOption{"ui", "ascii", Type::boolean, &Settings::ui_ascii, false, any_range, "", "",
                   N_("Draw lines and marks with ASCII characters only.")},
    SettingsOption{"ui", "mouse", Type::boolean, &Settings::ui_mouse, true, any_range, "", "",
                   N_("The mouse moves the cursor and scrolls. Hold Shift to select text as the terminal does.")},
    SettingsOption{"ui",
                   "sidebar-width",
                   Type::integer,
                   &Settings::ui_sidebar_width,
                   std::int64_t{22},
                   {10, 60},
                   "",
                   "",
                   N_("Columns of the side bar.")},
    SettingsOption{"ui",
                   "text-width",
                   Type::integer,
                   &Settings::ui_text_width,
                   std::int64_t{88},
                   {20, 400},
                   "",
                   "",
                   N_("The widest line of a mail's text, in columns.")},
    SettingsOption{"ui",
                   "mark-read-after",
                   Type::integer,
                   &Settings::ui_mark_read_after,
                   std::int64_t{1},
                   {-1, 3600},
                   "",
                   "",
                   N_("Seconds that a message is open before it counts as read; -1: only by a command.")},
    SettingsOption{"sync",
                   "interval",
                   Type::integer,
                   &Settings::sync_interval,
                   std::int64_t{300},
                   {0, 86400},
                   "",
                   "",
                   N_("Seconds between two syncs while the interface is open; 0: only on demand. Where the server tells of changes at once "
                      "(push), this is only for what it does not tell.")},
    SettingsOption{
        "sync",
        "delete-limit",
        Type::integer,
        &Settings::sync_delete_limit,
        std::int64_t{50},
        {0, 1000000},
        "",
        "",
        N_("A sync that would delete more messages than this in one folder, and more than a fifth of it, deletes none there until you "
           "say so: valija sync --confirm-deletes.")},
    SettingsOption{"sync",
                   "timeout",
                   Type::integer,
                   &Settings::sync_timeout,
                   std::int64_t{60},
                   {5, 3600},
                   "",
                   "",
                   N_("Seconds without an octet from the server before a connection is given up.")},
};

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
inline constexpr std::array empty_sections{"compose", "hooks"};

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
