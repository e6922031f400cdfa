#pragma once

#include <string>

#include "gmime_handles.hpp"
#include "valija/base/result.hpp"
#include "valija/mail/draft.hpp"
#include "valija/mime/build.hpp"

namespace valija::mime {

/// The body of a draft: text alone, or multipart with Markdown's HTML, inline images and attachments. Attachments are open files that are
/// read when the body is written. Kind::input: an attachment that cannot be read, named.
Result<Handle<GMimeObject>> compose_body(const Draft& draft, const BuildOptions& options);

}  // namespace valija::mime
