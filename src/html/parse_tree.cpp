#include "parse_tree.hpp"

#include <csetjmp>
#include <cstddef>
#include <cstdlib>

namespace valija::html {
namespace {

constexpr std::size_t most_memory = 56 * 1024 * 1024;

/// Stands in front of every block that gumbo has; a ring, so that all of them can be freed without the tree.
struct alignas(std::max_align_t) Block {
  Block* previous = this;
  Block* next = this;
  std::size_t size = 0;
};

}  // namespace

struct ParseTree::Memory {
  Block ring;
  std::size_t used = 0;
  std::jmp_buf escape;

  /// gumbo has no way to be told that memory is out: leaves it by longjmp, over its C frames only.
  static void* allocate(void* self, std::size_t size) {
    auto& memory = *static_cast<Memory*>(self);
    const std::size_t whole = size + sizeof(Block);
    void* raw = memory.used + whole > most_memory ? nullptr : std::malloc(whole);
    if (raw == nullptr) std::longjmp(memory.escape, 1);
    auto* block = new (raw) Block;
    block->size = whole;
    block->previous = &memory.ring;
    block->next = memory.ring.next;
    memory.ring.next->previous = block;
    memory.ring.next = block;
    memory.used += whole;
    return block + 1;
  }

  static void release(void* self, void* address) {
    if (address == nullptr) return;
    auto& memory = *static_cast<Memory*>(self);
    Block* block = static_cast<Block*>(address) - 1;
    block->previous->next = block->next;
    block->next->previous = block->previous;
    memory.used -= block->size;
    std::free(block);
  }

  /// Nothing with a destructor lives in this frame, as longjmp comes back to it.
  const GumboNode* parse(const GumboOptions* options, const char* text, std::size_t size) {
    if (setjmp(escape) != 0) return nullptr;
    return gumbo_parse_with_options(options, text, size)->root;
  }
};

ParseTree::ParseTree(const std::string& html) : memory_(std::make_unique<Memory>()) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = Memory::allocate;
  options.deallocator = Memory::release;
  options.userdata = memory_.get();
  options.max_errors = 0;
  root_ = memory_->parse(&options, html.data(), html.size());
}

ParseTree::~ParseTree() {
  while (memory_->ring.next != &memory_->ring) Memory::release(memory_.get(), memory_->ring.next + 1);
}

}  // namespace valija::html
