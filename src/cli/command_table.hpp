#pragma once

#include <array>
#include <span>
#include <string_view>

#include "valija/base/words.hpp"

namespace valija::cli {

/// An option of a command. The form of the value is the check: "a|b" one of them, "N" a number, else any text.
struct OptionRow {
  const char* name;   ///< "--format"
  const char* value;  ///< nullptr: a switch
  const char* doc;
};

/// One row per command: parsing, help and manual come from here. The first row is the program without a command.
struct CommandRow {
  const char* name;
  const char* synopsis;  ///< behind "valija "
  const char* doc;       ///< one sentence
  const char* details;   ///< more sentences, or ""
  std::span<const OptionRow> options;
};

inline constexpr OptionRow settings_option{"-c", "FILE", N_("Read the settings from FILE.")};
inline constexpr OptionRow help_option{"--help", nullptr, N_("Print this help.")};

inline constexpr std::array sync_options{
    OptionRow{"--dry-run", nullptr, N_("Only say what would be done.")},
    OptionRow{"--watch", nullptr, N_("Go on until it is stopped: sync when the server tells of a change, and every sync.interval seconds.")},
    OptionRow{"--json", nullptr, N_("Print one JSON object a line.")},
    OptionRow{"--no-index", nullptr, N_("Fetch and store only; the index catches up at the next run.")},
    OptionRow{"--confirm-deletes", nullptr, N_("Also delete what was held back because it was more than sync.delete-limit allows.")},
    OptionRow{"--account", "NAME", N_("Sync only this account; may be given several times.")},
};
inline constexpr std::array search_options{
    OptionRow{"--format", "text|json", N_("How to print; json is the format of notmuch. Default: text.")},
    OptionRow{"--output", "threads|messages|files|tags", N_("What to print. Default: threads.")},
    OptionRow{"--limit", "N", N_("Print at most N results.")},
    OptionRow{"--sort", "newest|oldest", N_("Which come first. Default: newest.")},
};
inline constexpr std::array count_options{
    OptionRow{"--output", "messages|threads", N_("What to count. Default: messages.")},
};
inline constexpr std::array show_options{
    OptionRow{"--format", "text|json|raw", N_("How to print; raw gives the octets of the file. Default: text.")},
    OptionRow{"--part", "N", N_("Print the decoded part N of the message, for example 2 or 1.2; 2:1 is a file within it (winmail.dat, uuencode), 1.1#3 a picture within HTML.")},
    OptionRow{"--headers", "chosen|all", N_("Which headers to print. Default: chosen.")},
    OptionRow{"--charset", "NAME", N_("Read the texts in this character set instead of the one that the message says.")},
    OptionRow{"--alternative", "N", N_("Show part N, one of several alternatives, instead of the one that valija chooses.")},
    OptionRow{"--columns", "N", N_("Widest line, at least 20. Default: the terminal's width, at most ui.text-width.")},
};

inline constexpr std::array compose_options{
    OptionRow{"--attach", "FILE", N_("Attach FILE; may be given several times.")},
};
inline constexpr std::array send_options{
    OptionRow{"-t", nullptr, N_("Take the recipients from To, Cc and Bcc of the message; Bcc is not sent.")},
    OptionRow{"-f", "ADDRESS", N_("The sender for the server, and so the account. Default: the address of From.")},
    OptionRow{"-F", "NAME", N_("The sender's name, where the message has no From with one.")},
    OptionRow{"-N", "WHEN", N_("never, or when to report the delivery: success,failure,delay.")},
};
inline constexpr std::array outbox_options{
    OptionRow{"--json", nullptr, N_("Print one JSON object a line.")},
};
inline constexpr std::array undo_options{
    OptionRow{"--list", nullptr, N_("Only print what can be taken back, the newest first.")},
    OptionRow{"--redo", nullptr, N_("Do again what was taken back last.")},
    OptionRow{"--limit", "N", N_("Print at most N entries. Default: 50.")},
};
inline constexpr std::array log_options{
    OptionRow{"--format", "text|json", N_("How to print. Default: text.")},
    OptionRow{"--limit", "N", N_("Print at most N entries. Default: 50, and with a search all.")},
};

inline constexpr std::array commands{
    CommandRow{"",
               "[-c FILE] [QUERY]",
               N_("Opens the mail in the terminal, at a saved search or at what a search finds."),
               N_("Without a settings file the mail of an existing notmuch database is shown."),
               {}},
    CommandRow{"demo", "demo", N_("Opens a sample mailbox in a temporary folder: no account, no network."), "", {}},
    CommandRow{"sync", "sync [--dry-run] [--watch] [--json] [--no-index] [--confirm-deletes] [--account NAME]... [FOLDER]...",
               N_("Makes the mail here and on the server the same, in both directions, and brings the index up to date."),
               N_("Without a FOLDER all folders are synced that the settings name. Deleted mail rests in a local trash for 30 days. A deletion of more "
                  "messages than sync.delete-limit allows is held back, and the exit status is 75."),
               sync_options},
    CommandRow{
        "search",
        "search [--format=text|json] [--output=threads|messages|files|tags] [--limit=N] [--sort=newest|oldest] QUERY",
        N_("Prints what a search finds."),
        N_("The search is written as for notmuch, see notmuch-search-terms(7); * finds everything."), search_options},
    CommandRow{"count", "count [--output=messages|threads] QUERY",
               N_("Prints how many messages or threads a search finds."), "", count_options},
    CommandRow{"show", "show [OPTION]... QUERY", N_("Prints messages."),
               N_("QUERY may also be the path of a message file below the mail root, indexed or not. raw and --part "
                  "need a search that finds one message."),
               show_options},
    CommandRow{
        "tag", "tag +TAG|-TAG ... -- QUERY", N_("Adds and removes tags of all messages that a search finds."), "", {}},
    CommandRow{"move", "move FOLDER -- QUERY", N_("Moves all messages that a search finds to a folder of their account."),
               N_("The next sync moves them on the server. FOLDER is written as Lists/debian."), {}},
    CommandRow{"undo", "undo [--list [--limit=N]] [--redo]", N_("Takes back the newest change of tags or place, made here or in the terminal."),
               N_("Each further undo takes back the one before. What the server was told already, the next sync tells it the other way."),
               undo_options},
    CommandRow{"compose", "compose [--attach FILE]... [mailto:URL]", N_("Opens the mail in the terminal with a new message to write."),
               N_("The URL may name recipients, a subject and a text (RFC 6068); files are attached only by --attach."),
               compose_options},
    CommandRow{"send", "send [-f ADDRESS] [-t] [RECIPIENT]...", N_("Sends the message on standard input, as sendmail does."),
               N_("It is in the outbox, on disk, before anything is sent; without a line to the server it waits there, and the exit status is 0. A message that the "
                  "server refuses stays in the outbox, and the exit status is 69. The other options of sendmail (-i, -oi, -oem, -bm and so on) are taken and change "
                  "nothing: a line with a dot alone ends the message only on a terminal."),
               send_options},
    CommandRow{"outbox", "outbox [list|flush|cancel ID|send ID] [--json]", N_("Prints the mail on its way out, sends it now, takes it back, or tries again what is held."),
               N_("A mail may have been sent when the line was cut before the server answered: it is held, and never sent again by itself. send asks the Sent folder "
                  "first; what is there is done. What a person wrote is a draft again when it is taken back; of a program's mail nothing is left."),
               outbox_options},
    CommandRow{"log", "log [--format=text|json] [--limit=N] [QUERY]", N_("Prints what sync did to messages, when and why, the newest first."),
               N_("With a search only for the messages that it finds."), log_options},
    CommandRow{"doctor",
               "doctor [ACCOUNT]",
               N_("Checks settings, network, login, folders, mail and index, and says what to do."),
               N_("Each line begins with ok, warn or bad. The exit status is 0 if nothing is bad."),
               {}},
    CommandRow{"config",
               "config check|show|sample",
               N_("Checks the settings, prints those in force, or prints a commented sample."),
               "",
               {}},
};

static_assert(
    [] {
      for (std::size_t i = 0; i < commands.size(); ++i) {
        if (std::string_view(commands[i].doc).empty()) return false;
        for (std::size_t j = 0; j < i; ++j) {
          if (std::string_view(commands[i].name) == commands[j].name) return false;
        }
      }
      return true;
    }(),
    "names unique, docs not empty");

/// nullptr: no such command.
constexpr const CommandRow* find_command(std::string_view name) {
  for (const CommandRow& row : commands) {
    if (!name.empty() && name == row.name) return &row;
  }
  return nullptr;
}

}  // namespace valija::cli
