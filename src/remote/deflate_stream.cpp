#include "deflate_stream.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <optional>
#include <utility>

#include <zlib.h>

#include "valija/base/clock.hpp"
#include "valija/base/words.hpp"

namespace valija::remote {
namespace {

constexpr std::size_t input_size = std::size_t{64} << 10;
constexpr std::size_t output_size = std::size_t{16} << 10;
/// No header and no checksum, the largest window.
constexpr int raw_window_bits = -15;
constexpr int memory_level = 8;

Bytef* octets_of(const char* text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text)); }

uInt at_most(std::size_t size) { return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max())); }

class DeflateStream final : public net::Stream {
 public:
  DeflateStream(std::unique_ptr<net::Stream> below, std::string arrived) : below_(std::move(below)), input_(std::move(arrived)) {
    if (inflateInit2(&inflater_, raw_window_bits) != Z_OK) throw std::bad_alloc();
    if (deflateInit2(&deflater_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_window_bits, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
      inflateEnd(&inflater_);
      throw std::bad_alloc();
    }
    use(input_.size());
  }
  DeflateStream(const DeflateStream&) = delete;
  DeflateStream& operator=(const DeflateStream&) = delete;
  ~DeflateStream() override {
    inflateEnd(&inflater_);
    deflateEnd(&deflater_);
  }

  Result<std::size_t> read(std::span<char> buffer) override {
    if (buffer.empty()) return std::size_t{0};
    if (held_) {
      buffer[0] = *std::exchange(held_, std::nullopt);
      return std::size_t{1};
    }
    while (true) {
      const auto size = inflate_into(buffer);
      if (!size || *size > 0 || closed_) return size;
      if (auto read = read_below(); !read) return fail(std::move(read).error());
    }
  }

  Result<void> write(std::string_view bytes) override {
    std::array<char, output_size> output;
    deflater_.avail_in = 0;
    while (deflater_.avail_in > 0 || !bytes.empty()) {
      if (deflater_.avail_in == 0) {
        deflater_.next_in = octets_of(bytes.data());
        deflater_.avail_in = at_most(bytes.size());
        bytes.remove_prefix(deflater_.avail_in);
      }
      do {
        deflater_.next_out = octets_of(output.data());
        deflater_.avail_out = output.size();
        // The peer must be able to read all of it now; "nothing to do" is no fault.
        ::deflate(&deflater_, Z_SYNC_FLUSH);
        const std::size_t size = output.size() - deflater_.avail_out;
        if (size == 0) break;
        if (auto written = below_->write({output.data(), size}); !written) return written;
      } while (deflater_.avail_out == 0);
    }
    return {};
  }

  /// What came may be too little to inflate to anything: one octet is taken out and held for `read`.
  Result<bool> readable(int timeout_ms) override {
    const SystemClock clock;
    const std::int64_t deadline = clock.monotonic_ms() + timeout_ms;
    while (!held_) {
      char octet = 0;
      const auto size = inflate_into({&octet, 1});
      if (!size) return fail(size.error());
      if (*size == 1) held_ = octet;
      if (held_ || closed_) break;
      const auto left = timeout_ms < 0 ? -1 : std::max<std::int64_t>(0, deadline - clock.monotonic_ms());
      const auto ready = below_->readable(static_cast<int>(left));
      if (!ready || !*ready) return ready;
      if (auto read = read_below(); !read) return fail(std::move(read).error());
    }
    return true;
  }

  int fd() const override { return below_->fd(); }
  bool is_loopback() const override { return below_->is_loopback(); }

 private:
  /// 0: more octets are needed, or `closed_`.
  Result<std::size_t> inflate_into(std::span<char> buffer) {
    if (closed_) return std::size_t{0};
    inflater_.next_out = octets_of(buffer.data());
    inflater_.avail_out = at_most(buffer.size());
    const std::size_t room = inflater_.avail_out;
    const int code = ::inflate(&inflater_, Z_SYNC_FLUSH);
    if (code == Z_STREAM_END) closed_ = true;
    if (code == Z_OK || code == Z_BUF_ERROR || code == Z_STREAM_END) return room - inflater_.avail_out;
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    closed_ = true;
    return fail(Kind::protocol, Blast::account, _("What the server sends compressed is broken."),
                _("Write compress = \"never\" into the account's section of the settings if this goes on."));
  }

  Result<void> read_below() {
    input_.resize(input_size);
    const auto size = below_->read(input_);
    if (!size) return fail(size.error());
    if (*size == 0) closed_ = true;
    use(*size);
    return {};
  }

  void use(std::size_t size) {
    inflater_.next_in = octets_of(input_.data());
    inflater_.avail_in = at_most(size);
  }

  std::unique_ptr<net::Stream> below_;
  std::string input_;          ///< as it came; the inflater knows how much of it is used up
  std::optional<char> held_;   ///< inflated already
  bool closed_ = false;
  z_stream inflater_{};
  z_stream deflater_{};
};

}  // namespace

std::unique_ptr<net::Stream> make_deflate_stream(std::unique_ptr<net::Stream> below, std::string arrived) {
  return std::make_unique<DeflateStream>(std::move(below), std::move(arrived));
}

}  // namespace valija::remote
