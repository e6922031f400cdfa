"""What must be there when both sides agree again."""

import collections


class Promises:
    """What was done since both sides agreed."""

    def __init__(self, base):
        self.base = base  # {identity: [Copy, ...]}, as both sides had it
        self.new = {}     # identity: folder
        self.deleted, self.copied = set(), collections.Counter()
        self.turned = collections.defaultdict(set)  # identity: marks
        self.moved = collections.defaultdict(set)   # identity: folders
        self.created, self.removed, self.renamed = set(), set(), {}  # folders; old name: new name

    def reshaped(self):
        """Folders that were renamed or removed."""
        return self.removed | self.renamed.keys() | set(self.renamed.values())

    def broken(self, copies, folders):
        """(kind, sentence) of each promise that was not kept."""
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
            if len(copies[identity]) == 1 and not self._is_in(copies[identity][0], {folder}):
                yield "forgotten", f"{identity} was new in {folder}: {copies[identity]}"
        yield from (("forgotten", f"the folder {name} is gone") for name in (self.created | set(self.renamed.values())) - set(folders))
        filled = set(self.new.values()).union(*self.moved.values())
        if not self.copied:
            yield from (("forgotten", f"the folder {name} came back") for name in (self.removed - filled) & set(folders))

    def _forgotten(self, identity, before, now):
        wanted = before.marks ^ self.turned[identity]
        if identity in self.deleted:
            return
        if now.marks != wanted:
            yield "forgotten", f"{identity} should have the marks {sorted(wanted)}: {now}"
        # A renaming that is not seen as one moves each message, and moved on both sides it is where the server has it.
        places = self.moved[identity] | {self.renamed.get(before.folder)} if self.moved[identity] else {before.folder}
        if not self._is_in(now, places):
            yield "forgotten", f"{identity} should be in {places}: {now}"

    def _is_in(self, copy, folders):
        """A folder that was removed on one side may have got the message on the other: then any place will do."""
        return copy.folder in folders | {self.renamed.get(folder) for folder in folders} or bool(folders & self.removed)
