#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "folder_name.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store {
namespace {

std::string read_holder(int file) {
  std::array<char, 32> text{};
  const ssize_t count = ::pread(file, text.data(), text.size(), 0);
  const std::string holder(trim(std::string_view(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0)));
  return holder.find_first_not_of("0123456789") == std::string::npos ? holder : std::string();
}

Error held_error(const std::string& account, const std::string& holder) {
  const std::string message = holder.empty()
                                  ? fmt::format(fmt::runtime(_("Another process is syncing the account {} now.")), clean(account))
                                  : fmt::format(fmt::runtime(_("The process {} is syncing the account {} now.")), holder, clean(account));
  return {Kind::try_later, Blast::account, message, _("Wait until it is done, then try again.")};
}

}  // namespace

Result<AccountLock> AccountLock::take(const std::string& state_dir, const std::string& account) {
  const std::string directory = state_dir + "/locks";
  if (Result<void> made = make_directories(directory); !made) return fail(std::move(made).error());
  const std::string path = directory + "/" + directory_name(account);
  Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return fail(disk_error(_("Opening"), path, errno));
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(file.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno == EAGAIN || errno == EACCES) return fail(held_error(account, read_holder(file.get())));
    return fail(disk_error(_("Locking"), path, errno));
  }
  // Only for the sentence above; the lock itself is the kernel's.
  const std::string holder = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file.get(), 0) == 0) (void)!::pwrite(file.get(), holder.data(), holder.size(), 0);
  return AccountLock(std::move(file));
}

}  // namespace valija::store
