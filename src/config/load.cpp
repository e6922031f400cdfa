#include <fcntl.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "source.hpp"
#include "valija/base/fd.hpp"
#include "valija/base/process.hpp"
#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/config/keymap.hpp"
#include "valija/config/settings.hpp"

namespace valija::config {

namespace {

constexpr std::size_t largest_file = 1024 * 1024;
/// A person may have to unlock the password store.
constexpr int password_command_timeout_ms = 120'000;
constexpr std::size_t longest_password_output = 64 * 1024;

Fault whole_file_fault(const std::string& file, std::string message, std::string help) {
  return {file, 0, 0, {}, std::move(message), std::move(help)};
}

/// What is wrong with the file before its first octet is read; null if nothing.
std::optional<Fault> check_file(const std::string& file, const struct stat& status) {
  if (S_ISDIR(status.st_mode))
    return whole_file_fault(file, _("The settings file is a directory."), _("Name the file itself."));
  if (!S_ISREG(status.st_mode))
    return whole_file_fault(file, _("The settings file is not a regular file."), _("Copy the settings into a file."));
  if (static_cast<std::uintmax_t>(status.st_size) > largest_file) {
    return whole_file_fault(
        file,
        fmt::format(fmt::runtime(_("The settings file is too long: {}, where at most {} are read.")),
                    byte_count(static_cast<unsigned long long>(status.st_size)), byte_count(largest_file)),
        _("Look whether it is the right file."));
  }
  // password-command runs what the file says.
  if ((status.st_mode & S_IWOTH) != 0) {
    return whole_file_fault(
        file, _("Everybody can write to the settings file."),
        fmt::format(fmt::runtime(_("Check what it says, then take that away: chmod o-w {}")), clean(file)));
  }
  if (status.st_uid != ::geteuid() && status.st_uid != 0 && ::geteuid() != 0) {
    return whole_file_fault(file, _("The settings file belongs to somebody else."),
                            _("Copy it, so that the copy is yours."));
  }
  return std::nullopt;
}

Loaded failed(Fault fault) {
  Loaded loaded;
  loaded.settings.file = fault.file;
  loaded.faults.push_back(std::move(fault));
  return loaded;
}

}  // namespace

Loaded load(const Places& places) {
  const std::string& file = places.settings_file;
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    if (errno != ENOENT || places.settings_given) {
      return failed(whole_file_fault(
          file, fmt::format(fmt::runtime(_("The settings file cannot be opened: {}.")), ::strerror(errno)),
          _("Write one from: valija config sample")));
    }
    Loaded defaults = parse({}, {}, places);
    return defaults;
  }
  if (auto fault = check_file(file, status)) return failed(std::move(*fault));
  const auto text = read_file(file, largest_file);
  if (!text) return failed(whole_file_fault(file, text.error().message, text.error().hint));
  return parse(*text, file, places);
}

std::vector<Fault> to_faults(const Settings& settings, const std::vector<KeyFault>& faults) {
  if (faults.empty()) return {};
  const auto text = read_file(settings.file, largest_file);
  Source source(settings.file, text ? std::string_view(*text) : std::string_view());
  for (const KeyFault& fault : faults) {
    source.fault({fault.binding.line, fault.binding.column}, fault.message, fault.help);
  }
  return source.take_faults();
}

Result<Secret> password_of(const Account& account, std::stop_token stop) {
  if (!account.password.empty()) return account.password;
  if (account.password_command.empty()) {
    return fail(Kind::login, Blast::account,
                fmt::format(fmt::runtime(_("The account {} has no password.")), account.name),
                _("Add a line like: password-command = \"pass show mail/work\""));
  }
  auto output = run_shell_command(account.password_command, password_command_timeout_ms, longest_password_output, stop);
  if (!output && output.error().kind == Kind::cancelled) return fail(output.error());
  if (!output) {
    return fail(Kind::login, Blast::account,
                fmt::format(fmt::runtime(_("The password-command of the account {} failed: {}")), account.name,
                            output.error().message),
                output.error().kind == Kind::settings ? _("It should print the password and nothing else.") : _("Run it in a terminal to see why."));
  }
  const std::string& printed = output->standard_output;
  Secret password(printed.substr(0, printed.find_first_of("\r\n")));
  ::explicit_bzero(output->standard_output.data(), output->standard_output.size());
  if (output->exit_code != 0) {
    return fail(Kind::login, Blast::account,
                fmt::format(fmt::runtime(_("The password-command of the account {} ended with status {}.")),
                            account.name, output->exit_code),
                _("Run it in a terminal to see why."));
  }
  if (password.empty()) {
    return fail(Kind::login, Blast::account,
                fmt::format(fmt::runtime(_("The password-command of the account {} printed nothing.")), account.name),
                _("It must print the password in the first line."));
  }
  return password;
}

}  // namespace valija::config
