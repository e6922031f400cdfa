#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "pass.hpp"

namespace valija::sync {

/// Sends the files of one folder's plan. What the server refuses stays here, is told once, and is not tried again in this pass.
class Uploader final : public UploadSource {
 public:
  Uploader(Pass& pass, FolderJob& job, std::vector<const Upload*> uploads) : pass_(pass), job_(job), uploads_(std::move(uploads)) {}
  Result<void> run();

  Result<std::optional<OutgoingMessage>> next() override;
  Result<std::size_t> read(std::span<char> buffer) override;
  Result<void> appended(std::size_t index, UidValidity validity, Uid uid) override;
  Result<void> refused(std::size_t index, const Error& error) override;

 private:
  void tell_refused();

  Pass& pass_;
  FolderJob& job_;
  std::vector<const Upload*> uploads_;
  std::size_t position_ = 0;
  std::vector<const Upload*> sent_;  ///< by the index of UploadSource
  std::unique_ptr<MessageReader> reader_;
  std::size_t refused_ = 0;
  std::optional<Error> refusal_;  ///< the first
};

}  // namespace valija::sync
