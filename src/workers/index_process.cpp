#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "index_session.hpp"
#include "valija/base/fd.hpp"
#include "valija/workers/index_service.hpp"

namespace valija::workers {
namespace {

constexpr int parents_socket = 3;

constexpr bool runs_under_sanitizer() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#elif defined(__has_feature)
  return __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
  return false;
#endif
}

/// A message that makes the parser allocate without end must end this process, not the machine.
void limit_memory() {
  constexpr rlim_t most = 4ULL * 1024 * 1024 * 1024;
  const rlimit memory = {most, most};
  const rlimit no_core = {0, 0};
  if (!runs_under_sanitizer()) ::setrlimit(RLIMIT_AS, &memory);  // they map terabytes
  ::setrlimit(RLIMIT_CORE, &no_core);
}

/// Xapian and talloc allocate and free millions of small blocks between two commits: keeping the heap saves a tenth of the time.
/// The process ends when it is idle, which gives it all back.
void keep_the_heap() {
  constexpr int heap_step = 64 * 1024 * 1024;
  ::mallopt(M_TRIM_THRESHOLD, 8 * heap_step);
  ::mallopt(M_MMAP_THRESHOLD, heap_step);
  ::mallopt(M_TOP_PAD, heap_step / 4);
}

/// What a library says before it gives up would be written over the screen, with words of the message in it.
void silence_standard_error() {
  const Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (nothing) ::dup2(nothing.get(), STDERR_FILENO);
}

}  // namespace

int index_process_main() {
  ::umask(0077);
  silence_standard_error();
  limit_memory();
  keep_the_heap();
  // The batches decide when to write; Xapian must not do so in between: on a full disk it would fail in the midst of a message, which gets the blame.
  ::setenv("XAPIAN_FLUSH_THRESHOLD", "100000", 0);
  return run_index_session(parents_socket, mime::prescan_file);
}

}  // namespace valija::workers
