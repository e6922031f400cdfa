#include "quotes.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "element.hpp"
#include "valija/base/text.hpp"

namespace valija::html {
namespace {

/// Classes and ids that stand for themselves; Outlook puts "x_" in front of those of others.
constexpr auto marks = std::to_array<std::pair<std::string_view, QuoteMark>>({
    {"gmail_attr", QuoteMark::attribution},
    {"moz-cite-prefix", QuoteMark::attribution},
    {"reply-intro", QuoteMark::attribution},
    {"moz-email-headers-table", QuoteMark::begins},
    {"divrplyfwdmsg", QuoteMark::begins},
    {"appendonsend", QuoteMark::begins},
    {"stopspelling", QuoteMark::begins},
    {"ms-outlook-mobile-reference-message", QuoteMark::begins},
    {"mail-editor-reference-message-container", QuoteMark::history},
    {"olk_src_body_section", QuoteMark::history},
    {"yahoo_quoted", QuoteMark::history},
    {"zmail_extra", QuoteMark::history},
    {"gmx_quote", QuoteMark::history},
    {"gmail_signature", QuoteMark::signature},
    {"moz-signature", QuoteMark::signature},
    {"signature", QuoteMark::signature},
    {"applemailsignature", QuoteMark::signature},
    {"ms-outlook-mobile-signature", QuoteMark::signature},
    {"protonmail_signature_block", QuoteMark::signature},
    {"ymail_android_signature_quote", QuoteMark::history},
});

QuoteMark mark_of(std::string_view name) {
  while (starts_with_ignoring_case(name, "x_")) name.remove_prefix(2);
  for (const auto& [known, mark] : marks) {
    if (equal_ignoring_case(known, name)) return mark;
  }
  return QuoteMark::none;
}

/// The line that Outlook draws above the head of the mail that is answered:
/// style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm".
bool is_outlook_line(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_DIV) return false;
  std::string style = to_lower_ascii(attribute(element, "style"));
  std::erase(style, ' ');
  const auto has = [&](std::string_view part) { return style.find(part) != std::string::npos; };
  return has("border:none") && has("border-top:solid") && has("padding:3.0pt0");
}

}  // namespace

QuoteMark quote_mark(const GumboElement& element) {
  constexpr std::size_t longest = 400;
  if (element.attributes.length == 0) return QuoteMark::none;
  if (const auto mark = mark_of(attribute(element, "id")); mark != QuoteMark::none) return mark;
  std::string_view classes = attribute(element, "class").substr(0, longest);
  while (!(classes = trim(classes)).empty()) {
    const auto end = std::min(classes.find(' '), classes.size());
    if (const auto mark = mark_of(classes.substr(0, end)); mark != QuoteMark::none) return mark;
    classes.remove_prefix(end);
  }
  return is_outlook_line(element) ? QuoteMark::begins : QuoteMark::none;
}

}  // namespace valija::html
