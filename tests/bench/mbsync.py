"""The settings of mbsync, the peer in several figures."""

_SETTINGS = """
IMAPAccount far
Host localhost
Port {port}
User ana@example.test
Pass secret
SSLType IMAPS
CertificateFile {ca_file}

IMAPStore far
Account far

MaildirStore near
Path {mail}/
Inbox {mail}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
{channel}
SyncState *
"""


def settings(server, mail, channel):
    """For the account of the tests on this server, into this Maildir; `channel`: the lines that say what is synced."""
    return _SETTINGS.format(port=server.imaps_port, ca_file=server.ca_file, mail=mail, channel=channel)
