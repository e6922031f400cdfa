#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <string>

namespace valija::mime {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
/// Owns one reference to an object of GMime.
template <typename T>
using Handle = std::unique_ptr<T, Unref>;

struct FreeFormat {
  void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};
using FormatHandle = std::unique_ptr<GMimeFormatOptions, FreeFormat>;

struct FreeText {
  void operator()(char* text) const { g_free(text); }
};

/// Starts GMime and silences what it and GLib would print. Any thread, any number of times.
void start_gmime();

inline std::string text_of(const char* text) { return text == nullptr ? std::string() : std::string(text); }

/// What goes to a server: CRLF, parameters by RFC 2231.
FormatHandle wire_format();

}  // namespace valija::mime
