"""Random changes on both sides, `valija sync` killed at a random moment, two syncs: both sides, the index and the state agree, nothing is lost or doubled.

By hand: VALIJA=build/dev/src/main/valija PYTHONPATH=tests python3 tests/e2e/kill_loop.py [ROUNDS]; VALIJA_SEED repeats the changes of a run (but not its timing), VALIJA_SOAK_BUSY=0.3 makes changes during three of ten syncs as well.
"""

import collections
import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time

from servers.dovecot import Dovecot
from servers.imap_client import quoted, wire_name
from servers.proxy import Proxy
from support.both_sides import FLAGS, folders_of, identity_of, in_index, message
from support.workspace import PATIENCE, Workspace

SUMS = ("downloaded", "uploaded", "flags_to_server", "flags_to_local", "moved", "deleted_local", "deleted_server")
PLACES = {"INBOX": "inbox", "Archive": "archive", "Sent": "sent", "Trash": "trash", "Junk": "spam"}
LETTERS = {"S": ("\\Seen", "unread"), "F": ("\\Flagged", "flagged"), "R": ("\\Answered", "replied"), "D": ("\\Draft", "draft"), "P": ("$Forwarded", "passed")}
KEYWORDS = {"todo": "todo", "$junk": "junk", "to=20be": "to be", "work": "work"}  # as a server spells them, as tags
MOST_FOLDERS = 12
MOST_SYNCS = 2  # behind the first; a change of tags on a message that another program or the index is about to move waits for the next sync
FEWEST, MOST = 25, 50  # messages that the changes keep the mailbox between

Copy = collections.namedtuple("Copy", "folder uid base marks")  # marks: letters and keywords


class Finding(AssertionError):
    pass


class World:
    """What the server, the Maildir, the index and the state hold between two rounds."""

    def __init__(self, workspace, client):
        self.server, self.octets = self._server(client)
        self.disk = self._disk(workspace.mail / "work")
        self.tags = in_index(workspace)
        self.indexed = set(workspace.notmuch("search", "--exclude=false", "--output=files", "*").splitlines())
        self._read_state(workspace.state / "state.db")

    @staticmethod
    def _server(client):
        """{(folder, uid): (identity, marks)}, {(folder, uid): octets}; folders without messages are in `folders`."""
        held, bodies = {}, {}
        for folder in folders_of(client):
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

    def ghosts(self):
        """Names that the index has of files that are gone: known to happen where a file got other letters, was deleted, and a kill came between."""
        return self.indexed - self.paths()

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
        yield from (f"{path} is not in the index" for path in self.paths() - self.indexed)
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


def tag_of(mark):
    return LETTERS[mark][1] if mark in LETTERS else KEYWORDS[mark]


class Changes:
    """What persons and other programs do to both sides, and what must be there afterwards. One change of a kind per message and round is made on
    the state that both sides had agreed on, so that the same bit always changes to the same value and the outcome is known."""

    def __init__(self, luck, workspace, client):
        self.luck, self.workspace, self.client = luck, workspace, client
        self.root = workspace.mail / "work"
        self.made = 0  # messages
        self.done = collections.Counter()
        self.told = []

    def begin(self, copies, folders):
        """A new round."""
        self.is_syncing = False
        self.base, self.folders = copies, folders
        self.new, self.deleted, self.copied = {}, set(), collections.Counter()
        self.turned = collections.defaultdict(set)  # identity: marks
        self.moved = collections.defaultdict(set)   # identity: folders
        self.told = []

    def make(self, count):
        """Some on each side, in random order."""
        for _ in range(count):
            present = len(self.base) + len(self.new) - len(self.deleted)
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
        identities = sorted(self.base)
        if not identities:
            return None, None
        identity = self.luck.choices(identities, [len(self.base[one]) for one in identities])[0]
        return identity, self.luck.choice(self.base[identity])

    def _target(self, identity, copy, names=None):
        """Where to move or copy it. None: it was moved already, while a sync runs: if that sees but one of two moves, the message is two afterwards."""
        if self.is_syncing and self.moved[identity]:
            return None
        return self.luck.choice([name for name in names or self.folders if name != copy.folder])

    def _mark(self, identity, among):
        """A mark to turn, and whether it is to be set."""
        mark = self.luck.choice(among)
        return mark, not any(mark in copy.marks for copy in self.base[identity])

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

    def _at_server(self, copy, command):
        """False: it is there no more, because another change came first."""
        self.client.command(f"SELECT {quoted(wire_name(copy.folder))}")
        if not any(b"UID" in text for text, _ in self.client.command(f"UID FETCH {copy.uid} (UID)")):
            return False
        self.client.command(command)
        return True

    def append(self):
        identity, folder = self._identity(), self.luck.choice(self.folders)
        flags = self.luck.sample([flag for flag, _ in LETTERS.values()] + list(KEYWORDS), self.luck.choice((0, 0, 1, 2)))
        self.new[identity] = folder
        self.client.append(folder, [(message(identity, "server" * self.luck.choice((1, 1, 1, 400))), " ".join(flags))])
        return f"{identity} {folder} {flags}"

    def store(self):
        identity, copy = self._copy()
        if identity is None:
            return None
        mark, is_set = self._mark(identity, [*LETTERS, *KEYWORDS])
        spelled = LETTERS[mark][0] if mark in LETTERS else mark
        if not self._at_server(copy, f"UID STORE {copy.uid} {'+' if is_set else '-'}FLAGS ({spelled})"):
            return None
        self.turned[identity].add(mark)
        return f"{identity} {copy.folder} {'+' if is_set else '-'}{spelled}"

    def move(self):
        identity, copy = self._copy()
        if identity is None:
            return None
        target = self._target(identity, copy)
        if target is None or not self._at_server(copy, f"UID MOVE {copy.uid} {quoted(wire_name(target))}"):
            return None
        self.moved[identity].add(target)
        return f"{identity} {copy.folder} {target}"

    def copy(self):
        identity, copy = self._copy()
        if identity is None or len(self.base[identity]) > 1:
            return None
        target = self._target(identity, copy)
        if target is None or not self._at_server(copy, f"UID COPY {copy.uid} {quoted(wire_name(target))}"):
            return None
        self.copied[identity] += 1
        return f"{identity} {copy.folder} {target}"

    def delete(self):
        identity, copy = self._copy()
        if identity is None:
            return None
        if not self._at_server(copy, f"UID STORE {copy.uid} +FLAGS.SILENT (\\Deleted)"):
            return None
        self.deleted.add(identity)
        self.client.command(f"UID EXPUNGE {copy.uid}")
        return f"{identity} {copy.folder}"

    def create(self):
        if len(self.folders) >= MOST_FOLDERS:
            return None
        name = f"Theirs {self.luck.randrange(1 << 20)}"
        self.client.create(name)
        self.folders.append(name)
        return name

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
        self.turned[identity].add(mark)
        return f"{self._tag(change, '--', f'id:{identity}@example.org')} {identity} {change}"

    def tag_place(self):
        identity, copy = self._copy()
        if identity is None:
            return None
        target = self._target(identity, copy, list(PLACES))
        if target is None:
            return None
        self.moved[identity].add(target)
        changes = [f"+{PLACES[target]}"] + ([f"-{PLACES[copy.folder]}"] if copy.folder in PLACES else [])
        return f"{self._tag(*changes, '--', f'id:{identity}@example.org')} {identity} {copy.folder} {changes}"

    def move_by_valija(self):
        identity, copy = self._copy()
        if identity is None or len(self.base[identity]) > 1:
            return None
        target = self._target(identity, copy)
        if target is None:
            return None
        outcome = self.workspace.run("move", target, "--", f"id:{identity}@example.org")
        if outcome.status not in (0, 64):  # 64: a folder that was made this very moment
            raise Finding(f"valija move {target} {identity}: {outcome}")
        self.moved[identity] |= {target} if outcome.status == 0 else set()
        return f"{identity} {copy.folder} {target}: {outcome.status}"

    def letter(self):
        identity, copy = self._copy()
        path = copy and self._path(copy)
        if path is None:
            return None
        mark, is_set = self._mark(identity, [*LETTERS])
        letters = set(path.name.partition(":2,")[2]) - {mark} | ({mark} if is_set else set())
        told = self._rename(path, path.parent.with_name("cur") / f"{copy.base}:2,{''.join(sorted(letters))}", identity)
        self.turned[identity] |= {mark} if told else set()
        return told

    def move_file(self, base=None):
        identity, copy = self._copy()
        path = copy and self._path(copy)
        target = path and self._target(identity, copy)
        if target is None or not (self.root / target / "cur").is_dir():
            return None
        name = path.name if base is None else base + path.name[len(copy.base):]
        told = self._rename(path, self.root / target / path.parent.name / name, identity)
        self.moved[identity] |= {target} if told else set()
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
        self.deleted.add(identity)
        path.unlink(missing_ok=True)
        return f"{identity} {path.relative_to(self.root)}"

    def new_file(self):
        identity = self._identity()
        folder = self.luck.choice([path.parent.name for path in sorted(self.root.glob("*/cur"))])
        self.new[identity] = folder
        letters = self.luck.choice((None, "", "S", "FS", "R"))
        path = self.root / folder / ("new" if letters is None else "cur") / self._fresh(letters)
        text = message(identity, "local" * self.luck.choice((1, 1, 1, 400)))
        temporary = self.root / folder / "tmp" / self._fresh(None)
        temporary.write_bytes(text.replace(b"\r\n", b"\n"))
        temporary.rename(path)
        return f"{identity} {path.relative_to(self.root)}"

    def _local_folder(self):
        name = f"Ours {self.luck.randrange(1 << 20)}"
        for part in ("cur", "new", "tmp"):
            (self.root / name / part).mkdir(parents=True)
        return name

    def local_folder(self):
        if len(self.folders) >= MOST_FOLDERS:
            return None
        return self._local_folder()

    KINDS = {append: 4, store: 5, move: 4, copy: 0.5, delete: 2, create: 0.2, tag: 5, tag_place: 3, move_by_valija: 1, letter: 3, move_file: 2,
             move_file_to_new_name: 2, unlink: 2, new_file: 3, local_folder: 0.2}

    # What must be there

    def broken_promises(self, copies):
        held = {identity: len(places) for identity, places in copies.items()}
        for identity in self.base.keys() | self.new.keys():
            before = len(self.base.get(identity, "1"))
            here = held.pop(identity, 0)
            if here == 0 and identity not in self.deleted:
                yield "losses", f"{identity} is lost"
            if here > before + self.copied[identity]:
                yield "doubles", f"{identity} is {here} times on the server: {copies[identity]}"
        yield from (("doubles", f"{identity} came back from the dead") for identity in held)
        for identity, places in self.base.items():
            if len(places) == 1 and not self.copied[identity] and len(copies[identity]) == 1:
                yield from self._forgotten(identity, places[0], copies[identity][0])
        for identity, folder in self.new.items():
            if len(copies[identity]) == 1 and copies[identity][0].folder != folder:
                yield "forgotten", f"{identity} was new in {folder}: {copies[identity]}"

    def _forgotten(self, identity, before, now):
        wanted = before.marks ^ self.turned[identity]
        if identity not in self.deleted and now.marks != wanted:
            yield "forgotten", f"{identity} should have the marks {sorted(wanted)}: {now}"
        if now.folder not in (self.moved[identity] or {before.folder}) and identity not in self.deleted:
            yield "forgotten", f"{identity} should be in {self.moved[identity] or before.folder}: {now}"


def children_of(pid):
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
        except OSError:
            pass
    return found


class KillLoop:
    """with KillLoop(seed) as loop: loop.run(rounds). What it did is in `figures`."""

    KILLS = {"group": 5, "main": 2, "index": 2, "cut": 3, "term": 1, "none": 1}

    def __init__(self, seed, busy=0.0):
        """busy: how many of the syncs see changes while they run, from 0 to 1."""
        self.seed, self.busy = seed, busy
        self.luck = random.Random(seed)
        self.figures = collections.Counter()
        self.kills = collections.Counter()
        self.seconds, self.octets = 0.3, 20_000  # of a sync: what the moments are chosen below
        self.round = 0

    def __enter__(self):
        self.workspace, self.server = Workspace(), Dovecot()
        self.server.__enter__()
        self.proxy = Proxy(self.server.imaps_port).__enter__()
        self.client = self.server.client()
        self.workspace.account(self.server, port=self.proxy.port)
        self.changes = Changes(self.luck, self.workspace, self.client)
        return self

    def __exit__(self, kind, *_):
        if kind is not None and kind is not KeyboardInterrupt:
            kept = tempfile.mkdtemp(prefix=f"valija-kill-{self.seed}-{self.round}-", dir="/tmp")
            shutil.copytree(self.workspace.folder, f"{kept}/workspace", symlinks=True, ignore_dangling_symlinks=True)
            shutil.copytree(self.server.folder / "home", f"{kept}/server")
            print(f"The state is kept in {kept}.", file=sys.stderr)
        self.client.__exit__()
        self.proxy.__exit__()
        self.server.__exit__()
        self.workspace.__exit__()

    def run(self, rounds, every=0):
        """every: how many rounds are between two lines of progress; 0: none."""
        begun = time.monotonic()
        self.server.seed("INBOX", [message(self.changes._identity()) for _ in range(FEWEST)])
        self.sync()
        self.world = World(self.workspace, self.client)
        for self.round in range(1, rounds + 1):
            try:
                self.play()
            except Exception as error:
                names = set(re.findall(r"\bm\d+\b", str(error).partition("before: ")[0]))
                told = "\n  ".join(line for line in self.changes.told if not names or names & set(line.split()) or line.startswith("--"))
                raise Finding(f"seed {self.seed}, round {self.round}: {error}\n  {told}") from error
            finally:
                self.figures["seconds"] = round(time.monotonic() - begun)
            if every and self.round % every == 0:
                print(self.summary(), flush=True)

    def summary(self):
        kills = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kills.items()))
        figures = ", ".join(f"{self.figures[name]} {name}" for name in ("losses", "doubles", "forgotten", "ghosts", "third syncs", "seconds"))
        return (f"seed {self.seed}: {self.round} rounds, kills: {kills}; {self.changes.made} messages, {sum(self.changes.done.values())} operations, "
                f"{figures}")

    def play(self):
        self.changes.begin(self.world.copies(), folders_of(self.client))
        self.changes.make(self.luck.randrange(4, 14))
        self.kill()
        if self.luck.random() < 0.3:
            self.changes.make(self.luck.randrange(1, 5))
        self.sync()
        for _ in range(MOST_SYNCS):
            did = self.sync()
            if not any(did.values()):
                break
            self.figures["third syncs"] += 1
        last = self.world
        self.world = World(self.workspace, self.client)
        findings = [f"the last sync still did {did}"] if any(did.values()) else []
        findings += list(self.world.disagreements())
        self.figures["ghosts"] = len(self.world.ghosts())
        if not findings:
            for kind, text in self.changes.broken_promises(self.world.copies()):
                self.figures[kind] += 1
                findings.append(text)
        findings += [f"{path} was left over" for path in self.workspace.leftovers()]
        if findings:
            before = {identity: last.copies()[identity] for identity in last.copies() if any(f"{identity}" in finding for finding in findings)}
            raise Finding("\n".join([*findings, f"before: {before}"]))

    def sync(self):
        begun, octets = time.monotonic(), self.proxy.octets_from_server
        outcome = self.workspace.run("sync", "--json")
        if outcome.status != 0:
            raise Finding(f"a sync that nobody disturbed: {outcome}")
        self.seconds = 0.8 * self.seconds + 0.2 * (time.monotonic() - begun)
        self.octets = int(0.8 * self.octets + 0.2 * (self.proxy.octets_from_server - octets))
        return {name: outcome.events()[-1].get(name) for name in SUMS}

    def kill(self):
        how, = self.luck.choices(list(self.KILLS), list(self.KILLS.values()))
        self.proxy.cut_after = self.luck.randrange(1, self.octets) if how == "cut" else None
        deadline = time.monotonic() + self.luck.uniform(0, 1.2 * self.seconds)
        process = self.workspace.start("sync", "--json")
        busy = self.luck.random() < self.busy
        try:
            while (left := deadline - time.monotonic()) > 0 and process.poll() is None:
                if busy:
                    self.changes.is_syncing = True
                    self.changes.make(1)
                else:
                    time.sleep(min(left, 0.01))
            victims = {"main": lambda: [process.pid], "term": lambda: [process.pid], "index": lambda: children_of(process.pid)}.get(how, list)()
            if process.poll() is not None and how in ("group", "main", "term", "index"):
                how = "too late"
            elif how == "index" and not victims:
                how = "too early"
            elif how == "group":
                os.killpg(process.pid, signal.SIGKILL)
            for pid in victims:
                with contextlib.suppress(ProcessLookupError):  # it ended by itself
                    os.kill(pid, signal.SIGTERM if how == "term" else signal.SIGKILL)
            self.kills[how] += 1
            process.communicate(timeout=60 * PATIENCE)
        finally:
            self.proxy.cut_after = None
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        self.changes.is_syncing = False
        self.changes.told.append(f"-- kill: {how}, status {process.returncode}")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ.get("VALIJA_SOAK_ROUNDS", "1000"))
    seed = int(os.environ.get("VALIJA_SEED") or random.randrange(1 << 30))
    print(f"{rounds} rounds with VALIJA_SEED={seed}", flush=True)
    with KillLoop(seed, float(os.environ.get("VALIJA_SOAK_BUSY") or 0)) as loop:
        try:
            loop.run(rounds, every=50)
        except Finding as finding:
            print(finding, file=sys.stderr)
            print(loop.summary())
            raise SystemExit(1) from None
    print(loop.summary())


if __name__ == "__main__":
    main()
