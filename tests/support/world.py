"""What the server, the Maildir, the index and the state hold, and where they do not agree."""

import collections
import sqlite3

from support.both_sides import FLAGS, folders_of, identity_of, in_index

PLACES = {"INBOX": "inbox", "Archive": "archive", "Sent": "sent", "Trash": "trash", "Junk": "spam"}
LETTERS = {"S": ("\\Seen", "unread"), "F": ("\\Flagged", "flagged"), "R": ("\\Answered", "replied"), "D": ("\\Draft", "draft"), "P": ("$Forwarded", "passed")}
KEYWORDS = {"todo": "todo", "$junk": "junk", "to=20be": "to be", "work": "work"}  # as a server spells them, as tags

Copy = collections.namedtuple("Copy", "folder uid base marks")  # marks: letters and keywords


class Finding(AssertionError):
    pass


def tag_of(mark):
    return LETTERS[mark][1] if mark in LETTERS else KEYWORDS[mark]


class World:
    """What the server, the Maildir, the index and the state hold between two rounds."""

    def __init__(self, workspace, client):
        self.folders = folders_of(client)
        self.server, self.octets = self._server(client, self.folders)
        root = workspace.mail / "work"
        self.disk = self._disk(root)
        self.directories = {str(cur.parent.relative_to(root)) for cur in root.rglob("cur")}
        self.tags = in_index(workspace)
        self.indexed = set(workspace.notmuch("search", "--exclude=false", "--output=files", "*").splitlines())
        self._read_state(workspace.state / "state.db")

    @staticmethod
    def _server(client, folders):
        """{(folder, uid): (identity, marks)}, {(folder, uid): octets}"""
        held, bodies = {}, {}
        for folder in folders:
            for uid, (octets, flags) in client.messages(folder).items():
                marks = {FLAGS.get(flag.lower(), flag.lower()) for flag in flags if flag.lower() != "\\recent"}
                held[folder, uid] = (identity_of(octets), frozenset(marks))
                bodies[folder, uid] = octets
        return held, bodies

    @staticmethod
    def _disk(root):
        """{(folder, base): (identity, letters, path)}"""
        held = {}
        for cur in root.rglob("cur"):
            for path in [*cur.iterdir(), *cur.with_name("new").iterdir()]:
                base, _, letters = path.name.partition(":2,")
                held.setdefault((str(cur.parent.relative_to(root)), base), []).append((identity_of(path.read_bytes()), frozenset(letters), path))
        return held

    def _read_state(self, path):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as state:
            self.pairs = {(folder, uid): (file.rpartition("/")[2].partition(":2,")[0], tags) for folder, uid, file, tags in state.execute(
                "SELECT folder.path, uid, file, tags FROM pair JOIN folder ON folder.id = pair.folder")}
            self.waiting = {table: rows for table in ("batch", "index_task", "tag_change", "delayed_path", "unindexed")
                            if (rows := state.execute(f"SELECT * FROM {table} LIMIT 5").fetchall())}
        state.close()

    def copies(self):
        """{identity: [Copy, ...]}"""
        result = collections.defaultdict(list)
        for place, (identity, marks) in self.server.items():
            result[identity].append(Copy(*place, self.pairs.get(place, (None, None))[0], marks))
        return result

    def paths(self):
        return {str(path) for files in self.disk.values() for *_, path in files}

    def disagreements(self):
        for place, (identity, marks) in self.server.items():
            base, tags = self.pairs.get(place, (None, None))
            files = self.disk.get((place[0], base), [])
            if len(files) != 1:
                yield f"{identity}: {place} on the server is {base}, which is {len(files)} files"
                continue
            (identity_here, letters, path), = files
            if identity_here != identity:
                yield f"{path} is {identity_here}, its pair on the server {place} is {identity}"
            if letters != {mark for mark in marks if mark in LETTERS}:
                yield f"{identity}: {sorted(marks)} at {place} on the server, {path}"
            if path.read_bytes().replace(b"\r\n", b"\n") != self.octets[place].replace(b"\r\n", b"\n"):
                yield f"{identity}: {path} has other octets than {place}"
            if tags is None:
                yield f"{identity}: the journal does not know its tags"
        yield from (f"{place} is a pair, but not on the server" for place in self.pairs if place not in self.server)
        paired = {(place[0], base) for place, (base, _) in self.pairs.items()}
        yield from (f"{files} is no pair" for place, files in self.disk.items() if place not in paired)
        yield from (f"the folder {name} is on one side alone" for name in self.directories ^ set(self.folders))
        yield from (f"{path} is not in the index" for path in self.paths() - self.indexed)
        yield from (f"{path} is in the index and not on the disk" for path in self.indexed - self.paths())
        for identity, copies in self.copies().items():
            marks = frozenset().union(*(copy.marks for copy in copies))
            wanted = {tag_of(mark) for mark in marks if mark != "S"} | {PLACES[copy.folder] for copy in copies if copy.folder in PLACES}
            wanted |= set() if "S" in marks else {"unread"}
            if self.tags.get(identity) != wanted:
                yield f"{identity}: the index has {self.tags.get(identity)}, {copies} on the server"
            journal = [set((self.pairs.get((copy.folder, copy.uid), (None, None))[1] or "").split("\n")) - {""} for copy in copies]
            combined = set().union(*journal) - (set() if all("unread" in tags for tags in journal) else {"unread"})
            if combined != self.tags.get(identity):
                yield f"{identity}: the journal has {journal}, the index {self.tags.get(identity)}"
        yield from (f"{table} still has {rows}" for table, rows in self.waiting.items())
