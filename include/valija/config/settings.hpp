#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/base/secret.hpp"

namespace valija::config {

/// A server of an account, from a URL such as "imaps://ana@imap.example.org:993".
struct ServerUrl {
  enum class Scheme : std::uint8_t { imaps, imap, imap_plain, pop3s, pop3, pop3_plain, smtps, smtp, smtp_plain };
  Scheme scheme = Scheme::imaps;
  std::string user;  ///< percent-decoded; empty: the account's address
  std::string host;
  std::uint16_t port = 0;  ///< the scheme's own where the URL has none
  friend bool operator==(const ServerUrl&, const ServerUrl&) = default;
};

/// `[account.NAME]`
struct Account {
  std::string name;
  std::string address;
  std::string full_name;
  std::optional<ServerUrl> receive;
  std::optional<ServerUrl> send;
  std::string send_command;  ///< `send = "command:..."`
  std::string password_command;
  Secret password;
  std::string auth = "password";
  std::string tls_ca_file;
  std::vector<std::string> aliases;
  std::vector<std::string> folders;                ///< patterns, `!` excludes; empty: all
  std::string archive, sent, drafts, trash, junk;  ///< empty: from SPECIAL-USE
  std::string signature;
  std::string sent_copy = "auto";                  ///< auto, always, never
  std::int64_t connections = 2;
  std::string compress = "auto";          ///< auto: not on this machine; always, never
  bool push = true;                       ///< NOTIFY or IDLE; false: only passes every sync.interval
  std::vector<std::string> idle_folders;  ///< patterns; empty: the inbox
  bool leave_on_server = true;            ///< POP3
  std::int64_t delete_after = 0;          ///< POP3, days; 0: mail stays on the server
  std::string color, letter;              ///< in lists of several accounts; empty: one of the palette, the first letter of its name
};

/// A saved search of the side bar.
struct View {
  std::string name;
  std::string query;
};

/// A key sequence bound to a command line, in a context ("list", "reader", "global" ...), where it was written.
struct KeyBinding {
  std::string context;
  std::string keys;
  std::string command;
  std::size_t line = 0, column = 0;  ///< of the settings file, from 1; 0: not from a file
};

/// The settings file as values; defaults are those of the schema table.
struct Settings {
  std::string file;  ///< where it was read; empty: no file, all defaults
  std::vector<Account> accounts;

  // [mail]
  std::string mail_root;  ///< absolute
  bool mail_categories = true;

  // [ui]
  std::string ui_theme = "auto";   ///< auto, dark, light
  std::string ui_colors = "auto";  ///< auto, 16, 256, true, mono
  bool ui_ascii = false;
  bool ui_linear = false;
  bool ui_mouse = true;
  bool ui_sidebar = true;
  std::int64_t ui_sidebar_width = 22;
  std::string ui_split = "auto";        ///< auto, below, beside, none
  std::int64_t ui_split_size = 30;      ///< percent of the height that the list keeps, 10 to 90
  std::int64_t ui_split_width = 45;     ///< percent of the width that it keeps beside a thread
  bool ui_preview = false;              ///< the thread of the cursor is shown while the list has the keys
  bool ui_title = true, ui_links = true;
  std::string ui_bidi = "auto";         ///< auto, on, off
  std::int64_t ui_text_width = 88;      ///< widest line of a mail's text
  bool ui_fold_quotes = true;
  std::string ui_open_with = "auto";    ///< the program for attachments and links; auto: by mailcap, else xdg-open
  std::string ui_print_with = "lp";     ///< a command that reads text
  std::string ui_pictures = "auto";     ///< auto, kitty, sixel, blocks, none
  std::string ui_list = "threads";      ///< threads, messages
  std::string ui_columns = "account date people count marks subject tags";
  bool ui_snippets = false, ui_date_headings = true;
  std::int64_t ui_mark_read_after = 1;  ///< seconds that an open message waits before it is read; -1: never

  std::string ui_keys = "vim";          ///< vim, mutt, gmail, alpine

  // [sync]
  std::int64_t sync_interval = 300;  ///< seconds between passes while the interface is open; 0: on demand
  std::int64_t sync_delete_limit = 50;
  std::int64_t sync_timeout = 60;  ///< seconds without an octet before a connection is given up

  // [compose]
  std::string compose_editor;                  ///< a command, "built-in", or empty: $VISUAL, $EDITOR, built-in
  std::string compose_editor_place = "pane";   ///< pane, full
  bool compose_edit_headers = false;
  std::string compose_quote_prefix = "> ";
  std::string compose_attribution = "auto";    ///< "auto": in the person's language
  std::string compose_reply_position = "below";  ///< below, above
  std::int64_t compose_hold = 10;              ///< seconds
  bool compose_flowed = true, compose_markdown = false, compose_delivery_report = false;
  bool compose_check_attachment = true, compose_check_subject = true, compose_check_identity = true, compose_check_typos = true;
  std::int64_t compose_check_recipients = 20;  ///< 0: any number
  std::vector<std::string> compose_own_domains;
  std::string compose_templates, compose_contacts;  ///< absolute; contacts may be empty
  std::map<std::string, std::string> aliases;  ///< [aliases]: name -> addresses

  // [tags]
  std::map<std::string, std::string> tags;  ///< tag -> "flag:..", "keyword:..", "folder:.."

  std::map<std::string, std::string> filters;  ///< [filters]: "text/html" or "image/*", in lower case -> a command

  std::vector<View> views;
  std::vector<KeyBinding> keys;
  std::map<std::string, std::string> theme;  ///< role -> colour description
  std::map<std::string, std::string> hooks;
};

/// One fault of the settings file; `to_text` prints file:line:column, the line itself with a caret, and the help.
struct Fault {
  std::string file;
  std::size_t line = 0, column = 0;  ///< from 1; 0: the whole file
  std::string source_line;
  std::string message;
  std::string help;
};
std::string to_text(const Fault& fault);

/// Where things lie, from the environment and the command line (DESIGN section 2).
struct Places {
  std::string settings_file;    ///< the path that is read, present or not
  bool settings_given = false;  ///< by -c: then it must exist
  std::string state_dir;
  std::string notmuch_config;    ///< empty: none exists
  std::string notmuch_database;  ///< from that configuration; empty: none
  std::string notmuch_mail_root;
  std::string home;
};
Places find_places(const std::string& settings_option);

struct Loaded {
  Settings settings;
  std::vector<Fault> faults;  ///< all of them; not empty: the settings must not be used
  std::vector<Fault> warnings;  ///< what will be missed sooner or later
};
/// Reads the settings file (none: the defaults) and applies what an existing notmuch configuration says.
Loaded load(const Places& places);
/// The same for a text, for tests and the fuzzer.
Loaded parse(const std::string& text, const std::string& file, const Places& places);

/// All faults as one Kind::settings error.
Error to_error(const std::vector<Fault>& faults);

/// The notmuch database directory for these settings: the existing one, else mail_root (which then holds .notmuch).
std::string database_path(const Settings& settings, const Places& places);

/// Runs password-command or hands out `password`; Kind::login if there is none, Kind::cancelled: stop asked.
Result<Secret> password_of(const Account& account, std::stop_token stop = {});

/// A commented settings file made from the schema (`valija config sample`, config/valijarc).
std::string sample();
/// The settings in force as TOML, secrets as "(hidden)" (`valija config show`).
std::string show(const Settings& settings);
/// The man page, roff, made from the schema.
std::string man_page();

}  // namespace valija::config
