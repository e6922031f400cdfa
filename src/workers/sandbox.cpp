#include "sandbox.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "system_calls.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {
namespace {

/// Sanitizers reserve terabytes of address space.
constexpr bool has_sanitizer =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
    true;
#else
    false;
#endif
#else
    false;
#endif

bool set_limits() {
  if (!has_sanitizer && !limit(RLIMIT_AS, 1024 * megabyte)) return false;
  return limit(RLIMIT_STACK, 8 * megabyte) && limit(RLIMIT_NOFILE, 16) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
         limit(RLIMIT_NPROC, 0);
}

constexpr auto allowed = std::to_array<int>(
    {SCMP_SYS(read),          SCMP_SYS(readv),       SCMP_SYS(pread64),        SCMP_SYS(write),
     SCMP_SYS(writev),        SCMP_SYS(recvmsg),     SCMP_SYS(sendmsg),        SCMP_SYS(poll),
     SCMP_SYS(ppoll),         SCMP_SYS(munmap),      SCMP_SYS(mremap),         SCMP_SYS(brk),
     SCMP_SYS(madvise),       SCMP_SYS(futex),       SCMP_SYS(exit),           SCMP_SYS(exit_group),
     SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack),
     SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),           SCMP_SYS(fstat),
     SCMP_SYS(lseek),         SCMP_SYS(close),        SCMP_SYS(getrandom),      SCMP_SYS(getpid),
     SCMP_SYS(gettid),        SCMP_SYS(setitimer),    SCMP_SYS(sched_yield),    SCMP_SYS(restart_syscall)});

constexpr auto refused = std::to_array<int>({SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access), SCMP_SYS(faccessat),
                                             SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
                                             SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
                                             SCMP_SYS(getcwd)});

/// mmap and mprotect as long as nothing becomes executable.
bool add_memory_rules(scmp_filter_ctx filter) {
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    const scmp_arg_cmp is_not_executable = SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    if (seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &is_not_executable) != 0) return false;
  }
  return true;
}

/// abort() is tgkill() of ourselves.
bool add_narrow_rules(scmp_filter_ctx filter) {
  const scmp_arg_cmp is_ourselves = SCMP_A0_64(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()), 0);
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &is_ourselves) == 0;
}

bool load_filter() {
  const CallFilter filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  return filter && add_rules(filter.get(), SCMP_ACT_ALLOW, allowed) && add_rules(filter.get(), SCMP_ACT_ERRNO(EACCES), refused) &&
         add_memory_rules(filter.get()) && add_narrow_rules(filter.get()) && seccomp_load(filter.get()) == 0;
}

}  // namespace

Result<void> enter_sandbox() {
  const bool is_closed = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                         set_limits() && load_filter();
  if (is_closed) return {};
  return fail(Kind::bug, Blast::program, _("The process that reads messages could not lock itself in."),
              _("The kernel must allow seccomp filters."));
}

}  // namespace valija::workers
