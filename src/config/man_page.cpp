#include <fmt/format.h>

#include "print.hpp"
#include "valija/base/roff.hpp"
#include "valija/base/text.hpp"
#include "valija/config/keymap.hpp"
#include "valija/config/theme.hpp"

namespace valija::config {

namespace {

template <typename Row>
std::string option_entry(const Row& row) {
  std::string text = roff_entry(row.key, _(row.doc));
  const std::string fallback = fallback_text(row.fallback);
  text += fmt::format(".br\n{}",
                      roff(fmt::format(fmt::runtime(_("Value: {}.")), value_form(row.type, row.range, row.choices))));
  if (!fallback.empty()) text += " " + roff(fmt::format(fmt::runtime(_("Default: {}.")), fallback));
  return text + "\n";
}

std::string example() {
  return ".PP\n.nf\n.RS\n" + roff("[account.work]") + "\n" + roff("address = \"ana@example.org\"") + "\n" +
         roff("name = \"Ana Ruiz\"") + "\n" + roff("receive = \"imaps://ana@imap.example.org\"") + "\n" +
         roff("send = \"smtps://ana@smtp.example.org\"") + "\n" + roff("password-command = \"pass show mail/work\"") +
         "\n.RE\n.fi\n";
}

std::string free_section_text(const FreeSection& row) {
  std::string text = roff_section(fmt::format("[{}]", row.name));
  text += roff_paragraph(_(row.doc));
  text += roff_paragraph(fmt::format(fmt::runtime(_("Each line: {} = {}. Example:")), _(row.key_form), _(row.value_form)));
  text += fmt::format(".PP\n.nf\n.RS\n{}\n.RE\n.fi\n", roff(row.example));
  if (std::string_view(row.name) == "theme") {
    for (const RoleRow& role : role_rows()) text += roff_entry(role.name, _(role.doc));
  }
  if (std::string_view(row.name) == "keys.CONTEXT") {
    for (const KeyContext& context : key_contexts) text += roff_entry(context.name, _(context.doc));
  }
  return text;
}

}  // namespace

std::string man_page() {
  std::string text = ".TH VALIJARC 5 \"\" \"valija\"\n";
  text += roff_section(_("NAME")) + roff("valijarc") + " \\- " + roff(_("the settings of valija")) + "\n";
  text += roff_section(_("DESCRIPTION"));
  text +=
      roff_paragraph(_("valija(1) reads its settings from $XDG_CONFIG_HOME/valija/valijarc (~/.config/valija/valijarc), or "
                  "from the file that -c names. "
                  "The syntax is TOML: sections in brackets, then lines of the form key = value. Without the file, or "
                  "without a key, the defaults hold. "
                  "Unknown sections and keys are faults; valija config check lists all of them."));
  text += roff_paragraph(_("A complete file for one account:"));
  text += example();
  text += roff_section("[account.NAME]");
  text +=
      roff_paragraph(_("One section for each account. NAME is yours to choose: letters, digits and . _ @ + -, no dot first. "
                  "It names the directory of the "
                  "account below the mail root."));
  for (const AccountOption& row : account_options) text += option_entry(row);
  std::string_view current;
  for (const SettingsOption& row : settings_options) {
    if (current != row.section) text += roff_section(fmt::format("[{}]", current = row.section));
    text += option_entry(row);
  }
  for (const FreeSection& row : free_sections) text += free_section_text(row);
  text += roff_section(_("FILES"));
  text += roff_entry("~/.config/valija/valijarc", _("The settings."));
  text += roff_entry("~/.local/state/valija/", _("What valija remembers: sync state, queues, log."));
  text += roff_section(_("SEE ALSO")) + "valija(1), notmuch\\-search\\-terms(7)\n";
  return text;
}

}  // namespace valija::config
