#pragma once

#include <memory>
#include <string>

#include "valija/config/settings.hpp"

namespace valija::cli {

/// The sample mailbox in a temporary folder, fetched and indexed on the ordinary way, only that its server is in
/// memory. The folder goes with the value. No account, no network.
class DemoMailbox {
 public:
  static Result<std::unique_ptr<DemoMailbox>> make();
  DemoMailbox(const DemoMailbox&) = delete;
  DemoMailbox& operator=(const DemoMailbox&) = delete;
  ~DemoMailbox();

  const config::Settings& settings() const { return settings_; }
  const config::Places& places() const { return places_; }

 private:
  explicit DemoMailbox(std::string folder);
  Result<void> fill();

  const std::string folder_;
  config::Settings settings_;
  config::Places places_;
};

}  // namespace valija::cli
