#include "attribution.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr auto none = std::string_view::npos;

constexpr auto verbs = std::to_array<std::string_view>(
    {"wrote", "writes", "said", "escribió", "escribio", "escribiu", "va escriure", "schrieb", "a écrit", "a ecrit", "ha scritto", "escreveu", "schreef", "skrev", "napisał",
     "pisze", "napsal", "пишет", "пише", "написал", "написав", "kirjoitti", "írta", "yazdı", "a scris", "έγραψε", "idatzi du", "đã viết", "menulis", "כתב", "كتب", "写道", "寫道",
     "のメール", "님이 작성"});

constexpr auto beginnings = std::to_array<std::string_view>({"On ", "El ", "Am ", "Le ", "Il ", "Em ", "Op ", "Den ", "Dne ", "W dniu ", "Quoting ", "--- On "});

constexpr auto original_marks = std::to_array<std::string_view>(
    {"original message", "original appointment", "mensaje original", "missatge original", "mensagem original", "jatorrizko mezua", "ursprüngliche nachricht",
     "originalnachricht", "message d'origine", "message d’origine", "message original", "mail original", "messaggio originale", "oorspronkelijk bericht", "origineel bericht",
     "ursprungligt meddelande", "oprindelig meddelelse", "opprinnelig melding", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "исходное сообщение",
     "Исходное сообщение", "Оригинальное сообщение", "původní zpráva", "eredeti üzenet", "orijinal mesaj", "özgün ileti", "mesajul original", "αρχικό μήνυμα", "Αρχικό μήνυμα",
     "元のメッセージ", "原始邮件", "邮件原件", "原始郵件", "원본 메시지"});

constexpr auto forwarded_marks = std::to_array<std::string_view>(
    {"forwarded message", "mensaje reenviado", "missatge reenviat", "mensagem encaminhada", "mensagem reencaminhada", "weitergeleitete nachricht", "weitergeleiteten nachricht",
     "message transféré", "message réexpédié", "messaggio inoltrato", "doorgestuurd bericht", "vidarebefordrat", "videresendt", "välitetty viesti", "przekazana wiadomość",
     "Пересылаемое сообщение", "Пересылаемое письмо", "转发邮件", "轉寄郵件", "転送メッセージ", "전달된 메시지"});

struct Label {
  std::string_view word;
  HeadLabel label;
};
constexpr auto labels = std::to_array<Label>(
    {{"from", HeadLabel::from}, {"de", HeadLabel::from}, {"von", HeadLabel::from}, {"da", HeadLabel::from}, {"van", HeadLabel::from}, {"od", HeadLabel::from},
     {"från", HeadLabel::from}, {"fra", HeadLabel::from}, {"lähettäjä", HeadLabel::from}, {"feladó", HeadLabel::from}, {"kimden", HeadLabel::from}, {"de la", HeadLabel::from},
     {"nork", HeadLabel::from}, {"От", HeadLabel::from}, {"Від", HeadLabel::from}, {"Από", HeadLabel::from}, {"差出人", HeadLabel::from}, {"发件人", HeadLabel::from},
     {"寄件者", HeadLabel::from}, {"보낸 사람", HeadLabel::from},
     {"sent", HeadLabel::date}, {"date", HeadLabel::date}, {"enviado", HeadLabel::date}, {"enviado el", HeadLabel::date}, {"enviada em", HeadLabel::date},
     {"fecha", HeadLabel::date}, {"data", HeadLabel::date}, {"enviat el", HeadLabel::date}, {"gesendet", HeadLabel::date}, {"datum", HeadLabel::date}, {"envoyé", HeadLabel::date},
     {"inviato", HeadLabel::date}, {"verzonden", HeadLabel::date}, {"skickat", HeadLabel::date}, {"sendt", HeadLabel::date}, {"dato", HeadLabel::date},
     {"lähetetty", HeadLabel::date}, {"päivämäärä", HeadLabel::date}, {"wysłano", HeadLabel::date}, {"odesláno", HeadLabel::date}, {"elküldve", HeadLabel::date},
     {"tarih", HeadLabel::date}, {"gönderildi", HeadLabel::date}, {"bidalia", HeadLabel::date}, {"Отправлено", HeadLabel::date}, {"Дата", HeadLabel::date},
     {"Надіслано", HeadLabel::date}, {"送信日時", HeadLabel::date}, {"日付", HeadLabel::date}, {"发送时间", HeadLabel::date}, {"日期", HeadLabel::date}, {"寄件日期", HeadLabel::date},
     {"보낸 날짜", HeadLabel::date}, {"날짜", HeadLabel::date},
     {"to", HeadLabel::to}, {"para", HeadLabel::to}, {"per a", HeadLabel::to}, {"an", HeadLabel::to}, {"à", HeadLabel::to}, {"À", HeadLabel::to}, {"a", HeadLabel::to},
     {"aan", HeadLabel::to}, {"do", HeadLabel::to}, {"till", HeadLabel::to}, {"til", HeadLabel::to}, {"vastaanottaja", HeadLabel::to}, {"komu", HeadLabel::to},
     {"címzett", HeadLabel::to}, {"kime", HeadLabel::to}, {"nori", HeadLabel::to}, {"Кому", HeadLabel::to}, {"宛先", HeadLabel::to}, {"收件人", HeadLabel::to},
     {"收件者", HeadLabel::to}, {"받는 사람", HeadLabel::to},
     {"cc", HeadLabel::cc}, {"kopie", HeadLabel::cc}, {"kopia", HeadLabel::cc}, {"kopi", HeadLabel::cc}, {"Копия", HeadLabel::cc}, {"抄送", HeadLabel::cc},
     {"subject", HeadLabel::subject}, {"asunto", HeadLabel::subject}, {"assumpte", HeadLabel::subject}, {"assunto", HeadLabel::subject}, {"betreff", HeadLabel::subject},
     {"objet", HeadLabel::subject}, {"oggetto", HeadLabel::subject}, {"onderwerp", HeadLabel::subject}, {"ämne", HeadLabel::subject}, {"Ämne", HeadLabel::subject},
     {"emne", HeadLabel::subject}, {"aihe", HeadLabel::subject}, {"temat", HeadLabel::subject}, {"předmět", HeadLabel::subject}, {"tárgy", HeadLabel::subject},
     {"konu", HeadLabel::subject}, {"subiect", HeadLabel::subject}, {"gaia", HeadLabel::subject}, {"Тема", HeadLabel::subject}, {"Θέμα", HeadLabel::subject},
     {"件名", HeadLabel::subject}, {"主题", HeadLabel::subject}, {"主旨", HeadLabel::subject}, {"제목", HeadLabel::subject},
     {"reply-to", HeadLabel::reply_to}, {"responder a", HeadLabel::reply_to}, {"antwort an", HeadLabel::reply_to}, {"répondre à", HeadLabel::reply_to}});

/// How a line begins and ends that a telephone or a web mailer writes below a text.
struct DevicePhrase {
  std::string_view begin, end;
};
constexpr auto device_phrases = std::to_array<DevicePhrase>(
    {{"sent from my ", ""}, {"sent from mail for ", ""}, {"sent from outlook", ""}, {"sent from yahoo mail", ""}, {"sent from proton mail", ""}, {"sent from gmail mobile", ""},
     {"sent from mobile", ""}, {"sent from samsung", ""}, {"sent from a mobile", ""}, {"sent from android", ""}, {"sent from nine", ""}, {"sent with proton", ""},
     {"sent with sparrow", ""}, {"sent with airmail", ""}, {"sent with k-9", ""}, {"sent via the samsung", ""}, {"sent via blackberry", ""}, {"sent on the go", ""},
     {"get outlook for ", ""}, {"get bluemail for ", ""}, {"please excuse my brevity", ""}, {"enviado desde mi ", ""}, {"enviado desde correo ", ""}, {"enviado desde outlook", ""},
     {"enviado desde yahoo", ""}, {"enviado desde el móvil", ""}, {"enviado desde mobile", ""}, {"enviado con proton", ""}, {"obtener outlook para ", ""},
     {"enviat des del meu ", ""}, {"enviat des de l'", ""}, {"enviado do meu ", ""}, {"enviado a partir do meu ", ""}, {"enviado do correio ", ""}, {"obter o outlook para ", ""},
     {"von meinem ", " gesendet"}, {"gesendet von meinem ", ""}, {"gesendet von mail für ", ""}, {"gesendet mit der ", ""}, {"diese nachricht wurde von meinem android", ""},
     {"holen sie sich outlook für ", ""}, {"outlook für ", ""}, {"envoyé de mon ", ""}, {"envoyé depuis mon ", ""}, {"envoyé à partir de ", ""},
     {"envoyé depuis ", ""}, {"télécharger outlook pour ", ""}, {"inviato da iphone", ""}, {"inviato da ipad", ""}, {"inviato dal mio ", ""}, {"inviato da yahoo", ""},
     {"scarica outlook per ", ""}, {"verstuurd vanaf mijn ", ""}, {"verzonden vanaf mijn ", ""}, {"download outlook voor ", ""}, {"skickat från min ", ""},
     {"sendt fra min ", ""}, {"lähetetty iphonesta", ""}, {"lähetetty ipadista", ""}, {"wysłane z ", ""}, {"odesláno z ", ""}, {"Отправлено с ", ""}, {"Отправлено из ", ""},
     {"iphoneから送信", ""}, {"ipadから送信", ""}, {"发自我的", ""}, {"從我的", "傳送"}, {"나의 iphone에서 보냄", ""}, {"iphone'umdan gönderildi", ""}});

bool contains_any(std::string_view line, const auto& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return line.find(word) != none; });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

struct Moment {
  bool has_day = false, has_time = false;
};

/// "2014", "26.06.14", "4/4/12", "2014年"; "14:41". Numbers of one line, each looked at once.
Moment moment_in(std::string_view text) {
  Moment found;
  for (std::size_t at = 0; at < text.size();) {
    const auto size = digits_at(text, at);
    if (size == 0) {
      ++at;
      continue;
    }
    const auto end = at + size;
    const char next = end < text.size() ? text[end] : ' ';
    const auto following = end < text.size() ? digits_at(text, end + 1) : 0;
    if (size <= 2 && next == ':' && following == 2) found.has_time = true;
    const bool is_year = size == 4 && (text.substr(at, 2) == "19" || text.substr(at, 2) == "20");
    if (is_year || ((next == '/' || next == '.' || next == '-') && size <= 2 && following > 0 && following <= 2)) found.has_day = true;
    at = end;
  }
  return found;
}

bool ends_in_colon(std::string_view line) { return line.ends_with(':') || line.ends_with("："); }

}  // namespace

bool is_dated(std::string_view attribution) {
  const Moment moment = moment_in(attribution);
  return moment.has_day && (moment.has_time || attribution.find('@') != none);
}

bool is_attribution(std::string_view line) {
  line = trim(line);
  if (line.size() > longest_attribution || line.size() < 6 || !ends_in_colon(line)) return false;
  if (contains_any(line, verbs)) return true;
  const Moment moment = moment_in(line);
  return moment.has_day && moment.has_time && line.find('@') != none;
}

bool begins_attribution(std::string_view line) {
  if (line.size() > longest_attribution || !std::any_of(line.begin(), line.end(), is_digit)) return false;
  const bool begins = std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view beginning) { return line.starts_with(beginning); });
  return begins || is_dated(line);
}

HeadMark head_mark(std::string_view line) {
  constexpr std::size_t longest = 120;
  line = trim(line);
  const bool is_ruled = line.starts_with("--") && line.ends_with("--");
  if (line.size() > longest || !(is_ruled || ends_in_colon(line))) return HeadMark::none;
  const std::string lower = to_lower_ascii(line);
  if (is_ruled && contains_any(lower, original_marks)) return HeadMark::original;
  const bool is_apple = lower.starts_with("begin forwarded") || lower.starts_with("inicio del mensaje") || lower.starts_with("início da mensagem") ||
                        lower.starts_with("anfang der") || lower.starts_with("début du message") || lower.starts_with("inizio messaggio") ||
                        lower.starts_with("begin doorgestuurd");
  return (is_ruled || is_apple) && contains_any(lower, forwarded_marks) ? HeadMark::forwarded : HeadMark::none;
}

HeadLabel head_label(std::string_view line) {
  constexpr std::size_t longest = 40;
  const auto head = line.substr(0, longest);
  const auto end = std::min(head.find(':'), head.find("："));
  if (end == none) return HeadLabel::none;
  std::string word = to_lower_ascii(trim(head.substr(0, end)));
  while (word.ends_with("\u00a0")) word.resize(word.size() - 2);  // as French sets a colon
  std::string_view bare = word;
  while (bare.starts_with('*')) bare.remove_prefix(1);
  while (bare.ends_with('*')) bare.remove_suffix(1);
  const auto found = std::find_if(labels.begin(), labels.end(), [&](const Label& label) { return label.word == bare; });
  return found == labels.end() ? HeadLabel::none : found->label;
}

bool is_device_signature(std::string_view line) {
  constexpr std::size_t longest = 160;
  line = trim(line);
  if (line.empty() || line.size() > longest) return false;
  const std::string lower = to_lower_ascii(line);
  return std::any_of(device_phrases.begin(), device_phrases.end(), [&](const DevicePhrase& phrase) {
    return lower.starts_with(phrase.begin) && (phrase.end.empty() || lower.find(phrase.end) != std::string::npos);
  });
}

}  // namespace valija::mime
