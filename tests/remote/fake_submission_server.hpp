#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "valija/remote/submission.hpp"

namespace valija::remote::testing {

/// A submission server in memory, for one connection at a time. Fields may be changed while it runs.
class FakeSubmissionServer {
 public:
  static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

  std::string extensions = "250-mx\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 100000\r\n";
  std::map<std::string, std::string> answers;  ///< in place of the honest one to "MAIL", "RCPT", "DATA", "RSET", ".", or to a whole line; without CRLF. "": silence
  std::size_t cut_to_server = never;           ///< octets that arrive before the line breaks
  std::size_t cut_from_server = never;         ///< octets that are read before it ends
  std::size_t piece = never;                   ///< octets of one read
  std::string in_body;                         ///< sent when the first octets of a message have come
  std::function<void(int timeout_ms)> on_silence = [](int) {};  ///< somebody waits in vain
  std::stop_token stop;                        ///< of the line that was dialled last

  std::vector<std::string> accepted;  ///< as on the wire, without the last dot
  std::string heard;                  ///< everything
  int dials = 0;

  Submission::Dialler dialler();
  /// As if written by the server of its own will.
  void say(const std::string& octets) { to_client_ += octets; }

 private:
  class Line;

  void take(std::string_view octets);
  void take_line(const std::string& line);
  void answer(const std::string& verb, const std::string& line, const std::string& honest);

  std::string to_client_, line_, body_;
  bool in_message_ = false;
};

}  // namespace valija::remote::testing
