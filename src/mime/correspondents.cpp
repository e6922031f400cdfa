#include "valija/mime/correspondents.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iterator>

#include "encoded_words.hpp"
#include "header_block.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/mail/date.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t most_read = 256 * 1024, piece_size = 16 * 1024;

bool has_end(std::string_view head) { return head.find("\n\n") != std::string_view::npos || head.find("\n\r\n") != std::string_view::npos; }

void append(std::vector<Address>& all, std::string_view value) {
  std::vector<Address> addresses = decode_addresses(value);
  all.insert(all.end(), std::make_move_iterator(addresses.begin()), std::make_move_iterator(addresses.end()));
}

/// A regular file only: nothing else is opened twice, and a pipe would never answer.
Fd open_message(const std::string& path) {
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status = {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  return file;
}

}  // namespace

Correspondents read_correspondents(std::string_view head) {
  Correspondents found;
  for (const Field& field : read_header_block(head.substr(envelope_size(head))).fields) {
    const auto is = [&](std::string_view name) { return equal_ignoring_case(field.name, name); };
    const std::string_view value = trim(field.value);
    if (is("From") && found.from.empty()) {
      append(found.from, value);
    } else if (is("To") || is("Cc") || is("Bcc")) {
      append(found.recipients, value);
    } else if (is("Date") && found.date == 0) {
      found.date = parse_date(value).value_or(0);
    } else if (is("List-Id") || is("List-Unsubscribe") || (is("Auto-Submitted") && !equal_ignoring_case(value, "no"))) {
      found.is_bulk = true;
    } else if (is("Precedence")) {
      for (const char* word : {"bulk", "list", "junk"}) found.is_bulk |= equal_ignoring_case(value, word);
    }
  }
  return found;
}

std::optional<Correspondents> read_correspondents_of(const std::string& path) {
  const Fd file = open_message(path);
  if (!file) return std::nullopt;
  std::string head;
  std::array<char, piece_size> piece;
  while (head.size() < most_read) {
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    head.append(piece.data(), static_cast<std::size_t>(got));
    if (has_end(head)) break;
  }
  return read_correspondents(head);
}

}  // namespace valija::mime
