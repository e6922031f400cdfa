#pragma once

#include <string>

namespace valija::workers {

/// The file that now holds the message of a Maildir path which is gone: the same name up to ":2," in cur/ or new/ of its folder.
/// Empty: there is none.
std::string find_renamed(const std::string& path);
/// The path itself, unless nothing is there and the message has another name now.
std::string now_at(const std::string& path);
/// Removes a draft from its folder, under whatever name it has there now.
void remove_stored(const std::string& path);

}  // namespace valija::workers
