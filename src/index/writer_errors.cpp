#include "writer_errors.hpp"

#include <fmt/format.h>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::index {

Unexpected not_stored(const std::string& database, const std::string& complaint) {
  const std::string where = fmt::format(fmt::runtime(_("The mail index at {} could not be stored on disk")), clean(database));
  return fail(Kind::disk, Blast::program, complaint.empty() ? where + "." : where + ": " + clean(complaint),
              _("Is the disk full? Nothing is lost: it is indexed again when there is space."));
}

Unexpected in_use(pid_t pid) {
  const std::string who = pid > 0 ? fmt::format(fmt::runtime(_("process {}")), pid) : std::string(_("another program"));
  return fail(Kind::try_later, Blast::program, fmt::format(fmt::runtime(_("The mail index is in use by {}.")), who),
              _("New mail and changes wait until it is free."));
}

Unexpected outside(const std::string& path, const std::string& mail_root) {
  return fail(Kind::input, Blast::message,
              fmt::format(fmt::runtime(_("The file {} is not below the mail folder {}.")), clean(path), clean(mail_root)), {});
}

Unexpected unknown(const std::string& path) {
  return fail(Kind::input, Blast::message, fmt::format(fmt::runtime(_("The index does not know the file {}.")), clean(path)), {});
}

}  // namespace valija::index
