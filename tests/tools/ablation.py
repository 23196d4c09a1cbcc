#!/usr/bin/env python3
"""What each rule of the grader is worth, and what the constants are worth on questions they were not tuned on.

usage: ablation.py [--tune N] [FILE...]      (after `make`; default: the two sets in tests/cases/grade)

Without --tune it prints the measures with each rule left out in turn (struct grade_tuning, field `off`), as a
Markdown table for docs/grading.md, and the means a kind. With --tune N it climbs N steps from the built-in constants
on one half of the questions and reports the other half, both ways: how far tuning can be trusted.
"""
import json
import math
import os
import random
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RULES = [("aliases", 0), ("likeness of letters and jamo", 2), ("denials", 3), ("swapped sides", 4),
         ("lists of terms", 5), ("character n-grams", 6), ("question's words count less", 7),
         ("facts instead of sentences", 8), ("rarity of words", 9), ("numbers", 10), ("another question's answer", 11),
         ("words inside crammed runs", 12), ("stray answers", 13), ("cause and effect reversed", 14)]
SPACE = {"in_question": (50, 600), "parts": (400, 1000), "again": (50, 900), "light": (300, 1000), "faint": (100, 800), "label": (200, 1000),
         "unit_least": (2, 6), "unit_full": (220, 700), "unit_floor": (0, 150), "units_asked": (4, 16),
         "one_word": (200, 900), "two_words": (400, 1000), "reach": (4, 30), "strewn": (0, 1000),
         "recall_share": (0, 700), "recall_full": (250, 800), "stray": (0, 1000), "precise": (100, 900),
         "precise_below": (200, 1000), "asked_share": (600, 1000), "unit_power": (0, 100), "clash": (0, 2000),
         "weak": (200, 1000), "outright": (400, 1000), "turned": (300, 1000), "turned_least": (50, 450),
         "clash_cost": (0, 2500), "fuzzy_least": (700, 900), "swap_share": (300, 650), "swap_cost": (500, 1200),
         "crossed": (0, 1000), "list_grammar": (50, 400), "list_keep": (200, 700), "list_most": (30, 45)}


def build():
    tool = os.path.join(ROOT, "build", "grade_tune")
    pkg = subprocess.check_output(["pkg-config", "--cflags", "--libs", "glib-2.0", "jansson"], text=True).split()
    libs = subprocess.check_output(["pkg-config", "--libs", "libcurl", "sqlite3", "libcmark"], text=True).split()
    subprocess.check_call(["make", "-s", "-C", ROOT], stdout=subprocess.DEVNULL)
    subprocess.check_call(["gcc", "-std=c17", "-D_GNU_SOURCE", "-O2", "-I", ROOT + "/include", "-I", ROOT + "/src",
                           "-o", tool, ROOT + "/tests/tools/grade_tune.c", ROOT + "/build/libinterviewd.a"]
                          + pkg + libs + ["-lwslay", "-lstemmer", "-lm"])
    return tool


class Grader:
    def __init__(self, tool, rows):
        path = os.path.join(ROOT, "build", "ablation.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
        self.proc = subprocess.Popen([tool, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def scores(self, constants):
        self.proc.stdin.write(" ".join("%s=%d" % kv for kv in constants.items()) + "\n")
        self.proc.stdin.flush()
        return [int(s) for s in self.proc.stdout.readline().split()]


def pearson(x, y):
    mx, my = sum(x) / len(x), sum(y) / len(y)
    xy = sum((a - mx) * (b - my) for a, b in zip(x, y))
    xx, yy = sum((a - mx) ** 2 for a in x), sum((b - my) ** 2 for b in y)
    return xy / math.sqrt(xx * yy) if xx and yy else 0.0


def measure(rows, scores, questions):
    at = [i for i, r in enumerate(rows) if r["question"] in questions]
    s, g = [scores[i] for i in at], [rows[i]["grade"] for i in at]
    pairs = right = 0
    for i in range(len(at)):
        for j in range(len(at)):
            if rows[at[i]]["question"] == rows[at[j]]["question"] and g[i] - g[j] >= 15:
                pairs += 1
                right += 1 if s[i] > s[j] else 0.5 if s[i] == s[j] else 0
    rmse = math.sqrt(sum((a - b) ** 2 for a, b in zip(s, g)) / len(s))
    return pearson(s, g), right / max(pairs, 1), rmse


def goal(m):
    return m[0] + m[1] - m[2] / 60


def climb(rows, grader, questions, start, steps, rng):
    now, best = dict(start), goal(measure(rows, grader.scores(start), questions))
    for _ in range(steps):
        new = dict(now)
        for name in rng.sample(sorted(SPACE) + ["curve"], rng.choice([1, 1, 2, 3])):
            if name == "curve":
                j = rng.randrange(5)
                new["curve%d" % j] = max(0, new["curve%d" % j] + rng.randint(-60, 60))
            else:
                lo, hi = SPACE[name]
                step = max(1, int((hi - lo) * rng.uniform(.02, .25)))
                new[name] = min(hi, max(lo, new[name] + rng.choice((-1, 1)) * step))
        curve = [new["curve%d" % j] for j in range(5)]
        if any(b - a < 20 for a, b in zip(curve, curve[1:])):
            continue
        value = goal(measure(rows, grader.scores(new), questions))
        if value > best:
            now, best = new, value
    return now


def built_in():
    text = open(ROOT + "/src/core/grade_tuning.c", encoding="utf-8").read()
    values = {k: int(v) for k, v in re.findall(r"\.(\w+) = (\d+),", text) if k in SPACE}
    curve = re.search(r"\.curve = \{(.*?)\}", text).group(1).split(",")
    values.update(("curve%d" % i, int(v)) for i, v in enumerate(curve))
    return values


def main():
    args = sys.argv[1:]
    steps = 0
    if args[:1] == ["--tune"]:
        steps, args = int(args[1]), args[2:]
    files = args or [ROOT + "/tests/cases/grade/ko_dev.jsonl", ROOT + "/tests/cases/grade/own.jsonl",
                     ROOT + "/tests/cases/grade/third.jsonl"]
    rows = [json.loads(line) for f in files for line in open(f, encoding="utf-8") if line.strip()]
    names = list(dict.fromkeys(r["question"] for r in rows))
    every = set(names)
    grader = Grader(build(), rows)
    if steps:
        rng = random.Random(1)
        halves = [set(names[0::2]), set(names[1::2])]
        for a, b in ((0, 1), (1, 0)):
            found = climb(rows, grader, halves[a], built_in(), steps, rng)
            scores = grader.scores(found)
            print("tuned on %d questions: Pearson %.3f, pairs %.3f, RMSE %.1f; on the other %d: %.3f, %.3f, %.1f"
                  % ((len(halves[a]),) + measure(rows, scores, halves[a]) + (len(halves[b]),)
                     + measure(rows, scores, halves[b])))
        found = climb(rows, grader, every, built_in(), steps, rng)
        print("on all: Pearson %.3f, pairs %.3f, RMSE %.1f" % measure(rows, grader.scores(found), every))
        print(json.dumps(found))
        return
    base = grader.scores({})
    m0 = measure(rows, base, every)
    print("| left out | Pearson | pair accuracy | RMSE |\n|---|---|---|---|")
    print("| nothing | %.3f | %.3f | %.1f |" % m0)
    for name, bit in RULES:
        m = measure(rows, grader.scores({"off": 1 << bit}), every)
        print("| %s | %.3f (%+.3f) | %.3f (%+.3f) | %.1f |" % (name, m[0], m[0] - m0[0], m[1], m[1] - m0[1], m[2]))
    print("\n| kind | n | grade | score |\n|---|---|---|---|")
    for kind in sorted({r["kind"] for r in rows}):
        at = [i for i, r in enumerate(rows) if r["kind"] == kind]
        print("| %s | %d | %.1f | %.1f |" % (kind, len(at), sum(rows[i]["grade"] for i in at) / len(at),
                                             sum(base[i] for i in at) / len(at)))


if __name__ == "__main__":
    main()
