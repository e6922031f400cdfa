#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "valija/mail/document.hpp"

namespace valija::html {

/// HTML (UTF-8) to styled lines with links and pictures. Never fetches; hidden elements, scripts and styles are dropped. Bounded: input cut at
/// 8 MiB, depth at 256 (gumbo is iterative; our walk is too). Only http, https and mailto targets become links. `columns`: the width that
/// tables of data are laid out for. `Picture::part` is "cid:ID", or "#3" for the third data: URI.
HtmlText render(std::string_view html, int columns = 80);

/// The octets of the `number`th data: URI among the pictures, counted from 1 as `render` counts them; empty if there is none.
std::string data_uri(std::string_view html, int number);

/// Answers a Content-ID with the picture as a data: URI; empty if there is none.
using CidResolver = std::function<std::string(std::string_view cid)>;

/// HTML (UTF-8) that is safe to open in a browser: only elements, attributes and style properties of a list, no script, form or frame, no
/// address of another host but in links; pictures only as data: URIs. A Content-Security-Policy forbids the rest. At most 64 MiB.
std::string sanitised_page(std::string_view html, const CidResolver& data_uri_of_cid);

}  // namespace valija::html
