#!/usr/bin/env python3
"""Runs every benchmark, prints one table and writes build/bench.json.

A benchmark is a program build/bench/bench_NAME or a script tests/bench/bench_NAME.py that prints one JSON object a line:
{"bench", "name", "unit", "median", "min", "max", "runs", "note"?}. Scripts get the build folder as their argument.
"""
import argparse
import glob
import json
import os
import subprocess
import sys


def rows_of(command, env):
    done = subprocess.run(command, stdout=subprocess.PIPE, env=env, timeout=1800)
    rows = [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]
    if done.returncode != 0:
        print("%s ended with %d" % (command[0], done.returncode), file=sys.stderr)
    return rows, done.returncode == 0


def number(x):
    return "%.3g" % x if abs(x) < 1000 else "{:,.0f}".format(x)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--build", required=True)
    ap.add_argument("--match", default="")
    args = ap.parse_args()
    commands = [[p] for p in sorted(glob.glob(os.path.join(args.build, "bench", "bench_*"))) if os.access(p, os.X_OK)]
    commands += [[sys.executable, p, args.build] for p in sorted(glob.glob("tests/bench/bench_*.py"))]
    env = dict(os.environ, INTERVIEWD=os.path.abspath(os.path.join(args.build, "interviewd")), LC_ALL="C.UTF-8")
    rows, sound = [], True
    for command in commands:
        if args.match not in os.path.basename(command[-1] if len(command) == 1 else command[1]):
            continue
        more, ok = rows_of(command, env)
        rows += more
        sound = sound and ok
    for r in rows:
        print("%-10s %-44s %12s %-12s (%s – %s, %d runs)%s" % (
            r["bench"], r["name"], number(r["median"]), r["unit"], number(r["min"]), number(r["max"]), r["runs"],
            "  " + r["note"] if r.get("note") else ""))
    with open(os.path.join(args.build, "bench.json"), "w", encoding="utf-8") as f:
        json.dump(rows, f, ensure_ascii=False, indent=1)
    sys.exit(0 if sound else 1)


main()
