#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "../mime/clean_document.hpp"
#include "valija/html/render.hpp"
#include "valija/mime/parse.hpp"

/// The first octet says which kind of report the others are: what is said of it is clean.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr const char* types[] = {"delivery-status", "disposition-notification", "feedback-report", "external-body", "partial"};
  if (size == 0) return 0;
  valija::mime::start();
  const std::string text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::string message = std::string("From: a@b\r\nContent-Type: message/") + types[bytes[0] % 5] + "; " + text.substr(0, text.find('\n')) + "\r\n\r\n" + text;
  const auto document = valija::mime::parse(message, valija::html::render);
  if (!valija::test::first_unclean(document).empty()) std::abort();
  return 0;
}
