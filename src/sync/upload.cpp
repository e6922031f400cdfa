#include "upload.hpp"

#include <fmt/format.h>

#include "folder_order.hpp"
#include "valija/base/words.hpp"

namespace valija::sync {

Result<void> Uploader::run() {
  if (uploads_.empty()) return {};
  const Result<void> done = pass_.remote.append(job_.folder, *this);
  tell_refused();
  return done;
}

Result<std::optional<OutgoingMessage>> Uploader::next() {
  reader_.reset();
  while (position_ < uploads_.size()) {
    const Upload& upload = *uploads_[position_++];
    Result<std::unique_ptr<MessageReader>> opened = pass_.local.open(job_.folder.path, upload.base);
    if (!opened) {
      if (Result<void> taken = pass_.take(job_, opened.error()); !taken) return fail(std::move(taken).error());
      if (job_.failed) break;
      continue;
    }
    reader_ = *std::move(opened);
    sent_.push_back(&upload);
    return std::optional(OutgoingMessage{upload.marks, reader_->received(), reader_->size()});
  }
  return std::optional<OutgoingMessage>();
}

Result<std::size_t> Uploader::read(std::span<char> buffer) {
  if (reader_ == nullptr) return std::size_t{0};
  return reader_->read(buffer);
}

Result<void> Uploader::appended(std::size_t index, UidValidity validity, Uid uid) {
  if (index >= sent_.size()) return {};
  const Upload& upload = *sent_[index];
  ++job_.totals.uploaded;
  pass_.observer.changed(job_.folder.path, job_.totals);
  pass_.local.note({job_.folder.path, upload.base, "uploaded", "new here"});
  if (uid.value == 0 || validity != job_.view.server.uid_validity) {
    job_.postpone();
    return {};
  }
  return pass_.take(job_, pass_.local.pair_upload(job_.folder.path, validity, uid, upload.base, upload.marks));
}

Result<void> Uploader::refused(std::size_t, const Error& error) {
  if (ends_pass(error)) return fail(error);
  ++refused_;
  if (!refusal_) refusal_ = error;
  return {};
}

void Uploader::tell_refused() {
  if (!refusal_) return;
  job_.refuses_uploads = true;
  job_.is_complete = false;
  const char* sentence = n_("The server did not take {} message of the folder {}; it stays here. It said: {}",
                            "The server did not take {} messages of the folder {}; they stay here. It said: {}", refused_);
  pass_.observer.failed(job_.folder.path, {refusal_->kind, Blast::folder,
                                           fmt::format(fmt::runtime(sentence), number(refused_), display_name(job_.folder.path), refusal_->message),
                                           refusal_->hint});
}

}  // namespace valija::sync
