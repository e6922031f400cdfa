#include "valija/mime/prescan.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "dangers.hpp"
#include "encoded_words.hpp"
#include "header_block.hpp"
#include "valija/base/error.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/date.hpp"
#include "valija/mime/categorise.hpp"

namespace valija::mime {
namespace {

constexpr std::size_t longest_kept = 1000;
constexpr std::size_t most_read = 4 * 1024 * 1024;

/// Cuts at a character's border.
std::string cut(std::string text) {
  if (text.size() <= longest_kept) return text;
  std::size_t end = longest_kept;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text;
}

std::string_view value_of(const HeaderBlock& block, std::string_view name) {
  const Field* field = block.find(name);
  return field == nullptr ? std::string_view() : field->value;
}

/// As libnotmuch: a NUL ends a value.
bool has_text(std::string_view value) { return !decode_header(value.substr(0, value.find('\0'))).empty(); }

/// libnotmuch 0.37 refuses a file whose From, Subject and To are all missing or empty, and reads no header behind a first
/// line that is none.
bool is_indexable(const HeaderBlock& block) {
  return has_text(value_of(block, "From")) || has_text(value_of(block, "Subject")) || has_text(value_of(block, "To"));
}

std::string message_id(std::string_view value) {
  const auto open = value.find('<');
  const auto close = value.find('>', open == std::string_view::npos ? 0 : open);
  if (open != std::string_view::npos && close != std::string_view::npos) value = value.substr(open + 1, close - open - 1);
  return clean(trim(value));
}

/// The message as libnotmuch reads it: behind a byte order mark or an mbox "From " line, but not behind anything else. An mbox of
/// several messages is nothing that it takes.
std::string_view as_indexed(std::string_view head) {
  if (head.starts_with(byte_order_mark)) return head.substr(byte_order_mark.size());
  if (!head.starts_with("From ")) return head;
  const auto end = head.find('\n');
  if (end == std::string_view::npos || head.find("\nFrom ", end + 1) != std::string_view::npos) return {};
  return head.substr(end + 1);
}

Prescan unreadable(std::string_view action, const std::string& path, int error_number) {
  Prescan prescan;
  prescan.dangerous = true;
  prescan.indexable = false;
  prescan.reason = disk_error(action, path, error_number).message;
  return prescan;
}

}  // namespace

Prescan prescan(std::string_view head) {
  Prescan result;
  result.reason = find_danger(head);
  result.dangerous = !result.reason.empty();
  result.indexable = is_indexable(read_header_block(as_indexed(head)));
  const HeaderBlock block = read_header_block(head.substr(envelope_size(head)));
  result.from = cut(decode_header(value_of(block, "From")));
  result.subject = cut(decode_header(value_of(block, "Subject")));
  result.message_id = cut(message_id(value_of(block, "Message-ID")));
  result.date = parse_date(value_of(block, "Date")).value_or(0);
  CategoryFacts facts = category_facts(head);
  result.category = categorise(facts, false, nullptr);
  result.category_if_known = categorise(facts, true, nullptr);
  result.sender = std::move(facts.sender);
  return result;
}

Prescan prescan_file(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) return unreadable(_("Opening"), path, errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return unreadable(_("Reading"), path, errno);
  if (!S_ISREG(status.st_mode)) return unreadable(_("Reading"), path, EINVAL);
  std::string head(std::min(most_read, static_cast<std::size_t>(status.st_size)), '\0');
  std::size_t filled = 0;
  while (filled < head.size()) {
    const ssize_t got = ::read(file.get(), head.data() + filled, head.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(_("Reading"), path, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return prescan(std::string_view(head).substr(0, filled));
}

}  // namespace valija::mime
