#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connection.hpp"
#include "valija/sync/remote.hpp"
#include "warnings.hpp"

// Gmail (X-GM-EXT-1) shows every label as a folder with a copy of each message. Here All Mail, Spam and Trash are the folders, which
// have each message once between them, and labels are keywords of its marks: "Work/To Do" as `encode_keyword` writes it, \Inbox, \Sent and
// \Important as inbox, sent and important. \Starred and \Draft are flags already. Of the server's own keywords those with "$" stay.

namespace valija::remote {

/// Keeps the folders that have each message once. False, and all of them stay: All Mail is hidden (a warning says what to do).
bool keep_gmail_folders(std::vector<sync::ServerFolder>& folders, Warnings& warnings);

/// X-GM-LABELS is to be asked for.
bool has_labels(const Connection& connection, const sync::ServerFolder& folder);

/// Puts labels, as sent, into the marks. Those that cannot be keywords are left out; they stay on the server as they are.
void put_labels(const std::vector<std::string>& labels, Marks& marks);

/// A label as STORE spells it.
struct Label {
  std::string name;        ///< modified UTF-7, or "\Inbox"
  bool is_system = false;  ///< goes unquoted
  friend auto operator<=>(const Label&, const Label&) = default;
};
/// Nothing: the keyword is none (it stays one of FLAGS), or cannot be a label.
std::optional<Label> label_of(std::string_view keyword);
bool is_label(std::string_view keyword);

/// Without the keywords that are labels, and only those.
Marks without_labels(Marks marks);
Marks only_labels(Marks marks);
/// What is left empty is left out.
std::vector<sync::MarkChange> without_labels(std::span<const sync::MarkChange> changes);

/// Adds and removes labels in the open folder, equal ones together, pipelined. Returns the uids of those that were refused, ascending.
Result<std::vector<sync::Uid>> store_labels(Connection& connection, std::span<const sync::MarkChange> changes);

/// `store_marks`, and the labels of those that it did not leave unchanged.
Result<std::vector<sync::Uid>> store_marks_and_labels(Connection& connection, const sync::ServerFolder& folder, sync::ModSeq since,
                                                      std::span<const sync::MarkChange> changes, Warnings& warnings);

/// Hands on the messages without their labels. That one with labels is taken is told behind `store_labels`, so that nobody counts on labels that
/// are not there yet.
class LabelledUpload final : public sync::UploadSource {
 public:
  explicit LabelledUpload(sync::UploadSource& source) : source_(source) {}

  Result<std::optional<sync::OutgoingMessage>> next() override;
  Result<std::size_t> read(std::span<char> buffer) override { return source_.read(buffer); }
  Result<void> appended(std::size_t index, sync::UidValidity validity, sync::Uid uid) override;
  Result<void> refused(std::size_t index, const Error& error) override { return source_.refused(index, error); }

  /// Of those that are taken, in the order told.
  const std::vector<sync::MarkChange>& labels() const { return labels_; }
  /// The labels are stored.
  Result<void> tell_taken();

 private:
  struct Taken {
    std::size_t index;
    sync::UidValidity validity;
    sync::Uid uid;
  };
  sync::UploadSource& source_;
  std::vector<Marks> handed_out_;
  std::vector<sync::MarkChange> labels_;
  std::vector<Taken> taken_;
};

}  // namespace valija::remote
