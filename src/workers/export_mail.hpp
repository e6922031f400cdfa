#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "valija/base/result.hpp"

namespace valija::workers {

/// Writes messages, by a file of each, into a new file (mode 0600, on the disk when this returns, never over another): one message as it is into PATH.eml,
/// several into an mbox (RFC 4155) PATH.mbox, with "From " of the texts behind ">" (mboxrd). An ending that `path` has already is kept; ".mbox" makes an mbox
/// of one message too. Returns the path; nothing is left of a file that could not be finished: the
/// error says which message it was. Kind::cancelled: stop asked.
Result<std::string> export_mail(const std::vector<std::string>& files, const std::string& path, const std::stop_token& stop = {});

/// Writes a new file of mode 0600, durably and never over another. Kind::cancelled: stop asked; nothing is left of the file.
Result<void> write_new_file(const std::string& path, std::string_view octets, const std::stop_token& stop = {});

}  // namespace valija::workers
