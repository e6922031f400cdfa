#include "crash_note.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "valija/base/words.hpp"

namespace valija::workers {

struct CrashNote::Page {
  std::atomic<std::int64_t> row;
  std::atomic<std::uint64_t> steps;
};

Result<CrashNote> CrashNote::create() {
  Fd memory(::memfd_create("valija-index", MFD_CLOEXEC));
  if (!memory || ::ftruncate(memory.get(), sizeof(Page)) != 0) return fail(disk_error(_("Starting"), "memfd", errno));
  return attach(std::move(memory));
}

Result<CrashNote> CrashNote::attach(Fd descriptor) {
  struct stat status = {};
  const bool is_large_enough =
      ::fstat(descriptor.get(), &status) == 0 && status.st_size >= static_cast<off_t>(sizeof(Page));
  void* memory = is_large_enough ? ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.get(), 0) : MAP_FAILED;
  if (memory == MAP_FAILED) return fail(disk_error(_("Starting"), "mmap", errno));
  return CrashNote(std::move(descriptor), static_cast<Page*>(memory));
}

CrashNote::CrashNote(CrashNote&& other) noexcept
    : descriptor_(std::move(other.descriptor_)), page_(std::exchange(other.page_, nullptr)) {}

CrashNote& CrashNote::operator=(CrashNote&& other) noexcept {
  if (this != &other) {
    unmap();
    descriptor_ = std::move(other.descriptor_);
    page_ = std::exchange(other.page_, nullptr);
  }
  return *this;
}

CrashNote::~CrashNote() { unmap(); }

void CrashNote::unmap() noexcept {
  if (page_ != nullptr) ::munmap(page_, sizeof(Page));
}

void CrashNote::set(std::int64_t row) noexcept {
  page_->row.store(row, std::memory_order_release);
  page_->steps.fetch_add(1, std::memory_order_release);
}

std::int64_t CrashNote::row() const noexcept { return page_->row.load(std::memory_order_acquire); }

std::uint64_t CrashNote::steps() const noexcept { return page_->steps.load(std::memory_order_acquire); }

}  // namespace valija::workers
