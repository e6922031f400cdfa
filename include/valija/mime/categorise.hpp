#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "valija/mail/category.hpp"

namespace valija::mime {

/// What the header block of a message says about the kind of mail it is. Header values are clean and short.
struct CategoryFacts {
  std::string sender;          ///< the mailbox of From, in lower case
  std::string list_id;         ///< RFC 2919, without < >
  std::string precedence;      ///< in lower case: "bulk", "list", "junk", "first-class"
  std::string auto_submitted;  ///< RFC 3834, in lower case; "" for "no"
  std::string campaign;        ///< the field that only those write who send to many at once: "Feedback-ID"
  std::string forge;           ///< who tells of work on a project: "GitHub"
  std::string receipt_word;    ///< a word of the Subject that receipts have: "invoice"
  std::string offer_word;      ///< a word of the Subject that advertising has: "sale"
  bool has_unsubscribe = false, is_one_click = false;  ///< RFC 2369, RFC 8058
  bool can_be_posted_to = false;  ///< List-Post (RFC 2369): a list that people talk on
  bool is_reply = false;          ///< In-Reply-To or References
  bool is_report = false;         ///< multipart/report (RFC 6522)
  friend bool operator==(const CategoryFacts&, const CategoryFacts&) = default;
};

/// Reads the header block at the beginning of `head`, linear, without GMime; any bytes will do.
CategoryFacts category_facts(std::string_view head);

/// `knows_sender`: mail was written to that address before. Puts the sentences that say why into `reasons`, where it is not nullptr.
Category categorise(const CategoryFacts& facts, bool knows_sender, std::vector<std::string>* reasons);

}  // namespace valija::mime
