#include <fmt/format.h>

#include <array>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/presend.hpp"

namespace valija {
namespace {

bool has_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return !is_valid_utf8(text);
}

/// The reader of addresses forgives what is left open or stands behind ">"; what is sent has to be meant so.
bool is_well_formed(std::string_view field) {
  bool is_quoted = false, is_angle = false, is_closed = false;
  int comments = 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const char c = field[i];
    if (c == '\\' && (is_quoted || comments > 0)) {
      ++i;
    } else if (is_quoted || (c == '"' && comments == 0)) {
      is_quoted = (c == '"') != is_quoted;
    } else if (c == '(') {
      ++comments;
    } else if (comments > 0) {
      comments -= c == ')' ? 1 : 0;
    } else if (is_closed && c != ' ' && c != ',' && c != ';') {
      return false;
    } else if (c == '<' || c == '>') {
      if (is_angle == (c == '<')) return false;
      is_angle = c == '<';
      is_closed = c == '>';
    } else if (c == ',' || c == ';') {
      is_closed = false;
    }
  }
  return !is_quoted && !is_angle && comments == 0;
}

struct AddressField {
  const char* name;
  std::string Draft::*member;
};
constexpr auto address_fields = std::to_array<AddressField>({{"From", &Draft::from},
                                                             {"To", &Draft::to},
                                                             {"Cc", &Draft::cc},
                                                             {"Bcc", &Draft::bcc},
                                                             {"Reply-To", &Draft::reply_to},
                                                             {"Mail-Followup-To", &Draft::followup_to}});

}  // namespace

std::vector<std::string> faults_in(std::string_view name, std::string_view value) {
  if (has_control(value) || !is_well_formed(value)) {
    const char* sentence = _("The addresses in {} are not complete or hold characters that cannot be sent: {}.");
    return {fmt::format(fmt::runtime(sentence), name, clean_phrase(value))};
  }
  std::vector<std::string> faults;
  for (const Address& address : parse_addresses(value)) {
    if (is_sendable(address.mailbox)) continue;
    faults.push_back(fmt::format(fmt::runtime(_("{} in {} is no address that mail can be sent to.")), clean_phrase(to_text(address)), name));
  }
  return faults;
}

std::vector<std::string> faults_of(const Draft& draft) {
  std::vector<std::string> faults;
  const auto senders = parse_addresses(draft.from).size();
  if (senders == 0) faults.emplace_back(_("It has no sender: From is empty."));
  if (senders > 1) faults.emplace_back(_("From names more than one sender."));
  if (parse_addresses(draft.to).empty() && parse_addresses(draft.cc).empty() && parse_addresses(draft.bcc).empty()) {
    faults.emplace_back(_("It has no recipient: To, Cc and Bcc are empty."));
  }
  for (const AddressField& field : address_fields) {
    for (std::string& fault : faults_in(field.name, draft.*field.member)) faults.push_back(std::move(fault));
  }
  return faults;
}

}  // namespace valija
