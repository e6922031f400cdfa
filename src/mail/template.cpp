#include "valija/mail/template.hpp"

#include <algorithm>

namespace valija {
namespace {

constexpr std::string_view text_mark = "{text}";

void take_over(std::string& field, std::string& given) {
  if (!given.empty()) field = std::move(given);
}

}  // namespace

std::string fill_in(std::string_view text, const Placeholders& placeholders) {
  std::string filled;
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    filled += text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const auto close = text.find('}');
    const auto name = close == std::string_view::npos ? std::string_view() : text.substr(1, close - 1);
    const auto found = std::find_if(placeholders.begin(), placeholders.end(), [&](const auto& known) { return known.first == name; });
    if (found == placeholders.end()) {
      filled += '{';
      text.remove_prefix(1);
    } else {
      filled += found->second;
      text.remove_prefix(close + 1);
    }
  }
  return filled;
}

Result<Draft> with_template(Draft draft, std::string_view text, const Placeholders& placeholders) {
  auto given = with_edited_text({}, text);  // the fields first: what a placeholder holds can be no field
  if (!given) return given;
  for (const auto member : {&Draft::from, &Draft::to, &Draft::cc, &Draft::bcc, &Draft::reply_to, &Draft::subject}) {
    (*given).*member = fill_in((*given).*member, placeholders);
    take_over(draft.*member, (*given).*member);
  }
  std::move(given->attachments.begin(), given->attachments.end(), std::back_inserter(draft.attachments));
  const auto mark = given->body.find(text_mark);
  if (mark == std::string::npos) {
    draft.body.insert(0, fill_in(given->body, placeholders));
  } else {
    const std::string_view body = given->body;
    draft.body = fill_in(body.substr(0, mark), placeholders) + draft.body + fill_in(body.substr(mark + text_mark.size()), placeholders);
  }
  return draft;
}

}  // namespace valija
