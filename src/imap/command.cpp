#include "valija/imap/command.hpp"

#include <algorithm>

namespace valija::imap {
namespace {

constexpr std::size_t quoted_limit = 1000;
/// LITERAL- lets only literals up to this size go without waiting (RFC 7888 §5).
constexpr std::uint64_t minus_limit = 4096;
/// A larger one that the server will not take is better refused before it is sent; the round trip costs little beside it.
constexpr std::uint64_t plus_limit = std::uint64_t{1} << 20;

bool can_be_quoted(std::string_view value) {
  return value.size() <= quoted_limit && std::all_of(value.begin(), value.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x80 && c != '\r' && c != '\n' && c != '\0';
         });
}

std::string quote(std::string_view value) {
  std::string quoted = "\"";
  for (const char octet : value) {
    if (octet == '"' || octet == '\\') quoted += '\\';
    quoted += octet;
  }
  return quoted + '"';
}

bool goes_at_once(std::uint64_t size, LiteralSupport literals) {
  switch (literals) {
    case LiteralSupport::plus:
      return size <= plus_limit;
    case LiteralSupport::minus:
      return size <= minus_limit;
    case LiteralSupport::synchronizing:
      break;
  }
  return false;
}

std::string_view verb_of(Access access) { return access == Access::read ? "EXAMINE" : "SELECT"; }

}  // namespace

Command& Command::words(std::string_view words) {
  if (parts_.back().is_literal) parts_.emplace_back();
  parts_.back().text += words;
  return *this;
}

Command& Command::string(std::string_view value) { return words(" ").bare_string(value); }

Command& Command::bare_string(std::string_view value) {
  if (can_be_quoted(value)) return words(quote(value));
  parts_.push_back({std::string(value), true, 0});
  return *this;
}

Command& Command::streamed(std::uint64_t size) {
  words(" ");
  parts_.push_back({{}, true, size});
  return *this;
}

std::vector<CommandPiece> Command::to_pieces(std::string_view tag, LiteralSupport literals) const {
  std::vector<CommandPiece> pieces(1);
  pieces.back().octets = std::string(tag) + ' ';
  for (const Part& part : parts_) {
    if (part.is_literal) {
      const std::uint64_t size = part.streamed > 0 ? part.streamed : part.text.size();
      const bool at_once = goes_at_once(size, literals);
      pieces.back().octets += '{' + std::to_string(size) + (at_once ? "+}\r\n" : "}\r\n");
      if (!at_once) pieces.push_back({{}, true, 0});
    }
    pieces.back().octets += part.text;
    if (part.streamed > 0) {
      pieces.back().streamed = part.streamed;
      pieces.emplace_back();
    }
  }
  pieces.back().octets += "\r\n";
  return pieces;
}

Command capability() { return Command("CAPABILITY"); }
Command noop() { return Command("NOOP"); }
Command logout() { return Command("LOGOUT"); }
Command enable(std::string_view names) { return Command("ENABLE ").words(names); }
Command namespaces() { return Command("NAMESPACE"); }

Command list_all(std::string_view items) {
  Command command("LIST \"\" \"*\"");
  if (!items.empty()) command.words(" RETURN (").words(items).words(")");
  return command;
}

Command list_one(std::string_view wire_name) { return Command("LIST \"\"").string(wire_name); }

Command select(std::string_view wire_name, bool with_condstore, Access access) {
  return Command(verb_of(access)).string(wire_name).words(with_condstore ? " (CONDSTORE)" : "");
}

Command select_changes(std::string_view wire_name, std::uint32_t uid_validity, std::uint64_t modseq, Access access) {
  return Command(verb_of(access)).string(wire_name).words(" (QRESYNC (" + std::to_string(uid_validity) + ' ' + std::to_string(modseq) + "))");
}

Command examine(std::string_view wire_name) { return select(wire_name, false, Access::read); }
Command unselect() { return Command("UNSELECT"); }
Command close() { return Command("CLOSE"); }

Command status(std::string_view wire_name, std::string_view items) {
  return Command("STATUS").string(wire_name).words(" ").words(items);
}

Command uid_fetch(std::string_view set, std::string_view items, std::string_view modifier) {
  Command command("UID FETCH ");
  command.words(set).words(" ").words(items);
  if (!modifier.empty()) command.words(" ").words(modifier);
  return command;
}

Command uid_search(std::string_view criteria, bool extended) {
  return Command("UID SEARCH ").words(extended ? "RETURN (ALL) " : "").words(criteria);
}

Command uid_store(std::string_view set, StoreAction action, std::string_view flags, std::uint64_t unchanged_since) {
  Command command("UID STORE ");
  command.words(set);
  if (unchanged_since > 0) command.words(" (UNCHANGEDSINCE " + std::to_string(unchanged_since) + ')');
  return command.words(action == StoreAction::add ? " +FLAGS.SILENT " : " -FLAGS.SILENT ").words(flags);
}

Command uid_copy(std::string_view set, std::string_view wire_name) { return Command("UID COPY ").words(set).string(wire_name); }
Command uid_move(std::string_view set, std::string_view wire_name) { return Command("UID MOVE ").words(set).string(wire_name); }
Command uid_expunge(std::string_view set) { return Command("UID EXPUNGE ").words(set); }
Command expunge() { return Command("EXPUNGE"); }

Command append(std::string_view wire_name, std::string_view flags, std::string_view date, std::uint64_t size) {
  Command command("APPEND");
  command.string(wire_name).words(" ").words(flags);
  if (!date.empty()) command.string(date);
  return command.streamed(size);
}

Command create_folder(std::string_view wire_name) { return Command("CREATE").string(wire_name); }
Command rename_folder(std::string_view wire_name, std::string_view to) { return Command("RENAME").string(wire_name).string(to); }
Command delete_folder(std::string_view wire_name) { return Command("DELETE").string(wire_name); }
Command subscribe(std::string_view wire_name) { return Command("SUBSCRIBE").string(wire_name); }
Command unsubscribe(std::string_view wire_name) { return Command("UNSUBSCRIBE").string(wire_name); }

}  // namespace valija::imap
