#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "output.hpp"

namespace valija::cli {

/// The lines of `valija doctor`, printed as they come: "ok", "warn" or "bad", what was checked, what was found; the fix
/// below.
class DoctorReport {
 public:
  explicit DoctorReport(Output& out) : out_(out) {}

  void ok(std::string_view subject, std::string_view text) { line("ok  ", subject, text); }
  /// Works, but could be better; does not make the exit status.
  void warn(std::string_view subject, std::string_view text, std::string_view fix) {
    line("warn", subject, text);
    if (!fix.empty()) note(fix);
  }
  void bad(std::string_view subject, std::string_view text, std::string_view fix, Kind kind) {
    line("bad ", subject, text);
    if (!fix.empty()) note(fix);
    if (!first_fault_) first_fault_ = kind;
  }
  void note(std::string_view text) {
    out_.line("      " + std::string(text));
    out_.flush();
  }

  /// 0 if nothing was bad; else that of the first fault.
  int status() const { return first_fault_ ? exit_status(*first_fault_) : 0; }

 private:
  void line(std::string_view verdict, std::string_view subject, std::string_view text) {
    out_.line(std::string(verdict) + "  " + std::string(subject) + ": " + std::string(text));
    out_.flush();
  }

  Output& out_;
  std::optional<Kind> first_fault_;
};

}  // namespace valija::cli
