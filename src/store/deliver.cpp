#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <optional>

#include "directory_reader.hpp"
#include "file_name.hpp"
#include "mail_tree.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/store/draft_files.hpp"

namespace valija::store {
namespace {

/// Where the message lies already; nothing: it does not.
Result<std::optional<std::string>> find_delivered(const MailDirectory& directory, std::string_view base) {
  std::optional<std::string> found;
  for (const auto& part : {std::pair(directory.fresh.get(), "/new/"), std::pair(directory.cur.get(), "/cur/")}) {
    const int error = read_directory(part.first, [&](const DirectoryEntry& entry) {
      if (split_file_name(entry.name).base == base) found = directory.path + part.second + std::string(entry.name);
    });
    if (error != 0) return fail(folder_error(_("Reading"), directory.path, error));
  }
  return found;
}

Result<void> copy(const std::string& from, std::string_view front, Files& files, const MailDirectory& to, const std::string& name) {
  const Fd source(::open(from.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!source) return fail(disk_error(_("Opening"), from, errno));
  (void)files.unlink(to.tmp.get(), name.c_str());  // of a process that died in the middle
  int error = 0;
  Fd file = files.create(to.tmp.get(), name.c_str(), error);
  if (error == 0) error = files.write(file.get(), front);
  std::array<char, 64 << 10> block;
  while (error == 0) {
    const ssize_t count = ::read(source.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(disk_error(_("Reading"), from, errno));
    if (count == 0) break;
    error = files.write(file.get(), {block.data(), static_cast<std::size_t>(count)});
  }
  if (error == 0) error = files.sync_file(file.get());
  if (file) {
    const int close_error = files.close(std::move(file));
    if (error == 0) error = close_error;
  }
  if (error != 0) return fail(folder_error(_("Writing"), to.path + "/tmp/" + name, error));
  return {};
}

Error not_in_place(const std::string& mail_root, const std::string& account) {
  return {Kind::try_later, Blast::account, fmt::format(fmt::runtime(_("The mail of {} is not in place below {}.")), clean(account), clean(mail_root)),
          _("Run \"valija sync\", or mount the disk that it is on.")};
}

}  // namespace

Result<std::string> deliver(const std::string& mail_root, const std::string& account, const std::string& folder, const std::string& message_file,
                            const std::string& name, const std::string& letters, const std::string& front) {
  const std::optional<FolderPath> path = FolderPath::from_text(folder);
  if (!path) return fail(Kind::input, Blast::folder, fmt::format(fmt::runtime(_("{} is no name of a folder.")), clean_phrase(folder)));
  SystemFiles files;
  const auto tree = MailTree::open(mail_root, account, files);
  if (!tree) return fail(tree.error());
  if (!*tree) return fail(not_in_place(mail_root, account));
  const auto marker = (*tree)->marker();
  if (!marker) return fail(marker.error());
  if (!*marker) return fail(not_in_place(mail_root, account));
  const auto directory = (*tree)->make_folder(*path);
  if (!directory) return fail(directory.error());
  if (Result<void> durable = (*tree)->sync_all(); !durable) return fail(std::move(durable).error());

  const auto delivered = find_delivered(**directory, name);
  if (!delivered) return fail(delivered.error());
  if (*delivered) return **delivered;
  if (Result<void> written = copy(message_file, front, files, **directory, name); !written) return fail(std::move(written).error());
  const std::string target = name + ":2," + letters;
  int error = files.rename((*directory)->tmp.get(), name.c_str(), (*directory)->cur.get(), target.c_str());
  if (error == 0) error = files.sync_file((*directory)->cur.get());
  if (error != 0) return fail(folder_error(_("Writing"), (*directory)->path + "/cur/" + target, error));
  return (*directory)->path + "/cur/" + target;
}

}  // namespace valija::store
