#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "content_decoding.hpp"

namespace valija::mime {

/// One MIME entity; views into the message, or into what PartTree::decoded keeps.
struct PartNode {
  enum class Kind : std::uint8_t { leaf, multipart, message };
  Kind kind = Kind::leaf;
  int depth = 0;
  int parent = -1;      ///< index of the node around it
  std::size_t end = 0;  ///< one past the last node below this one, in the list of nodes
  std::string type;     ///< "text/plain", lower case
  std::string number;   ///< as IMAP counts (RFC 9051 §6.4.5); of a file within a part "2:1"
  std::string charset, filename, disposition;
  std::string content_id;                         ///< without < >
  std::string location;                           ///< Content-Location (RFC 2557), as it stands without blanks
  std::string boundary, start;                    ///< multipart: what stands between its parts, and which of a multipart/related is its root (RFC 2387)
  bool is_flowed = false, deletes_space = false;  ///< RFC 3676
  Encoding encoding = Encoding::none;
  std::string_view content_type;  ///< the header as it stands, for its other parameters
  std::string_view content;       ///< leaf: still encoded; message: all of what it encloses
};

struct PartTree {
  std::vector<PartNode> nodes;      ///< parents before children, in the order of the message
  std::deque<std::string> decoded;  ///< what had to be decoded to be looked into; never moves
  bool is_too_deep = false;
  bool has_too_many = false;
};

/// The entities of a message that `find_danger` let pass. Depth at most 100 (what lies below is one text/plain leaf with the raw octets), at most 1,000
/// nodes. A multipart without boundary, or whose boundary never comes, is a text/plain leaf; so nothing of the message is invisible.
PartTree read_part_tree(std::string_view message);

}  // namespace valija::mime
