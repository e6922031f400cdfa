#include "valija/base/codec.hpp"

namespace valija {
namespace {

template <typename T>
void append(std::string& bytes, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

template <typename T>
T parse(std::string_view bytes) {
  T value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value = static_cast<T>(value | static_cast<T>(static_cast<unsigned char>(bytes[i])) << (8 * i));
  }
  return value;
}

}  // namespace

Encoder& Encoder::u8(std::uint8_t value) {
  bytes_.push_back(static_cast<char>(value));
  return *this;
}

Encoder& Encoder::u32(std::uint32_t value) {
  append(bytes_, value);
  return *this;
}

Encoder& Encoder::u64(std::uint64_t value) {
  append(bytes_, value);
  return *this;
}

Encoder& Encoder::text(std::string_view value) {
  u32(static_cast<std::uint32_t>(value.size()));
  bytes_.append(value);
  return *this;
}

Encoder& Encoder::texts(const std::vector<std::string>& values) {
  u32(static_cast<std::uint32_t>(values.size()));
  for (const auto& value : values) text(value);
  return *this;
}

std::string_view Decoder::take(std::size_t size) {
  if (!ok_ || size > rest_.size()) {
    ok_ = false;
    return {};
  }
  const auto taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::uint8_t Decoder::u8() { return parse<std::uint8_t>(take(1)); }

std::uint32_t Decoder::u32() { return parse<std::uint32_t>(take(4)); }

std::uint64_t Decoder::u64() { return parse<std::uint64_t>(take(8)); }

std::string Decoder::text() { return std::string(take(u32())); }

std::vector<std::string> Decoder::texts() {
  std::vector<std::string> values;
  const std::size_t size = count(4);
  values.reserve(size);
  for (std::size_t i = 0; i < size && ok_; ++i) values.push_back(text());
  if (!ok_) values.clear();
  return values;
}

std::size_t Decoder::count(std::size_t element_size) {
  const std::size_t size = u32();
  if (!ok_ || size > rest_.size() / (element_size == 0 ? 1 : element_size)) {
    ok_ = false;
    return 0;
  }
  return size;
}

}  // namespace valija
