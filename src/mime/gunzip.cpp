#include "valija/mime/gunzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace valija::mime {
namespace {

constexpr std::string_view magic = "\x1f\x8b\x08";
constexpr std::size_t step = 64 * 1024;
constexpr int gzip_window_bits = 15 + 16;  // the largest window, with the header and checksum of gzip

/// A file of gzip may be several, one behind the other.
class Inflater {
 public:
  explicit Inflater(std::string_view octets) {
    if (inflateInit2(&stream_, gzip_window_bits) != Z_OK) throw std::bad_alloc();
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
    stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(octets.size(), std::numeric_limits<uInt>::max()));
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// Appends at most `step` octets; false: nothing more comes.
  bool append(std::string& output) {
    const std::size_t before = output.size();
    output.resize(before + step);
    stream_.next_out = reinterpret_cast<Bytef*>(output.data() + before);
    stream_.avail_out = step;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    output.resize(before + step - stream_.avail_out);
    is_whole_ = result == Z_STREAM_END && stream_.avail_in == 0;
    if (result == Z_STREAM_END) return !is_whole_ && inflateReset(&stream_) == Z_OK;
    return result == Z_OK;
  }

  bool is_whole() const { return is_whole_; }

 private:
  z_stream stream_{};
  bool is_whole_ = false;
};

}  // namespace

std::optional<Gunzipped> gunzip(std::string_view octets, std::size_t limit) {
  if (!octets.starts_with(magic)) return std::nullopt;
  Inflater inflater(octets);
  Gunzipped unpacked;
  for (bool goes_on = true; goes_on && unpacked.octets.size() <= limit;) goes_on = inflater.append(unpacked.octets);
  unpacked.is_cut = !inflater.is_whole() || unpacked.octets.size() > limit;
  unpacked.octets.resize(std::min(unpacked.octets.size(), limit));
  if (unpacked.octets.empty() && unpacked.is_cut) return std::nullopt;
  return unpacked;
}

}  // namespace valija::mime
