#include "valija/mail/log_line.hpp"

#include <fmt/format.h>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

std::string in_words(const std::string& what) {
  if (what == "downloaded") return _("fetched");
  if (what == "uploaded") return _("sent to the server");
  if (what == "moved") return _("moved");
  if (what == "flags_to_server") return _("marks sent to the server");
  if (what == "flags_to_local") return _("marks taken from the server");
  if (what == "deleted_local") return _("put into the local trash");
  if (what == "deleted_server") return _("deleted on the server");
  return clean(what);
}

}  // namespace

std::string in_words(const LogLine& line) {
  std::string words = in_words(line.what);
  if (line.messages < 2) return words;
  const auto count = static_cast<unsigned long>(line.messages);
  return words + ", " + fmt::format(fmt::runtime(n_("{} message", "{} messages", count)), number(line.messages));
}

}  // namespace valija
