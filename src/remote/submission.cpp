#include "valija/remote/submission.hpp"

namespace valija::remote {

Result<std::unique_ptr<Submission>> Submission::open(const Dialler& dial, std::stop_token stop) {
  auto stream = dial(std::move(stop));
  if (!stream) return fail(std::move(stream).error());
  return fail(Kind::bug, Blast::account, "not built yet");
}

}  // namespace valija::remote
