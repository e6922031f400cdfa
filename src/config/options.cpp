#include "valija/config/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "print.hpp"
#include "sections.hpp"
#include "values.hpp"
#include "valija/base/text.hpp"

namespace valija::config {

namespace {

bool is_live(const SettingsOption& row);
bool is_live(const AccountOption&) { return false; }

template <typename Row>
OptionDoc doc_of(const Row& row, std::string section) {
  OptionDoc doc{section + "." + row.key, fallback_text(row.fallback), {}, _(row.doc)};
  if (row.type == Type::choice) doc.choices = split(row.choices, ' ');
  if (row.type == Type::boolean) doc.choices = {"true", "false"};
  doc.is_live = is_live(row);
  return doc;
}

/// All that only the interface reads, and not the workers behind it. Its colours are those that the terminal was opened with.
bool is_live(const SettingsOption& row) {
  static constexpr std::array<std::string_view, 2> asked_before_use{"editor-place", "edit-headers"};
  const std::string_view section = row.section, key = row.key;
  if (section == "ui") return key != "colors" && key != "open-with" && key != "print-with";
  return section == "compose" && (key.starts_with("check-") || key == "own-domains" || std::find(asked_before_use.begin(), asked_before_use.end(), key) != asked_before_use.end());
}

std::string accounts_text(const std::vector<Account>& accounts) {
  std::string text;
  for (const Account& account : accounts) text += show_account(account);
  return text;
}

/// A typed value as the file would have it: a text needs no quotes, a list is of words.
TomlValue typed_value(const SettingsOption& row, std::string_view text) {
  TomlValue value;
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  value.text = text;
  switch (row.type) {
    case Type::boolean:
      if (text != "true" && text != "false") break;
      value.kind = TomlValue::Kind::boolean;
      value.boolean = text == "true";
      break;
    case Type::integer: {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value.integer);
      if (error == std::errc() && end == text.data() + text.size()) value.kind = TomlValue::Kind::integer;
      break;
    }
    case Type::texts:
    case Type::addresses:
      value.kind = TomlValue::Kind::list;
      for (const std::string& word : split(text, ' ')) {
        TomlValue item;
        item.kind = TomlValue::Kind::text;
        item.text = word;
        if (!word.empty()) value.items.push_back(std::move(item));
      }
      break;
    default: value.kind = TomlValue::Kind::text;
  }
  return value;
}

/// A live option; the error says why there is none.
Result<const SettingsOption*> find_option(std::string_view name) {
  std::vector<std::string> known;
  for (const SettingsOption& row : settings_options) {
    const std::string own = fmt::format("{}.{}", row.section, row.key);
    if (is_live(row)) known.push_back(own);
    if (own != name) continue;
    if (is_live(row)) return &row;
    return Unexpected({Kind::usage, Blast::message, fmt::format(fmt::runtime(_("{} is read only at the start.")), name), _("Write it into the settings file, and start again.")});
  }
  const std::string near = nearest(name, known);
  return Unexpected({Kind::usage, Blast::message, fmt::format(fmt::runtime(_("There is no setting {}.")), clean(name)),
                     near.empty() ? std::string(_(":set and Tab show them all.")) : fmt::format(fmt::runtime(_("Did you mean `{}`?")), near)});
}

}  // namespace

std::vector<OptionDoc> option_docs() {
  std::vector<OptionDoc> docs;
  for (const AccountOption& row : account_options) docs.push_back(doc_of(row, "account.NAME"));
  for (const SettingsOption& row : settings_options) docs.push_back(doc_of(row, row.section));
  return docs;
}

Result<void> set_option(Settings& settings, std::string_view name, std::string_view value) {
  const auto row = find_option(name);
  if (!row) return Unexpected(row.error());
  Source source(settings.file, {});
  const char* home = std::getenv("HOME");
  const Demand demand{std::string(name), (*row)->type, (*row)->range, (*row)->choices};
  auto checked = check_value(demand, typed_value(**row, trim(value)), home == nullptr ? std::string() : home, source);
  if (!checked) {
    const std::vector<Fault> faults = source.take_faults();
    return Unexpected({Kind::usage, Blast::message, faults.empty() ? std::string() : faults.front().message, faults.empty() ? std::string() : faults.front().help});
  }
  store(settings, (*row)->slot, std::move(*checked));
  return {};
}

Result<std::string> option_value(const Settings& settings, std::string_view name) {
  const auto row = find_option(name);
  if (!row) return Unexpected(row.error());
  std::string value = value_text(settings, **row);
  return value.empty() ? toml_text("") : value;
}

std::vector<std::string> keep_until_next_start(const Settings& now, Settings& next) {
  std::vector<std::string> sections;
  const auto keep = [&sections](auto& kept, const auto& value, bool is_same, std::string section) {
    if (!is_same && std::find(sections.begin(), sections.end(), section) == sections.end()) sections.push_back(std::move(section));
    kept = value;
  };
  std::vector<Account> accounts = now.accounts;
  for (Account& account : accounts) {
    const auto other = std::find_if(next.accounts.begin(), next.accounts.end(), [&](const Account& one) { return one.name == account.name; });
    if (other == next.accounts.end()) continue;
    account.color = other->color;
    account.letter = other->letter;
  }
  keep(next.accounts, accounts, accounts_text(accounts) == accounts_text(next.accounts), "[account]");
  for (const SettingsOption& row : settings_options) {
    if (is_live(row)) continue;
    std::visit([&](auto member) { keep(next.*member, now.*member, next.*member == now.*member, fmt::format("[{}]", row.section)); }, row.slot);
  }
  keep(next.tags, now.tags, next.tags == now.tags, "[tags]");
  keep(next.aliases, now.aliases, next.aliases == now.aliases, "[aliases]");
  keep(next.filters, now.filters, next.filters == now.filters, "[filters]");
  keep(next.hooks, now.hooks, next.hooks == now.hooks, "[hooks]");
  return sections;
}

}  // namespace valija::config
