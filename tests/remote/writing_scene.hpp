#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mail_model.hpp"

namespace valija::remote::testing {

using Moved = std::vector<sync::MovedMessage>;
using Uids = std::vector<sync::Uid>;
using Contents = std::vector<std::string>;

inline constexpr std::string_view modern = "LITERAL+ UIDPLUS MOVE CONDSTORE QRESYNC ENABLE ESEARCH UNSELECT NAMESPACE LIST-EXTENDED SPECIAL-USE LIST-STATUS";

/// A server with five messages in INBOX (uids 1 to 5), and an empty Archive.
struct WritingScene {
  MailModel model;
  FakeServer server;
  std::unique_ptr<sync::Remote> remote;

  explicit WritingScene(std::string_view capabilities = modern) : model(capabilities) {
    for (const char* octets : {"one", "two", "three", "four", "five"}) model.add("INBOX", octets);
    model.folders["Archive"].uid_validity = 70;
    model.serve(server);
    remote = make_imap_remote(server.dialler());
  }

  static sync::ServerFolder folder(std::string_view path) {
    sync::ServerFolder named;
    named.path = *FolderPath::from_text(path);
    named.wire_name = path;
    return named;
  }
  std::vector<std::string> sent(std::string_view beginning) const {
    std::vector<std::string> found;
    for (const std::string& command : server.commands) {
      if (command.starts_with(beginning)) found.push_back(command);
    }
    return found;
  }
  sync::ModSeq now() const { return {model.modseq}; }
  Uids store(const std::vector<sync::MarkChange>& changes, sync::ModSeq since) {
    const auto failed = remote->store(inbox(), {7}, since, changes);
    REQUIRE(failed);
    return *failed;
  }
  Moved move(const Uids& uids, std::string_view to = "Archive") {
    const auto moved = remote->move(inbox(), {7}, uids, folder(to));
    REQUIRE(moved);
    return *moved;
  }
  /// Answers this command in place of the model.
  void answer(std::string beginning, std::string wire) {
    server.hook = [honest = server.hook, beginning, wire](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (!command.starts_with(beginning)) return honest(tag, command);
      return wire.ends_with("\r\n") ? wire + tag + " OK done\r\n" : tag + ' ' + wire + "\r\n";
    };
  }
};

}  // namespace valija::remote::testing
