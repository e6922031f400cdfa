"""A scripted server that behaves as Gmail documents (developers.google.com, "IMAP extensions"): each message is stored once, folders are labels,
All Mail shows all but Spam and Trash, and what is expunged in a label's folder only loses that label."""

import contextlib
import re
import threading
import zlib

from servers.honest_imap import ImapServer, Session
from servers.imap_client import wire_name

SPECIAL = (("All Mail", "\\All"), ("Drafts", "\\Drafts"), ("Important", "\\Important"), ("Sent Mail", "\\Sent"), ("Spam", "\\Junk"),
           ("Starred", "\\Flagged"), ("Trash", "\\Trash"))
LABEL_OF = {"INBOX": "\\Inbox", "[Gmail]/Drafts": "\\Draft", "[Gmail]/Important": "\\Important", "[Gmail]/Sent Mail": "\\Sent",
            "[Gmail]/Starred": "\\Starred"}
ALL, SPAM, TRASH = "[Gmail]/All Mail", "[Gmail]/Spam", "[Gmail]/Trash"
SYSTEM_LABELS = {"\\inbox": "\\Inbox", "\\sent": "\\Sent", "\\important": "\\Important", "\\starred": "\\Starred", "\\draft": "\\Draft"}
FLAGS = "\\Answered \\Flagged \\Draft \\Deleted \\Seen $NotPhishing $Phishing"


class Message:
    def __init__(self, identity, octets, flags, labels, place):
        self.identity, self.octets, self.place, self.modseq = identity, octets, place, 0
        self.flags, self.labels = set(flags), set(labels)
        self.uids = {}  # folder -> uid


class Account:
    """What Gmail keeps. All methods are called with the lock held."""

    def __init__(self):
        self.lock = threading.RLock()
        self.messages = []
        self.user_labels = set()
        self.next_uids = {}
        self.modseq = 1000
        self.next_identity = 1592225494819146101

    def folders(self):
        rows = [("INBOX", "")]
        rows += [(f"[Gmail]/{name}", role) for name, role in SPECIAL]
        return rows + [(label, "") for label in sorted(self.user_labels)]

    def add(self, octets, flags=(), labels=(), place=ALL):
        message = Message(self.next_identity, octets, flags, (), place)
        self.next_identity += 1
        self.messages.append(message)
        self.label(message, labels, True)
        self.touch(message)
        return message

    def label(self, message, labels, on):
        """Starred and Draft are flags as well."""
        for label in labels:
            if label in ("\\Starred", "\\Draft"):
                flag = "\\Flagged" if label == "\\Starred" else "\\Draft"
                (message.flags.add if on else message.flags.discard)(flag)
            elif on:
                message.labels.add(label)
                if not label.startswith("\\"):
                    self.user_labels.add(label)
            else:
                message.labels.discard(label)
        self.touch(message)

    def touch(self, message):
        self.modseq += 1
        message.modseq = self.modseq
        for folder in [name for name in message.uids if not self.shows(name, message)]:
            del message.uids[folder]
        for folder, _ in self.folders():
            if folder not in message.uids and self.shows(folder, message):
                uid = self.next_uids.get(folder, 1)
                self.next_uids[folder] = uid + 1
                message.uids[folder] = uid

    def shows(self, folder, message):
        if folder in (ALL, SPAM, TRASH):
            return message.place == folder
        if message.place != ALL:
            return False
        if folder == "[Gmail]/Starred":
            return "\\Flagged" in message.flags
        if folder == "[Gmail]/Drafts":
            return "\\Draft" in message.flags
        return LABEL_OF.get(folder, folder) in message.labels

    def within(self, folder):
        return sorted((message for message in self.messages if folder in message.uids), key=lambda message: message.uids[folder])

    def labels_of(self, message, folder):
        """A folder does not name its own label."""
        labels = set(message.labels)
        if "\\Flagged" in message.flags:
            labels.add("\\Starred")
        if "\\Draft" in message.flags:
            labels.add("\\Draft")
        return sorted(labels - {LABEL_OF.get(folder, folder)})

    def copy(self, message, folder):
        if folder in (SPAM, TRASH):
            message.place = folder
            message.labels.discard("\\Inbox")
        else:
            message.place = ALL
            if folder != ALL:
                self.label(message, [LABEL_OF.get(folder, folder)], True)
        self.touch(message)

    def expunge(self, message, folder):
        """In a label's folder only the label goes; in All Mail the message is archived; in Spam and Trash it is gone."""
        message.flags.discard("\\Deleted")
        if folder in (SPAM, TRASH):
            self.messages.remove(message)
            self.modseq += 1
        elif folder == ALL:
            self.label(message, ["\\Inbox"], False)
        else:
            self.label(message, [LABEL_OF.get(folder, folder)], False)


def spelled(label):
    return label if label.startswith("\\") else '"' + wire_name(label).replace("\\", "\\\\").replace('"', '\\"') + '"'


def plain_name(wire):
    """Modified UTF-7 -> text."""
    return re.sub(r"&([^-]*)-", lambda found: ("+" + found.group(1).replace(",", "/") + "-").encode().decode("utf-7") if found.group(1) else "&", wire)


def words_in(text):
    """The words of "(a \\b "c d")"."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|([^\s()"]+)', text)
    return [re.sub(r"\\(.)", r"\1", quoted) if quoted else bare for quoted, bare in found]


class GmailSession(Session):
    capabilities = ("IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH "
                    "UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584 SASL-IR AUTH=PLAIN")

    def __init__(self, server, connection):
        super().__init__(server, connection)
        self.account = server.account
        self.deflater = self.inflater = None
        self.shown = []  # the messages of the selected folder as the client knows them

    def send(self, octets):
        octets = octets if isinstance(octets, bytes) else octets.encode()
        if self.deflater:
            octets = self.deflater.compress(octets) + self.deflater.flush(zlib.Z_SYNC_FLUSH)
        self.connection.sendall(octets)

    def do_compress(self, _):
        self.ok("compressed")
        self.deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        self.file = Inflated(self.file)

    # -- folders --
    def do_list(self, arguments):
        wanted = re.match(r'(?:\([^)]*\) )?"" "?([^"]*)"?', arguments).group(1)
        if not wanted:
            self.line('* LIST (\\Noselect) "/" ""')
            return self.ok()
        with self.account.lock:
            self.line('* LIST (\\HasChildren \\NonExistent) "/" "[Gmail]"')
            for name, role in self.account.folders():
                if wanted not in ("*", wire_name(name)):
                    continue
                self.line(f'* LIST (\\HasNoChildren {role}) "/" "{wire_name(name)}"')
                if "STATUS" in arguments.upper():
                    self.status_line(name)
        return self.ok()

    def do_status(self, arguments):
        name = plain_name(re.match(r'"?([^"(]*?)"?\s*\(', arguments).group(1))
        with self.account.lock:
            if name not in dict(self.account.folders()):
                return self.line(f"{self.tag} NO [NONEXISTENT] Unknown Mailbox: {name} (Failure)")
            self.status_line(name)
        return self.ok()

    def status_line(self, name):
        account = self.account
        self.line(f'* STATUS "{wire_name(name)}" (HIGHESTMODSEQ {account.modseq} MESSAGES {len(account.within(name))} '
                  f"UIDNEXT {account.next_uids.get(name, 1)} UIDVALIDITY {self.validity(name)})")

    def validity(self, name):
        return zlib.crc32(name.encode()) % 1000 + 1

    def do_create(self, arguments):
        with self.account.lock:
            self.account.user_labels.add(plain_name(words_in(arguments)[0]))
        self.ok()

    def do_select(self, arguments):
        name = plain_name(words_in(arguments)[0])
        with self.account.lock:
            if name not in dict(self.account.folders()):
                self.selected = None
                return self.line(f"{self.tag} NO [NONEXISTENT] Unknown Mailbox: {name} (Failure)")
            self.selected, self.shown = name, self.account.within(name)
            self.line(f"* FLAGS ({FLAGS})")
            self.line(f"* OK [PERMANENTFLAGS ({FLAGS} \\*)] Flags permitted.")
            self.line(f"* OK [UIDVALIDITY {self.validity(name)}] UIDs valid.")
            self.line(f"* {len(self.shown)} EXISTS")
            self.line("* 0 RECENT")
            self.line(f"* OK [UIDNEXT {self.account.next_uids.get(name, 1)}] Predicted next UID.")
            self.line(f"* OK [HIGHESTMODSEQ {self.account.modseq}]")
        return self.ok(f"[READ-WRITE] {wire_name(name)} selected. (Success)")

    do_examine = do_select

    def do_noop(self, _):
        self.tell_changes()
        self.ok()

    def tell_changes(self):
        """EXPUNGE and EXISTS since the client was told last."""
        if not self.selected:
            return
        with self.account.lock:
            now = self.account.within(self.selected)
            for number in range(len(self.shown), 0, -1):
                if self.shown[number - 1] not in now:
                    self.line(f"* {number} EXPUNGE")
                    del self.shown[number - 1]
            if len(now) > len(self.shown):
                self.line(f"* {len(now)} EXISTS")
            self.shown = now

    def do_idle(self, _):
        tag, done = self.tag, []
        self.line("+ idling")
        waiting = threading.Thread(target=lambda: done.append(self.file.readline(1 << 16)), daemon=True)
        waiting.start()
        while waiting.is_alive():
            with contextlib.suppress(OSError):
                self.tell_changes()
            waiting.join(0.05)
        if not done or not done[0]:
            return "close"
        self.tag = tag
        return self.ok("IDLE terminated (Success)")

    # -- messages --
    def among(self, sequence_set):
        """[(number, message)] of a set of uids."""
        uid_of = [message.uids.get(self.selected, 0) for message in self.shown]
        last = max(uid_of, default=0)
        ranges = []
        for item in sequence_set.split(","):
            low, _, high = item.partition(":")
            low = last if low == "*" else int(low)
            high = low if not high else last if high == "*" else int(high)
            ranges.append((min(low, high), max(low, high)))
        return [(number, message) for number, (message, uid) in enumerate(zip(self.shown, uid_of), 1)
                if uid and any(low <= uid <= high for low, high in ranges)]

    def items_of(self, message, items, body=b""):
        wanted, said = items.upper(), [f"UID {message.uids[self.selected]}"]
        if "X-GM-MSGID" in wanted:
            said.insert(0, f"X-GM-MSGID {message.identity}")
        if "X-GM-LABELS" in wanted:
            said.insert(0, f"X-GM-LABELS ({' '.join(spelled(label) for label in self.account.labels_of(message, self.selected))})")
        if "RFC822.SIZE" in wanted:
            said.append(f"RFC822.SIZE {len(message.octets)}")
        if "INTERNALDATE" in wanted:
            said.append('INTERNALDATE "18-Nov-2026 09:41:00 +0000"')
        if "FLAGS" in wanted:
            said.append(f"FLAGS ({' '.join(sorted(message.flags))})")
        if "MODSEQ" in wanted or "CHANGEDSINCE" in wanted:
            said.append(f"MODSEQ ({message.modseq})")
        return " ".join(said).encode() + body

    def do_uid_fetch(self, arguments):
        sequence_set, _, items = arguments.partition(" ")
        since = re.search(r"CHANGEDSINCE (\d+)", items, re.IGNORECASE)
        with self.account.lock:
            for number, message in self.among(sequence_set):
                if since and message.modseq <= int(since.group(1)):
                    continue
                body = b""
                section = re.search(r"BODY\.PEEK(\[[^\]]*\])", items, re.IGNORECASE)
                if section:
                    octets = message.octets if section.group(1) == "[]" else self.headers(message.octets, section.group(1))
                    body = b" BODY%s {%d}\r\n%s" % (section.group(1).encode(), len(octets), octets)
                self.send(b"* %d FETCH (" % number + self.items_of(message, items, body) + b")\r\n")
        self.ok("Success")

    @staticmethod
    def headers(octets, section):
        names = {name.lower() for name in words_in(section.partition("FIELDS")[2].rstrip("]"))}
        matches = re.finditer(rb"(?m)^([!-9;-~]+):[^\n]*\n(?:[ \t][^\n]*\n)*", octets.partition(b"\r\n\r\n")[0] + b"\r\n")
        return b"".join(found.group(0) for found in matches if found.group(1).decode().lower() in names) + b"\r\n"

    def do_uid_search(self, arguments):
        with self.account.lock:
            uids = [message.uids[self.selected] for message in self.shown
                    if self.selected in message.uids and ("DELETED" not in arguments.upper() or "\\Deleted" in message.flags)]
        found = re.search(r"\bUID ([0-9:,*]+)", arguments)
        if found:
            inside = {message.uids[self.selected] for _, message in self.among(found.group(1))}
            uids = [uid for uid in uids if uid in inside]
        if arguments.upper().startswith("RETURN"):
            every = f" ALL {','.join(map(str, uids))}" if uids else ""
            self.line(f'* ESEARCH (TAG "{self.tag}") UID{every}')
        else:
            self.line("* SEARCH " + " ".join(map(str, uids)))
        self.ok("SEARCH completed (Success)")

    def do_uid_store(self, arguments):
        found = re.match(r"(\S+) (?:\(UNCHANGEDSINCE (\d+)\) )?([+-]?)(FLAGS|X-GM-LABELS)(\.SILENT)?\s*(.*)$", arguments, re.IGNORECASE)
        sequence_set, since, action, item, silent, words = found.groups()
        names = words_in(words)
        refused = []
        with self.account.lock:
            for number, message in self.among(sequence_set):
                if since and message.modseq > int(since):
                    refused.append(str(message.uids[self.selected]))
                    continue
                uid = message.uids[self.selected]
                if item.upper() == "FLAGS":
                    message.flags = message.flags | set(names) if action == "+" else message.flags - set(names)
                    self.account.touch(message)
                else:
                    self.account.label(message, [SYSTEM_LABELS.get(name.lower(), plain_name(name)) for name in names], action == "+")
                if not silent and self.selected in message.uids:
                    self.send(b"* %d FETCH (" % number + self.items_of(message, item) + b")\r\n")
                elif since and self.selected in message.uids:
                    self.line(f"* {number} FETCH (UID {uid} MODSEQ ({message.modseq}))")
        self.ok(f"[MODIFIED {','.join(refused)}] Success" if refused else "Success")

    def do_uid_copy(self, arguments, moves=False):
        sequence_set, _, name = arguments.partition(" ")
        target = plain_name(words_in(name)[0])
        source = self.selected
        with self.account.lock:
            if target not in dict(self.account.folders()):
                return self.line(f"{self.tag} NO [TRYCREATE] No folder {target} (Failure)")
            pairs = []
            for _, message in self.among(sequence_set):
                uid = message.uids[source]
                self.account.copy(message, target)
                if moves and source not in (ALL, SPAM, TRASH):
                    self.account.label(message, [LABEL_OF.get(source, source)], False)
                pairs.append((uid, message.uids[target]))
            if pairs:
                code = f"COPYUID {self.validity(target)} {','.join(str(old) for old, _ in pairs)} {','.join(str(new) for _, new in pairs)}"
                if moves:
                    self.line(f"* OK [{code}] (Success)")
                    self.tell_changes()
                    return self.ok("Success")
                return self.ok(f"[{code}] (Success)")
        return self.ok("Success")

    def do_uid_move(self, arguments):
        return self.do_uid_copy(arguments, moves=True)

    def do_uid_expunge(self, arguments):
        with self.account.lock:
            for _, message in self.among(arguments):
                if "\\Deleted" in message.flags:
                    self.account.expunge(message, self.selected)
        self.tell_changes()
        self.ok("Success")

    def do_append(self, arguments):
        found = re.match(r'"([^"]*)"\s*(\([^)]*\))?\s*(?:"[^"]*"\s*)?"(.*)"$', arguments, re.DOTALL)
        name, flags, octets = plain_name(found.group(1)), words_in(found.group(2) or ""), found.group(3).encode("utf-8", "surrogateescape")
        with self.account.lock:
            message = self.account.add(octets, flags, [LABEL_OF.get(name, name)] if name not in (ALL, SPAM, TRASH) else [],
                                       name if name in (SPAM, TRASH) else ALL)
            code = f"[APPENDUID {self.validity(name)} {message.uids[name]}]"
        self.ok(f"{code} (Success)")


class Inflated:
    """Lines and octets of a file that is deflated from here on."""

    def __init__(self, file):
        self.file, self.inflater, self.held = file, zlib.decompressobj(-15), b""

    def more(self):
        octets = self.file.read1(65536)
        self.held += self.inflater.decompress(octets)
        return bool(octets)

    def readline(self, limit):
        while b"\n" not in self.held and len(self.held) < limit:
            if not self.more():
                break
        line, newline, self.held = self.held.partition(b"\n")
        return line + newline

    def read(self, size):
        while len(self.held) < size and self.more():
            pass
        octets, self.held = self.held[:size], self.held[size:]
        return octets


class Gmail(ImapServer):
    """with Gmail() as server: server.account.add(octets, labels=["\\\\Inbox", "Work/To Do"])"""

    def __init__(self, **how):
        super().__init__(GmailSession, [], **how)
        self.account = Account()

    def add(self, octets, flags=(), labels=(), place=ALL):
        with self.account.lock:
            return self.account.add(octets, flags, labels, place)
