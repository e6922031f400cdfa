#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "valija/base/result.hpp"
#include "valija/mail/document.hpp"

namespace valija::workers {

/// Writes `octets` as a new file of `directory`, mode 0600, never through a link and never over another file:
/// "name.pdf", else "name-1.pdf" and so on. `name` is not trusted: one component remains of it. Returns the path.
/// Kind::cancelled: stop asked; nothing is left of the file.
Result<std::string> save_new_file(const std::string& directory, std::string_view name, std::string_view octets, const std::stop_token& stop = {});

/// Writes to a file, which may be on something slow, until stop is asked. `path` is for the error.
Result<void> write_until_stopped(int file, const std::string& path, std::string_view octets, const std::stop_token& stop);

/// What a part is called, for save_new_file: as the message says, else by its type ("part.pdf"). `number` need not be one of `document`.
std::string name_of_part(const Document& document, std::string_view number);

}  // namespace valija::workers
