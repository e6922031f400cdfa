#pragma once

#include <map>
#include <string>
#include <vector>

#include "sync/memory_local.hpp"
#include "sync/memory_remote.hpp"
#include "valija/sync/runner.hpp"

namespace valija::sync::test {

/// Remembers what it was told.
class RecordingObserver final : public Observer {
 public:
  std::vector<std::string> started, done;
  std::vector<Error> errors;
  std::vector<std::size_t> batches;
  std::size_t stored_messages = 0;
  std::map<std::string, std::size_t> stored_in;
  std::vector<std::string> marked_paths;  ///< "old > new"
  std::vector<std::string> removed_paths;
  std::vector<std::string> sentences;  ///< of a dry run
  Totals totals;

  void folders(const std::vector<ServerFolder>&) override {}
  void folder_started(const FolderPath& path, std::uint64_t) override { started.push_back(path.text()); }
  void progress(const FolderPath&, std::uint64_t, std::uint64_t) override {}
  void stored(const FolderPath& path, const std::vector<Stored>& messages) override {
    stored_in[path.text()] += messages.size();
    batches.push_back(messages.size());
    stored_messages += messages.size();
  }
  void marked(const FolderPath&, const std::string& old_path, const Stored& message) override {
    marked_paths.push_back(old_path + " > " + message.path);
  }
  void removed(const FolderPath&, const std::string& path) override { removed_paths.push_back(path); }
  void would(const FolderPath&, const std::string& sentence) override { sentences.push_back(sentence); }
  void folder_done(const FolderPath& path, const Totals& sums) override {
    done.push_back(path.text());
    totals += sums;
  }
  void failed(const FolderPath&, const Error& error) override { errors.push_back(error); }
};

}  // namespace valija::sync::test
