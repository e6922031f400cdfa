#include "valija/mime/excerpt.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "gmime_handles.hpp"
#include "valija/base/fd.hpp"

namespace valija::mime {
namespace {

struct FreeIterator {
  void operator()(GMimePartIter* iterator) const { g_mime_part_iter_free(iterator); }
};

/// Octets of the file, from `begin` up to `end`.
struct Range {
  gint64 begin, end;
};

std::optional<Range> content_range(GMimePart* part, gint64 size) {
  GMimeDataWrapper* wrapper = g_mime_part_get_content(part);
  GMimeStream* stream = wrapper == nullptr ? nullptr : g_mime_data_wrapper_get_stream(wrapper);
  if (stream == nullptr || stream->bound_start < 0) return std::nullopt;
  return Range{stream->bound_start, stream->bound_end < 0 ? size : stream->bound_end};
}

/// What to leave out, in the order of the file; nothing if the texts are short enough.
std::vector<Range> ranges_to_leave_out(GMimeMessage* message, gint64 size, std::uint64_t most_text) {
  const std::unique_ptr<GMimePartIter, FreeIterator> parts(g_mime_part_iter_new(GMIME_OBJECT(message)));
  std::vector<Range> left_out;
  auto room = static_cast<gint64>(most_text);
  bool is_long = false;
  for (bool more = g_mime_part_iter_is_valid(parts.get()) != 0; more; more = g_mime_part_iter_next(parts.get()) != 0) {
    GMimeObject* part = g_mime_part_iter_get_current(parts.get());
    if (GMIME_IS_MULTIPART_ENCRYPTED(g_mime_part_iter_get_parent(parts.get()))) return {};
    const auto content = GMIME_IS_PART(part) ? content_range(GMIME_PART(part), size) : std::nullopt;
    if (!content) continue;
    const char* disposition = g_mime_object_get_disposition(part);
    const bool is_attachment = disposition != nullptr && g_ascii_strcasecmp(disposition, GMIME_DISPOSITION_ATTACHMENT) == 0;
    const gint64 kept = is_attachment ? 0 : std::min(room, content->end - content->begin);
    if (!is_attachment) {
      room -= kept;
      is_long = is_long || content->begin + kept < content->end;
    }
    left_out.push_back({content->begin + kept, content->end});
  }
  return is_long ? left_out : std::vector<Range>();
}

bool copy(const Fd& from, const Fd& to, Range range) {
  while (range.begin < range.end) {
    if (::sendfile(to.get(), from.get(), &range.begin, static_cast<std::size_t>(range.end - range.begin)) <= 0) return false;
  }
  return true;
}

}  // namespace

bool write_excerpt(const std::string& from, const std::string& to, std::uint64_t most_text) {
  start_gmime();
  const Fd source(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status = {};
  if (!source || ::fstat(source.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const Handle<GMimeStream> stream(g_mime_stream_fs_new(::fcntl(source.get(), F_DUPFD_CLOEXEC, 0)));
  const Handle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Handle<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message || g_mime_message_get_message_id(message.get()) == nullptr) return false;
  const auto left_out = ranges_to_leave_out(message.get(), status.st_size, most_text);
  if (left_out.empty()) return false;
  const Fd target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  gint64 done = 0;
  for (const Range& range : left_out) {
    if (!target || !copy(source, target, {done, range.begin})) return false;
    done = range.end;
  }
  return copy(source, target, {done, status.st_size});
}

}  // namespace valija::mime
