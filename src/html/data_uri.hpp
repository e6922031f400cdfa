#pragma once

#include <string>
#include <string_view>

namespace valija::html {

/// The number n of "data:#n", which stands for the n-th data: URI in simplified HTML; 0: it is something else.
int data_number(std::string_view src);

/// A data: URI of a kind of picture that a browser shows and that can hold neither script nor addresses.
bool is_plain_picture(std::string_view data_uri);

/// Its octets; what is not base64 or percent encoding is left out.
std::string decode_data_uri(std::string_view data_uri);

}  // namespace valija::html
