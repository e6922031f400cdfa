#include "charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "guess_charset.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

struct CloseConverter {
  void operator()(iconv_t converter) const { iconv_close(converter); }
};
using Converter = std::unique_ptr<std::remove_pointer_t<iconv_t>, CloseConverter>;

/// iconv_open says -1 for "none", not null.
Converter open_converter(const std::string& from) {
  const iconv_t opened = iconv_open("UTF-8", from.c_str());
  return Converter(reinterpret_cast<std::intptr_t>(opened) == -1 ? nullptr : opened);
}

/// Labels that lie or that glibc does not know, in lower case. A superset is safe to read the smaller set with; what
/// calls itself Latin-1 is windows-1252 in practice (WHATWG Encoding says the same).
constexpr auto aliases = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"ansi", "WINDOWS-1252"},
    {"ansi_x3.4-1968", "WINDOWS-1252"},
    {"ascii", "WINDOWS-1252"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"cp1252", "WINDOWS-1252"},
    {"euc-kr", "CP949"},
    {"gb2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"gbk", "GB18030"},
    {"iso-8859-1", "WINDOWS-1252"},
    {"iso-8859-11", "TIS-620"},
    {"iso-8859-6-i", "ISO-8859-6"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-8-e", "ISO-8859-8"},
    {"iso-8859-9", "WINDOWS-1254"},
    {"iso8859-1", "WINDOWS-1252"},
    {"iso_8859-1", "WINDOWS-1252"},
    {"ks_c_5601-1987", "CP949"},
    {"ks_c_5601-1989", "CP949"},
    {"ksc5601", "CP949"},
    {"latin1", "WINDOWS-1252"},
    {"macintosh", "MACINTOSH"},
    {"ms_kanji", "CP932"},
    {"shift-jis", "CP932"},
    {"shift_jis", "CP932"},
    {"sjis", "CP932"},
    {"unicode-1-1-utf-7", "UTF-7"},
    {"us-ascii", "WINDOWS-1252"},
    {"windows-31j", "CP932"},
    {"windows-874", "CP874"},
    {"windows-949", "CP949"},
    {"x-euc-jp", "EUC-JP"},
    {"x-gbk", "GB18030"},
    {"x-mac-cyrillic", "MAC-CYRILLIC"},
    {"x-mac-roman", "MACINTOSH"},
    {"x-sjis", "CP932"},
    {"x-windows-949", "CP949"},
});

constexpr auto common_charsets = std::to_array<const char*>(
    {"UTF-7",        "UTF-16",       "UTF-16LE",     "UTF-16BE",     "UTF-32",       "ISO-8859-1",   "ISO-8859-2",
     "ISO-8859-3",   "ISO-8859-4",   "ISO-8859-5",   "ISO-8859-6",   "ISO-8859-7",   "ISO-8859-8",   "ISO-8859-9",
     "ISO-8859-10",  "ISO-8859-13",  "ISO-8859-14",  "ISO-8859-15",  "ISO-8859-16",  "WINDOWS-1250", "WINDOWS-1251",
     "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258",
     "KOI8-R",       "KOI8-U",       "CP437",        "CP850",        "CP852",        "CP866",        "CP874",
     "TIS-620",      "MACINTOSH",    "MAC-CYRILLIC", "CP932",        "SHIFT_JIS",    "EUC-JP",       "ISO-2022-JP",
     "ISO-2022-KR",  "ISO-2022-CN",  "EUC-KR",       "CP949",        "GB2312",       "GBK",          "GB18030",
     "HZ",           "BIG5",         "BIG5-HKSCS",   "EUC-TW",       "TCVN",         "VISCII",       "ARMSCII-8",
     "GEORGIAN-PS",  "PT154",        "IBM855",       "IBM862",       "IBM864",       "ISO-2022-JP-2"});

bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ':' || c == '+';
}

bool is_guess_label(std::string_view label) {
  constexpr auto words =
      std::to_array<std::string_view>({"unknown-8bit", "x-unknown", "unknown", "8bit", "default", "none", "binary",
                                       "x-user-defined", "_autodetect", "utf-8", "utf8", "internal"});
  return std::find(words.begin(), words.end(), label) != words.end();
}

/// The name for iconv, empty if the bytes must be guessed. A label never holds a path or an option of iconv ("/").
std::string converter_name(std::string_view label) {
  std::string name = to_lower_ascii(trim(label));
  if (name.size() > 1 && (name.front() == '"' || name.front() == '\'')) name = name.substr(1, name.size() - 2);
  if (const auto language = name.find('*'); language != std::string::npos) name.resize(language);  // RFC 2231 §5
  if (name.empty() || name.size() > 40 || is_guess_label(name)) return {};
  if (!std::all_of(name.begin(), name.end(), is_label_character)) return {};
  const auto alias = std::find_if(aliases.begin(), aliases.end(), [&](const auto& pair) { return pair.first == name; });
  if (alias != aliases.end()) return std::string(alias->second);
  if (name.starts_with("cp-")) return "CP" + name.substr(3);
  return name;
}

constexpr std::string_view replacement = "\xef\xbf\xbd";

/// Of some sets iconv writes numbers beyond Unicode as they are.
std::string within_unicode(std::string text) {
  if (is_valid_utf8(text)) return text;
  std::string valid;
  for (std::string_view rest = text; !rest.empty();) {
    const auto next = std::find_if(rest.begin() + 1, rest.end(), [](char c) { return (c & 0xc0) != 0x80; });
    const auto character = rest.substr(0, static_cast<std::size_t>(next - rest.begin()));
    valid += is_valid_utf8(character) ? character : replacement;
    rest.remove_prefix(character.size());
  }
  return valid;
}

/// Always ends: every round takes input, gives output, or skips one byte.
std::string convert(iconv_t converter, std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 2);
  std::array<char, 8192> piece;
  char* in = const_cast<char*>(bytes.data());  // iconv(3) does not write there
  std::size_t left = bytes.size();
  while (left > 0) {
    char* out = piece.data();
    std::size_t room = piece.size();
    const std::size_t before = left;
    const std::size_t result = iconv(converter, &in, &left, &out, &room);
    const int error = errno;
    text.append(piece.data(), piece.size() - room);
    if (result != static_cast<std::size_t>(-1)) continue;
    const bool is_stuck = left == before && room == piece.size();
    if (error == E2BIG && !is_stuck) continue;
    text += replacement;
    if (error == EINVAL || left == 0) break;
    ++in;
    --left;
    if (error != EILSEQ) iconv(converter, nullptr, nullptr, nullptr, nullptr);
  }
  char* out = piece.data();
  std::size_t room = piece.size();
  iconv(converter, nullptr, nullptr, &out, &room);
  text.append(piece.data(), piece.size() - room);
  return within_unicode(std::move(text));
}

/// Sets whose octets are all ASCII, or that are no superset of it: being valid UTF-8 says nothing.
bool is_seven_bit(std::string_view name) {
  const std::string lower = to_lower_ascii(name);
  return lower.starts_with("iso-2022-") || lower == "utf-7" || lower == "hz" || lower.starts_with("utf-16") ||
         lower.starts_with("utf-32");
}

bool is_ascii_label(std::string_view label) {
  return label == "us-ascii" || label == "ascii" || label.starts_with("ansi_x3.4");
}

/// More than a tenth of what is not ASCII could not be read.
bool is_mostly_unknown(std::string_view text) {
  std::size_t unknown = 0;
  for (auto at = text.find(replacement); at != std::string_view::npos;
       at = text.find(replacement, at + replacement.size()))
    ++unknown;
  const auto foreign = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) == 0xc0; });
  return unknown * 10 > static_cast<std::size_t>(foreign);
}

}  // namespace

std::string guess_utf8(std::string_view bytes) {
  if (is_valid_utf8(bytes)) return std::string(bytes);
  if (is_mostly_utf8(bytes)) return convert(open_converter("UTF-8").get(), bytes);
  const Converter converter = open_converter("WINDOWS-1252");
  return converter ? convert(converter.get(), bytes) : std::string(bytes);
}

std::string to_utf8(std::string_view bytes, std::string_view label) {
  const std::string name = converter_name(label);
  if (name.empty() || name == "WINDOWS-1252") return guess_utf8(bytes);
  const Converter converter = open_converter(name);
  return converter ? convert(converter.get(), bytes) : guess_utf8(bytes);
}

bool knows_charset(std::string_view name) {
  const std::string converter = converter_name(name);
  const std::string lower = to_lower_ascii(trim(name));
  return converter.empty() ? lower == "utf-8" || lower == "utf8" : open_converter(converter) != nullptr;
}

std::string decode_as(std::string_view bytes, std::string_view charset) {
  const std::string name = converter_name(charset);
  const Converter converter = open_converter(name.empty() ? "UTF-8" : name);
  return converter ? convert(converter.get(), bytes) : guess_utf8(bytes);
}

ReadText read_text(std::string_view bytes, std::string_view label) {
  const std::string name = converter_name(label);
  const std::string said = name.empty() ? std::string() : to_lower_ascii(trim(label));
  const bool is_ascii = std::none_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0; });
  const bool has_escapes = is_ascii && name.empty() && bytes.find("\x1b$") != std::string_view::npos;
  if (is_ascii && !has_escapes) return {to_utf8(bytes, label), said.empty() ? "us-ascii" : said};
  if (!is_seven_bit(name) && !has_escapes && is_valid_utf8(bytes)) return {std::string(bytes), "utf-8"};
  if (!name.empty() && !is_ascii_label(said)) {
    std::string text = to_utf8(bytes, label);
    if (!is_mostly_unknown(text)) return {std::move(text), said};
  }
  if (is_mostly_utf8(bytes)) return {guess_utf8(bytes), "utf-8"};
  const std::string guess = guess_charset(bytes);
  return {to_utf8(bytes, guess), guess, true};
}

void open_charsets() {
  static const std::vector<Converter> open_for_life = [] {
    std::vector<Converter> converters;
    converters.reserve(common_charsets.size());
    for (const char* name : common_charsets) converters.push_back(open_converter(name));
    return converters;
  }();
}

}  // namespace valija::mime
