#include "valija/config/options.hpp"

#include "print.hpp"
#include "valija/base/text.hpp"

namespace valija::config {

namespace {

template <typename Row>
OptionDoc doc_of(const Row& row, std::string section) {
  OptionDoc doc{section + "." + row.key, fallback_text(row.fallback), {}, _(row.doc)};
  if (row.type == Type::choice) doc.choices = split(row.choices, ' ');
  if (row.type == Type::boolean) doc.choices = {"true", "false"};
  return doc;
}

}  // namespace

std::vector<OptionDoc> option_docs() {
  std::vector<OptionDoc> docs;
  for (const AccountOption& row : account_options) docs.push_back(doc_of(row, "account.NAME"));
  for (const SettingsOption& row : settings_options) docs.push_back(doc_of(row, row.section));
  return docs;
}

}  // namespace valija::config
