#pragma once

#include "doctor_report.hpp"
#include "valija/config/settings.hpp"

namespace valija::cli {

/// DNS, connection, encryption, login, capabilities and folders of one account, each as a line of the report. Blocks;
/// logs in once.
void check_account(const config::Account& account, const config::Settings& settings, DoctorReport& report);

}  // namespace valija::cli
