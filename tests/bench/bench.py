#!/usr/bin/env python3
"""The figures of README.md, each as a ratio against another program in the same run: bench.py VALIJA [options]."""

import argparse
import importlib.util
import os
import pathlib
import shutil
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
if importlib.util.find_spec("pyte") is None and sys.executable != "/usr/bin/python3":
    # Debian's python3-pyte belongs to Debian's python3, whatever comes first in the PATH.
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

import compose_bench  # noqa: E402
import html_bench  # noqa: E402
import reading_bench  # noqa: E402
from large_mailbox import LargeMailbox  # noqa: E402
from send_bench import SendBench  # noqa: E402
from screen_bench import first_screen, keys_when_idle, keys_while_syncing, percentile  # noqa: E402
from sync_bench import SyncBench  # noqa: E402
import triage_bench  # noqa: E402
import twoway_bench  # noqa: E402


def say(text):
    print("  " + text, file=sys.stderr, flush=True)


class Report:
    """One line a figure: what, value, the goal, and whether it is met."""

    def __init__(self):
        self.missed = 0

    def line(self, what, value, goal, met):
        self.missed += not met
        print(f"{'ok  ' if met else 'MISS'}  {what:<58} {value:<34} goal {goal}", flush=True)


def median_ratio(rows):
    """(median of ours, median of theirs, ratio of the medians)"""
    ours, theirs = (statistics.median(column) for column in zip(*rows))
    return ours, theirs, ours / theirs


def bench_sync(options, report):
    with SyncBench(options.program, options.messages, say) as bench:
        if "a" in options.only:
            ours, theirs, ratio = median_ratio(bench.download(options.runs))
            report.line(f"(a) first sync of {options.messages}, no index, against mbsync", f"{1 / ratio:.1f} x faster ({ours:.2f} s, {theirs:.2f} s)", ">= 5 x", 1 / ratio >= 5)
        if "b" in options.only:
            ours, theirs, ratio = median_ratio(bench.with_index(max(1, options.runs - 1)))
            report.line(f"(b) first sync of {options.messages} and index, against notmuch new", f"{ratio:.2f} x ({ours:.1f} s, {theirs:.1f} s)", "<= 1.10 x", ratio <= 1.10)


def bench_screen(options, report, mailbox, letter="c", goal=1.5):
    rows, memory = first_screen(options.program, mailbox, max(5, options.runs), say)
    ours, theirs, ratio = median_ratio(rows)
    report.line(f"({letter}) first screen over {mailbox.count}, against notmuch search", f"{ratio:.2f} x ({ours * 1000:.0f} ms, {theirs * 1000:.0f} ms)", f"<= {goal} x", ratio <= goal)
    report.line("    memory of the interface, idle", f"{memory.pss:.1f} MiB Pss, {memory.rss:.1f} MiB Rss", "< 40 MB", memory.rss < 40)
    report.line("    memory of all its processes, idle", f"{memory.all_pss:.1f} MiB Pss, {memory.all_rss:.1f} MiB Rss", "< 80 MB", memory.all_pss < 80)


def bench_keys(options, report, mailbox):
    latencies, sizes = keys_when_idle(options.program, mailbox, 300)
    low, high = percentile(latencies, 0.5) * 1000, percentile(latencies, 0.99) * 1000
    report.line(f"(d) key to screen, idle, {len(latencies)} keys", f"p50 {low:.1f} ms, p99 {high:.1f} ms", "p99 <= 5 ms", high <= 5 and len(latencies) >= 250)
    report.line(f"    octets for a cursor move at 160x48", f"p50 {percentile(sizes, 0.5)}, p99 {percentile(sizes, 0.99)}", "<= 200", percentile(sizes, 0.99) <= 200)
    latencies = keys_while_syncing(options.program, options.messages, 400)
    low, high = percentile(latencies, 0.5) * 1000, percentile(latencies, 0.99) * 1000
    report.line(f"    key to screen while {options.messages} are synced, {len(latencies)} keys", f"p50 {low:.1f} ms, p99 {high:.1f} ms", "p99 <= 16 ms", high <= 16 and len(latencies) >= 300)


def bench_nothing_changed(options, report, mailbox):
    rows = mailbox.nothing_changed(max(5, options.runs))
    ours, theirs = (statistics.median(run.wall_s for run in side) for side in zip(*rows))
    report.line(f"(e) nothing changed in {options.mailbox}, 20 folders, against mbsync", f"{theirs / ours:.1f} x faster ({ours * 1000:.0f} ms, {theirs * 1000:.0f} ms)",
                ">= 20 x", theirs / ours >= 20)
    with twoway_bench.Mailbox(options.program, options.mailbox // 10, say) as small:
        few = small.nothing_changed(max(5, options.runs))
    large_cpu, small_cpu = (statistics.median(run.cpu_s for run, _ in side) for side in (rows, few))
    report.line(f"    processor time, against {options.mailbox // 10} messages", f"{large_cpu / small_cpu:.2f} x ({large_cpu * 1000:.0f} ms, {small_cpu * 1000:.0f} ms)",
                "<= 1.20 x", large_cpu / small_cpu <= 1.2)


def bench_changes(options, report, mailbox):
    rows, fetched, sent = mailbox.changes(options.runs)
    for what, pairs in rows.items():
        ours, theirs, ratio = median_ratio(pairs)
        report.line(f"(f) 1,000 {what} to the server, against mbsync", f"{1 / ratio:.1f} x faster ({ours:.2f} s, {theirs:.2f} s)", ">= 10 x", 1 / ratio >= 10)
    # An append would show in the octets sent: the smallest message has some hundred.
    sent /= sum(map(len, rows.values())) * 1000
    report.line("    message bodies on the wire for it", f"{fetched} fetched, {sent:.0f} octets sent a message", "0, < 100 octets", fetched == 0 and sent < 100)


def bench_line(options, report):
    share, plain, compressed = twoway_bench.slow_line(options.program, 25000, say)
    report.line("(g) share of a line of 50 ms and 10 Mbit/s, first sync", f"{share:.2f}", ">= 0.90", share >= 0.9)
    report.line("    octets with COMPRESS=DEFLATE", f"{compressed / plain:.2f} x ({compressed / 1e6:.1f} MB, {plain / 1e6:.1f} MB)", "<= 0.50 x", compressed / plain <= 0.5)


def bench_memory(options, report):
    peak = twoway_bench.memory(options.program, options.mailbox, 500_000_000, say, options.index)
    report.line(f"(h) peak memory, first sync of {options.mailbox}, one of 500 MB", f"{peak:.1f} MiB", "< 100 MB", peak * 1.048576 < 100)


def bench_send(options, report):
    with SendBench(options.program, say) as bench:
        ours, theirs, ratio = median_ratio(bench.compare(options.runs, 100))
    report.line("(i) 100 mails that wait leave, against 100 runs of msmtp", f"{1 / ratio:.1f} x faster ({ours:.2f} s, {theirs:.2f} s)", ">= 5 x", 1 / ratio >= 5)


def bench_writing(options, report):
    opened, completed = compose_bench.writing(options.program, 50_000, max(10, options.runs))
    opening, completing = percentile(opened, 0.9) * 1000, percentile(completed, 0.9) * 1000
    report.line("(j) a new message on the screen, p90", f"{opening:.1f} ms", "< 30 ms", opening < 30)
    report.line("    completion over 50,000 addresses, key to screen, p90", f"{completing:.1f} ms", "< 10 ms", completing < 10)


def bench_triage(options, report, mailbox):
    for what, latencies in triage_bench.keys(options.program, mailbox, 100).items():
        low, high = (percentile(latencies, share) * 1000 if latencies else float("nan") for share in (0.5, 0.99))
        report.line(f"(k) key to screen of {what}, {len(latencies)} keys", f"p50 {low:.1f} ms, p99 {high:.1f} ms", "p99 <= 5 ms", high <= 5 and len(latencies) >= 90)
    found = triage_bench.search(options.program, mailbox)
    low, high = (percentile(found, share) * 1000 for share in (0.5, 0.95))
    report.line(f"    a letter of a search to its first rows, {len(found)} letters", f"p50 {low:.1f} ms, p95 {high:.1f} ms", "p95 <= 50 ms", high <= 50)
    opened = statistics.median(triage_bench.long_thread(options.program, 500, max(5, options.runs))) * 1000
    report.line("    Enter to a message of a thread of 500", f"{opened:.0f} ms", "<= 100 ms", opened <= 100)
    blocked = statistics.median(triage_bench.keyboard_after_bulk(options.program, mailbox, 10_000, options.runs)) * 1000
    report.line("    Enter that tags 10,000 messages to the key behind it", f"{blocked:.1f} ms", "<= 30 ms", blocked <= 30)
    ours, theirs, ratio = median_ratio(triage_bench.bulk(options.program, mailbox, 10_000, max(3, options.runs), say))
    report.line("    tagging 10,000 messages, against notmuch tag", f"{ratio:.2f} x ({ours:.2f} s, {theirs:.2f} s)", "<= 1.05 x, as runs differ", ratio <= 1.05)
    memory = triage_bench.memory_after_a_walk(options.program, mailbox, say)
    report.line(f"    memory of the interface, all {mailbox.count} walked through", f"{memory.rss:.1f} MiB Rss", "< 60 MB", memory.rss * 1.048576 < 60)


def bench_html(options, report):
    count, rows = html_bench.rendering(options.program, 20, options.runs)
    ours, w3m, lynx = (statistics.median(column) for column in zip(*rows))
    report.line(f"(m) {count} HTML mails as text, against w3m -dump for each", f"{w3m / ours:.1f} x faster ({ours:.2f} s, {w3m:.2f} s)", ">= 5 x", w3m / ours >= 5)
    report.line("    against lynx -dump for each", f"{lynx / ours:.1f} x faster ({ours:.2f} s, {lynx:.2f} s)", ">= 5 x", lynx / ours >= 5)
    folder = pathlib.Path(os.environ.get("VALIJA_CORPORA", ROOT / ".." / "shared" / "corpora"))
    if not folder.is_dir():
        say("    no collection of messages: VALIJA_CORPORA names none")
        return
    ours, w3m, lynx = html_bench.legibility(options.program, folder)
    report.line(f"    of {ours.wanted} words beside their text by hand, lost or out of order", f"{ours.missing:.1%}", "none", ours.missing == 0)
    report.line("    words on the screen that those mails hide", f"{ours.strange:.1%} (w3m {w3m.strange:.1%}, lynx {lynx.strange:.1%})", "< 1 %", ours.strange < 0.01)
    every, small, failed = reading_bench.times(options.program, folder)
    high, longest = percentile(every, 0.99) * 1000, max(small) * 1000
    report.line(f"    each of {len(every)} collected messages as a document", f"p99 {high:.1f} ms", "< 50 ms", high < 50 and not failed)
    report.line("    the longest of those under 1 MB", f"{longest:.0f} ms", "< 100 ms", longest < 100)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the valija to measure, a release build")
    parser.add_argument("--messages", type=int, default=20000, help="messages of the synced mailbox")
    parser.add_argument("--mailbox", type=int, default=100000, help="messages of the indexed mailbox")
    parser.add_argument("--largest", type=int, default=1000000, help="messages of the mailbox of (l), which takes half an hour to make, once")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--index", action="store_true", help="(h) with the index, which takes minutes")
    parser.add_argument("--only", default="abcdefghijklm", help="figures to measure, such as ac")
    parser.add_argument("--cache", default=str(ROOT / "build" / "bench"))
    options = parser.parse_args()
    options.program = str(pathlib.Path(options.program).resolve())
    for needed in ("notmuch", *(["mbsync"] if set("aef") & set(options.only) else []), *(["msmtp"] if "i" in options.only else []), *(["w3m", "lynx"] if "m" in options.only else [])):
        if shutil.which(needed) is None:
            sys.exit(f"bench: {needed} is not installed; ./dev bench installs what is needed.")
    os.makedirs(options.cache, exist_ok=True)
    report = Report()
    if set("ab") & set(options.only):
        bench_sync(options, report)
    if set("cdk") & set(options.only):
        mailbox = LargeMailbox(options.cache, options.mailbox)
        mailbox.make(say)
        if "c" in options.only:
            bench_screen(options, report, mailbox)
        if "d" in options.only:
            bench_keys(options, report, mailbox)
        if "k" in options.only:
            bench_triage(options, report, mailbox)
    if "l" in options.only:
        mailbox = LargeMailbox(options.cache, options.largest)
        mailbox.make(say)
        bench_screen(options, report, mailbox, "l", 0.25)
    if set("ef") & set(options.only):
        with twoway_bench.Mailbox(options.program, options.mailbox, say) as mailbox:
            if "e" in options.only:
                bench_nothing_changed(options, report, mailbox)
            if "f" in options.only:
                bench_changes(options, report, mailbox)
    if "g" in options.only:
        bench_line(options, report)
    if "h" in options.only:
        bench_memory(options, report)
    if "j" in options.only:
        bench_writing(options, report)
    if "i" in options.only:
        bench_send(options, report)
    if "m" in options.only:
        bench_html(options, report)
    print(f"{report.missed} figures miss their goal." if report.missed else "Every figure meets its goal.")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
