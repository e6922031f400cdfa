#include "valija/ui/input.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "valija/base/text.hpp"

namespace valija::ui {
namespace {

using config::Key;
using config::KeyName;

constexpr std::size_t longest_paste = std::size_t{1} << 20;
constexpr std::size_t longest_sequence = 256;
constexpr std::size_t longest_string = std::size_t{64} << 10;
constexpr std::string_view paste_end = "\x1b[201~";

KeyName name_of_final(char final) {
  switch (final) {
    case 'A': return KeyName::up;
    case 'B': return KeyName::down;
    case 'C': return KeyName::right;
    case 'D': return KeyName::left;
    case 'H': return KeyName::home;
    case 'F': return KeyName::end;
    case 'P': return KeyName::f1;
    case 'Q': return KeyName::f2;
    case 'R': return KeyName::f3;
    case 'S': return KeyName::f4;
    case 'M': return KeyName::enter;
    default: return KeyName::none;
  }
}

KeyName name_of_number(int number) {
  constexpr std::array names{KeyName::none,    KeyName::home, KeyName::insert, KeyName::del, KeyName::end,
                             KeyName::page_up, KeyName::page_down, KeyName::home, KeyName::end};
  if (number >= 0 && number < static_cast<int>(names.size())) return names[static_cast<std::size_t>(number)];
  constexpr std::array<std::pair<int, KeyName>, 12> functions{{{11, KeyName::f1}, {12, KeyName::f2}, {13, KeyName::f3}, {14, KeyName::f4},
      {15, KeyName::f5}, {17, KeyName::f6}, {18, KeyName::f7}, {19, KeyName::f8}, {20, KeyName::f9}, {21, KeyName::f10}, {23, KeyName::f11},
      {24, KeyName::f12}}};
  for (const auto& [code, name] : functions) {
    if (code == number) return name;
  }
  return KeyName::none;
}

std::vector<int> numbers_of(std::string_view parameters) {
  std::vector<int> numbers;
  for (const std::string& field : split(parameters, ';')) {
    int value = 0;
    std::from_chars(field.data(), field.data() + field.size(), value);
    numbers.push_back(value);
  }
  return numbers;
}

/// xterm's modifier parameter: 1 + shift 1, alt 2, ctrl 4.
Key with_modifiers(Key key, int parameter) {
  const int bits = std::clamp(parameter - 1, 0, 15);
  key.shift = (bits & 1) != 0;
  key.alt = (bits & 2) != 0;
  key.ctrl = (bits & 4) != 0;
  return key;
}

Key key_of_point(char32_t point) {
  Key key;
  if (point == 0x0D || point == 0x0A) {  // what was typed before the terminal was ours arrives as a line feed
    key.name = KeyName::enter;
  } else if (point == 0x09) {
    key.name = KeyName::tab;
  } else if (point == 0x1B) {
    key.name = KeyName::escape;
  } else if (point == 0x7F) {
    key.name = KeyName::backspace;
  } else if (point == 0) {
    key.point = U' ';
    key.ctrl = true;
  } else if (point < 0x20) {
    key.point = point < 27 ? U'a' + point - 1 : U'@' + point;
    key.ctrl = true;
  } else {
    key.point = point;
  }
  return key;
}

/// "?62;4;6": what the terminal is (DA1); 4 is sixel.
std::optional<GraphicsAnswer> attributes_of(std::string_view parameters) {
  const std::vector<int> numbers = numbers_of(parameters.substr(1));
  const bool has_sixel = numbers.size() > 1 && std::find(numbers.begin() + 1, numbers.end(), 4) != numbers.end();
  return has_sixel ? std::optional(GraphicsAnswer{.has_sixel = true}) : std::nullopt;
}

/// "11;rgb:1616/1616/1e1e"
std::optional<Background> background_of(std::string_view text) {
  if (!text.starts_with("11;rgb:")) return std::nullopt;
  const std::vector<std::string> fields = split(text.substr(7), '/');
  if (fields.size() != 3) return std::nullopt;
  Background background;
  for (const std::string& field : fields) {
    unsigned value = 0;
    const auto result = std::from_chars(field.data(), field.data() + field.size(), value, 16);
    if (result.ec != std::errc() || field.empty() || field.size() > 4) return std::nullopt;
    const unsigned most = (1u << (4 * field.size())) - 1;
    background.rgb = background.rgb << 8 | value * 255 / most;
  }
  return background;
}

}  // namespace

bool Background::is_dark() const {
  const std::uint32_t red = rgb >> 16 & 255, green = rgb >> 8 & 255, blue = rgb & 255;
  return red * 299 + green * 587 + blue * 114 < 128 * 1000;
}

void InputDecoder::feed(std::string_view bytes) {
  gives_up_ = false;
  buffer_ += bytes;
}

std::optional<Input> InputDecoder::next() {
  while (!buffer_.empty()) {
    bool is_incomplete = false;
    std::optional<Input> input = is_pasting_ ? paste() : take_one(is_incomplete);
    if (input) return input;
    if (is_incomplete || (is_pasting_ && buffer_.size() < paste_end.size())) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Input> InputDecoder::paste() {
  const std::size_t end = buffer_.find(paste_end);
  // The last octets may be the beginning of the end mark.
  const std::size_t sure = end != std::string::npos ? end : buffer_.size() - std::min(buffer_.size(), paste_end.size() - 1);
  if (pasted_.size() < longest_paste) pasted_.append(buffer_, 0, std::min(sure, longest_paste - pasted_.size()));
  drop(sure);
  if (end == std::string::npos) return std::nullopt;
  drop(paste_end.size());
  is_pasting_ = false;
  return Paste{std::exchange(pasted_, {})};
}

std::optional<Input> InputDecoder::take_one(bool& is_incomplete) {
  if (buffer_[0] != '\x1b') return character(0, false, is_incomplete);
  if (auto key = from_terminfo(is_incomplete); key || is_incomplete) return key;
  return escape(is_incomplete);
}

std::optional<Input> InputDecoder::from_terminfo(bool& is_incomplete) {
  for (const auto& [bytes, key] : keys_) {
    if (buffer_.starts_with(bytes)) {
      drop(bytes.size());
      return config::normalised(key);
    }
  }
  if (gives_up_) return std::nullopt;
  for (const auto& [bytes, key] : keys_) is_incomplete = is_incomplete || bytes.starts_with(buffer_);
  return std::nullopt;
}

std::optional<Input> InputDecoder::escape(bool& is_incomplete) {
  if (buffer_.size() == 1) {
    if (!gives_up_) {
      is_incomplete = true;
      return std::nullopt;
    }
    drop(1);
    return Key::named(KeyName::escape);
  }
  switch (buffer_[1]) {
    case '\x1b': drop(1); return Key::named(KeyName::escape);
    case '[': return control_sequence(is_incomplete);
    case ']': case 'P': case '_': case '^': case 'X': return control_string(is_incomplete);
    case 'O': {
      if (buffer_.size() == 2) {
        if (gives_up_) return character(1, true, is_incomplete);
        is_incomplete = true;
        return std::nullopt;
      }
      const KeyName name = name_of_final(buffer_[2]);
      drop(3);
      if (name == KeyName::none) return std::nullopt;
      return Key::named(name);
    }
    default: return character(1, true, is_incomplete);
  }
}

std::optional<Input> InputDecoder::control_sequence(bool& is_incomplete) {
  std::size_t at = 2;
  while (at < buffer_.size() && buffer_[at] >= 0x20 && buffer_[at] <= 0x3F) ++at;
  if (at == buffer_.size() && at < longest_sequence) {
    if (!gives_up_) {
      is_incomplete = true;
      return std::nullopt;
    }
    if (at == 2) return character(1, true, is_incomplete);
    drop(at);
    return std::nullopt;
  }
  if (at >= buffer_.size() || buffer_[at] < 0x40 || buffer_[at] > 0x7E) {
    drop(at);  // broken off by something that is no part of it
    return std::nullopt;
  }
  const char final = buffer_[at];
  const std::string parameters = buffer_.substr(2, at - 2);
  drop(at + 1);
  if (final == 'M' && parameters.empty()) {
    drop(std::min<std::size_t>(3, buffer_.size()));  // the old mouse report
    return std::nullopt;
  }
  if ((final == 'M' || final == 'm') && parameters[0] == '<') return mouse(parameters, final == 'm');
  if (parameters.empty() && (final == 'I' || final == 'O')) return Focus{final == 'I'};
  if (final == 'c' && parameters.starts_with('?')) {
    if (const auto answer = attributes_of(parameters)) return *answer;
    return std::nullopt;
  }
  if (!parameters.empty() && (parameters[0] < '0' || parameters[0] > '9') && parameters[0] != ';') return std::nullopt;
  const std::vector<int> numbers = numbers_of(parameters);
  const int first = numbers.empty() ? 0 : numbers[0];
  const int second = numbers.size() > 1 ? numbers[1] : 1;
  if (final == 't') {
    // "6;HEIGHT;WIDTH" of a cell.
    if (first == 6 && numbers.size() == 3 && numbers[1] > 0 && numbers[2] > 0) return GraphicsAnswer{.cell_width = numbers[2], .cell_height = numbers[1]};
    return std::nullopt;
  }
  Key key;
  if (final == '~') {
    if (first == 200) {
      is_pasting_ = true;
      return std::nullopt;
    }
    if (first == 27 && numbers.size() == 3) {
      key = with_modifiers(key_of_point(static_cast<char32_t>(std::max(0, numbers[2]))), second);
      return config::normalised(key);
    }
    key.name = name_of_number(first);
  } else if (final == 'u' && first > 0) {
    key = key_of_point(static_cast<char32_t>(std::min(first, 0x10FFFF)));
  } else if (final == 'Z') {
    return Key{.name = KeyName::tab, .shift = true};
  } else if (first <= 1 && final != 'M') {
    key.name = name_of_final(final);
  }
  if (key.name == KeyName::none && key.point == 0) return std::nullopt;
  return config::normalised(with_modifiers(key, second));
}

/// "<button;column;row" (xterm's SGR mode 1006): 4 shift, 8 alt, 16 ctrl, 32 motion, 64 wheel.
std::optional<Input> InputDecoder::mouse(std::string_view parameters, bool is_release) const {
  using app::MouseEvent;
  const std::vector<int> numbers = numbers_of(parameters.substr(1));
  if (numbers.size() != 3 || numbers[1] < 1 || numbers[2] < 1 || numbers[0] < 0 || numbers[0] >= 128) return std::nullopt;
  const int button = numbers[0] & 3;
  const bool is_motion = (numbers[0] & 32) != 0;
  MouseEvent event{.row = numbers[2] - 1, .column = numbers[1] - 1};
  if ((numbers[0] & 64) != 0) {
    if (button > 1 || is_release) return std::nullopt;  // sideways
    event.kind = button == 0 ? MouseEvent::Kind::wheel_up : MouseEvent::Kind::wheel_down;
    return event;
  }
  if (button == 3) return std::nullopt;  // moved with no button down
  event.kind = is_release ? MouseEvent::Kind::release : is_motion ? MouseEvent::Kind::drag : MouseEvent::Kind::press;
  event.button = button == 0 ? MouseEvent::Button::left : button == 1 ? MouseEvent::Button::middle : MouseEvent::Button::right;
  return event;
}

std::optional<Input> InputDecoder::control_string(bool& is_incomplete) {
  const std::size_t bell = buffer_[1] == ']' ? buffer_.find('\a', 2) : std::string::npos;
  const std::size_t terminator = buffer_.find("\x1b\\", 2);
  const std::size_t end = std::min(bell, terminator);
  if (end == std::string::npos) {
    if (buffer_.size() == 2 && gives_up_) return character(1, true, is_incomplete);
    if (gives_up_ || buffer_.size() > longest_string) {
      buffer_.clear();
    } else {
      is_incomplete = true;
    }
    return std::nullopt;
  }
  const bool is_command = buffer_[1] == ']', is_application = buffer_[1] == '_';
  const std::string text = buffer_.substr(2, end - 2);
  drop(end + (end == bell ? 1 : 2));
  if (is_application && text.starts_with("Gi=31;OK")) return GraphicsAnswer{.has_kitty = true};
  if (!is_command) return std::nullopt;
  if (const auto background = background_of(text)) return *background;
  return std::nullopt;
}

std::optional<Input> InputDecoder::character(std::size_t at, bool is_alt, bool& is_incomplete) {
  const auto octet = [this](std::size_t i) { return static_cast<unsigned char>(buffer_[i]); };
  const unsigned char first = octet(at);
  std::size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
  if (length > 0 && buffer_.size() < at + length && !gives_up_) {
    is_incomplete = true;
    return std::nullopt;
  }
  const std::string bytes = buffer_.substr(at, std::max<std::size_t>(1, length));
  if (length == 0 || bytes.size() < length || !is_valid_utf8(bytes)) {
    drop(at + 1);
    return std::nullopt;
  }
  char32_t point = length == 1 ? first : first & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (octet(at + i) & 63);
  drop(at + length);
  if (point >= 0x80 && point < 0xA0) return std::nullopt;
  Key key = key_of_point(point);
  key.alt = is_alt;
  return config::normalised(key);
}

}  // namespace valija::ui
