#include "attribution.hpp"

#include <algorithm>
#include <array>

#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t longest_attribution = 400;

constexpr auto verbs = std::to_array<std::string_view>(
    {"wrote", "writes", "said", "escribió", "escribio", "schrieb", "a écrit", "a ecrit", "ha scritto", "escreveu",
     "schreef", "skrev", "napisał", "пишет", "написал", "написала", "kirjoitti", "写道", "のメール"});

constexpr auto beginnings = std::to_array<std::string_view>({"On ", "El ", "Am ", "Le ", "Il ", "Em ", "Op ", "Den ", "Dne ", "W dniu ", "Quoting "});

bool contains_any(std::string_view line, const auto& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return line.find(word) != std::string_view::npos; });
}

}  // namespace

bool is_attribution(std::string_view line) {
  line = trim(line);
  if (line.size() > longest_attribution || line.size() < 6) return false;
  const bool ends_as_one = line.ends_with(':') || line.ends_with("：");
  return ends_as_one && contains_any(line, verbs);
}

bool begins_attribution(std::string_view line) {
  if (line.size() > longest_attribution) return false;
  const bool begins = std::any_of(beginnings.begin(), beginnings.end(),
                                  [&](std::string_view beginning) { return line.starts_with(beginning); });
  return begins && std::any_of(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_forward_mark(std::string_view line) {
  constexpr auto words = std::to_array<std::string_view>(
      {"Original Message", "Original message", "Forwarded message", "Mensaje original", "Mensaje reenviado",
       "Ursprüngliche Nachricht", "Message d'origine", "Message original"});
  line = trim(line);
  return line.size() < 100 && line.starts_with("--") && line.ends_with("--") && contains_any(line, words);
}

}  // namespace valija::mime
