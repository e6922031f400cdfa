#include <cstdint>
#include <cstdlib>
#include <string>

#include "valija/config/settings.hpp"

using namespace valija::config;

/// Any text is settings or faults; good settings are shown as settings again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  Places places;
  places.home = "/home/ana";
  const Loaded loaded = parse({reinterpret_cast<const char*>(octets), size}, "/nowhere/valijarc", places);
  for (const Fault& fault : loaded.faults) {
    if (fault.message.empty() || to_text(fault).empty()) std::abort();
  }
  if (!loaded.faults.empty()) return 0;
  const std::string shown = show(loaded.settings);
  const Loaded again = parse(shown, "/nowhere/valijarc", places);
  if (!again.faults.empty() || show(again.settings) != shown) std::abort();
  return 0;
}
