#pragma once

#include <string>
#include <vector>

#include "valija/base/clock.hpp"
#include "valija/mail/flags.hpp"
#include "valija/mail/folder.hpp"

namespace valija::demo {

/// One account of the sample mailbox, as `[account.NAME]` would describe it.
struct DemoAccount {
  std::string name;
  std::string address;
  std::string full_name;
};

/// One sample message, ready to be written into ACCOUNT/FOLDER.
struct DemoMessage {
  std::string account;
  std::string folder;  ///< "Lists/debian"
  FolderRole role = FolderRole::none;
  Flags flags;
  std::vector<std::string> tags;  ///< besides those of the flags and of the place; sorted
  UnixTime date = 0;
  std::string octets;  ///< RFC 5322 with LF line ends
};

std::vector<DemoAccount> demo_accounts();

/// The sample mail that is part of the program, dated back from `now`, so that it is as fresh as a real mailbox. Newest
/// first.
std::vector<DemoMessage> demo_mailbox(UnixTime now);

}  // namespace valija::demo
