#include "valija/base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija {
namespace {

std::string reason_of(int error_number) {
  char buffer[256] = {};
  return strerror_r(error_number, buffer, sizeof buffer);
}

std::string hint_for(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return _("Free some space on this disk, then try again.");
    case EACCES:
    case EPERM:
      return _("Check who owns this file and who may read and write it.");
    case EROFS:
      return _("This file system is mounted read-only; mount it writable or choose another place.");
    case EMFILE:
    case ENFILE:
      return _("Too many files are open; raise the limit with ulimit -n.");
    case EIO:
      return _("The disk may be failing; check the system log.");
    default:
      return {};
  }
}

}  // namespace

int exit_status(Kind kind) {
  switch (kind) {
    case Kind::usage:
      return 64;
    case Kind::input:
      return 65;
    case Kind::unreachable:
      return 69;
    case Kind::bug:
      return 70;
    case Kind::disk:
      return 74;
    case Kind::try_later:
    case Kind::cancelled:
      return 75;
    case Kind::protocol:
      return 76;
    case Kind::login:
      return 77;
    case Kind::settings:
      return 78;
  }
  return 70;
}

std::string to_text(const Error& error) {
  if (error.hint.empty()) return error.message;
  return error.message + "\n" + error.hint;
}

Error disk_error(std::string_view action, std::string_view path, int error_number) {
  return Error{Kind::disk, Blast::program, fmt::format("{} {}: {}", action, clean(path), reason_of(error_number)),
               hint_for(error_number)};
}

}  // namespace valija
