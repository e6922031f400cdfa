#!/usr/bin/env python3
"""Adds up the test cases of the last `meson test` in each build folder and prints "N passed, N failed, N skipped".

A test program of doctest or Python's unittest counts as its cases, any other as one. Exits with 1 if anything failed
or nothing ran.
"""
import json
import pathlib
import re
import sys

DOCTEST = re.compile(r"test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed")
DOCTEST_SKIP = re.compile(r"MESSAGE: skipped", re.IGNORECASE)
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((.*)\))?", re.MULTILINE)


def cases(result):
    """(passed, failed, skipped) of one entry of testlog.json."""
    output = result.get("stdout", "") + "\n" + result.get("stderr", "")
    passed = failed = skipped = 0
    # The last line is the program's own; those before it are of processes that a test started and let die.
    for match in list(DOCTEST.finditer(output))[-1:]:
        passed += int(match[1])
        failed += int(match[2])
    announced = min(passed, len(DOCTEST_SKIP.findall(output)))
    passed -= announced
    skipped += announced
    for match in UNITTEST.finditer(output):
        found = dict(re.findall(r"(\w+)=(\d+)", match[2] or ""))
        broken = sum(int(found.get(name, 0)) for name in ("failures", "errors"))
        left_out = int(found.get("skipped", 0))
        passed += int(match[1]) - broken - left_out
        failed += broken
        skipped += left_out
    if result["result"] == "SKIP":
        return passed, failed, max(skipped, 1)
    if result["result"] not in ("OK", "EXPECTEDFAIL"):
        return passed, max(failed, 1), skipped
    return max(passed, 0 if skipped else 1), failed, skipped


def main():
    totals = [0, 0, 0]
    for folder in sys.argv[1:]:
        log = pathlib.Path(folder, "meson-logs", "testlog.json")
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        if not lines:
            totals[1] += 1
            print(f"No test ran in {folder}.", file=sys.stderr)
        for line in lines:
            result = json.loads(line)
            found = cases(result)
            if found[1]:
                print(f"failed: {result['name']}", file=sys.stderr)
            totals = [total + count for total, count in zip(totals, found)]
    sys.stderr.flush()
    print("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if totals[1] or not totals[0] else 0


sys.exit(main())
