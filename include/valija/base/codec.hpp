#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace valija {

/// Values to bytes for the socketpairs between our own processes: little-endian integers, strings with their length.
class Encoder {
 public:
  Encoder& u8(std::uint8_t value);
  Encoder& u32(std::uint32_t value);
  Encoder& u64(std::uint64_t value);
  Encoder& i64(std::int64_t value) { return u64(static_cast<std::uint64_t>(value)); }
  Encoder& flag(bool value) { return u8(value ? 1 : 0); }
  Encoder& text(std::string_view value);
  Encoder& texts(const std::vector<std::string>& values);
  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// The way back. A short or oversized field makes `ok()` false and every later read return an empty value: check once
/// at the end. The bytes are not trusted (the render process may be under an attacker's control).
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t u8();
  std::uint32_t u32();
  std::uint64_t u64();
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  bool flag() { return u8() != 0; }
  std::string text();
  std::vector<std::string> texts();
  /// How many elements of at least `element_size` bytes can still follow; 0 and not ok() for a lie.
  std::size_t count(std::size_t element_size);
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  void refuse() { ok_ = false; }

 private:
  std::string_view take(std::size_t size);
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace valija
