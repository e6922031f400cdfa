#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija::mime {

enum class Encoding : std::uint8_t { none, base64, quoted_printable, uuencode };

/// One MIME entity as GMime found it; views into the message.
struct PartNode {
  enum class Kind : std::uint8_t { leaf, multipart, message };
  Kind kind = Kind::leaf;
  int depth = 0;
  int parent = -1;      ///< index of the node around it
  std::size_t end = 0;  ///< one past the last node below this one, in the list of nodes
  std::string type;     ///< "text/plain", lower case
  std::string number;   ///< as IMAP counts (RFC 9051 §6.4.5)
  std::string charset, filename, disposition, content_id;
  std::string boundary;  ///< multipart: what stands between its parts
  bool is_flowed = false, deletes_space = false;  ///< RFC 3676
  Encoding encoding = Encoding::none;
  std::string_view content;  ///< leaf: still encoded; message: what it encloses, from its first header on
};

struct PartTree {
  std::vector<PartNode> nodes;  ///< parents before children, in the order of the message
  bool is_too_deep = false;
  bool has_too_many = false;
};

/// The entities of a message that `find_danger` let pass. Depth at most 100 (what lies below is one text/plain leaf with the raw
/// octets), at most 1,000 nodes.
PartTree read_part_tree(std::string_view message);

/// At most `limit` decoded octets of a leaf.
std::string decode_content(std::string_view content, Encoding encoding, std::size_t limit);

/// Decoded octets, for base64 without decoding.
std::uint64_t decoded_size(std::string_view content, Encoding encoding);

/// A file name from a message as one path component of at most 255 octets, empty if nothing is left: no directories, not "." or "..".
std::string clean_filename(std::string_view name);

/// Starts GMime and silences what it and GLib would print. Any thread, any number of times.
void start_gmime();

}  // namespace valija::mime
