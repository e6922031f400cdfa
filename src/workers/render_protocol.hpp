#pragma once

#include <cstdint>
#include <string>

#include "valija/base/codec.hpp"
#include "valija/mail/document.hpp"

namespace valija::workers {

/// What the interface asks the render process; the message comes along as a descriptor.
enum class RenderCommand : std::uint8_t { render = 1, part = 2, recall = 3, view = 4, picture = 5, page = 6 };
/// First octet of an answer: what follows.
enum class RenderAnswer : std::uint8_t { document = 1, octets = 2, error = 3, draft = 4, pixels = 5 };

struct RenderRequest {
  RenderCommand command = RenderCommand::render;
  std::string argument{};  ///< number of a part; of `recall` the path
  RenderOptions options{};
  std::uint32_t most_width = 0, most_height = 0;  ///< of a picture
};

constexpr std::size_t largest_message = 256 * 1024 * 1024;
constexpr std::size_t largest_part_answer = 60 * 1024 * 1024;
/// The process could not lock itself in; no message is to blame.
constexpr int exit_without_sandbox = 70;

}  // namespace valija::workers
