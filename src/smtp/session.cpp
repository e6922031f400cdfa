#include "valija/smtp/session.hpp"

#include <utility>

namespace valija::smtp {

std::string Reply::text() const { return lines.empty() ? std::string() : lines.front(); }

Session::Session(std::string client_name) : client_name_(std::move(client_name)) {}
Result<void> Session::feed(std::string_view) { return {}; }
std::string Session::take_output() { return std::exchange(output_, {}); }
Result<void> Session::begin(const Envelope&) { return {}; }
void Session::add_body(std::string_view octets) { output_ += octets; }
void Session::end_body() {}
void Session::abandon() {}
void Session::quit() {}

}  // namespace valija::smtp
