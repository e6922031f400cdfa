#include "account_check.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "valija/base/text.hpp"
#include "valija/base/words.hpp"
#include "valija/imap/session.hpp"
#include "valija/net/stream.hpp"
#include "valija/remote/imap_remote.hpp"

namespace valija::cli {

namespace {

using Scheme = config::ServerUrl::Scheme;

/// What makes a sync quicker or safer, the best way of each kind first; the last row of a kind is for a server that has none.
struct Ability {
  const char* kind;
  const char* capability;  ///< "": none of those above
  const char* words;
};
constexpr std::array abilities{
    Ability{"changes", "QRESYNC", N_("It lists only what changed and what is gone (QRESYNC).")},
    Ability{"changes", "CONDSTORE", N_("It lists only the marks that changed, but all numbers (CONDSTORE).")},
    Ability{"changes", "", N_("It lists the marks of all messages where a folder changed.")},
    Ability{"push", "NOTIFY", N_("It tells at once of changes in all folders (NOTIFY).")},
    Ability{"push", "IDLE", N_("It tells at once of changes in a folder that is watched (IDLE); the others are asked now and then.")},
    Ability{"push", "", N_("It does not tell of changes; it is asked now and then.")},
    Ability{"move", "MOVE", N_("It moves messages in one step (MOVE).")},
    Ability{"move", "UIDPLUS", N_("It moves messages by copying and deleting (UIDPLUS).")},
    Ability{"move", "", N_("It cannot delete single messages safely: there is neither MOVE nor UIDPLUS.")},
    Ability{"line", "COMPRESS=DEFLATE", N_("It can speak compressed (COMPRESS).")},
    Ability{"gmail", "X-GM-EXT-1", N_("Its folders are labels (Gmail).")},
};
constexpr std::size_t longest_greeting = 1024 * 1024;

net::Security security_of(Scheme scheme) {
  switch (scheme) {
    case Scheme::imaps:
    case Scheme::pop3s:
    case Scheme::smtps:
      return net::Security::tls;
    case Scheme::imap:
    case Scheme::pop3:
    case Scheme::smtp:
      return net::Security::starttls;
    default:
      return net::Security::plain_loopback;
  }
}

bool is_imap(Scheme scheme) {
  return scheme == Scheme::imaps || scheme == Scheme::imap || scheme == Scheme::imap_plain;
}

class AccountCheck {
 public:
  AccountCheck(const config::Account& account, const config::Settings& settings, DoctorReport& report)
      : account_(account), settings_(settings), report_(report) {}

  void run() {
    if (account_.send) check_name(account_.send->host);
    if (!account_.receive) {
      report_.warn(subject(_("server")), _("No server to fetch from is set."),
                   _("Add a line like: receive = \"imaps://ana@imap.example.org\""));
      return;
    }
    if (!check_name(account_.receive->host) || !check_certificates()) return;
    auto password = config::password_of(account_);
    if (!password) {
      report_error(_("password"), password.error());
      return;
    }
    auto stream = net::dial(dial_of(std::move(*password)), {});
    if (!stream) {
      report_error(_("login"), stream.error());
      return;
    }
    report_.ok(subject(_("login")),
               fmt::format(fmt::runtime(_("Logged in to {} as {}.")), account_.receive->host, user()));
    if (is_imap(account_.receive->scheme) && check_capabilities(**stream)) check_folders(std::move(*stream));
  }

 private:
  std::string subject(std::string_view what) const { return fmt::format("{} {}", account_.name, what); }
  void report_error(std::string_view what, const Error& error) {
    report_.bad(subject(what), error.message, error.hint, error.kind);
  }
  std::string user() const { return account_.receive->user.empty() ? account_.address : account_.receive->user; }

  /// True if the name has an address.
  bool check_name(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found);
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, [](addrinfo* list) {
      if (list) ::freeaddrinfo(list);
    });
    if (error == 0) {
      report_.ok(subject(_("name")), host);
      return true;
    }
    report_.bad(subject(_("name")),
                fmt::format(fmt::runtime(_("The name {} cannot be resolved: {}.")), host, ::gai_strerror(error)),
                _("Check the spelling of the host in the settings, and the network connection."), Kind::unreachable);
    return false;
  }

  bool check_certificates() {
    if (account_.tls_ca_file.empty() || ::access(account_.tls_ca_file.c_str(), R_OK) == 0) return true;
    report_.bad(subject(_("certificates")),
                fmt::format(fmt::runtime(_("The file {} cannot be read.")), account_.tls_ca_file),
                _("Correct tls-ca-file, or leave it out."), Kind::settings);
    return false;
  }

  net::Dial dial_of(Secret password) const {
    net::Dial dial;
    dial.protocol = is_imap(account_.receive->scheme) ? net::Dial::Protocol::imap : net::Dial::Protocol::pop3;
    dial.security = security_of(account_.receive->scheme);
    dial.host = account_.receive->host;
    dial.port = account_.receive->port;
    dial.user = user();
    dial.password = std::move(password);
    dial.tls_ca_file = account_.tls_ca_file;
    dial.timeout_ms = static_cast<int>(settings_.sync_timeout * 1000);
    return dial;
  }

  /// Waits for the session's own CAPABILITY.
  Result<void> start(imap::Session& session, net::Stream& stream) {
    std::array<char, 4096> buffer{};
    std::size_t octets = 0;
    while (!session.is_ready()) {
      if (auto written = stream.write(session.take_output()); !written) return written;
      const auto size = stream.read(buffer);
      if (!size) return Unexpected(Error(size.error()));
      octets += *size;
      if (*size == 0 || octets > longest_greeting) {
        return fail(Kind::protocol, Blast::account, _("The server did not answer to the first command."),
                    _("Try again later, or ask whoever runs the server."));
      }
      session.feed({buffer.data(), *size});
      while (const auto event = session.next()) {
        if (const auto* failure = std::get_if<imap::Failure>(&*event))
          return fail(Kind::protocol, Blast::account, failure->reason);
      }
    }
    return {};
  }

  bool check_capabilities(net::Stream& stream) {
    imap::Session session;
    if (const auto started = start(session, stream); !started) {
      report_error(_("capabilities"), started.error());
      return false;
    }
    std::string_view told;
    for (const Ability& ability : abilities) {
      const bool is_none = std::string_view(ability.capability).empty();
      if (told == ability.kind || (!is_none && !session.has(ability.capability))) continue;
      report_.ok(subject(_("capabilities")), _(ability.words));
      told = ability.kind;
    }
    return true;
  }

  void check_folders(std::unique_ptr<net::Stream> stream) {
    const auto remote =
        remote::make_imap_remote([this, stream = std::make_shared<std::unique_ptr<net::Stream>>(
                                            std::move(stream))]() -> Result<std::unique_ptr<net::Stream>> {
          if (*stream) return std::move(*stream);
          auto password = config::password_of(account_);
          if (!password) return Unexpected(std::move(password).error());
          return net::dial(dial_of(std::move(*password)), {});
        });
    const auto folders = remote->list_folders();
    if (!folders) {
      report_error(_("folders"), folders.error());
      return;
    }
    const auto count = static_cast<unsigned long>(folders->size());
    std::vector<std::string> roles;
    for (const sync::ServerFolder& folder : *folders) {
      if (folder.role != FolderRole::none) roles.push_back(folder.path.text());
    }
    report_.ok(subject(_("folders")), fmt::format(fmt::runtime(n_("{} folder ({})", "{} folders ({})", count)),
                                                  number(count), join(roles, ", ")));
    check_named_folders(*folders);
  }

  void check_named_folders(const std::vector<sync::ServerFolder>& folders) {
    for (const std::string* name :
         {&account_.archive, &account_.sent, &account_.drafts, &account_.trash, &account_.junk}) {
      if (name->empty()) continue;
      const bool is_there = std::any_of(folders.begin(), folders.end(),
                                        [&](const sync::ServerFolder& folder) { return folder.path.text() == *name; });
      if (!is_there) {
        report_.warn(subject(_("folders")), fmt::format(fmt::runtime(_("The server has no folder {}.")), *name),
                     _("Correct its name in the settings."));
      }
    }
  }

  const config::Account& account_;
  const config::Settings& settings_;
  DoctorReport& report_;
};

}  // namespace

void check_account(const config::Account& account, const config::Settings& settings, DoctorReport& report) {
  AccountCheck(account, settings, report).run();
}

}  // namespace valija::cli
