#include "mail_model.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "valija/imap/sequence_set.hpp"

namespace valija::remote::testing {
namespace {

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::set<std::string> split_list(const std::string& list) {
  std::set<std::string> words;
  std::string word;
  for (const char octet : list) {
    if (octet != '(' && octet != ')' && octet != ' ') {
      word += octet;
    } else if (!word.empty()) {
      words.insert(std::exchange(word, {}));
    }
  }
  return words;
}

std::string set_of(const std::set<std::uint32_t>& uids) { return imap::to_sequence_set(std::vector<std::uint32_t>(uids.begin(), uids.end())); }

}  // namespace

MailModel::MailModel(std::string_view names) : capabilities(names) {}

void MailModel::serve(FakeServer& server) {
  server.hook = [this](const std::string& tag, const std::string& command) -> std::optional<std::string> { return answer(tag, command); };
}

MailModel::Message& MailModel::add(const std::string& folder, std::string octets, std::set<std::string> flags) {
  Folder& into = folders[folder];
  into.messages.push_back({into.uid_next++, std::move(flags), std::move(octets), ++modseq});
  return into.messages.back();
}

bool MailModel::has(std::string_view capability) const { return (' ' + capabilities + ' ').find(' ' + std::string(capability) + ' ') != std::string::npos; }

std::vector<std::string> MailModel::contents(const std::string& folder) const {
  std::vector<std::string> all;
  const auto found = folders.find(folder);
  if (found == folders.end()) return all;
  for (const Message& message : found->second.messages) all.push_back(message.octets);
  std::sort(all.begin(), all.end());
  return all;
}

const MailModel::Message& MailModel::message(const std::string& folder, std::uint32_t uid) const {
  for (const Message& message : folders.at(folder).messages) {
    if (message.uid == uid) return message;
  }
  FAIL("no message " << uid << " in " << folder);
  return folders.at(folder).messages.front();
}

std::vector<std::string> MailModel::words_of(const std::string& command) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < command.size();) {
    if (command[at] == ' ') {
      ++at;
      continue;
    }
    if (command[at] == '"') {
      const std::size_t end = command.find('"', at + 1);
      words.push_back(command.substr(at + 1, end - at - 1));
      at = end + 1;
    } else if (command[at] == '{') {
      const std::size_t size = std::stoul(command.substr(at + 1));
      const std::size_t begin = command.find("\r\n", at) + 2;
      words.push_back(command.substr(begin, size));
      at = begin + size;
    } else {
      const std::size_t start = at;
      int depth = 0;
      for (; at < command.size() && (depth > 0 || command[at] != ' '); ++at) depth += command[at] == '(' ? 1 : command[at] == ')' ? -1 : 0;
      words.push_back(command.substr(start, at - start));
    }
  }
  return words;
}

std::string MailModel::answer(const std::string& tag, const std::string& command) {
  const std::vector<std::string> words = words_of(command);
  const std::string ok = tag + " OK done\r\n";
  const std::string& verb = words[0];
  if (verb == "CAPABILITY") {
    selected_.clear();
    has_qresync_ = false;
    return "* CAPABILITY IMAP4rev1 " + capabilities + "\r\n" + ok;
  }
  if (verb == "ENABLE") {
    has_qresync_ = true;
    return "* ENABLED QRESYNC\r\n" + ok;
  }
  if (verb == "NOOP") return ok;
  if (verb == "LOGOUT") return "* BYE bye\r\n" + ok;
  if (verb == "NAMESPACE") return "* NAMESPACE ((\"" + prefix + "\" \"" + delimiter + "\")) NIL NIL\r\n" + ok;
  if (verb == "LIST") return list(words[2], words) + ok;
  if (verb == "APPEND") return append(tag, words);
  if (verb == "SELECT" || verb == "EXAMINE") {
    selected_.clear();
    if (!folders.contains(words[1])) return tag + " NO [NONEXISTENT] no such folder\r\n";
    return select(words, verb == "SELECT") + tag + " OK [READ-" + (verb == "SELECT" ? "WRITE" : "ONLY") + "] done\r\n";
  }
  if (verb == "STATUS") {
    if (!folders.contains(words[1])) return tag + " NO [NONEXISTENT] no such folder\r\n";
    return status(words[1], words[2]) + ok;
  }
  if (verb == "UNSELECT" || verb == "CLOSE") {
    if (selected_.empty()) return tag + " BAD nothing is open\r\n";
    selected_.clear();
    return ok;
  }
  if (verb == "UID" || verb == "EXPUNGE") return selected_.empty() ? tag + " BAD nothing is open\r\n" : answer_in_folder(tag, words);
  return admin(tag, words);
}

std::string MailModel::answer_in_folder(const std::string& tag, const std::vector<std::string>& words) {
  const std::string ok = tag + " OK done\r\n";
  const std::string verb = words.size() > 1 ? words[1] : words[0];
  if (verb == "FETCH") return fetch(words) + ok;
  if (verb == "STORE") return store(tag, words);
  if (verb == "SEARCH") return search(words) + ok;
  if (verb == "COPY" || (verb == "MOVE" && has("MOVE"))) return copy(tag, words, verb == "MOVE");
  std::set<std::uint32_t> marked;
  for (const Message& message : folders[selected_].messages) {
    if (message.flags.contains("\\Deleted")) marked.insert(message.uid);
  }
  if (words[0] == "EXPUNGE") return remove(marked) + ok;
  if (verb != "EXPUNGE" || !has("UIDPLUS")) return tag + " BAD what?\r\n";
  std::set<std::uint32_t> named = uids_in(words[2]);
  std::erase_if(named, [&](std::uint32_t uid) { return !marked.contains(uid); });
  return remove(named) + ok;
}

std::string MailModel::list(const std::string& pattern, const std::vector<std::string>& words) const {
  if (pattern.empty()) return std::string("* LIST (\\Noselect) \"") + delimiter + "\" \"\"\r\n";
  std::string lines;
  for (const auto& [name, folder] : folders) {
    if (pattern != "*" && pattern != name) continue;
    lines += std::string("* LIST () \"") + delimiter + "\" \"" + name + "\"\r\n";
    if (words.size() > 3 && words.back().find("STATUS") != std::string::npos) lines += status(name, words.back());
  }
  return lines;
}

std::string MailModel::status(const std::string& name, const std::string& items) const {
  const Folder& folder = folders.at(name);
  std::string values = "MESSAGES " + std::to_string(folder.messages.size()) + " UIDNEXT " + std::to_string(folder.uid_next) + " UIDVALIDITY " +
                       std::to_string(folder.uid_validity);
  if (items.find("HIGHESTMODSEQ") != std::string::npos) values += " HIGHESTMODSEQ " + std::to_string(modseq);
  return "* STATUS \"" + name + "\" (" + values + ")\r\n";
}

std::string MailModel::flags_line(const Message& message) const {
  std::string line = "UID " + std::to_string(message.uid) + " FLAGS (" + joined(message.flags) + ")";
  if (has("CONDSTORE")) line += " MODSEQ (" + std::to_string(message.modseq) + ")";
  return line;
}

std::string MailModel::select(const std::vector<std::string>& words, bool for_writing) {
  selected_ = words[1];
  const Folder& folder = folders[selected_];
  std::string lines = "* " + std::to_string(folder.messages.size()) + " EXISTS\r\n* OK [UIDVALIDITY " + std::to_string(folder.uid_validity) +
                      "] x\r\n* OK [UIDNEXT " + std::to_string(folder.uid_next) + "] x\r\n* OK [PERMANENTFLAGS " +
                      (for_writing ? folder.permanent_flags : "()") + "] x\r\n";
  if (has("CONDSTORE")) lines += "* OK [HIGHESTMODSEQ " + std::to_string(modseq) + "] x\r\n";
  if (words.size() < 3 || !words[2].starts_with("(QRESYNC (")) return lines;
  REQUIRE(has_qresync_);
  std::size_t end = 0;
  const auto validity = std::stoul(words[2].substr(10), &end);
  const auto since = std::stoull(words[2].substr(10 + end));
  if (validity != folder.uid_validity) return lines;
  std::set<std::uint32_t> gone;
  for (const auto& [uid, at] : folder.vanished) {
    if (at > since) gone.insert(uid);
  }
  if (!gone.empty()) lines += "* VANISHED (EARLIER) " + set_of(gone) + "\r\n";
  for (std::size_t i = 0; i < folder.messages.size(); ++i) {
    if (folder.messages[i].modseq > since) lines += "* " + std::to_string(i + 1) + " FETCH (" + flags_line(folder.messages[i]) + ")\r\n";
  }
  return lines;
}

std::set<std::uint32_t> MailModel::uids_in(const std::string& set) const {
  std::set<std::uint32_t> uids;
  const auto ranges = imap::parse_sequence_set(set == "1:*" ? "1:4294967295" : set);
  REQUIRE(ranges);
  REQUIRE(set.size() <= 8000);
  for (const Message& message : folders.at(selected_).messages) {
    if (imap::contains(*ranges, message.uid)) uids.insert(message.uid);
  }
  return uids;
}

std::string MailModel::fetch(const std::vector<std::string>& words) {
  const std::set<std::uint32_t> asked = uids_in(words[2]);
  const std::vector<Message>& messages = folders[selected_].messages;
  const std::uint64_t since = words.size() > 4 ? std::stoull(words[4].substr(14)) : 0;
  std::string lines;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Message& message = messages[i];
    if (!asked.contains(message.uid) || message.modseq <= since) continue;
    const std::string size = std::to_string(message.octets.size());
    const bool wants_body = words[3].find("BODY.PEEK[]") != std::string::npos;
    lines += "* " + std::to_string(i + 1) + " FETCH (";
    if (wants_body) ++bodies_sent[message.octets];
    if (words[3].find("HEADER.FIELDS") != std::string::npos) {
      const std::string header = message.octets.substr(0, message.octets.find("\r\n\r\n") + 4);
      lines += "UID " + std::to_string(message.uid) + " RFC822.SIZE " + size + " BODY[HEADER.FIELDS (MESSAGE-ID)] {" + std::to_string(header.size()) + "}\r\n" + header + ")\r\n";
      continue;
    }
    lines += wants_body ? "UID " + std::to_string(message.uid) + " BODY[] {" + size + "}\r\n" + message.octets
                        : flags_line(message) + " RFC822.SIZE " + size + " INTERNALDATE \"01-Jan-2024 00:00:00 +0000\"";
    lines += ")\r\n";
  }
  return lines;
}

std::string MailModel::store(const std::string& tag, const std::vector<std::string>& words) {
  const bool is_conditional = words[3].starts_with("(UNCHANGEDSINCE ");
  const std::uint64_t since = is_conditional ? std::stoull(words[3].substr(16)) : UINT64_MAX;
  const std::string& action = words[is_conditional ? 4 : 3];
  const std::set<std::string> flags = split_list(words[is_conditional ? 5 : 4]);
  const std::set<std::uint32_t> asked = uids_in(words[2]);
  std::set<std::uint32_t> modified;
  std::string lines;
  std::vector<Message>& messages = folders[selected_].messages;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!asked.contains(messages[i].uid)) continue;
    if (messages[i].modseq > since) {
      modified.insert(messages[i].uid);
      continue;
    }
    for (const std::string& flag : flags) {
      if (action == "+FLAGS.SILENT") messages[i].flags.insert(flag);
      if (action == "-FLAGS.SILENT") messages[i].flags.erase(flag);
    }
    messages[i].modseq = ++modseq;
    if (is_conditional) lines += "* " + std::to_string(i + 1) + " FETCH (UID " + std::to_string(messages[i].uid) + " MODSEQ (" + std::to_string(modseq) + "))\r\n";
  }
  return lines + tag + (modified.empty() ? " OK done\r\n" : " OK [MODIFIED " + set_of(modified) + "] conditional\r\n");
}

std::string MailModel::search(const std::vector<std::string>& words) {
  const bool is_extended = words[2] == "RETURN";
  const std::vector<std::string> criteria(words.begin() + (is_extended ? 4 : 2), words.end());
  std::set<std::uint32_t> found;
  if (criteria[0] == "UID") found = uids_in(criteria[1]);
  for (const Message& message : folders[selected_].messages) {
    if (criteria[0] == "ALL" || (criteria[0] == "DELETED" && message.flags.contains("\\Deleted"))) found.insert(message.uid);
  }
  if (is_extended) return "* ESEARCH (TAG \"x\") UID" + (found.empty() ? "" : " ALL " + set_of(found)) + "\r\n";
  std::string line = "* SEARCH";
  for (const std::uint32_t uid : found) line += ' ' + std::to_string(uid);
  return line + "\r\n";
}

std::string MailModel::remove(const std::set<std::uint32_t>& uids) {
  Folder& folder = folders[selected_];
  std::string lines;
  for (std::size_t i = 0; i < folder.messages.size();) {
    if (!uids.contains(folder.messages[i].uid)) {
      ++i;
      continue;
    }
    lines += has_qresync_ ? "* VANISHED " + std::to_string(folder.messages[i].uid) + "\r\n" : "* " + std::to_string(i + 1) + " EXPUNGE\r\n";
    folder.vanished.emplace_back(folder.messages[i].uid, ++modseq);
    folder.messages.erase(folder.messages.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return lines;
}

std::string MailModel::copy(const std::string& tag, const std::vector<std::string>& words, bool removes) {
  if (!folders.contains(words[3])) return tag + " NO [TRYCREATE] no such folder\r\n";
  const std::set<std::uint32_t> from = uids_in(words[2]);
  std::set<std::uint32_t> to;
  for (const std::uint32_t uid : from) {
    const Message original = message(selected_, uid);
    to.insert(add(words[3], original.octets, original.flags).uid);
  }
  const std::string code =
      has("UIDPLUS") && !from.empty() ? "[COPYUID " + std::to_string(folders[words[3]].uid_validity) + ' ' + set_of(from) + ' ' + set_of(to) + "] " : "";
  if (!removes) return tag + " OK " + code + "copied\r\n";
  return (code.empty() ? "" : "* OK " + code + "moved\r\n") + remove(from) + tag + " OK done\r\n";
}

std::string MailModel::append(const std::string& tag, const std::vector<std::string>& words) {
  if (!folders.contains(words[1])) return tag + " NO [TRYCREATE] no such folder\r\n";
  const Message& added = add(words[1], words.back(), split_list(words[2]));
  if (!has("UIDPLUS")) return tag + " OK done\r\n";
  return tag + " OK [APPENDUID " + std::to_string(folders[words[1]].uid_validity) + ' ' + std::to_string(added.uid) + "] done\r\n";
}

std::string MailModel::admin(const std::string& tag, const std::vector<std::string>& words) {
  const std::string ok = tag + " OK done\r\n";
  const std::string& name = words[1];
  if (words[0] == "CREATE") {
    if (folders.contains(name)) return tag + " NO [ALREADYEXISTS] it is there\r\n";
    folders[name].uid_validity = 100 + static_cast<std::uint32_t>(folders.size());
    return ok;
  }
  if (!folders.contains(name)) return tag + " NO [NONEXISTENT] no such folder\r\n";
  if (words[0] == "SUBSCRIBE" || words[0] == "UNSUBSCRIBE") {
    folders[name].is_subscribed = words[0] == "SUBSCRIBE";
    return ok;
  }
  if (words[0] == "DELETE") {
    folders.erase(name);
    return ok;
  }
  if (words[0] == "RENAME") {
    auto node = folders.extract(name);
    node.key() = words[2];
    folders.insert(std::move(node));
    return ok;
  }
  return tag + " BAD what?\r\n";
}

Result<std::optional<sync::OutgoingMessage>> MemoryUpload::next() {
  if (handed_out_ == items_.size()) return std::optional<sync::OutgoingMessage>();
  const Item& item = items_[handed_out_++];
  at_ = 0;
  most_ahead = std::max(most_ahead, handed_out_ - taken.size() - refusals.size());
  return std::optional(sync::OutgoingMessage{item.marks, item.received, item.octets.size()});
}

Result<std::size_t> MemoryUpload::read(std::span<char> buffer) {
  if (fail_read_with) return fail(*fail_read_with);
  const std::string_view octets = std::string_view(items_[handed_out_ - 1].octets).substr(at_);
  const std::size_t left = octets.size() - std::min(octets.size(), ends_early_by);
  const std::size_t size = std::min({buffer.size(), left, piece});
  std::copy_n(octets.begin(), size, buffer.begin());
  at_ += size;
  return size;
}

Result<void> MemoryUpload::appended(std::size_t index, sync::UidValidity, sync::Uid uid) {
  CHECK(index < handed_out_);
  CHECK(taken.emplace(index, uid.value).second);
  return {};
}

Result<void> MemoryUpload::refused(std::size_t index, const Error& error) {
  CHECK(index < handed_out_);
  CHECK(refusals.emplace(index, error).second);
  return {};
}

}  // namespace valija::remote::testing
