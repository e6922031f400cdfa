#pragma once

#include <string>
#include <string_view>

#include "valija/base/result.hpp"
#include "valija/mail/document.hpp"

namespace valija::workers {

/// Part `number` of a message by itself, as RenderService::view says. Within the sandbox: the octets are hostile.
Result<Document> view_part(std::string_view message, const std::string& number, const RenderOptions& options);

/// The page of a message for a browser: its HTML without what runs or fetches, else its text.
Result<std::string> page_of(std::string_view message);

}  // namespace valija::workers
