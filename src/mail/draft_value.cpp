#include "draft_value.hpp"

namespace valija {
namespace {

constexpr auto none = std::string_view::npos;
constexpr std::string_view letters = "nrtvfs0\\;";
constexpr std::string_view meanings{"\n\r\t\v\f \0\\;", 9};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

/// Whether a blank at the end of a value would be lost, or the character would end the line.
bool is_fragile(std::string_view value, std::size_t i, bool is_piece) {
  const char c = value[i];
  const bool is_edge = i == 0 || i + 1 == value.size();
  return c == '\n' || c == '\r' || c == '\0' || (is_edge && is_blank(c)) || (is_piece && c == ';');
}

}  // namespace

std::string escape_value(std::string_view value, bool is_piece) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool is_last = i + 1 == value.size();
    const bool misleads = value[i] == '\\' && (is_last ? is_piece : letters.find(value[i + 1]) != none || is_fragile(value, i + 1, is_piece));
    if (misleads) {
      text += "\\\\";
    } else if (is_fragile(value, i, is_piece)) {
      text += '\\';
      text += letters[meanings.find(value[i])];
    } else {
      text += value[i];
    }
  }
  return text;
}

std::string unescape_value(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto letter = text[i] == '\\' && i + 1 < text.size() ? letters.find(text[i + 1]) : none;
    value += letter == none ? text[i] : meanings[letter];
    if (letter != none) ++i;
  }
  return value;
}

std::vector<std::string_view> split_escaped(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == ';') {
      pieces.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  pieces.push_back(text.substr(start));
  return pieces;
}

std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == none ? path : path.substr(slash + 1);
}

}  // namespace valija
