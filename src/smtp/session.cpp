#include "valija/smtp/session.hpp"

#include <utility>

namespace valija::smtp {

Session::Session(std::string client_name) : client_name_(std::move(client_name)) {}

}  // namespace valija::smtp
