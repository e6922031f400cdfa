// Files that had better not be opened unasked.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "valija/app/reading.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"

namespace valija::app {
namespace {

constexpr std::array<std::string_view, 40> running_extensions{
    "appimage", "apk", "app", "bat", "chm", "cmd", "com", "cpl", "deb", "desktop", "dll", "dmg", "exe", "hta", "img", "iso", "jar", "js", "jse", "lnk",
    "msi", "msp", "pif", "pl", "ps1", "py", "rb", "reg", "rpm", "run", "scr", "scf", "sh", "url", "vb", "vbe", "vbs", "wsf", "wsh", "xll"};
constexpr std::array<std::string_view, 14> running_types{
    "application/x-executable", "application/x-sharedlib", "application/x-desktop", "application/x-sh", "application/x-shellscript", "application/x-msdownload",
    "application/x-msdos-program", "application/vnd.microsoft.portable-executable", "application/java-archive", "application/x-java-archive",
    "application/javascript", "text/javascript", "application/x-ms-shortcut", "application/hta"};

/// What the end of a name promises; the beginning of the types that keep it.
struct Promise {
  std::string_view extension, type;
};
constexpr std::array<Promise, 24> promises{{
    {"pdf", "application/pdf"}, {"jpg", "image/"}, {"jpeg", "image/"}, {"png", "image/"}, {"gif", "image/"}, {"webp", "image/"}, {"svg", "image/"},
    {"txt", "text/"}, {"csv", "text/"}, {"md", "text/"}, {"patch", "text/"}, {"diff", "text/"}, {"html", "text/"}, {"htm", "text/"}, {"ics", "text/"},
    {"mp3", "audio/"}, {"wav", "audio/"}, {"ogg", "audio/"}, {"mp4", "video/"}, {"mov", "video/"}, {"doc", "application/"}, {"docx", "application/"},
    {"zip", "application/"}, {"odt", "application/"},
}};

bool is_running(std::string_view extension) { return std::find(running_extensions.begin(), running_extensions.end(), extension) != running_extensions.end(); }

/// What a browser runs and fetches things for.
bool is_page(std::string_view extension) {
  constexpr std::array<std::string_view, 6> pages{"html", "htm", "xhtml", "xht", "shtml", "svg"};
  return std::find(pages.begin(), pages.end(), extension) != pages.end();
}

/// A file keeps no blanks and dots behind its name.
std::string name_on_disk(const std::string& name) {
  const std::string safe = clean(name);
  return safe.substr(0, safe.find_last_not_of(". ") + 1);
}

const Promise* promise_of(std::string_view extension) {
  const auto found = std::find_if(promises.begin(), promises.end(), [extension](const Promise& promise) { return promise.extension == extension; });
  return found == promises.end() ? nullptr : &*found;
}

/// "says nothing": what programs write where they do not know.
bool says_nothing(std::string_view type) { return type.empty() || type == "application/octet-stream" || type == "application/binary" || type == "application/x-download"; }

}  // namespace

std::string doubt_about(const std::string& type, const std::string& name) {
  const std::string lower_type = to_lower_ascii(type), lower_name = to_lower_ascii(name_on_disk(name));
  std::vector<std::string> ends = split(lower_name, '.');
  ends.erase(ends.begin());
  const std::string last = ends.empty() ? std::string() : std::string(trim(ends.back()));
  const std::string shown = clean(name.empty() ? type : name);
  const bool looks_like_another = ends.size() > 1 && promise_of(ends[ends.size() - 2]) != nullptr;
  if (is_running(last) && looks_like_another) return fmt::format(fmt::runtime(_("{} is a program that calls itself a document.")), shown);
  if (is_running(last) || std::find(running_types.begin(), running_types.end(), lower_type) != running_types.end()) {
    return fmt::format(fmt::runtime(_("{} is a program: opening it may run it.")), shown);
  }
  const Promise* promise = promise_of(last);
  if (promise != nullptr && !says_nothing(lower_type) && !lower_type.starts_with(promise->type)) {
    return fmt::format(fmt::runtime(_("{} says that it is {}: its name and its type disagree.")), shown, clean(type));
  }
  if (lower_type == "text/html" || lower_type == "application/xhtml+xml" || lower_type == "image/svg+xml" || is_page(last)) {
    return fmt::format(fmt::runtime(_("{} opens in the browser as it came: it may run, and tell its sender.")), shown);
  }
  return {};
}

}  // namespace valija::app
