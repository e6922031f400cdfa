#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schema.hpp"
#include "source.hpp"
#include "toml.hpp"

namespace valija::config {

/// A value that passed the checks of its option, as its slot holds it.
using CheckedValue =
    std::variant<std::string, std::int64_t, bool, std::vector<std::string>, std::optional<ServerUrl>, Secret>;

/// What an option asks of its value.
struct Demand {
  std::string name;  ///< "ui.mouse", "account.work.receive"
  Type type;
  Range range;
  std::string_view choices;
};

/// Nothing after a fault went to `source`.
std::optional<CheckedValue> check_value(const Demand& demand, const TomlValue& value, const std::string& home,
                                        Source& source);

template <typename Object, typename Slot>
void store(Object& object, const Slot& slot, CheckedValue value) {
  std::visit(
      [&](auto member) {
        using Kept = std::remove_reference_t<decltype(object.*member)>;
        if (auto* checked = std::get_if<Kept>(&value)) object.*member = std::move(*checked);
      },
      slot);
}

}  // namespace valija::config
