#pragma once

#include <string>
#include <string_view>

namespace valija {

/// Why something failed; decides the policy (retry, ask, stop) and the exit status.
enum class Kind {
  usage,        ///< the command line is wrong (64)
  input,        ///< a message or a file that we were given is unusable (65)
  unreachable,  ///< no connection to the server (69)
  bug,          ///< a broken promise of our own (70)
  disk,         ///< reading or writing local files failed (74)
  try_later,    ///< temporary, or held back until a person confirms (75)
  protocol,     ///< the other side broke the protocol, or TLS failed (76)
  login,        ///< the server refused the login (77)
  settings,     ///< the settings file is wrong (78)
  cancelled,    ///< a person or a shutdown stopped it
};

/// How far a failure unwinds: the next message, folder or account goes on behind it.
enum class Blast { message, folder, account, program };

/// One failure, said to a person: what happened and where (message), what to do (hint). Both are whole sentences in
/// the user's language, without control characters; they never hold a secret.
struct Error {
  Kind kind = Kind::bug;
  Blast blast = Blast::program;
  std::string message;
  std::string hint;
};

/// The exit status of DESIGN: sysexits.h numbers, 0 only for success.
int exit_status(Kind kind);

/// "message\nhint" for standard error; hint may be empty.
std::string to_text(const Error& error);

/// "open /a/b: No space left on device" as a disk error; `error_number` is an errno value.
Error disk_error(std::string_view action, std::string_view path, int error_number);

}  // namespace valija
