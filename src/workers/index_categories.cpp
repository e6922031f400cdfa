// Categories for mail that was indexed without.
#include <algorithm>
#include <utility>

#include "index_worker.hpp"
#include "valija/base/words.hpp"
#include "valija/mail/category.hpp"

namespace valija::workers {
namespace {

constexpr std::size_t largest_part = 1000;
constexpr std::uint32_t part_budget_ms = 1000;

std::string uncategorised() {
  std::string query;
  for (const Category category : all_categories) query += (query.empty() ? "not (tag:" : " or tag:") + std::string(tag_of(category));
  return query + ")";
}

Result<std::vector<std::string>> ids_of(const index::Location& location, const std::string& query) {
  auto reader = index::Reader::open(location);
  return reader ? (*reader)->ids(query) : Unexpected(std::move(reader).error());
}

}  // namespace

void IndexWorker::take(const messages::CategoriseMail& request) {
  ++seen_;
  const auto refuse = [&](Error error) { events_.send(messages::Failed{request.id, std::move(error), {}, {}}); };
  if (!options_.gives_categories) {
    return refuse({Kind::usage, Blast::message, _("The settings want no categories."), _("Set mail.categories to true.")});
  }
  if (pass_) return refuse({Kind::usage, Blast::message, _("Mail is being given its categories already."), {}});
  auto ids = ids_of(options_.location, uncategorised());
  if (!ids) return refuse(std::move(ids).error());
  pass_ = CategoryPass{request.id, std::move(*ids)};
}

void IndexWorker::send_categorising() {
  if (pass_->position == pass_->ids.size()) return end_categorising();
  if (!ensure_peer()) return;
  const auto begin = pass_->ids.begin() + static_cast<std::ptrdiff_t>(pass_->position);
  const auto count = std::min<std::size_t>(largest_part, pass_->ids.size() - pass_->position);
  pass_->is_flying = true;
  send(CategoriseMessages{pass_->id, part_budget_ms, {begin, begin + static_cast<std::ptrdiff_t>(count)}});
}

void IndexWorker::handle(MessagesCategorised categorised) {
  if (!is_categorising() || categorised.id != pass_->id) return;
  pass_->is_flying = false;
  if (categorised.error && categorised.error->kind == Kind::try_later) return fail_for_now(std::move(*categorised.error));
  if (categorised.error) return fail_categorising(std::move(*categorised.error));
  failure_.reset();
  const std::uint64_t looked_at = std::min<std::uint64_t>(categorised.looked_at, pass_->ids.size() - pass_->position);
  pass_->position += looked_at;
  pass_->changed += std::min(categorised.changed, looked_at);
  tell_progress(0);
  if (categorised.changed > 0) announce();
  if (pass_->is_stopped) end_categorising();
}

void IndexWorker::tell_progress(std::uint64_t looked_at) {
  const std::uint64_t total = pass_->ids.size();
  events_.send(messages::WorkProgress{pass_->id, std::min(pass_->position + looked_at, total), total});
}

/// False: `id` is another one, or there is none. What is done stays, and the next pass goes on there.
bool IndexWorker::stop_categorising(messages::RequestId id) {
  if (!pass_ || (id != 0 && id != pass_->id)) return false;
  pass_->is_stopped = true;
  pass_->is_flying ? send(CutBatch{}) : end_categorising();
  return true;
}

void IndexWorker::end_categorising() {
  events_.send(messages::MailCategorised{pass_->id, pass_->changed, pass_->position == pass_->ids.size()});
  pass_.reset();
}

void IndexWorker::fail_categorising(Error error) {
  events_.send(messages::Failed{pass_->id, std::move(error), {}, {}});
  pass_.reset();
}

}  // namespace valija::workers
