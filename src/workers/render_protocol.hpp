#pragma once

#include <cstdint>
#include <string>

namespace valija::workers {

/// What the interface asks the render process; the message comes along as a descriptor.
enum class RenderCommand : std::uint8_t { render = 1, part = 2, recall = 3 };
/// First octet of an answer: what follows.
enum class RenderAnswer : std::uint8_t { document = 1, octets = 2, error = 3, draft = 4 };

constexpr std::size_t largest_message = 256 * 1024 * 1024;
constexpr std::size_t largest_part_answer = 60 * 1024 * 1024;
/// The process could not lock itself in; no message is to blame.
constexpr int exit_without_sandbox = 70;

}  // namespace valija::workers
