#pragma once

#include <string>

#include "valija/remote/submission.hpp"

namespace valija::workers {

/// Hands messages to a command of the settings as to sendmail: COMMAND -f SENDER -- RECIPIENT..., the message on its standard input, with the line ends of
/// this system. Exit status 0: it has it; 75: try later; another one: refused, in the words of its standard error.
class CommandSubmission final : public remote::Submission {
 public:
  CommandSubmission(std::string command, int timeout_ms) : command_(std::move(command)), timeout_ms_(timeout_ms) {}
  const smtp::Extensions& extensions() const override { return extensions_; }
  remote::Submitted send(const smtp::Envelope& envelope, const std::string& file, const remote::BeforeLast& before_last) override;
  bool is_open() const override { return true; }
  void close() override {}

 private:
  const std::string command_;
  const int timeout_ms_;
  const smtp::Extensions extensions_{.eight_bit = true, .smtputf8 = true};
};

}  // namespace valija::workers
