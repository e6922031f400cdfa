#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "connection.hpp"
#include "valija/sync/types.hpp"

namespace valija::remote {

/// Collects the FETCH responses of a list, and what the server says of its changes meanwhile; a server may split one message over several
/// responses.
class Rows {
 public:
  /// The folder must outlive it; `exists` as SELECT said. With labels (see gmail.hpp) the marks are known when the labels are, too.
  Rows(const sync::ServerFolder& folder, std::uint32_t exists, bool with_labels)
      : folder_(folder), exists_(exists), with_labels_(with_labels) {}

  /// Kind::protocol for more messages than there are.
  Result<void> take(imap::Event& event);
  /// Sorts, merges and hands over what is whole.
  std::vector<sync::ServerMessage> finish();

  bool is_faultless() const { return faults() == 0; }
  std::size_t faults() const { return malformed_ + doubled_ + incomplete_; }
  std::uint32_t exists() const { return exists_; }
  const std::vector<imap::Range>& vanished() const { return vanished_; }
  /// Messages that nothing was said of but their marks, ascending.
  std::vector<std::uint32_t> without_size() const;

 private:
  struct Row {
    sync::ServerMessage message;
    std::uint32_t sequence = 0;
    bool has_marks = false;
    std::optional<std::vector<std::string>> labels;
  };

  Result<void> add(const imap::Fetched& fetched);
  void count_out(std::span<const imap::Range> uids);
  static void merge(Row& into, Row& from);
  bool is_whole(const Row& row) const { return row.has_marks && (!with_labels_ || row.labels); }

  const sync::ServerFolder& folder_;
  std::vector<Row> rows_;
  std::vector<imap::Range> vanished_;
  std::uint32_t exists_ = 0;
  bool with_labels_;
  std::size_t malformed_ = 0, doubled_ = 0, incomplete_ = 0;
  bool changed_meanwhile_ = false;  ///< sequence numbers have shifted
};

}  // namespace valija::remote
