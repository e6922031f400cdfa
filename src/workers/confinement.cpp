#include "confinement.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "system_calls.hpp"
#include "valija/base/words.hpp"

namespace valija::workers {
namespace {

/// What a program needs to start, to read its input and to write its output. All else fails, as if it were not permitted.
constexpr auto allowed = std::to_array<int>(
    {SCMP_SYS(execve), SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mprotect), SCMP_SYS(mremap), SCMP_SYS(madvise),
     SCMP_SYS(arch_prctl), SCMP_SYS(set_tid_address), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(futex), SCMP_SYS(getrandom),
     SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(lseek), SCMP_SYS(poll), SCMP_SYS(ppoll),
     SCMP_SYS(close), SCMP_SYS(close_range), SCMP_SYS(fcntl), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(fadvise64), SCMP_SYS(getdents64),
     SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
     SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
     SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
     SCMP_SYS(getpid), SCMP_SYS(getppid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getpgrp),
     SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
     SCMP_SYS(exit), SCMP_SYS(exit_group)});

/// Programs and libraries, and where some systems keep those; what is missing is passed over.
constexpr std::array readable_places{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/gnu/store", "/etc/ld.so.cache"};

/// With openat2 these would be in memory, where a filter cannot look: glibc and musl do not use it.
bool allow_reading(scmp_filter_ctx filter) {
  constexpr scmp_datum_t changes = O_ACCMODE | O_CREAT | O_TRUNC;
  const scmp_arg_cmp open_reads = SCMP_A1_64(SCMP_CMP_MASKED_EQ, changes, O_RDONLY), openat_reads = SCMP_A2_64(SCMP_CMP_MASKED_EQ, changes, O_RDONLY);
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, &open_reads) == 0 &&
         seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, &openat_reads) == 0;
}

/// As the kernel takes it: loading by libseccomp itself would need memory between fork and exec.
std::vector<sock_filter> compile(scmp_filter_ctx filter) {
  const Fd file(::memfd_create("filter", MFD_CLOEXEC));
  if (!file || seccomp_export_bpf(filter, file.get()) != 0) return {};
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  std::vector<sock_filter> code(static_cast<std::size_t>(std::max<off_t>(size, 0)) / sizeof(sock_filter));
  const bool is_whole = ::pread(file.get(), code.data(), code.size() * sizeof(sock_filter), 0) == size;
  return is_whole ? std::move(code) : std::vector<sock_filter>();
}

std::vector<sock_filter> filter_calls() {
  const CallFilter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  const bool is_complete = filter && allow_reading(filter.get()) && add_rules(filter.get(), SCMP_ACT_ALLOW, allowed);
  return is_complete ? compile(filter.get()) : std::vector<sock_filter>();
}

/// All that this kernel can refuse: bits were added from the right, version by version.
std::uint64_t known_rights(long version) {
  constexpr std::array<int, 5> counts{13, 14, 15, 15, 16};
  return (std::uint64_t{1} << counts[static_cast<std::size_t>(std::min<long>(version, counts.size()) - 1)]) - 1;
}

bool allow_beneath(int rules, const char* path) {
  const Fd place(::open(path, O_PATH | O_CLOEXEC));
  if (!place) return errno == ENOENT;
  struct stat about = {};
  if (::fstat(place.get(), &about) != 0) return false;
  landlock_path_beneath_attr rule = {};
  rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
  if (S_ISDIR(about.st_mode)) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
  rule.parent_fd = place.get();
  return ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

/// No descriptor where the kernel has no Landlock.
Result<Fd> open_places() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return Fd();
  const std::uint64_t handled = known_rights(version);  // the first field, and all that older kernels know
  Fd rules(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0)));
  const bool is_whole = rules && std::all_of(readable_places.begin(), readable_places.end(), [&](const char* path) { return allow_beneath(rules.get(), path); });
  if (is_whole) return rules;
  return fail(disk_error(_("Starting"), "Landlock", errno));
}

bool set_limits() {
  constexpr rlim_t seconds = 30;
  return limit(RLIMIT_AS, 2048 * megabyte) && limit(RLIMIT_CPU, seconds) && limit(RLIMIT_NOFILE, 16) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0);
}

}  // namespace

Result<Confinement> Confinement::prepare() {
  auto calls = filter_calls();
  if (calls.empty()) return fail(Kind::bug, Blast::message, _("The process that reads messages could not lock itself in."), _("The kernel must allow seccomp filters."));
  auto places = open_places();
  if (!places) return fail(std::move(places).error());
  return Confinement(std::move(calls), *std::move(places));
}

bool Confinement::enter() const {
  const sock_fprog program = {static_cast<unsigned short>(calls_.size()), const_cast<sock_filter*>(calls_.data())};
  return set_limits() && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && (!places_ || ::syscall(SYS_landlock_restrict_self, places_.get(), 0) == 0) &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace valija::workers
