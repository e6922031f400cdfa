#pragma once

#include <string_view>

namespace valija::image {

/// False for a JPEG whose Huffman tables (DHT, ITU-T T.81 B.2.4.2) count more than 256 codes: stb_image up to 2.28 writes behind the end of its own. Also for more than
/// 4,000 tables in all.
bool has_sound_tables(std::string_view jpeg);

}  // namespace valija::image
