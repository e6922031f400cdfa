#include "public_address.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace valija::net {
namespace {

using Octets = std::array<std::uint8_t, 16>;

struct Network {
  std::uint32_t prefix;
  int bits;
};

constexpr std::array not_public_v4 = {
    Network{0x00000000, 8},  Network{0x0A000000, 8},  Network{0x64400000, 10}, Network{0x7F000000, 8},  Network{0xA9FE0000, 16},
    Network{0xAC100000, 12}, Network{0xC0000000, 24}, Network{0xC0000200, 24}, Network{0xC0A80000, 16}, Network{0xC6120000, 15},
    Network{0xC6336400, 24}, Network{0xCB007100, 24}, Network{0xE0000000, 3},
};

bool is_public_v4(std::uint32_t address) {
  return std::none_of(not_public_v4.begin(), not_public_v4.end(), [address](const Network& network) { return (address ^ network.prefix) >> (32 - network.bits) == 0; });
}

std::uint32_t v4_at(const Octets& octets, std::size_t at) {
  std::uint32_t address = 0;
  for (std::size_t i = at; i < at + 4; ++i) address = address << 8 | octets[i];
  return address;
}

template <std::size_t Size>
bool begins_with(const Octets& octets, const std::array<std::uint8_t, Size>& prefix) {
  return std::equal(prefix.begin(), prefix.end(), octets.begin());
}

/// Only 2000::/3 is given out. In it 6to4 and Teredo, and beside it what is mapped and NAT64, lead to hosts of IPv4.
bool is_public_v6(const Octets& octets) {
  constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, nat64 = {0, 0x64, 0xff, 0x9b};
  constexpr std::array<std::uint8_t, 2> sixtofour = {0x20, 0x02};
  constexpr std::array<std::uint8_t, 4> teredo = {0x20, 0x01, 0, 0}, documentation = {0x20, 0x01, 0x0d, 0xb8};
  if (begins_with(octets, mapped) || begins_with(octets, nat64)) return is_public_v4(v4_at(octets, 12));
  if (begins_with(octets, sixtofour)) return is_public_v4(v4_at(octets, 2));
  return octets[0] >> 5 == 1 && !begins_with(octets, teredo) && !begins_with(octets, documentation);
}

std::uint32_t v4_of(const sockaddr& address) { return ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr); }

}  // namespace

bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET) return v4_of(address) >> 24 == 127;
  return address.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) return is_public_v4(v4_of(address));
  if (address.sa_family != AF_INET6) return false;
  Octets octets;
  std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, octets.size());
  return is_public_v6(octets);
}

}  // namespace valija::net
