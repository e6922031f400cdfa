"""What a server and a Maildir with its index hold, said in the same words, so that a test can compare them."""

import collections
import re
import time
from urllib.parse import unquote

from servers.imap_client import quoted, wire_name
from support.workspace import PATIENCE

FLAGS = {"\\seen": "S", "\\flagged": "F", "\\answered": "R", "\\draft": "D", "$forwarded": "P"}
TAGS = {"flagged": "F", "replied": "R", "draft": "D", "passed": "P"}
PLACES = {"inbox", "archive", "sent", "trash", "spam"}
CATEGORIES = {"personal", "list", "newsletter", "marketing", "transactional", "notification"}


def message(identity, text="text", subject=None):
    """Octets of a message that is told from all others by its Message-ID."""
    return (f"From: Ben <ben@example.org>\r\nTo: ana@example.test\r\nSubject: {subject or identity}\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n"
            f"Message-ID: <{identity}@example.org>\r\n\r\n{text} of {identity}\r\n").encode()


def identity_of(octets):
    found = re.search(rb"^Message-ID: <([^@>]+)@", octets, re.MULTILINE | re.IGNORECASE)
    return found.group(1).decode() if found else None


def folders_of(client):
    names = []
    for text, literals in client.command('LIST "" "*"'):
        if b"\\noselect" in text.lower() or b"\\nonexistent" in text.lower():
            continue
        names.append((literals[0] if literals else text.rstrip().rpartition(b'" ')[2].strip(b'"')).decode())
    return names


def on_server(server, user=None):
    """{folder: {identity: [(letters, keywords), ...]}}; folders without messages are there too."""
    result = {}
    with server.client(user) as client:
        for folder in folders_of(client):
            rows = collections.defaultdict(list)
            for octets, flags in client.messages(folder).values():
                flags = {flag for flag in flags if flag.lower() != "\\recent"}
                letters = "".join(sorted(FLAGS[flag.lower()] for flag in flags if flag.lower() in FLAGS))
                keywords = tuple(sorted(flag for flag in flags if flag.lower() not in FLAGS and not flag.startswith("\\")))
                rows[identity_of(octets)].append((letters, keywords))
            result[folder] = {identity: sorted(copies) for identity, copies in rows.items()}
    return result


def on_disk(workspace, account="work"):
    """{folder: {identity: [letters, ...]}} of the Maildir tree. What another process renames meanwhile is looked for again."""
    deadline = time.monotonic() + 10 * PATIENCE
    while True:
        try:
            return _on_disk(workspace, account)
        except FileNotFoundError:
            if time.monotonic() > deadline:
                raise


def _on_disk(workspace, account):
    result = {}
    base = workspace.mail / account
    for cur in base.rglob("cur"):
        folder = cur.parent
        rows = collections.defaultdict(list)
        for path in [*cur.iterdir(), *(folder / "new").iterdir()]:
            letters = path.name.rpartition(":2,")[2] if ":2," in path.name else ""
            rows[identity_of(path.read_bytes())].append(letters)
        result[str(folder.relative_to(base)).replace("%25", "%")] = {identity: sorted(copies) for identity, copies in rows.items()}
    return result


def in_index(workspace, query="*"):
    """{identity: set of tags}, without those of categories, which are the index's own; reads no message file."""
    result = {}
    for line in workspace.notmuch("dump", "--format=batch-tag", "--", query).splitlines():
        if found := re.match(r"(.*) -- id:(\S+)@", line):
            result[unquote(found.group(2))] = {unquote(tag[1:]) for tag in found.group(1).split()} - CATEGORIES
    return result


def uid_of(client, folder, identity):
    """The uid of a message in the folder, which is selected behind it."""
    client.command(f"SELECT {quoted(wire_name(folder))}")
    rows = client.command(f"UID SEARCH HEADER Message-ID {quoted(identity + '@')}")
    numbers = [int(word) for text, _ in rows if text.startswith(b"* SEARCH") for word in text.split()[2:]]
    if len(numbers) != 1:
        raise AssertionError(f"{identity} is {len(numbers)} times in {folder}")
    return numbers[0]


def store(client, folder, identity, change):
    """change: "+FLAGS (\\\\Seen)" """
    client.command(f"UID STORE {uid_of(client, folder, identity)} {change}")


def move(client, folder, identity, target):
    client.command(f"UID MOVE {uid_of(client, folder, identity)} {quoted(wire_name(target))}")


def delete(client, folder, identity):
    uid = uid_of(client, folder, identity)
    client.command(f"UID STORE {uid} +FLAGS.SILENT (\\Deleted)")
    client.command(f"UID EXPUNGE {uid}")
