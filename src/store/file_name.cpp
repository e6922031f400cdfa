#include "file_name.hpp"

#include <fmt/format.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace valija::store {
namespace {

constexpr std::string_view info = ":2,";
constexpr std::string_view known_letters = "DFPRST";
constexpr std::size_t longest_host = 64;

std::string own_host() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

/// A host name must not end a path component or look like the info part.
std::string escape_host(std::string_view host) {
  std::string result;
  for (const char byte : host.substr(0, longest_host)) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '/' || byte == ':' || byte == '\\' || byte == ',' || code <= ' ' || code >= 0x7f) {
      result += fmt::format("\\{:03o}", code);
    } else {
      result += byte;
    }
  }
  return result.empty() ? "localhost" : result;
}

std::uint64_t random_number() {
  std::uint64_t value = 0;
  if (::getrandom(&value, sizeof value, 0) != static_cast<ssize_t>(sizeof value)) value = static_cast<std::uint64_t>(::getpid());
  return value;
}

long microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_nsec / 1000;
}

/// Takes a letter and at least one digit from the front.
bool take_number(std::string_view& text, char letter) {
  if (text.empty() || text.front() != letter) return false;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
  text.remove_prefix(end);
  return end > 1;
}

}  // namespace

FileName split_file_name(std::string_view name) {
  const std::size_t at = name.rfind(info);
  if (at == std::string_view::npos) return {name, {}};
  return {name.substr(0, at), name.substr(at + info.size())};
}

std::string file_name(std::string_view base, Flags flags, std::string_view old_letters) {
  std::string letters = to_maildir_letters(flags);
  for (const char letter : old_letters) {
    if (known_letters.find(letter) == std::string_view::npos && letters.find(letter) == std::string::npos) letters += letter;
  }
  std::sort(letters.begin(), letters.end());
  std::string name;
  name.reserve(base.size() + info.size() + letters.size());
  return name.append(base).append(info).append(letters);
}

BaseNames::BaseNames(const Clock& clock, std::string host)
    : clock_(clock), host_("." + escape_host(host.empty() ? own_host() : host)) {
  tail_ = fmt::format("R{:016x}{}", random_number(), host_);
}

std::string BaseNames::next() {
  return fmt::format("{}.M{}P{}Q{}{}", clock_.now(), microseconds(), ::getpid(), ++count_, tail_);
}

bool BaseNames::is_ours(std::string_view base) const {
  if (!base.ends_with(host_)) return false;
  base.remove_suffix(host_.size());
  const std::size_t dot = base.find('.');
  if (dot == std::string_view::npos || base.find_first_not_of("-0123456789") != dot) return false;
  base.remove_prefix(dot + 1);
  if (!take_number(base, 'M') || !take_number(base, 'P') || !take_number(base, 'Q')) return false;
  return base.size() == 17 && base.front() == 'R' && base.find_first_not_of("0123456789abcdef", 1) == std::string_view::npos;
}

}  // namespace valija::store
