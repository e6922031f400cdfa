#include "tag_original.hpp"

#include "valija/index/writer.hpp"
#include "valija/store/asked_changes.hpp"
#include "valija/workers/account_pass.hpp"
#include "valija/workers/carry_out.hpp"

namespace valija::workers {
namespace {

constexpr int lock_wait_ms = 1000;

Result<void> change(const MailPlaces& places, const std::vector<store::AskedChange>& changes) {
  auto writer = index::Writer::open(places.location, lock_wait_ms);
  if (!writer) return fail(std::move(writer).error());
  for (const auto& one : changes) {
    const auto changed = carry_out(**writer, one, places);
    if (!changed && &one == &changes.back()) return fail(changed.error());
  }
  const auto committed = (*writer)->commit();
  return committed ? Result<void>() : fail(committed.error());
}

}  // namespace

Result<void> tag_original(const Outgoing& entry, const config::Settings& settings, const config::Places& places, UnixTime now) {
  const index::Location location = index_location(settings, places);
  // Without an index there is nothing to tag, and none is made for it.
  if (!index::Reader::open(location)) return {};
  auto state = store::AskedChanges::open(places.state_dir);
  if (!state) return fail(std::move(state).error());
  // What processes left that are no more is older, and ours from now on.
  auto changes = (*state)->claim();
  if (!changes) return fail(std::move(changes).error());
  store::AskedChange own{0, {}, {entry.original}, {entry.original_tag}, {}};
  const auto row = (*state)->put(own, now);
  if (!row) return fail(row.error());
  own.row = *row;
  changes->push_back(std::move(own));
  if (!change({location, places.state_dir, settings.mail_root}, *changes)) return {};
  for (const auto& one : *changes) {
    if (auto done = (*state)->done(one.row); !done) return done;
  }
  return {};
}

}  // namespace valija::workers
