#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/base/result.hpp"
#include "valija/mail/draft.hpp"

namespace valija::workers {

/// The paths in what a person typed, pasted or dragged into a terminal: one path with blanks, or several, quoted or escaped as a shell has them, file:// URLs, "~/".
std::vector<std::string> paths_in(std::string_view typed, const std::string& home);

/// Files as attachments; with "!COMMAND" what the command prints, kept in `directory`. Kind::input names the first that cannot be read.
Result<std::vector<Attachment>> attachments_from(const std::string& source, const std::string& home, const std::string& directory);

/// What the path that is being typed could become, in the form it is typed in, directories with "/" behind; at most 200, sorted. Hidden files only where asked for.
std::vector<std::string> complete_path(const std::string& typed, const std::string& home);

}  // namespace valija::workers
