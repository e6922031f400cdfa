#pragma once

#include <gumbo.h>

#include <memory>
#include <string>

namespace valija::html {

/// A gumbo tree and all of its memory, which is bounded: gumbo frees a tree by recursion and can be made to grow one without
/// bound from little input, so its allocator is ours.
class ParseTree {
 public:
  /// `html` must outlive the tree. `root()` is nullptr if the tree would need more than 56 MiB.
  explicit ParseTree(const std::string& html);
  ~ParseTree();
  ParseTree(const ParseTree&) = delete;
  ParseTree& operator=(const ParseTree&) = delete;

  const GumboNode* root() const { return root_; }

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
  const GumboNode* root_ = nullptr;
};

}  // namespace valija::html
