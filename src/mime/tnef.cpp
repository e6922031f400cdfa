#include "tnef.hpp"

#include <algorithm>
#include <array>

#include "charset.hpp"
#include "valija/base/text.hpp"

namespace valija::mime {
namespace {

constexpr std::uint32_t signature = 0x223e9f78;
constexpr std::size_t most_files = 1000;
constexpr std::size_t most_properties = 10'000;

/// Attributes (MS-OXTNEF §2.1.3.3), without their types.
enum Attribute : std::uint16_t {
  body = 0x800c,
  attach_data = 0x800f,
  attach_title = 0x8010,
  attach_begin = 0x9002,
  message_properties = 0x9003,
  attach_properties = 0x9005,
  oem_code_page = 0x9007,
};

/// MAPI properties (MS-OXPROPS) and types (MS-OXCDATA §2.11.1) that are read.
enum Property : std::uint16_t {
  plain_body = 0x1000,
  rtf_body = 0x1009,
  html_body = 0x1013,
  display_name = 0x3001,
  attach_object = 0x3701,
  attach_short_name = 0x3704,
  attach_long_name = 0x3707,
  attach_type = 0x370e,
  attach_content_id = 0x3712,
  internet_code_page = 0x3fde,
};
enum Type : std::uint16_t { object = 0x0d, string8 = 0x1e, utf16 = 0x1f, binary = 0x102, several = 0x1000 };

/// Little-endian numbers and octets; once something is missing, all is empty.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) return fail();
    const auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    const auto taken = take(size);
    for (std::size_t i = taken.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(taken[i]);
    return value;
  }
  /// Octets and what fills up the last four.
  std::string_view take_padded(std::size_t size) {
    const auto taken = take(size);
    take(std::min((4 - size % 4) % 4, bytes_.size()));
    return taken;
  }

 private:
  std::string_view fail() {
    ok_ = false;
    bytes_ = {};
    return {};
  }

  std::string_view bytes_;
  bool ok_ = true;
};

/// One value of a property; of several the first one.
struct Value {
  std::uint16_t type = 0, id = 0;
  std::string_view octets;
};

std::size_t fixed_size(std::uint16_t type) {
  constexpr auto eight = std::to_array<std::uint16_t>({0x05, 0x06, 0x07, 0x14, 0x40});
  if (type == 0x48) return 16;
  return std::find(eight.begin(), eight.end(), type) != eight.end() ? 8 : 4;
}

bool has_size(std::uint16_t type) { return type == object || type == string8 || type == utf16 || type == binary; }

/// A named property stands for its number with a GUID and a number or a name.
void skip_name(Bytes& in) {
  in.take(16);
  if (in.number(4) == 0) {
    in.take(4);
  } else {
    in.take_padded(in.number(4));
  }
}

Value take_value(Bytes& in) {
  Value value;
  const auto type = static_cast<std::uint16_t>(in.number(2));
  value.type = type & static_cast<std::uint16_t>(~several);
  value.id = static_cast<std::uint16_t>(in.number(2));
  if (value.id >= 0x8000) skip_name(in);
  const bool is_sized = has_size(value.type);
  const std::uint32_t count = is_sized || (type & several) != 0 ? in.number(4) : 1;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    const auto octets = in.take_padded(is_sized ? in.number(4) : fixed_size(value.type));
    if (i == 0) value.octets = octets;
  }
  return value;
}

template <typename Take>
void for_each_property(std::string_view bytes, Take take) {
  Bytes in(bytes);
  const std::size_t count = std::min<std::size_t>(in.number(4), most_properties);
  for (std::size_t i = 0; i < count; ++i) {
    const Value value = take_value(in);
    if (!in.ok()) return;
    take(value);
  }
}

std::string_view until_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

class TnefReader {
 public:
  Tnef read(std::string_view bytes) {
    Bytes in(bytes);
    if (in.number(4) != signature) return {};
    in.take(2);
    while (in.ok() && !in.at_end()) {
      in.take(1);
      const auto attribute = static_cast<std::uint16_t>(in.number(4) & 0xffff);
      const auto data = in.take(in.number(4));
      if (!in.ok()) break;
      take_attribute(attribute, data);
      in.take(2);
    }
    drop_empty_files();
    return std::move(tnef_);
  }

 private:
  void take_attribute(std::uint16_t attribute, std::string_view data) {
    switch (attribute) {
      case oem_code_page:
        tnef_.code_page = Bytes(data).number(4);
        break;
      case body:
        tnef_.plain = until_nul(data);
        break;
      case message_properties:
        for_each_property(data, [&](const Value& value) { take_message_property(value); });
        break;
      case attach_begin:
        begin_file();
        break;
      case attach_title:
        file().name = text({string8, 0, data});
        break;
      case attach_data:
        file().octets = data;
        break;
      case attach_properties:
        for_each_property(data, [&](const Value& value) { take_file_property(value); });
        break;
      default:
        break;
    }
  }

  void take_message_property(const Value& value) {
    if (value.id == internet_code_page) tnef_.code_page = Bytes(value.octets).number(4);
    if (value.id == html_body) tnef_.html = value.octets;
    if (value.id == rtf_body) tnef_.compressed_rtf = value.octets;
    if (value.id != plain_body) return;
    tnef_.is_utf16 = value.type == utf16;
    tnef_.plain = value.octets;
  }

  void take_file_property(const Value& value) {
    TnefFile& current = file();
    if (value.id == attach_long_name) current.name = text(value);
    if ((value.id == attach_short_name || value.id == display_name) && current.name.empty()) current.name = text(value);
    if (value.id == attach_type) current.type = to_lower_ascii(text(value));
    if (value.id == attach_content_id) current.content_id = text(value);
    if (value.id == attach_object) take_object(value, current);
  }

  /// An object has its interface in front; that of a message is a winmail.dat of its own.
  static void take_object(const Value& value, TnefFile& current) {
    constexpr std::size_t interface = 16;
    current.octets =
        value.type == object ? value.octets.substr(std::min(interface, value.octets.size())) : value.octets;
    if (Bytes(current.octets).number(4) == signature) current.type = "application/ms-tnef";
  }

  std::string text(const Value& value) const {
    if (value.type == utf16) {
      std::string name = to_utf8(value.octets, "utf-16le");
      return clean(until_nul(name));
    }
    return clean(to_utf8(until_nul(value.octets), code_page_name(tnef_.code_page)));
  }

  void begin_file() {
    if (tnef_.files.size() < most_files) tnef_.files.emplace_back();
  }

  TnefFile& file() {
    if (tnef_.files.empty()) tnef_.files.emplace_back();
    return tnef_.files.back();
  }

  void drop_empty_files() {
    std::erase_if(tnef_.files, [](const TnefFile& file) { return file.name.empty() && file.octets.empty(); });
  }

  Tnef tnef_;
};

}  // namespace

Tnef read_tnef(std::string_view bytes) { return TnefReader().read(bytes); }

std::string code_page_name(std::uint32_t code_page) {
  struct Named {
    std::uint32_t code_page;
    const char* name;
  };
  constexpr auto named = std::to_array<Named>({{932, "shift_jis"},
                                               {936, "gb18030"},
                                               {949, "euc-kr"},
                                               {950, "big5"},
                                               {20127, "us-ascii"},
                                               {20866, "koi8-r"},
                                               {28591, "iso-8859-1"},
                                               {28592, "iso-8859-2"},
                                               {28605, "iso-8859-15"},
                                               {50220, "iso-2022-jp"},
                                               {51932, "euc-jp"},
                                               {65001, "utf-8"}});
  if (code_page == 0) return {};
  const auto found =
      std::find_if(named.begin(), named.end(), [&](const Named& row) { return row.code_page == code_page; });
  if (found != named.end()) return found->name;
  return (code_page >= 1250 && code_page <= 1258 ? "windows-" : "cp") + std::to_string(code_page);
}

}  // namespace valija::mime
