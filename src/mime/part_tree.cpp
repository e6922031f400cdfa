// Objects of GMime live for one call of read_part_tree and leave as values.
#include "part_tree.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "charset.hpp"
#include "encoded_words.hpp"
#include "gmime_handles.hpp"
#include "header_block.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr int deepest = 100;
constexpr std::size_t most_nodes = 1000;

/// A stream over octets that stay ours: the array only points at them, and the stream does not own it.
class MessageStream {
 public:
  explicit MessageStream(std::string_view message)
      : array_{reinterpret_cast<guint8*>(const_cast<char*>(message.data())), static_cast<guint>(message.size())},
        stream_(g_mime_stream_mem_new_with_byte_array(&array_)) {
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream_.get()), FALSE);
  }
  GMimeStream* get() const { return stream_.get(); }

 private:
  GByteArray array_;
  Handle<GMimeStream> stream_;
};

/// Where the first header of an entity stands in the message.
std::size_t header_offset(GMimeObject* object, std::size_t otherwise) {
  GMimeHeaderList* headers = g_mime_object_get_header_list(object);
  if (g_mime_header_list_get_count(headers) == 0) return otherwise;
  const gint64 offset = g_mime_header_get_offset(g_mime_header_list_get_header_at(headers, 0));
  return offset < 0 ? otherwise : static_cast<std::size_t>(offset);
}

std::string_view content_slice(GMimePart* part, std::string_view message) {
  GMimeDataWrapper* wrapper = g_mime_part_get_content(part);
  GMimeStream* stream = wrapper == nullptr ? nullptr : g_mime_data_wrapper_get_stream(wrapper);
  if (stream == nullptr || stream->bound_start < 0) return {};
  const auto start = std::min(static_cast<std::size_t>(stream->bound_start), message.size());
  if (stream->bound_end < 0) return message.substr(start);
  const auto end = std::clamp(static_cast<std::size_t>(stream->bound_end), start, message.size());
  return message.substr(start, end - start);
}

Encoding encoding_of(GMimePart* part) {
  switch (g_mime_part_get_content_encoding(part)) {
    case GMIME_CONTENT_ENCODING_BASE64:
      return Encoding::base64;
    case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
      return Encoding::quoted_printable;
    case GMIME_CONTENT_ENCODING_UUENCODE:
      return Encoding::uuencode;
    default:
      return Encoding::none;
  }
}

std::string mime_type(GMimeObject* object) {
  GMimeContentType* type = g_mime_object_get_content_type(object);
  if (type == nullptr) return "text/plain";
  const auto main = text_of(g_mime_content_type_get_media_type(type));
  const auto sub = text_of(g_mime_content_type_get_media_subtype(type));
  return clean(to_lower_ascii(main + "/" + sub));
}

void read_leaf(GMimeObject* object, std::string_view message, PartNode& node) {
  const auto parameter = [&](const char* name) {
    return to_lower_ascii(text_of(g_mime_object_get_content_type_parameter(object, name)));
  };
  node.charset = parameter("charset");
  node.is_flowed = parameter("format") == "flowed";
  node.deletes_space = parameter("delsp") == "yes";
  if (!GMIME_IS_PART(object)) return;
  auto* part = GMIME_PART(object);
  node.filename = clean_filename(text_of(g_mime_part_get_filename(part)));
  node.encoding = encoding_of(part);
  node.content = content_slice(part, message);
}

/// Walks the tree of GMime with a stack of our own.
class TreeReader {
 public:
  explicit TreeReader(std::string_view message) : message_(message) {}

  PartTree read(GMimeObject* root) {
    waiting_.push_back({root, 0, GMIME_IS_MULTIPART(root) ? "" : "1", 0});
    while (!waiting_.empty() && !tree_.has_too_many) {
      const Waiting next = std::move(waiting_.back());
      waiting_.pop_back();
      visit(next);
    }
    close_until(-1);
    tree_.has_too_many = tree_.has_too_many || has_more_children_;
    return std::move(tree_);
  }

 private:
  struct Waiting {
    GMimeObject* object = nullptr;  ///< borrowed from the tree
    int depth = 0;
    std::string number;
    std::size_t offset = 0;  ///< of the entity that encloses it
  };

  void visit(const Waiting& next) {
    close_until(next.depth - 1);
    if (tree_.nodes.size() >= most_nodes) {
      tree_.has_too_many = true;
      return;
    }
    PartNode node;
    node.depth = next.depth;
    node.parent = open_.empty() ? -1 : static_cast<int>(open_.back());
    node.number = next.number;
    node.type = mime_type(next.object);
    node.disposition = to_lower_ascii(text_of(g_mime_object_get_disposition(next.object)));
    node.content_id = clean(text_of(g_mime_object_get_content_id(next.object)));
    const auto offset = header_offset(next.object, next.offset);
    if (next.depth >= deepest && !GMIME_IS_PART(next.object)) {
      cut_off(node, offset);
    } else if (GMIME_IS_MULTIPART(next.object)) {
      node.kind = PartNode::Kind::multipart;
      node.boundary = text_of(g_mime_object_get_content_type_parameter(next.object, "boundary"));
      push_children(GMIME_MULTIPART(next.object), next, offset);
    } else if (GMIME_IS_MESSAGE_PART(next.object)) {
      node.kind = PartNode::Kind::message;
      push_message(GMIME_MESSAGE_PART(next.object), next, offset, node);
    } else {
      read_leaf(next.object, message_, node);
    }
    open_.push_back(tree_.nodes.size());
    tree_.nodes.push_back(std::move(node));
  }

  void cut_off(PartNode& node, std::size_t offset) {
    tree_.is_too_deep = true;
    node.type = "text/plain";
    node.content = message_.substr(std::min(offset, message_.size()));
  }

  void push_children(GMimeMultipart* multipart, const Waiting& from, std::size_t offset) {
    const int count = g_mime_multipart_get_count(multipart);
    const int taken = std::min(count, static_cast<int>(most_nodes));
    has_more_children_ = has_more_children_ || taken < count;
    const std::string prefix = from.number.empty() ? "" : from.number + ".";
    for (int i = taken - 1; i >= 0; --i) {
      waiting_.push_back(
          {g_mime_multipart_get_part(multipart, i), from.depth + 1, prefix + std::to_string(i + 1), offset});
    }
  }

  /// `own_offset`: of the headers of the part itself, behind which stands what GMime takes for no message.
  void push_message(GMimeMessagePart* part, const Waiting& from, std::size_t own_offset, PartNode& node) {
    const auto behind = message_.substr(std::min(own_offset, message_.size()));
    constexpr std::size_t looked_at = 64 * 1024;  // a part without headers looks at those around it: not for long
    node.content = behind.substr(read_header_block(behind.substr(0, looked_at), 0).body);
    GMimeMessage* enclosed = g_mime_message_part_get_message(part);
    if (enclosed == nullptr) return;
    const auto start = static_cast<std::size_t>(node.content.data() - message_.data());
    const auto offset = std::min(header_offset(GMIME_OBJECT(enclosed), start), message_.size());
    node.content = message_.substr(offset);
    GMimeObject* body = g_mime_message_get_mime_part(enclosed);
    if (body == nullptr) return;
    waiting_.push_back({body, from.depth + 1, GMIME_IS_MULTIPART(body) ? from.number : from.number + ".1", offset});
  }

  /// Everything deeper than `depth` ends before the next node.
  void close_until(int depth) {
    while (!open_.empty() && tree_.nodes[open_.back()].depth > depth) {
      tree_.nodes[open_.back()].end = tree_.nodes.size();
      open_.pop_back();
    }
  }

  std::string_view message_;
  PartTree tree_;
  std::vector<Waiting> waiting_;
  std::vector<std::size_t> open_;
  bool has_more_children_ = false;
};

GMimeContentEncoding to_gmime(Encoding encoding) {
  switch (encoding) {
    case Encoding::base64:
      return GMIME_CONTENT_ENCODING_BASE64;
    case Encoding::quoted_printable:
      return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    case Encoding::uuencode:
      return GMIME_CONTENT_ENCODING_UUENCODE;
    case Encoding::none:
      break;
  }
  return GMIME_CONTENT_ENCODING_BINARY;
}

/// What stands behind the line "begin 644 name".
std::string_view behind_begin_line(std::string_view content) {
  const auto begin = content.starts_with("begin ") ? 0 : content.find("\nbegin ");
  const auto end = begin == std::string_view::npos ? begin : content.find('\n', begin + 1);
  return end == std::string_view::npos ? content : content.substr(end + 1);
}

std::uint64_t base64_size(std::string_view content) {
  const auto count = [&](char c) { return static_cast<std::size_t>(std::count(content.begin(), content.end(), c)); };
  const auto digits = content.size() - count('\n') - count('\r') - count(' ') - count('=');
  return digits / 4 * 3 + (digits % 4) * 3 / 4;
}

void ignore_log(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

}  // namespace

PartTree read_part_tree(std::string_view message) {
  const MessageStream stream(message);
  const Handle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Handle<GMimeMessage> parsed(g_mime_parser_construct_message(parser.get(), nullptr));
  GMimeObject* root = parsed ? g_mime_message_get_mime_part(parsed.get()) : nullptr;
  return root == nullptr ? PartTree() : TreeReader(message).read(root);
}

std::string decode_content(std::string_view content, Encoding encoding, std::size_t limit) {
  if (encoding == Encoding::none) return std::string(content.substr(0, limit));
  content = content.substr(0, limit > content.max_size() / 4 ? limit : limit * 4);
  GMimeEncoding state;
  g_mime_encoding_init_decode(&state, to_gmime(encoding));
  if (encoding == Encoding::uuencode) {
    content = behind_begin_line(content);
    state.state |= GMIME_UUDECODE_STATE_BEGIN;
  }
  std::string decoded(g_mime_encoding_outlen(&state, content.size()) + 8, '\0');
  const auto size = g_mime_encoding_flush(&state, content.data(), content.size(), decoded.data());
  decoded.resize(std::min(size, limit));
  return decoded;
}

std::uint64_t decoded_size(std::string_view content, Encoding encoding) {
  if (encoding == Encoding::none) return content.size();
  if (encoding == Encoding::base64) return base64_size(content);
  return decode_content(content, encoding, content.size()).size();
}

std::string clean_filename(std::string_view name) {
  std::string cleaned = decode_header(name);
  if (const auto separator = cleaned.find_last_of("/\\"); separator != std::string::npos) cleaned.erase(0, separator + 1);
  constexpr std::size_t longest = 255;
  if (cleaned.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(cleaned[end]) & 0xc0) == 0x80) --end;
    cleaned.resize(end);
  }
  cleaned = std::string(trim(cleaned));
  return cleaned == "." || cleaned == ".." ? std::string() : cleaned;
}

void start_gmime() {
  static std::once_flag started;
  std::call_once(started, [] {
    g_log_set_default_handler(ignore_log, nullptr);
    g_mime_init();
  });
}

}  // namespace valija::mime
