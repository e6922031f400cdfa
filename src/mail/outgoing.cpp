#include "valija/mail/outgoing.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace valija {

std::vector<std::string> without(const std::vector<std::string>& recipients, const std::vector<std::string>& others) {
  const std::set<std::string> left_out(others.begin(), others.end());
  std::vector<std::string> kept;
  std::copy_if(recipients.begin(), recipients.end(), std::back_inserter(kept), [&](const std::string& one) { return !left_out.contains(one); });
  return kept;
}

}  // namespace valija
