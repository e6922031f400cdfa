#include "guess_charset.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "charset.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;
constexpr std::size_t looked_at = 32 * 1024;

bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool contains(std::u32string_view letters, char32_t c) { return letters.find(c) != std::u32string_view::npos; }

/// Valid UTF-8 to code points.
std::u32string code_points(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (const char octet : text) {
    const auto byte = static_cast<unsigned char>(octet);
    if ((byte & 0xc0) == 0x80) {
      if (!points.empty()) points.back() = points.back() << 6 | (byte & 0x3f);
    } else {
      points += byte < 0x80 ? byte : byte < 0xe0 ? byte & 0x1f : byte < 0xf0 ? byte & 0x0f : byte & 0x07;
    }
  }
  return points;
}

/// What one character says for a set; `before` is the one in front of it.
using Score = double (*)(char32_t before, char32_t c);

double score_cyrillic(char32_t before, char32_t c) {
  const auto is_small = [](char32_t letter) { return (letter >= U'а' && letter <= U'я') || letter == U'ё'; };
  if (is_ascii_letter(before)) return -3;
  if (is_small(c)) return contains(U"оеаинтсрвлкмдпу", c) ? 3 : 1.5;
  if (c >= U'А' && c <= U'Я') return is_small(before) ? -3 : 1;
  return contains(U"«»“”„–—№…Ё\u00a0", c) ? 0 : -3;
}

double score_western(char32_t before, char32_t c) {
  if (contains(U"¹³º¿þÿÐ¼¾", c) && is_ascii_letter(before)) return -3;
  if (before >= 0xc0 && c >= 0xc0 && c < 0x100) return -1;  // words of these languages are mostly ASCII
  if (contains(U"éäöüåàßñ¿¡", c)) return 3;
  if (contains(U"èçáíóøæÉÄÖÜÅ", c)) return 2.5;
  if (contains(U"êãòúâôîïëõ’“”–—…€«»°´\u00a0", c)) return 2;
  return contains(U"ùìûœÀÈÊÑÇÁÍÓÚØÆš", c) ? 1 : 0;
}

double score_central(char32_t before, char32_t c) {
  if (before == c) return -1;
  if (contains(U"ąęłśżćńčěřšžůőű", c)) return 3;
  if (contains(U"éáíóúýöüäŁŚŻČŘŠŽ", c)) return 2;
  return contains(U"źťďňăşţâîÉÁ’“”„–—…\u00a0", c) ? 1.5 : 0;
}

bool is_kana(char32_t c) { return c >= 0x3040 && c <= 0x30ff; }
bool is_ideograph(char32_t c) { return c >= 0x4e00 && c <= 0x9fff; }
bool is_wide_mark(char32_t c) { return (c >= 0x3000 && c <= 0x303f) || (c >= 0xff01 && c <= 0xff5e); }

double score_japanese(char32_t before, char32_t c) {
  if (is_ascii_letter(before) && !is_wide_mark(c)) return -1;
  if (is_kana(c)) return 3;
  return is_ideograph(c) || is_wide_mark(c) ? 1 : -2;
}

double score_korean(char32_t, char32_t c) {
  constexpr std::u32string_view frequent = U"이다는의에가을고를하지은로기사한시도있어자서니라대인그리나수해일아정전과스만구보제안녕세요습";
  if (contains(frequent, c)) return 4;
  if (c >= 0xac00 && c <= 0xd7a3) return 1;
  return is_wide_mark(c) ? 0.5 : -1;
}

double score_chinese(char32_t before, char32_t c) {
  constexpr std::u32string_view frequent =
      U"的一是不了在人有我他中大上到子和你地出道也年得就那要下以生自之可好用行方分今天日月本成公司"
      U"这来国个说们为时会着过家学对发经现开关长问题请电"
      U"這來國個說們為時會著過家學對發經現開關長問題請電";
  if (is_ascii_letter(before)) return -1;
  if (contains(frequent, c)) return 4;
  return is_ideograph(c) ? 0.7 : is_wide_mark(c) ? 1 : -2;
}

struct Candidate {
  const char* charset;
  Score score;
  bool is_multi_byte;
};

constexpr auto candidates = std::to_array<Candidate>({{"windows-1252", score_western, false},
                                                      {"koi8-r", score_cyrillic, false},
                                                      {"windows-1251", score_cyrillic, false},
                                                      {"windows-1250", score_central, false},
                                                      {"euc-jp", score_japanese, true},
                                                      {"shift_jis", score_japanese, true},
                                                      {"euc-kr", score_korean, true},
                                                      {"gb18030", score_chinese, true},
                                                      {"big5", score_chinese, true}});

/// How well what a set makes of the octets looks like text, per character that is not ASCII.
double score_of(const Candidate& candidate, std::string_view bytes) {
  constexpr double impossible = -100;
  constexpr std::ptrdiff_t fewest_wide = 3;
  const std::u32string text = code_points(to_utf8(bytes, candidate.charset));
  const auto unknown = std::count(text.begin(), text.end() - (text.empty() ? 0 : 1), U'\ufffd');
  const auto foreign = std::count_if(text.begin(), text.end(), [](char32_t c) { return c >= 0x80; });
  if (foreign == 0 || unknown * 50 > foreign || (candidate.is_multi_byte && foreign < fewest_wide)) return impossible;
  double sum = 0;
  char32_t before = ' ';
  for (const char32_t c : text) {
    if (c >= 0x80) sum += candidate.score(before, c);
    before = c;
  }
  return sum / static_cast<double>(foreign);
}

std::string by_frequency(std::string_view bytes) {
  constexpr double margin = 0.3;  // by which another set must be better than the commonest
  const Candidate* best = candidates.begin();
  double highest = score_of(*best, bytes) + margin;
  for (const Candidate& candidate : candidates) {
    const double score = score_of(candidate, bytes);
    if (score <= highest) continue;
    best = &candidate;
    highest = score;
  }
  return highest > 0 ? best->charset : candidates.front().charset;
}

/// ISO 2022 announces its sets: ESC $ ) C Korean, ESC $ ) A or G Chinese, else Japanese (RFC 1468, 1557, 1922).
std::string by_escape(std::string_view bytes) {
  const auto escape = bytes.find("\x1b$");
  if (escape == none) return {};
  const auto announced = bytes.substr(escape + 2, 2);
  if (announced == ")C") return "iso-2022-kr";
  return announced == ")A" || announced == ")G" ? "iso-2022-cn" : "iso-2022-jp-2";
}

}  // namespace

bool is_mostly_utf8(std::string_view bytes) {
  std::size_t good = 0, bad = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const bool is_good = is_valid_utf8(bytes.substr(i, size)) && i + size <= bytes.size();
    if (lead >= 0x80) ++(is_good ? good : bad);
    i += is_good ? size : 1;
  }
  return good > 0 && good >= 3 * bad;
}

std::string guess_charset(std::string_view bytes) {
  bytes = bytes.substr(0, looked_at);
  if (std::string charset = by_escape(bytes); !charset.empty()) return charset;
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) return "utf-16";
  return by_frequency(bytes);
}

}  // namespace valija::mime
