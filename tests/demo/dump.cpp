// Prints the sample mailbox as JSON lines, for tests in other languages: dump NOW.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "valija/demo/mailbox.hpp"

namespace {

std::string hex(const std::string& octets) {
  std::string result;
  result.reserve(octets.size() * 2);
  for (const char octet : octets) fmt::format_to(std::back_inserter(result), "{:02x}", static_cast<unsigned char>(octet));
  return result;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 64;
  for (const auto& message : valija::demo::demo_mailbox(std::atoll(arguments[1])))
    fmt::print("{{\"account\":\"{}\",\"folder\":\"{}\",\"flags\":\"{}\",\"date\":{},\"octets\":\"{}\"}}\n", message.account,
               message.folder, valija::to_maildir_letters(message.flags), message.date, hex(message.octets));
  return 0;
}
