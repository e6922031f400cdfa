#pragma once

#include <doctest/doctest.h>

#include <string>

#include "sync/two_sides.hpp"

namespace valija::sync::test {

inline std::string mail(int number) { return "Message-ID: <" + std::to_string(number) + "@x>\n\ntext"; }

/// An account that has agreed once: INBOX with three messages, and an empty archive.
struct Account : AccountScene {
  Account() {
    for (int number = 1; number <= 3; ++number) there("INBOX").add(mail(number));
    there("Archive").role = FolderRole::archive;
    remote.has_modseq = true;
    REQUIRE(run());
    remote.fetched.clear();
  }
  MemoryRemote::Folder& there(const char* name) { return remote.folders[folder(name)]; }
  MemoryLocal::Folder& here(const char* name) { return local.tree[folder(name)]; }
  BaseName base(const char* name, const std::string& body) {
    for (const auto& [base, content] : here(name).files) {
      if (content.body == body) return base;
    }
    return {};
  }
  void move_file(const char* from, const std::string& body, const char* to) {
    auto node = here(from).files.extract(base(from, body));
    here(to).files.insert(std::move(node));
  }
  Totals pass() {
    remote.calls.clear();
    const Result<Totals> totals = run();
    REQUIRE(totals);
    return *totals;
  }
  void check_idle() {
    const Totals totals = pass();
    CHECK(totals.is_zero());
    CHECK(observer.errors.empty());
    CHECK(places_there(*this) == places_here(*this));
  }
};

}  // namespace valija::sync::test
