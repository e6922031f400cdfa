#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "file_lock.hpp"
#include "folder_name.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/store/account_store.hpp"

namespace valija::store {
namespace {

std::string read_note(const Fd& file) {
  std::array<char, 64> text{};
  const ssize_t count = ::pread(file.get(), text.data(), text.size(), 0);
  return std::string(trim(std::string_view(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0)));
}

/// Not durable, and need not be: it is believed only until the machine goes down.
void write_note(const Fd& file, const std::string& note) {
  if (::ftruncate(file.get(), 0) == 0) (void)!::pwrite(file.get(), note.data(), note.size(), 0);
}

std::string read_holder(const Fd& file) {
  const std::string holder = read_note(file);
  return holder.find_first_not_of("0123456789") == std::string::npos ? holder : std::string();
}

/// What a tidy holder leaves behind; another one after each start of the machine. Empty: not to be had.
std::string tidy_note() {
  constexpr std::size_t most_octets = 60;
  const auto boot = read_file("/proc/sys/kernel/random/boot_id", most_octets);
  return boot ? "tidy " + std::string(trim(*boot)) : std::string();
}

Error held_error(const std::string& account, const std::string& holder) {
  const std::string message = holder.empty()
                                  ? fmt::format(fmt::runtime(_("Another process is syncing the account {} now.")), clean(account))
                                  : fmt::format(fmt::runtime(_("The process {} is syncing the account {} now.")), holder, clean(account));
  return {Kind::try_later, Blast::account, message, _("Wait until it is done, then try again.")};
}

}  // namespace

Result<AccountLock> AccountLock::take(const std::string& state_dir, const std::string& account) {
  const std::string path = state_dir + "/locks/" + directory_name(account);
  Result<Fd> file = open_lock(path);
  if (!file) return fail(std::move(file).error());
  const Result<bool> locked = try_lock(*file, F_WRLCK, path);
  if (!locked) return fail(locked.error());
  if (!*locked) return fail(held_error(account, read_holder(*file)));
  const std::string tidy = tidy_note();
  const bool was_left_tidy = !tidy.empty() && read_note(*file) == tidy;
  // The number is only for the sentence above; the lock itself is the kernel's.
  write_note(*file, std::to_string(::getpid()) + "\n");
  return AccountLock(std::move(*file), was_left_tidy);
}

void AccountLock::leave_tidy() const { write_note(fd_, tidy_note()); }

Result<std::optional<IndexTurn>> IndexTurn::try_take(const std::string& state_dir) {
  const std::string path = state_dir + "/index.lock";
  Result<Fd> file = open_lock(path);
  if (!file) return fail(std::move(file).error());
  const Result<bool> locked = try_lock(*file, F_WRLCK, path);
  if (!locked) return fail(locked.error());
  return *locked ? std::optional(IndexTurn(std::move(*file))) : std::nullopt;
}

/// By word, not only with the descriptor: a process that is being started may have a copy of it for a moment.
IndexTurn::~IndexTurn() {
  if (fd_) release_lock(fd_);
}

}  // namespace valija::store
