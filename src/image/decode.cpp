#include "valija/image/decode.hpp"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "jpeg_guard.hpp"
#include "valija/base/words.hpp"

namespace {

/// For stb_image, which believes the sizes that a file tells. Room for the most pixels that are taken, of 16 bits.
void* take_memory(void* old, std::size_t octets) {
  constexpr std::size_t most_octets = std::size_t{384} << 20;
  return octets > most_octets ? nullptr : std::realloc(old, octets);
}

}  // namespace

// The library is one header; all of it stays in this file.
#define STB_IMAGE_IMPLEMENTATION
#define STBI_MALLOC(octets) take_memory(nullptr, octets)
#define STBI_REALLOC(old, octets) take_memory(old, octets)
#define STBI_FREE(octets) std::free(octets)
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_GIF
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_FAILURE_STRINGS
#define STBI_NO_LINEAR
#define STBI_MAX_DIMENSIONS 40000
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace valija::image {
namespace {

constexpr std::int64_t most_source_pixels = 40'000'000;
constexpr std::int64_t most_pixels = 4 * 1024 * 1024;  // 16 MiB
constexpr std::size_t channels = 4;

struct FreePixels {
  void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};

const char* format_of(std::string_view octets) {
  if (octets.starts_with("\x89PNG\r\n\x1a\n")) return "PNG";
  if (octets.starts_with("\xff\xd8\xff")) return "JPEG";
  if (octets.starts_with("GIF87a") || octets.starts_with("GIF89a")) return "GIF";
  return octets.starts_with("BM") ? "BMP" : nullptr;
}

const stbi_uc* start_of(std::string_view octets) { return reinterpret_cast<const stbi_uc*>(octets.data()); }

std::int64_t area(int width, int height) { return std::int64_t{width} * height; }

/// The size that keeps the proportions.
Header fitted(Header header, int most_width, int most_height) {
  const double by_size = std::min(static_cast<double>(most_width) / header.width, static_cast<double>(most_height) / header.height);
  const double by_area = std::sqrt(static_cast<double>(most_pixels) / static_cast<double>(area(header.width, header.height)));
  const double factor = std::min({by_size, by_area, 1.0});
  const auto scaled = [factor](int length) { return std::clamp(static_cast<int>(length * factor), 1, length); };
  return {header.format, scaled(header.width), scaled(header.height)};
}

/// Where the source pixels of `index` begin, when `from` of them become `to`.
std::size_t edge(int index, int from, int to) { return static_cast<std::size_t>(std::int64_t{index} * from / to); }

/// What the pixels of a box have together. Colours count by how much is seen of them.
class Sum {
 public:
  void add(const unsigned char* pixel) {
    const std::uint64_t alpha = pixel[3];
    for (std::size_t i = 0; i < 3; ++i) colors_[i] += pixel[i] * alpha;
    alpha_ += alpha;
    ++pixels_;
  }
  void put(char* pixel) const {
    for (std::size_t i = 0; i < 3; ++i) pixel[i] = static_cast<char>(alpha_ == 0 ? 0 : colors_[i] / alpha_);
    pixel[3] = static_cast<char>(alpha_ / pixels_);
  }

 private:
  std::uint64_t colors_[3] = {}, alpha_ = 0, pixels_ = 0;
};

/// Averages all source pixels that fall into one of the smaller picture.
Pixels scale_down(const stbi_uc* source, const Header& from, const Header& to) {
  Pixels small{to.width, to.height, std::string(static_cast<std::size_t>(area(to.width, to.height)) * channels, '\0')};
  char* target = small.rgba.data();
  for (int row = 0; row < to.height; ++row) {
    for (int column = 0; column < to.width; ++column, target += channels) {
      Sum sum;
      for (std::size_t y = edge(row, from.height, to.height); y < edge(row + 1, from.height, to.height); ++y) {
        for (std::size_t x = edge(column, from.width, to.width); x < edge(column + 1, from.width, to.width); ++x) {
          sum.add(source + (y * static_cast<std::size_t>(from.width) + x) * channels);
        }
      }
      sum.put(target);
    }
  }
  return small;
}

}  // namespace

std::optional<Header> read_header(std::string_view octets) {
  Header header;
  header.format = format_of(octets);
  if (header.format == nullptr || octets.size() > INT_MAX) return std::nullopt;
  if (std::string_view(header.format) == "JPEG" && !has_sound_tables(octets)) return std::nullopt;
  int unused = 0;
  if (stbi_info_from_memory(start_of(octets), static_cast<int>(octets.size()), &header.width, &header.height, &unused) == 0) return std::nullopt;
  if (header.width <= 0 || header.height <= 0) return std::nullopt;
  return header;
}

Result<Pixels> decode(std::string_view octets, int most_width, int most_height) {
  const auto refuse = [](const char* sentence) { return fail(Kind::input, Blast::message, sentence); };
  const auto header = read_header(octets);
  if (!header) return refuse(_("This is no picture that can be shown: PNG, JPEG, GIF and BMP are."));
  if (area(header->width, header->height) > most_source_pixels) return refuse(_("The picture is larger than 40 megapixels."));
  int width = 0, height = 0, unused = 0;
  const std::unique_ptr<stbi_uc, FreePixels> decoded(
      stbi_load_from_memory(start_of(octets), static_cast<int>(octets.size()), &width, &height, &unused, static_cast<int>(channels)));
  if (!decoded || width != header->width || height != header->height) return refuse(_("The picture is broken."));
  return scale_down(decoded.get(), *header, fitted(*header, std::max(most_width, 1), std::max(most_height, 1)));
}

}  // namespace valija::image
