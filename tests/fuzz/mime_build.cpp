#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/draft.hpp"
#include "valija/mime/build.hpp"
#include "valija/mime/parse.hpp"

namespace {

using namespace valija;

/// Only CRLF, lines of at most 998 octets, no NUL, and nobody is told of a blind copy.
void check_wire(const std::string& octets) {
  bool in_head = true;
  for (std::size_t start = 0; start < octets.size();) {
    const auto end = octets.find("\r\n", start);
    if (end == std::string::npos) std::abort();
    const auto line = std::string_view(octets).substr(start, end - start);
    if (line.size() > 998 || line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) std::abort();
    in_head = in_head && !line.empty();
    if (in_head && equal_ignoring_case(trim(line.substr(0, line.find(':'))), "bcc")) std::abort();
    start = end + 2;
  }
}

template <typename Make>
void try_out(Make make) {
  const std::string path = "/tmp/valija-fuzz-" + std::to_string(::getpid());
  ::unlink(path.c_str());
  const Result<mime::Built> built = make(path);
  if (built) {
    const auto octets = read_file(path, std::size_t{1} << 28);
    if (!octets || octets->size() != built->size) std::abort();
    check_wire(*octets);
    static_cast<void>(mime::recall(*octets, path));
    static_cast<void>(mime::write_seven_bit(path, path + ".7"));
    ::unlink((path + ".7").c_str());
    ::unlink(path.c_str());
  } else if (built.error().kind == Kind::bug) {
    std::abort();
  }
}

}  // namespace

/// A message that another program hands over, one to be sent on, and a draft: whatever they hold, the wire stays clean.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  mime::start();
  mime::BuildOptions options;
  options.message_id = "a@b";
  try_out([&](const std::string& path) { return mime::adopt_message(text, "a@b", {"c@d"}, true, options, path); });
  try_out([&](const std::string& path) { return mime::bounce(text, {"A", "a@b"}, {{"C", "c@d"}}, options, path); });
  if (auto draft = parse_draft(text)) {
    draft->attachments.clear();  // no file of this machine
    try_out([&](const std::string& path) { return mime::write_message(*draft, options, path); });
  }
  static_cast<void>(mime::recall(text, "/m"));
  return 0;
}
