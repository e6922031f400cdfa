#include "known_types.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

struct KnownType {
  std::string_view ending, type;
};
constexpr auto known_types = std::to_array<KnownType>(
    {{"pdf", "application/pdf"}, {"png", "image/png"}, {"jpg", "image/jpeg"}, {"jpeg", "image/jpeg"}, {"gif", "image/gif"}, {"webp", "image/webp"},
     {"svg", "image/svg+xml"}, {"txt", "text/plain"}, {"md", "text/markdown"}, {"csv", "text/csv"}, {"html", "text/html"}, {"htm", "text/html"},
     {"patch", "text/x-patch"}, {"diff", "text/x-patch"}, {"ics", "text/calendar"}, {"vcf", "text/vcard"}, {"json", "application/json"},
     {"xml", "application/xml"}, {"zip", "application/zip"}, {"gz", "application/gzip"}, {"xz", "application/x-xz"}, {"zst", "application/zstd"},
     {"tar", "application/x-tar"}, {"7z", "application/x-7z-compressed"}, {"doc", "application/msword"},
     {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}, {"xls", "application/vnd.ms-excel"},
     {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, {"ppt", "application/vnd.ms-powerpoint"},
     {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"}, {"odt", "application/vnd.oasis.opendocument.text"},
     {"ods", "application/vnd.oasis.opendocument.spreadsheet"}, {"odp", "application/vnd.oasis.opendocument.presentation"}, {"rtf", "application/rtf"},
     {"epub", "application/epub+zip"}, {"mp3", "audio/mpeg"}, {"ogg", "audio/ogg"}, {"flac", "audio/flac"}, {"wav", "audio/x-wav"},
     {"mp4", "video/mp4"}, {"webm", "video/webm"}, {"asc", "application/pgp-keys"}});

}  // namespace

std::string_view type_of_name(std::string_view name) {
  const auto dot = name.rfind('.');
  const std::string ending = dot == std::string_view::npos ? std::string() : to_lower_ascii(name.substr(dot + 1));
  const auto known = std::find_if(known_types.begin(), known_types.end(), [&](const KnownType& row) { return row.ending == ending; });
  return known == known_types.end() ? unknown_type : known->type;
}

}  // namespace valija::mime
