#!/usr/bin/env python3
"""Measures an import against expected results: measure_bank.py BINARY FOLDER...

Each FOLDER holds Markdown files, expected.jsonl (one question a line) and skips.jsonl (blocks that are no question).
BINARY is called as `BINARY bank export FOLDER`. Prints recall and precision of questions, the token F1 of answers,
agreement of topics and duplicates; `measure` is also what the test of these bounds calls.
"""
import collections
import json
import os
import re
import subprocess
import sys

DETAILS = set("ABCDIKJ")


def tokens(text):
    return re.findall(r"\w+", text.lower())


def f1(a, b):
    a, b = collections.Counter(tokens(a)), collections.Counter(tokens(b))
    if not a and not b:
        return 1.0
    same = sum((a & b).values())
    return 2.0 * same / (sum(a.values()) + sum(b.values()))


def load(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def export(command, folder):
    done = subprocess.run(command + [folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    rows = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    for row in rows:
        row["file"] = os.path.relpath(row["file"], folder)
    return rows, done.stderr.decode("utf-8", "replace")


def match(expected, got):
    """Pairs rows of one file by line, then by likeness of the question."""
    pairs, left = [], list(got)
    for want in expected:
        best, score = None, 0.0
        for row in left:
            s = f1(want["question"], row["question"])
            if row["line"] == want["line"]:
                s += 1.0
            if s > score:
                best, score = row, s
        if best is not None and score >= 0.6:
            left.remove(best)
            pairs.append((want, best))
        else:
            pairs.append((want, None))
    return pairs, left


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p))] if values else 1.0


def measure(command, folder):
    expected, skips = load(os.path.join(folder, "expected.jsonl")), load(os.path.join(folder, "skips.jsonl"))
    got, problems = export(command, folder)
    by_file = collections.defaultdict(lambda: ([], []))
    for row in expected:
        by_file[row["file"]][0].append(row)
    for row in got:
        by_file[row["file"]][1].append(row)
    pairs, extra = [], []
    for name in sorted(by_file):
        p, e = match(*by_file[name])
        pairs += p
        extra += e
    out = {"extra": extra, "missing": [w for w, g in pairs if g is None], "pairs": pairs, "problems": problems}
    skipped = {(s["file"], s["line"]) for s in skips}
    out["loaded_skips"] = [r for r in got if (r["file"], r["line"]) in skipped]
    for name, tier in (("details", True), ("second", False)):
        mine = [(w, g) for w, g in pairs if (w["idiom"] in DETAILS) == tier]
        found = [(w, g) for w, g in mine if g is not None]
        scores = [f1("\n".join(w["answers"]), "\n".join(g["answers"])) for w, g in found]
        topics = [w for w, g in found if not w["topic"] or w["topic"] == g["topic"]]
        contexts = [f1(w.get("context", ""), g.get("context", "")) for w, g in found]
        counts = [w for w, g in found if len(w["answers"]) == len(g["answers"])]
        out[name] = {"expected": len(mine), "found": len(found), "recall": len(found) / max(1, len(mine)),
                     "median": percentile(scores, 0.5), "p5": percentile(scores, 0.05),
                     "topics": len(topics) / max(1, len(found)), "context": sum(contexts) / max(1, len(contexts)),
                     "answer_counts": len(counts) / max(1, len(found))}
    out["precision"] = len(pairs and [1 for _, g in pairs if g]) / max(1, len(got))
    ids = collections.Counter(r["id"] for r in got)
    out["duplicates"] = [i for i, n in ids.items() if n > 1]
    return out


def main():
    command, verbose = [sys.argv[1], "bank", "export"], "-v" in sys.argv
    for folder in [a for a in sys.argv[2:] if a != "-v"]:
        m = measure(command, folder)
        print(folder)
        for tier in ("details", "second"):
            if m[tier]["expected"]:
                print("  %-8s" % tier + "  ".join("%s %s" % (k, v if isinstance(v, int) else "%.3f" % v)
                                                  for k, v in m[tier].items()))
        print("  precision %.3f  extra %d  loaded skips %d  duplicate ids %d" %
              (m["precision"], len(m["extra"]), len(m["loaded_skips"]), len(m["duplicates"])))
        if verbose:
            for w in m["missing"]:
                print("  missing %s:%d %s" % (w["file"], w["line"], w["question"][:100]))
            for r in m["extra"]:
                print("  extra   %s:%d %s" % (r["file"], r["line"], r["question"][:100]))
            for w, g in m["pairs"]:
                if g and f1("\n".join(w["answers"]), "\n".join(g["answers"])) < 0.98:
                    print("  answer  %s:%d\n--- want\n%s\n--- got\n%s" %
                          (w["file"], w["line"], "\n====\n".join(w["answers"]), "\n====\n".join(g["answers"])))


if __name__ == "__main__":
    main()
