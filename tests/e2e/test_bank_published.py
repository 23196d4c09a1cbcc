#!/usr/bin/env python3
"""Published repositories, measured against what an independent reader expects of them."""
import os
import sys

ROOT = os.environ.get("TEST_SOURCE", os.getcwd())
sys.path.insert(0, os.path.join(ROOT, "tests/tools"))
import measure_bank  # noqa: E402

BANKS = os.path.join(ROOT, "tests/cases/banks")
COMMAND = [os.environ["INTERVIEWD"], "bank", "export"]
results = []


def check(name, holds, seen):
    results.append(("%s: %s" % (name, "was %s" % seen), holds))


for folder in sorted(os.listdir(BANKS)):
    path = os.path.join(BANKS, folder)
    if not os.path.isdir(path):
        continue
    m = measure_bank.measure(COMMAND, path)
    for tier, recall in (("details", 0.98), ("second", 0.90)):
        t = m[tier]
        if t["expected"] == 0:
            continue
        name = "%s, %s" % (folder, tier)
        check(name + ": recall", t["recall"] >= recall, "%.3f of %d" % (t["recall"], t["expected"]))
        check(name + ": answers' median F1", t["median"] >= 0.99, "%.3f" % t["median"])
        check(name + ": answers' 5th percentile", t["p5"] >= 0.93, "%.3f" % t["p5"])
        check(name + ": topics", t["topics"] >= 0.98, "%.3f" % t["topics"])
        check(name + ": contexts", t["context"] >= 0.98, "%.3f" % t["context"])
    check(folder + ": precision", m["precision"] >= 0.98, "%.3f" % m["precision"])
    check(folder + ": menus and notes loaded", not m["loaded_skips"], len(m["loaded_skips"]))
    check(folder + ": ids used twice", not m["duplicates"], len(m["duplicates"]))
    skips = measure_bank.load(os.path.join(path, "skips.jsonl"))
    # The list has the line of <details>, a problem that of <summary>, one below it at most.
    named = [s for s in skips if any("%s:%d: " % (os.path.join(path, s["file"]), s["line"] + k) in m["problems"]
                                     for k in (0, 1))]
    check(folder + ": left-out blocks named with their line", len(named) == len(skips), "%d of %d" % (len(named), len(skips)))

print("1..%d" % len(results))
for i, (name, holds) in enumerate(results, 1):
    print("%s %d - %s" % ("ok" if holds else "not ok", i, name))
