"""Random changes of a mailbox, made as persons and other programs make them, on the server and in the Maildir."""

import collections
import re
import shutil

from servers.imap_client import quoted, wire_name
from support.both_sides import folders_of, identity_of, message
from support.promises import Promises
from support.world import KEYWORDS, LETTERS, PLACES, Finding, tag_of

MOST_FOLDERS = 12
FEWEST, MOST = 25, 50  # messages that the changes keep the mailbox between


class Changes:
    """What persons and other programs do to both sides. One change of a kind per message and round is made on the state that both sides had agreed on,
    so that the same bit always changes to the same value and the outcome is known."""

    def __init__(self, luck, workspace, client):
        self.luck, self.workspace, self.client = luck, workspace, client
        self.root = workspace.mail / "work"
        self.made = 0  # messages
        self.done = collections.Counter()
        self.told = []

    def begin(self, copies):
        """A new round."""
        self.is_syncing = False
        self.promised = Promises(copies)
        self.told = []
        self.look()
        self.agreed = sorted(set(self.theirs) & set(self.ours))

    def look(self):
        """Which folders there are on both sides."""
        self.theirs = folders_of(self.client)
        self.ours = [path.parent.name for path in sorted(self.root.glob("*/cur"))]

    def make(self, count):
        """Some on each side, in random order."""
        for _ in range(count):
            present = len(self.promised.base) + len(self.promised.new) - len(self.promised.deleted)
            weights = dict(self.KINDS)
            for kind in weights:
                if kind.__name__ in ("append", "new_file"):
                    weights[kind] *= 4 if present < FEWEST else 0 if present >= MOST else 1
                if kind.__name__ in ("delete", "unlink"):
                    weights[kind] *= 4 if present > MOST - 10 else 0 if present <= FEWEST - 10 else 1
            kind, = self.luck.choices(list(weights), list(weights.values()))
            told = kind(self)
            if told:
                self.done[kind.__name__] += 1
                self.told.append(f"{kind.__name__} {told}")

    # What they choose from

    def _identity(self):
        self.made += 1
        return f"m{self.made}"

    def _copy(self):
        """One of the messages that both sides had, and one of its places; those with several more often, so that they become fewer."""
        identities = sorted(self.promised.base)
        if not identities:
            return None, None
        identity = self.luck.choices(identities, [len(self.promised.base[one]) for one in identities])[0]
        return identity, self.luck.choice(self.promised.base[identity])

    def _target(self, identity, copy, names):
        """Where to move or copy it. None: it was moved already, while a sync runs: if that sees but one of two moves, the message is two afterwards."""
        if self.is_syncing and self.promised.moved[identity]:
            return None
        return self.luck.choice([name for name in names if name != copy.folder])

    def _folder(self, names):
        """One that persons may rename or remove, and did not yet."""
        free = [name for name in names if name in self.agreed and re.match("(Theirs|Ours) ", name) and name not in self.promised.reshaped()]
        return self.luck.choice(free) if free else None

    def _name(self, whose):
        return f"{whose} {self.luck.randrange(1 << 20)}"

    def _mark(self, identity, among):
        """A mark to turn, and whether it is to be set."""
        mark = self.luck.choice(among)
        return mark, not any(mark in copy.marks for copy in self.promised.base[identity])

    def _path(self, copy):
        """Where its file is now, if no one moved it."""
        for name in ("cur", "new"):
            for path in (self.root / copy.folder / name).glob(f"{copy.base}*"):
                if path.name.partition(":2,")[0] == copy.base:
                    return path
        return None

    def _fresh(self, letters=""):
        return f"{1700000000 + self.made}.M{self.luck.randrange(1 << 40)}.other" + (f":2,{letters}" if letters is not None else "")

    # Another mail program at the server

    def _command(self, text):
        """False: there is no such folder any more, because another change came first."""
        try:
            return self.client.command(text) or True
        except RuntimeError as error:
            if " NO " not in str(error):
                raise
            return False

    def _at_server(self, copy, command):
        """False: it is there no more."""
        if not self._command(f"SELECT {quoted(wire_name(copy.folder))}"):
            return False
        if not any(b"UID" in text for text, _ in self.client.command(f"UID FETCH {copy.uid} (UID)")):
            return False
        return bool(self._command(command))

    def append(self):
        identity, folder = self._identity(), self.luck.choice(self.theirs)
        flags = self.luck.sample([flag for flag, _ in LETTERS.values()] + list(KEYWORDS), self.luck.choice((0, 0, 1, 2)))
        text = message(identity, "server" * self.luck.choice((1, 1, 1, 400)))
        if not self._command(f"STATUS {quoted(wire_name(folder))} (MESSAGES)"):
            return None
        self.promised.new[identity] = folder
        self.client.append(folder, [(text, " ".join(flags))])
        return f"{identity} {folder} {flags}"

    def store(self):
        identity, copy = self._copy()
        if identity is None:
            return None
        mark, is_set = self._mark(identity, [*LETTERS, *KEYWORDS])
        spelled = LETTERS[mark][0] if mark in LETTERS else mark
        if not self._at_server(copy, f"UID STORE {copy.uid} {'+' if is_set else '-'}FLAGS ({spelled})"):
            return None
        self.promised.turned[identity].add(mark)
        return f"{identity} {copy.folder} {'+' if is_set else '-'}{spelled}"

    def move(self):
        identity, copy = self._copy()
        if identity is None:
            return None
        target = self._target(identity, copy, self.theirs)
        if target is None or not self._at_server(copy, f"UID MOVE {copy.uid} {quoted(wire_name(target))}"):
            return None
        self.promised.moved[identity].add(target)
        return f"{identity} {copy.folder} {target}"

    def copy(self):
        identity, copy = self._copy()
        if identity is None or len(self.promised.base[identity]) > 1:
            return None
        target = self._target(identity, copy, self.theirs)
        if target is None or not self._at_server(copy, f"UID COPY {copy.uid} {quoted(wire_name(target))}"):
            return None
        self.promised.copied[identity] += 1
        return f"{identity} {copy.folder} {target}"

    def delete(self):
        identity, copy = self._copy()
        if identity is None:
            return None
        if not self._at_server(copy, f"UID STORE {copy.uid} +FLAGS.SILENT (\\Deleted)"):
            return None
        self.promised.deleted.add(identity)
        self.client.command(f"UID EXPUNGE {copy.uid}")
        return f"{identity} {copy.folder}"

    def create(self):
        if len(self.theirs) >= MOST_FOLDERS:
            return None
        name = self._name("Theirs")
        self.client.create(name)
        self.theirs.append(name)
        self.promised.created.add(name)
        return name

    def rename(self):
        folder, name = self._folder(self.theirs), self._name("Theirs")
        if folder is None or not self._command("SELECT INBOX") or not self._command(f"RENAME {quoted(folder)} {quoted(name)}"):
            return None
        self.theirs[self.theirs.index(folder)] = name
        self.promised.renamed[folder] = name
        return f"{folder} {name}"

    def remove(self):
        folder = self._folder(self.theirs)
        if folder is None or not self._command(f"SELECT {quoted(folder)}"):
            return None
        identities = sorted(identity_of(octets) for octets, _ in self.client.messages(folder).values())
        self.client.command("SELECT INBOX")
        self.client.command(f"DELETE {quoted(folder)}")
        self.theirs.remove(folder)
        self.promised.removed.add(folder)
        self.promised.deleted.update(identities)
        return f"{folder} with {identities}"

    # Persons with notmuch and valija, and other programs in the Maildir

    def _tag(self, *changes):
        if self.luck.random() < 0.7:
            self.workspace.notmuch("tag", *changes)
            return "notmuch"
        outcome = self.workspace.run("tag", *changes)
        if outcome.status != 0:
            raise Finding(f"valija tag {changes}: {outcome}")
        return "valija"

    def tag(self):
        identity, copy = self._copy()
        if identity is None:
            return None
        mark, is_set = self._mark(identity, [*LETTERS, *KEYWORDS])
        change = ("-" if is_set == (mark == "S") else "+") + tag_of(mark)
        self.promised.turned[identity].add(mark)
        return f"{self._tag(change, '--', f'id:{identity}@example.org')} {identity} {change}"

    def tag_place(self):
        identity, copy = self._copy()
        if identity is None:
            return None
        target = self._target(identity, copy, list(PLACES))
        if target is None:
            return None
        self.promised.moved[identity].add(target)
        changes = [f"+{PLACES[target]}"] + ([f"-{PLACES[copy.folder]}"] if copy.folder in PLACES else [])
        return f"{self._tag(*changes, '--', f'id:{identity}@example.org')} {identity} {copy.folder} {changes}"

    def move_by_valija(self):
        identity, copy = self._copy()
        if identity is None or len(self.promised.base[identity]) > 1:
            return None
        target = self._target(identity, copy, self.theirs)
        if target is None:
            return None
        outcome = self.workspace.run("move", target, "--", f"id:{identity}@example.org")
        if outcome.status not in (0, 64):  # 64: a folder that was made this very moment
            raise Finding(f"valija move {target} {identity}: {outcome}")
        self.promised.moved[identity] |= {target} if outcome.status == 0 else set()
        return f"{identity} {copy.folder} {target}: {outcome.status}"

    def letter(self):
        identity, copy = self._copy()
        path = copy and self._path(copy)
        if path is None:
            return None
        mark, is_set = self._mark(identity, [*LETTERS])
        letters = set(path.name.partition(":2,")[2]) - {mark} | ({mark} if is_set else set())
        told = self._rename(path, path.parent.with_name("cur") / f"{copy.base}:2,{''.join(sorted(letters))}", identity)
        self.promised.turned[identity] |= {mark} if told else set()
        return told

    def move_file(self, base=None):
        identity, copy = self._copy()
        path = copy and self._path(copy)
        target = path and self._target(identity, copy, self.ours)
        if target is None or not (self.root / target / "cur").is_dir():
            return None
        name = path.name if base is None else base + path.name[len(copy.base):]
        told = self._rename(path, self.root / target / path.parent.name / name, identity)
        self.promised.moved[identity] |= {target} if told else set()
        return told

    def move_file_to_new_name(self):
        return self.move_file(self._fresh(None))

    def _rename(self, path, target, identity):
        try:
            path.rename(target)
        except FileNotFoundError:  # the sync that runs was faster
            return None
        return f"{identity} {path.relative_to(self.root)} {target.relative_to(self.root)}"

    def unlink(self):
        identity, copy = self._copy()
        path = copy and self._path(copy)
        if path is None:
            return None
        self.promised.deleted.add(identity)
        path.unlink(missing_ok=True)
        return f"{identity} {path.relative_to(self.root)}"

    def new_file(self):
        identity = self._identity()
        folder = self.luck.choice(self.ours)
        self.promised.new[identity] = folder
        letters = self.luck.choice((None, "", "S", "FS", "R"))
        path = self.root / folder / ("new" if letters is None else "cur") / self._fresh(letters)
        text = message(identity, "local" * self.luck.choice((1, 1, 1, 400)))
        temporary = self.root / folder / "tmp" / self._fresh(None)
        temporary.write_bytes(text.replace(b"\r\n", b"\n"))
        temporary.rename(path)
        return f"{identity} {path.relative_to(self.root)}"

    def create_here(self):
        if len(self.ours) >= MOST_FOLDERS:
            return None
        name = self._name("Ours")
        for part in ("cur", "new", "tmp"):
            (self.root / name / part).mkdir(parents=True)
        self.ours.append(name)
        self.promised.created.add(name)
        return name

    def rename_here(self):
        folder, name = self._folder(self.ours), self._name("Ours")
        if folder is None or not (self.root / folder).is_dir():
            return None
        (self.root / folder).rename(self.root / name)
        self.ours[self.ours.index(folder)] = name
        self.promised.renamed[folder] = name
        return f"{folder} {name}"

    def remove_here(self):
        folder = self._folder(self.ours)
        if folder is None or not (self.root / folder).is_dir():
            return None
        gone = (self.root / folder).rename(self.workspace.temporary / "removed")
        identities = sorted(identity_of(path.read_bytes()) for path in gone.glob("[cn][ue][rw]/*"))
        shutil.rmtree(gone)
        self.ours.remove(folder)
        self.promised.removed.add(folder)
        self.promised.deleted.update(identities)
        return f"{folder} with {identities}"

    KINDS = {append: 4, store: 5, move: 4, copy: 0.5, delete: 2, create: 0.4, rename: 0.4, remove: 0.2, tag: 5, tag_place: 3, move_by_valija: 1, letter: 3,
             move_file: 2, move_file_to_new_name: 2, unlink: 2, new_file: 3, create_here: 0.4, rename_here: 0.4, remove_here: 0.2}
