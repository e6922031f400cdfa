#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "part_tree.hpp"

namespace valija::mime {

/// Which parts an HTML text of a multipart/related may name by an address instead of a Content-ID (RFC 2557): by their Content-Location.
class Locations {
 public:
  /// `nodes` must live longer.
  explicit Locations(const std::vector<PartNode>& nodes);

  /// The HTML of the leaf `node`, in which pictures that came with it are named as all others are: by "cid:part:1.2", for `find_content_id`.
  std::string name_by_id(const PartNode& node, std::string html) const;

 private:
  std::map<std::string, std::string> parts_beside(const PartNode& node) const;
  std::size_t index_of(const PartNode& node) const { return static_cast<std::size_t>(&node - nodes_.data()); }

  const std::vector<PartNode>& nodes_;
  std::vector<std::string> bases_;  ///< of each node, against which what stands in it is resolved; a part with a location is there. Empty: no part has one
};

}  // namespace valija::mime
