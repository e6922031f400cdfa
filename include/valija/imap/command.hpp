#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valija::imap {

/// Which literals need no permission from the server (RFC 7888).
enum class LiteralSupport : std::uint8_t { synchronizing, minus, plus };

/// Octets of a command to send in one go.
struct CommandPiece {
  std::string octets;
  bool waits = false;          ///< only once the server asked for more ("+")
  std::uint64_t streamed = 0;  ///< octets that the caller sends behind these by itself
  friend bool operator==(const CommandPiece&, const CommandPiece&) = default;
};

/// A command without its tag: words of ours and strings of others, which are quoted or sent as literals as they need.
class Command {
 public:
  explicit Command(std::string_view words) { parts_.emplace_back().text = words; }
  /// Appends words of the protocol; never anything that came from outside.
  Command& words(std::string_view words);
  /// Appends " " and a string that may hold any octet but NUL.
  Command& string(std::string_view value);
  /// The same without " ".
  Command& bare_string(std::string_view value);
  /// Appends " " and a literal of `size` octets (not 0) that the caller sends, so that they are never in memory at once.
  Command& streamed(std::uint64_t size);

  std::vector<CommandPiece> to_pieces(std::string_view tag, LiteralSupport literals) const;

 private:
  struct Part {
    std::string text;
    bool is_literal = false;
    std::uint64_t streamed = 0;
  };
  std::vector<Part> parts_;
};

Command capability();
Command noop();
Command logout();
Command enable(std::string_view names);
Command namespaces();
/// `items` "SPECIAL-USE" for RETURN (SPECIAL-USE) where the server has LIST-EXTENDED; or empty.
Command list_all(std::string_view items = {});
/// LIST of this one name; with an empty name it tells the hierarchy delimiter (RFC 9051 §6.3.9).
Command list_one(std::string_view wire_name);
/// read: EXAMINE, so that opening the folder changes nothing in it (RFC 9051 §6.3.3).
enum class Access : std::uint8_t { write, read };
/// Opens a folder; CONDSTORE makes the server count mod-sequences (RFC 7162 §3.1.8).
Command select(std::string_view wire_name, bool with_condstore, Access access = Access::write);
/// Opens a folder and asks in the same breath what changed since then (RFC 7162 §3.2.5); QRESYNC must be enabled.
Command select_changes(std::string_view wire_name, std::uint32_t uid_validity, std::uint64_t modseq, Access access = Access::write);
/// Opens a folder for reading only.
Command examine(std::string_view wire_name);
Command unselect();
/// Removes all messages that are marked \Deleted, unless the folder was opened with `examine`.
Command close();
Command status(std::string_view wire_name, std::string_view items);
/// `items` "(UID FLAGS)"; `modifier` "(CHANGEDSINCE 5 VANISHED)" or empty.
Command uid_fetch(std::string_view set, std::string_view items, std::string_view modifier = {});
/// `extended`: the answer is a set (RFC 4731).
Command uid_search(std::string_view criteria, bool extended);

enum class StoreAction : std::uint8_t { add, remove };
/// `flags` "(\Seen)"; `unchanged_since` 0: whatever happened meanwhile.
Command uid_store(std::string_view set, StoreAction action, std::string_view flags, std::uint64_t unchanged_since = 0);
Command uid_copy(std::string_view set, std::string_view wire_name);
Command uid_move(std::string_view set, std::string_view wire_name);
Command uid_expunge(std::string_view set);
/// All that are marked \Deleted.
Command expunge();
/// The message's octets are streamed. `date` as `to_internal_date` writes it, or empty: now.
Command append(std::string_view wire_name, std::string_view flags, std::string_view date, std::uint64_t size);
Command create_folder(std::string_view wire_name);
Command rename_folder(std::string_view wire_name, std::string_view to);
Command delete_folder(std::string_view wire_name);
Command subscribe(std::string_view wire_name);
Command unsubscribe(std::string_view wire_name);

}  // namespace valija::imap
