#include <fmt/format.h>

#include "command_table.hpp"
#include "valija/base/roff.hpp"
#include "valija/base/text.hpp"
#include "valija/cli/cli.hpp"

namespace valija::cli {

namespace {

constexpr int help_columns = 80;

/// Words of `text` in lines of the help's width, each behind `indent` blanks.
std::string paragraph(std::string_view text, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  std::string lines, line;
  for (const std::string& word : split(text, ' ')) {
    if (!line.empty() && indent + display_width(line) + 1 + display_width(word) > help_columns) {
      lines += margin + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return lines + margin + line + "\n";
}

std::string option_form(const OptionRow& option) {
  if (!option.value) return option.name;
  return fmt::format("{}{}{}", option.name, std::string_view(option.name).starts_with("--") ? "=" : " ", option.value);
}

/// "  --limit=N" and the doc, beside it where it fits.
std::string option_help(const OptionRow& option) {
  return "  " + option_form(option) + "\n" + paragraph(_(option.doc), 6);
}

struct StatusRow {
  int status;
  const char* doc;
};
constexpr std::array status_rows{
    StatusRow{0, N_("done")},
    StatusRow{64, N_("the command line is wrong")},
    StatusRow{65, N_("a message or file is unusable")},
    StatusRow{69, N_("a server cannot be reached")},
    StatusRow{74, N_("reading or writing the disk failed")},
    StatusRow{75, N_("try again later, or confirm")},
    StatusRow{76, N_("a server broke the protocol, or the encryption failed")},
    StatusRow{77, N_("a server refused the login")},
    StatusRow{78, N_("the settings are wrong")},
};

}  // namespace

std::string help() {
  std::string text = _("valija reads, searches and syncs mail in the terminal.");
  text += "\n\n";
  for (const CommandRow& row : commands) {
    text += fmt::format("  valija {}\n", row.synopsis) + paragraph(_(row.doc), 6);
  }
  text += fmt::format("  {}\n{}", "valija --version", paragraph(_("Prints the version."), 6));
  text += fmt::format("  {}\n{}", "valija COMMAND --help", paragraph(_("Explains a command."), 6));
  text += "\n" + option_help(settings_option);
  return text + "\n" + _("The manual: valija(1), valijarc(5).") + "\n";
}

std::string help(std::string_view command) {
  const CommandRow* row = find_command(command);
  if (!row) return {};
  std::string text = fmt::format("valija {}\n\n", row->synopsis) + paragraph(_(row->doc), 0);
  if (!std::string_view(row->details).empty()) text += paragraph(_(row->details), 0);
  text += "\n";
  for (const OptionRow& option : row->options) text += option_help(option);
  return text + option_help(settings_option) + option_help(help_option);
}

std::string man_page() {
  std::string text = ".TH VALIJA 1 \"\" \"valija\"\n";
  text += roff_section(_("NAME")) + "valija \\- " + roff(_("a mail reader for the terminal")) + "\n";
  text += roff_section(_("SYNOPSIS"));
  for (const CommandRow& row : commands) text += ".PP\n.B valija\n" + roff(row.synopsis) + "\n";
  text += roff_section(_("DESCRIPTION"));
  text += roff(_("valija syncs mail with IMAP servers in both directions and fetches it by POP3, keeps it as Maildir that other programs can read, "
                 "indexes it with notmuch, and shows it in the terminal. Its commands do the same without the interface, also while the interface is open. "
                 "Inside of it the key ? lists all "
                 "keys and commands.")) +
          "\n";
  text += roff_section(_("COMMANDS"));
  for (const CommandRow& row : commands) {
    const std::string details = std::string_view(row.details).empty() ? "" : std::string(" ") + _(row.details);
    text += roff_entry(fmt::format("valija {}", row.synopsis), _(row.doc) + details);
    if (row.options.empty()) continue;
    text += ".RS\n";
    for (const OptionRow& option : row.options) text += roff_entry(option_form(option), _(option.doc));
    text += ".RE\n";
  }
  text += roff_section(_("OPTIONS")) + roff_entry(option_form(settings_option), _(settings_option.doc));
  text += roff_entry("--help", _("Print help; behind a command, help for it.")) +
          roff_entry("--version", _("Print the version."));
  text += roff_section(_("EXIT STATUS"));
  for (const StatusRow& row : status_rows) text += roff_entry(std::to_string(row.status), _(row.doc));
  text += roff_section(_("FILES"));
  text += roff_entry("~/.config/valija/valijarc", _("The settings, see valijarc(5)."));
  text += roff_entry("~/Mail", _("The mail, unless the settings or a notmuch configuration name another place."));
  text += roff_entry("~/.local/state/valija/", _("What valija remembers: sync state, queues, log."));
  text += roff_entry("valija-sync.service", _("A unit of systemd that keeps the mail in step (sync --watch): systemctl --user enable --now valija-sync"));
  text += roff_entry("valija.desktop", _("Makes mailto: links open compose: xdg-mime default valija.desktop x-scheme-handler/mailto"));
  text += roff_section(_("SEE ALSO")) + "valijarc(5), notmuch(1), notmuch\\-search\\-terms(7)\n";
  return text;
}

}  // namespace valija::cli
