#include "jpeg_guard.hpp"

#include <algorithm>
#include <cstddef>

namespace valija::image {
namespace {

constexpr int define_tables = 0xc4, start_of_scan = 0xda;
constexpr int most_tables = 4000;  // a picture has eight or fewer for each scan; segments that lie within each other would be read again and again

/// Octets from a place on; 0 behind the end, as stb_image reads them.
class Octets {
 public:
  Octets(std::string_view octets, std::size_t at) : octets_(octets), at_(at) {}
  int next() { return at_ < octets_.size() ? static_cast<unsigned char>(octets_[at_++]) : 0; }
  int next_length() {
    const int high = next();
    return high << 8 | next();
  }
  void skip(int count) { at_ = std::min(octets_.size(), at_ + static_cast<std::size_t>(std::max(count, 0))); }
  bool is_at_end() const { return at_ >= octets_.size(); }
  std::size_t at() const { return at_; }

  /// The code of a marker; -1 where none stands.
  int next_marker() {
    if (next() != 0xff) return -1;
    int code = 0xff;
    while (code == 0xff && !is_at_end()) code = next();
    return code;
  }

 private:
  std::string_view octets_;
  std::size_t at_;
};

/// The tables of one segment, behind its marker; counts them.
bool is_sound_segment(Octets octets, int& tables) {
  for (int length = octets.next_length() - 2; length > 0;) {
    if (++tables > most_tables) return false;
    octets.skip(1);
    int codes = 0;
    for (int i = 0; i < 16; ++i) codes += octets.next();
    if (codes > 256) return false;
    octets.skip(codes);
    length -= 17 + codes;
  }
  return true;
}

bool has_length(int marker) { return marker > 0x01 && (marker < 0xd0 || marker > 0xd9); }

}  // namespace

bool has_sound_tables(std::string_view jpeg) {
  Octets octets(jpeg, 0);
  int marker = -1, tables = 0;
  while (marker != start_of_scan && !octets.is_at_end()) {
    marker = octets.next_marker();
    if (marker == define_tables && !is_sound_segment(octets, tables)) return false;
    if (has_length(marker)) octets.skip(Octets(jpeg, octets.at()).next_length());
  }
  // In the packed data no 0xff stands before another octet of a marker: what looks like one there is one.
  constexpr std::string_view tables_marker = "\xff\xc4";
  for (std::size_t at = jpeg.find(tables_marker, octets.at()); at != std::string_view::npos; at = jpeg.find(tables_marker, at + 1)) {
    if (!is_sound_segment(Octets(jpeg, at + tables_marker.size()), tables)) return false;
  }
  return true;
}

}  // namespace valija::image
