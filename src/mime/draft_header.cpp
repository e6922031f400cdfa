#include "draft_header.hpp"

#include <algorithm>
#include <array>

#include "content_decoding.hpp"
#include "gmime_handles.hpp"
#include "valija/mail/presend.hpp"

namespace valija::mime {

std::string draft_header(const Draft& draft) {
  Draft hidden;
  hidden.kind = draft.kind;
  hidden.account = draft.account;
  hidden.is_markdown = draft.is_markdown;
  hidden.original = draft.original;
  hidden.answers_as = draft.answers_as;
  constexpr auto fields = std::to_array({&Draft::from, &Draft::to, &Draft::cc, &Draft::bcc, &Draft::reply_to, &Draft::followup_to});
  for (const auto field : fields) {
    if (!faults_in("", draft.*field).empty()) hidden.*field = draft.*field;
  }
  const std::string text = to_text(hidden);
  const std::unique_ptr<char, FreeText> encoded(g_base64_encode(reinterpret_cast<const guchar*>(text.data()), text.size()));
  constexpr std::size_t piece = 70;
  std::string value;
  for (std::string_view rest = encoded.get(); !rest.empty(); rest.remove_prefix(std::min(piece, rest.size()))) {
    if (!value.empty()) value += ' ';
    value += rest.substr(0, piece);
  }
  return value;
}

Draft read_draft_header(std::string_view value) {
  constexpr std::size_t longest = 1024 * 1024;
  auto draft = parse_draft(decode_content(value, Encoding::base64, longest));
  return draft ? std::move(*draft) : Draft();
}

}  // namespace valija::mime
