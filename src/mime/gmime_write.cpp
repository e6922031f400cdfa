#include "gmime_write.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::mime {
namespace {

struct CloseFile {
  void operator()(FILE* file) const { std::fclose(file); }
};

const std::vector<std::string>& known_fields() {
  static const std::vector<std::string> names = {
      "Date", "From", "To", "Cc", "Bcc", "Reply-To", "Mail-Followup-To", "Subject", "Message-ID", "In-Reply-To", "References", "X-Valija-Draft",
      "MIME-Version", "Content-Type", "Content-Disposition", "Content-Transfer-Encoding", "Content-Id"};
  return names;
}

Result<void> check_headers(GMimeObject* object) {
  const FormatHandle format = wire_format();
  const std::unique_ptr<char, FreeText> block(g_mime_object_get_headers(object, format.get()));
  return check_header_block(text_of(block.get()), known_fields());
}

/// The blocks of a message and of its parts; what they enclose is not ours.
Result<void> check_all_headers(GMimeMessage* message) {
  std::vector<GMimeObject*> waiting{GMIME_OBJECT(message), g_mime_message_get_mime_part(message)};
  while (!waiting.empty()) {
    GMimeObject* object = waiting.back();
    waiting.pop_back();
    if (auto checked = check_headers(object); !checked) return checked;
    if (!GMIME_IS_MULTIPART(object)) continue;
    auto* multipart = GMIME_MULTIPART(object);
    for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) waiting.push_back(g_mime_multipart_get_part(multipart, i));
  }
  return {};
}

/// A display name is one word for the folding.
std::string short_enough(const std::string& name) {
  constexpr std::size_t longest = 200;
  std::size_t end = std::min(name.size(), longest);
  while (end > 0 && end < name.size() && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
  return name.substr(0, end);
}

}  // namespace

std::string folded_addresses(std::string_view name, const std::vector<Address>& addresses) {
  const FormatHandle format = wire_format();
  const Handle<InternetAddressList> list(internet_address_list_new());
  for (const Address& address : addresses) {
    const std::string shown = short_enough(clean(address.name));
    const Handle<InternetAddress> mailbox(internet_address_mailbox_new(shown.empty() ? nullptr : shown.c_str(), address.mailbox.c_str()));
    internet_address_set_charset(mailbox.get(), "utf-8");
    internet_address_list_add(list.get(), mailbox.get());
  }
  const std::string start = std::string(name) + ": ";
  GString* line = g_string_new(start.c_str());
  internet_address_list_encode(list.get(), format.get(), line);
  const std::unique_ptr<char, FreeText> folded(g_string_free(line, FALSE));
  std::string value = text_of(folded.get()).substr(start.size() - 1);
  return value.substr(0, value.find_last_not_of("\r\n") + 1);
}

Result<void> write_octets(GMimeMessage* message, const NewFile& file, const std::string& path) {
  const auto failed = [&] { return fail(disk_error("write", path, errno == 0 ? EIO : errno)); };
  const std::unique_ptr<FILE, CloseFile> output(::fdopen(::fcntl(file.fd(), F_DUPFD_CLOEXEC, 0), "w"));
  if (!output) return failed();
  const FormatHandle format = wire_format();
  const Handle<GMimeStream> stream(g_mime_stream_file_new(output.get()));
  g_mime_stream_file_set_owner(GMIME_STREAM_FILE(stream.get()), FALSE);
  errno = 0;
  const auto size = g_mime_object_write_to_stream(GMIME_OBJECT(message), format.get(), stream.get());
  if (size < 0 || std::fflush(output.get()) != 0 || std::ferror(output.get()) != 0) return failed();
  return {};
}

Result<WireFacts> write_object(GMimeMessage* message, const std::string& path) {
  if (auto checked = check_all_headers(message); !checked) return Unexpected(checked.error());
  auto file = NewFile::create(path);
  if (!file) return Unexpected(std::move(file).error());
  if (auto written = write_octets(message, *file, path); !written) return Unexpected(written.error());
  const auto facts = scan_file(path);
  if (!facts) return facts;
  if (!facts->is_fit()) {
    return fail(Kind::bug, Blast::message, _("The message was not written as it was meant (lines that no server takes); it stays here."));
  }
  if (auto kept = file->keep(); !kept) return Unexpected(kept.error());
  return facts;
}

}  // namespace valija::mime
