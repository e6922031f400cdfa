#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "account_check.hpp"
#include "doctor_report.hpp"
#include "session.hpp"
#include "valija/base/text.hpp"
#include "valija/store/account_store.hpp"

namespace valija::cli {

namespace {

constexpr std::uint64_t least_free = 50ULL * 1024 * 1024;
constexpr std::uint64_t comfortable_free = 500ULL * 1024 * 1024;
constexpr std::size_t named_unindexed = 5;

class Doctor {
 public:
  Doctor(Session& session, DoctorReport& report) : session_(session), report_(report) {}

  void check_settings() {
    const config::Settings& settings = session_.settings;
    if (settings.file.empty()) {
      report_.warn(_("settings"),
                   fmt::format(fmt::runtime(_("There is no file {}; the defaults are in force.")),
                               session_.places.settings_file),
                   _("Write one from: valija config sample"));
    } else {
      report_.ok(_("settings"), settings.file);
    }
    if (::geteuid() == 0)
      report_.warn(_("user"), _("This is root, and mail is untrusted input."), _("Run it as an ordinary user."));
  }

  void check_mail_root() {
    const std::string& root = session_.settings.mail_root;
    const std::string existing = nearest_existing(root);
    if (::access(existing.c_str(), W_OK | X_OK) != 0) {
      report_.bad(_("mail root"), fmt::format(fmt::runtime(_("{} cannot be written.")), existing),
                  fmt::format(fmt::runtime(_("Change its owner or mode, or set mail.root in {}.")),
                              session_.places.settings_file),
                  Kind::disk);
      return;
    }
    report_.ok(_("mail root"),
               existing == root ? root : fmt::format(fmt::runtime(_("{} will be made at the first sync.")), root));
    check_space(existing);
  }

  void check_index() {
    const auto reader = open_index(session_);
    if (!reader) {
      report_.warn(_("index"), reader.error().message,
                   reader.error().hint.empty() ? _("It is made at the first: valija sync") : reader.error().hint);
    } else if (const auto count = (*reader)->count_messages("*"); !count) {
      report_.bad(_("index"), count.error().message, count.error().hint, count.error().kind);
    } else {
      report_.ok(
          _("index"),
          fmt::format(fmt::runtime(n_("{} message in {}", "{} messages in {}", static_cast<unsigned long>(*count))),
                      number(*count), config::database_path(session_.settings, session_.places)));
    }
  }

  void check_unindexed() {
    if (!std::filesystem::is_directory(session_.places.state_dir)) return;
    const auto queue = store::IndexQueue::open(session_.places.state_dir);
    const auto messages =
        queue ? (*queue)->unindexed() : Result<std::vector<UnindexedMessage>>(Unexpected(Error(queue.error())));
    if (!messages) {
      report_.bad(_("state"), messages.error().message, messages.error().hint, messages.error().kind);
      return;
    }
    report_.ok(_("state"), session_.places.state_dir);
    if (messages->empty()) return;
    const auto count = static_cast<unsigned long>(messages->size());
    report_.warn(
        _("index"),
        fmt::format(fmt::runtime(n_("{} message is not in the index.", "{} messages are not in the index.", count)),
                    number(count)),
        _("They are stored and can be read: valija show FILE"));
    for (std::size_t i = 0; i < std::min(messages->size(), named_unindexed); ++i) {
      report_.note(fmt::format("{}: {}", (*messages)[i].path, (*messages)[i].reason));
    }
  }

 private:
  static std::string nearest_existing(std::filesystem::path path) {
    std::error_code error;
    while (path.has_relative_path() && !std::filesystem::exists(path, error)) path = path.parent_path();
    return path.string();
  }

  void check_space(const std::string& path) {
    struct statvfs status {};
    if (::statvfs(path.c_str(), &status) != 0) return;
    const std::uint64_t free = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
    const std::string text = fmt::format(fmt::runtime(_("{} free for mail")), byte_count(free));
    if (free < least_free) {
      report_.bad(_("disk"), text, _("Make room before the next sync."), Kind::disk);
    } else if (free < comfortable_free) {
      report_.warn(_("disk"), text, _("Make room soon."));
    } else {
      report_.ok(_("disk"), text);
    }
  }

  Session& session_;
  DoctorReport& report_;
};

}  // namespace

Result<int> doctor(const Arguments& arguments, Session& session) {
  const auto& accounts = session.settings.accounts;
  std::vector<std::string> names;
  for (const config::Account& account : accounts) names.push_back(account.name);
  for (const std::string& word : arguments.words) {
    if (std::find(names.begin(), names.end(), word) != names.end()) continue;
    const std::string near = nearest(word, names);
    return fail(Kind::usage, Blast::program,
                fmt::format(fmt::runtime(_("There is no account {} in the settings.")), clean(word)),
                near.empty() ? fmt::format(fmt::runtime(_("The accounts are: {}.")), join(names, ", "))
                             : fmt::format(fmt::runtime(_("Did you mean {}?")), near));
  }

  DoctorReport report(session.out);
  Doctor doctor(session, report);
  doctor.check_settings();
  doctor.check_mail_root();
  doctor.check_index();
  doctor.check_unindexed();
  for (const config::Account& account : accounts) {
    const bool is_asked = arguments.words.empty() || std::find(arguments.words.begin(), arguments.words.end(),
                                                               account.name) != arguments.words.end();
    if (is_asked) check_account(account, session.settings, report);
  }
  return report.status();
}

}  // namespace valija::cli
