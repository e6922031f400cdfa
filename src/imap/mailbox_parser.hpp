#pragma once

#include <string>
#include <vector>

#include "cursor.hpp"
#include "valija/imap/response.hpp"

namespace valija::imap {

/// What stands behind the response's name; check `cursor.ok()`.
std::vector<std::string> parse_names(Cursor& cursor);
ListEntry parse_list_entry(Cursor& cursor);
FolderStatus parse_folder_status(Cursor& cursor);
FolderFlags parse_folder_flags(Cursor& cursor);
Vanished parse_vanished(Cursor& cursor);
SearchResult parse_search(Cursor& cursor);
Namespaces parse_namespaces(Cursor& cursor);
ExtendedSearchResult parse_extended_search(Cursor& cursor);

}  // namespace valija::imap
