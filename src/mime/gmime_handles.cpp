#include "gmime_handles.hpp"

#include <mutex>

namespace valija::mime {
namespace {

void ignore_log(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

}  // namespace

void start_gmime() {
  static std::once_flag started;
  std::call_once(started, [] {
    g_log_set_default_handler(ignore_log, nullptr);
    g_mime_init();
  });
}

}  // namespace valija::mime
