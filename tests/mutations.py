#!/usr/bin/env python3
"""Are the tests of the planner worth something? Each fault below is put into a copy of its source; the unit tests of sync must fail with it.

usage: mutations.py BUILD [WORD...]     with words: only the faults that have one of them in their description
"""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "sync"
TESTS = "tests/sync/sync-tests"
SECONDS = 300  # a fault that makes the tests run longer than this is caught as well
WORLDS = "1500"

# What is wrong, where, and how: each text is there exactly once.
FAULTS = [
    ("absence in a list that is not complete is a deletion", "table.cpp", "server.complete && !server.is_delta;", "!server.is_delta;"),
    ("absence in a delta of the server is a deletion", "table.cpp", "server.complete && !server.is_delta;", "server.complete;"),
    ("what vanished is not gone", "table.cpp", "(lists_all || std::binary_search(vanished.begin(), vanished.end(), pair->uid))", "lists_all"),
    ("a file that a local delta does not name is missing", "table.cpp", "row.file == nullptr && !local.is_delta", "row.file == nullptr"),
    ("a new UIDVALIDITY keeps the pairs", "table.cpp", "table.resets = synced.uid_validity != server.uid_validity &&", "table.resets = false &&"),
    ("a server without UIDVALIDITY is believed", "table.cpp", "if (server.uid_validity.value == 0) return table;", ""),
    ("two pairs of one file are both believed", "table.cpp", "if (is_outdated || by_base", "if (by_base"),
    ("a message that is new on the server is not fetched", "plan_account.cpp", "if (is_open(&message)) drafts_", "if (false) drafts_"),
    ("a new file is not sent", "plan_account.cpp", "if (is_open(&file)) drafts_", "if (false) drafts_"),
    ("a file with the name of a missing one is new mail", "plan_account.cpp", "  trace_by_name();\n", ""),
    ("a renamed file is new mail", "plan_account.cpp", "  for (auto& entry : equal_) trace_by_print(entry.second);\n", ""),
    ("equal messages are not adopted", "plan_account.cpp", "  for (auto& entry : equal_) adopt(entry.second);\n", ""),
    ("a move is a deletion and new mail", "plan_account.cpp", "  for (auto& entry : equal_) move_between(entry.second);\n", ""),
    ("a lost state doubles what moved", "plan_account.cpp", "  for (auto& entry : equal_) meet_without_pairs(entry.second);\n", ""),
    ("nothing is looked at twice", "plan_account.cpp", "  if (looks_again_) wait_for_second_look();\n", ""),
    ("letters that a new name kept win over tags", "plan_account.cpp", "merge({letters, wanted.keywords}, wanted, {file.file->marks.flags, wanted.keywords})",
     "unite(file.marks, {Flags(), pair.marks.keywords})"),
    ("a new name drops the keywords", "plan_account.cpp", "file.marks = unite(file.marks, {Flags(), pair.marks.keywords});", ""),
    ("the copy that a cut move left is made twice", "plan_account.cpp", "index < std::min(copies, waiting.size())", "index < std::min<std::size_t>(0, waiting.size())"),
    ("marks of an adopted pair are united", "plan_account.cpp", "origin != nullptr ? origin->row->pair->marks : intersect(*message.marks, *file.marks)",
     "intersect(*message.marks, *file.marks)"),
    ("a deletion goes the wrong way", "plan_account.cpp", "row.is_gone ? draft.delete_local(*row.pair) : draft.delete_on_server(*row.pair);",
     "row.is_gone ? draft.delete_on_server(*row.pair) : draft.delete_local(*row.pair);"),
    ("what is gone on both sides stays recorded", "plan_account.cpp", "return draft.forget(*row.pair);", "return;"),
    ("the only copy is deleted where its new folder takes nothing", "plan_account.cpp", "target.tells_server() ? Fate::moved : Fate::stays",
     "target.tells_server() ? Fate::moved : Fate::open"),
    ("what moved to where nothing is taken is deleted", "plan_account.cpp", "if (lost.fate != Fate::open) return;", "if (lost.fate == Fate::moved) return;"),
    ("a read-only folder is told", "draft.cpp", "policy.to_server && !sides.server.read_only", "policy.to_server"),
    ("a server that is only read is told", "draft.cpp", "policy.to_server && !sides.server.read_only", "!sides.server.read_only"),
    ("the guard sleeps", "draft.cpp", "deletes_.size() > limit && !policy_.deletes_confirmed", "false"),
    ("the guard does not hear the person", "draft.cpp", " && !policy_.deletes_confirmed", ""),
    ("the guard is asked for the smaller of its limits", "draft.cpp", "std::max(policy_.delete_limit,", "std::min(policy_.delete_limit,"),
    ("deletions come before moves", "draft.cpp", "{&early_forgets_, &adopts_,", "{&early_forgets_, &deletes_, &adopts_,"),
    ("a pair that moves is recorded as not yet told", "draft.cpp", "if (!is_same(merged.local, new_marks)) move.then", "if (false) move.then"),
    ("the server is not told of marks behind a move here", "draft.cpp", "if (to.tells_server_ && tells(merged)) to.moved_marks_", "if (false) to.moved_marks_"),
    ("the newest is fetched last", "draft.cpp", "  std::reverse(downloads_.begin(), downloads_.end());\n", ""),
    ("a file is sent where the server may have it", "draft.cpp", "if (tells_server_ && sees_all)", "if (tells_server_)"),
    ("marks that nobody dropped are dropped", "marks.cpp", "return unite(kept, subtract(unite(local, server), synced));", "return kept;"),
    ("marks that somebody dropped stay", "marks.cpp", "intersect(intersect(local, server), synced)", "synced"),
    ("a mark that the folder does not keep is dropped here", "marks.cpp", "unite(unite(merged, subtract(local, kept_here)), new_there)", "unite(merged, new_there)"),
    ("a fingerprint forgets the size", "fingerprint.cpp", "  result = std::to_string(size);\n", '  result = "0";\n'),
    ("a message without a header is equal to all such", "fingerprint.cpp", "  if (result.empty()) return {};\n", ""),
    ("no fingerprint is asked of what moved on the server", "move_candidates.cpp", "if (gone_.has(message.size) || files_", "if (files_"),
    ("no fingerprint is asked of what moved here", "move_candidates.cpp", "return lost_files_.has(size) || (", "return ("),
]


class Suite:
    """The unit tests of sync, linked with one object in place of the one that was built."""

    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        subprocess.run(["ninja", "-C", build, TESTS], check=True, stdout=subprocess.DEVNULL)
        self.commands = {pathlib.Path(one["file"]).name: one for one in json.loads((build / "compile_commands.json").read_text())
                         if (build / one["file"]).resolve().parent == SOURCES}
        listed = subprocess.run(["ninja", "-C", build, "-t", "commands", TESTS], check=True, capture_output=True, text=True).stdout
        self.link = next(shlex.split(line) for line in reversed(listed.splitlines()) if f"-o {TESTS}" in line)

    def run(self, source, text):
        """Nothing if the tests pass, else what became of them."""
        copy, made, tests = self.folder / source, self.folder / "mutant.o", self.folder / "tests"
        copy.write_text(text)
        command = self.commands[source]
        compiler = shlex.split(command["command"])
        compiler[compiler.index("-o") + 1] = str(made)
        compiler[compiler.index("-c") + 1] = str(copy)
        compiler = [word for word in compiler if word not in ("-Werror", "-MD")] + ["-I", str(SOURCES), "-w"]
        for option in ("-MF", "-MQ"):
            del compiler[compiler.index(option):compiler.index(option) + 2]
        subprocess.run(compiler, cwd=self.build, check=True)
        link = list(self.link)
        link[link.index("-o") + 1] = str(tests)
        link.insert(link.index("-o") + 2, str(made))
        subprocess.run(link, cwd=self.build, check=True)
        try:
            ended = subprocess.run([tests, "--abort-after=1", "--no-intro=true"], capture_output=True, text=True, errors="replace", timeout=SECONDS,
                                   env={**os.environ, "VALIJA_WORLDS": WORLDS})
        except subprocess.TimeoutExpired:
            return "runs without end"
        name = re.search(r"^TEST CASE:\s+(.*)", ended.stdout, re.MULTILINE)
        return None if ended.returncode == 0 else name.group(1) if name else f"status {ended.returncode}"


def main(build, *words):
    chosen = [fault for fault in FAULTS if not words or any(word in fault[0] for word in words)]
    texts = {source: (SOURCES / source).read_text() for _, source, _, _ in FAULTS}
    broken = [what for what, source, old, _ in FAULTS if texts[source].count(old) != 1]
    if broken:
        sys.exit("These faults do not fit the sources any more: " + "; ".join(broken))
    missed = []
    with tempfile.TemporaryDirectory(prefix="valija-mutations-") as folder:
        suite = Suite(pathlib.Path(build).resolve(), pathlib.Path(folder))
        if failed := suite.run("plan.cpp", (SOURCES / "plan.cpp").read_text()):
            sys.exit(f"The tests fail without any fault: {failed}")
        for what, source, old, new in chosen:
            caught = suite.run(source, texts[source].replace(old, new))
            print(f"{'caught' if caught else 'MISSED'}: {what}" + (f" ({caught})" if caught else ""), flush=True)
            if not caught:
                missed.append(what)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} faults were caught.")
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
