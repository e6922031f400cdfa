#include "valija/mime/categorise.hpp"

#include <doctest/doctest.h>

#include "hostile_messages.hpp"

using namespace valija;
using mime::categorise;
using mime::category_facts;

namespace {

Category category(const std::string& fields, bool knows_sender = false) { return categorise(category_facts("From: ana@example.org\n" + fields + "\n"), knows_sender, nullptr); }

std::vector<std::string> reasons(const std::string& fields, bool knows_sender = false) {
  std::vector<std::string> sentences;
  categorise(category_facts("From: ana@example.org\n" + fields + "\n"), knows_sender, &sentences);
  return sentences;
}

using Sentences = std::vector<std::string>;

}  // namespace

TEST_CASE("a letter of a person is personal, and so is an answer") {
  CHECK(category("To: b@example.org\nSubject: Your invoice\n") == Category::personal);
  CHECK(category("In-Reply-To: <x@example.org>\n") == Category::personal);
  CHECK(reasons("References: <x@example.org>\n", true) == Sentences{"You have written to ana@example.org before.", "It answers another message."});
  CHECK(reasons("") == Sentences{"It has no mark of a list, of a mailing or of a program."});
}

TEST_CASE("an answer of somebody known is personal though his program adds the marks of a mailing, a mailing of his is not") {
  const std::string marks = "List-Unsubscribe: <https://example.org/u>\nFeedback-ID: 1:2\n";
  CHECK(category(marks + "In-Reply-To: <x@example.org>\n", true) == Category::personal);
  CHECK(category(marks, true) == Category::marketing);
}

TEST_CASE("a list that people talk on is told from a newsletter that calls itself one") {
  CHECK(category("List-Id: Talk <talk.example.org>\nList-Post: <mailto:talk@example.org>\nList-Unsubscribe: <mailto:u@example.org>\n", true) == Category::list);
  CHECK(category("List-Id: <talk.example.org>\nPrecedence: list\n") == Category::list);
  CHECK(category("List-Id: <news.example.org>\nList-Post: NO\nList-Unsubscribe: <https://example.org/u>\n") == Category::newsletter);
  CHECK(reasons("List-Id: News <news.example.org>\nList-Unsubscribe: <https://example.org/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n") ==
        Sentences{"It names the list news.example.org (List-Id).", "One click unsubscribes from it (List-Unsubscribe-Post)."});
}

TEST_CASE("advertising is a mailing with an offer, or one without a list's name") {
  CHECK(category("List-Id: <news.example.org>\nSubject: =?utf-8?q?=C2=A1Rebajas_de_oto=C3=B1o!?=\n") == Category::marketing);
  CHECK(category("List-Unsubscribe: <https://example.org/u>\nFeedback-ID: 1:2\nSubject: Wholesale changes\n") == Category::marketing);
  CHECK(category("List-Unsubscribe: <https://example.org/u>\nSubject: Wholesale changes\n") == Category::newsletter);
  CHECK(category("List-Unsubscribe: <https://example.org/u>\nSubject: Everything 50% off!\n") == Category::marketing);
  CHECK(category("Precedence: bulk\n") == Category::newsletter);
}

TEST_CASE("receipts are told by their subject only where a program wrote") {
  CHECK(category("Feedback-ID: 1:2\nSubject: Your order 12\n") == Category::transactional);
  CHECK(category("Auto-Submitted: auto-generated\nSubject: Factura de noviembre\n") == Category::transactional);
  CHECK(category("List-Unsubscribe: <https://example.org/u>\nFeedback-ID: 1:2\nSubject: Invoice 7\n") == Category::transactional);
  CHECK(category("Feedback-ID: 1:2\nSubject: Reordering\n") == Category::notification);
}

TEST_CASE("programs notify") {
  CHECK(category("Auto-Submitted: auto-replied\n") == Category::notification);
  CHECK(category("Auto-Submitted: no\n") == Category::personal);
  CHECK(category("Content-Type: multipart/report; report-type=delivery-status\n") == Category::notification);
  CHECK(category("List-Id: x/y <y.x.github.com>\nPrecedence: list\nMessage-ID: <x/y/pull/1@github.com>\n") == Category::notification);
  CHECK(reasons("X-GitLab-Project: x\nPrecedence: list\n") == Sentences{"GitLab sent it, about work on a project."});
  const auto facts = category_facts("From: Shop <No-Reply@Shop.example>\n\n");
  CHECK(facts.sender == "no-reply@shop.example");
  CHECK(categorise(facts, true, nullptr) == Category::notification);
}

TEST_CASE("nothing is said of what has no sender, and the body is no header") {
  CHECK(categorise(category_facts(""), false, nullptr) == Category::none);
  CHECK(categorise(category_facts("Subject: x\n\nFrom: a@example.org\nList-Id: <x>\n"), false, nullptr) == Category::none);
}

TEST_CASE("the words of a message in a reason are clean and short") {
  const auto sentences = reasons("List-Id: <a\x1b[31mb" + std::string(5000, 'x') + ">\n");
  REQUIRE(!sentences.empty());
  CHECK(sentences.front().size() < 400);
  CHECK(sentences.front().find('\x1b') == std::string::npos);
}

TEST_CASE("hostile headers are categorised soon") {
  for (const auto& flood : test::floods()) static_cast<void>(categorise(category_facts(flood.text), false, nullptr));
}
