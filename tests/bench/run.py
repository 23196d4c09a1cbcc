#!/usr/bin/env python3
"""Runs every benchmark, prints one table and writes it as build/bench.json and build/bench.md.

A benchmark is a program build/bench/bench_NAME or a script tests/bench/bench_NAME.py that prints one JSON object a line:
{"bench", "name", "unit", "median", "min", "max", "runs", "p99"?, "note"?, "detail"?}. Scripts get the build folder as
their argument. A note "target: at most 60" (at least, under) is compared with the median. Rows with "detail" are in the
JSON only. A run of some benchmarks (--match) replaces their rows and keeps the others'.
--docs FILE puts the .md between FILE's markers, without running anything.
"""
import argparse
import glob
import json
import os
import platform
import re
import subprocess
import sys
import time

MARKERS = ("<!-- figures: written by tests/bench/run.py --docs -->", "<!-- figures end -->")


def number(x):
    return "%.3g" % x if abs(x) < 1000 else "{:,.0f}".format(x)


def verdict(r):
    """"met", "missed", or "" where there is no target."""
    target = re.search(r"target: (at least|at most|under) ([\d,.]*\d)", r.get("note", ""))
    if target is None:
        return ""
    limit = float(target.group(2).replace(",", ""))
    good = {"at least": r["median"] >= limit, "at most": r["median"] <= limit, "under": r["median"] < limit}
    return "met" if good[target.group(1)] else "missed"


def cells(r):
    spread = "%s – %s" % (number(r["min"]), number(r["max"])) if r["runs"] > 1 else ""
    return [r["name"], number(r["median"]), r["unit"], spread, str(r["runs"]), verdict(r), r.get("note", "")]


def print_row(r):
    name, median, unit, spread, runs, met, note = cells(r)
    print("%-10s %-56s %10s %-10s %-19s %6s  %-6s %s" % (r["bench"], name, median, unit, spread, runs, met, note),
          flush=True)


# ---- the machine ----

def fdatasync_ms():
    """What a durable write of 40 KB costs here, with nothing of the program: median and p99."""
    path, times = os.path.join(args.build, "bench-sync"), []
    with open(path, "wb", buffering=0) as f:
        for _ in range(200):
            f.seek(0)
            f.write(os.urandom(40960))
            at = time.perf_counter()
            os.fdatasync(f.fileno())
            times.append((time.perf_counter() - at) * 1e3)
    os.unlink(path)
    times.sort()
    return times[100], times[197]


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), "?")
    sync = fdatasync_ms()
    return {"time": time.strftime("%Y-%m-%d %H:%M"), "cpu": model, "cores": os.cpu_count(), "kernel": platform.release(),
            "load": os.getloadavg()[0], "fdatasync_ms": sync[0], "fdatasync_p99_ms": sync[1],
            "version": subprocess.run([os.path.join(args.build, "interviewd"), "--version"], stdout=subprocess.PIPE,
                                      check=False).stdout.decode().split("\n")[0]}


# ---- running ----

def name_of(command):
    return re.sub(r"^bench_|\.py$", "", os.path.basename(command[1] if len(command) > 1 else command[0]))


def commands():
    found = [[p] for p in sorted(glob.glob(os.path.join(args.build, "bench", "bench_*"))) if os.access(p, os.X_OK)]
    found += [[sys.executable, p, args.build] for p in sorted(glob.glob("tests/bench/bench_*.py"))]
    return [c for c in found if args.match in name_of(c)]


def rows_of(command):
    """Its rows as they come; False at the end when it failed."""
    env = dict(os.environ, INTERVIEWD=os.path.abspath(os.path.join(args.build, "interviewd")), LC_ALL="C.UTF-8")
    rows = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as process:
        for line in process.stdout:
            if line.startswith(b"{"):
                rows.append(json.loads(line))
                if not rows[-1].get("detail"):
                    print_row(rows[-1])
    if process.returncode != 0:
        print("%s ended with %d" % (name_of(command), process.returncode), file=sys.stderr)
    return rows, process.returncode == 0


# ---- what is written ----

def kept(path, benches):
    """The rows of an earlier run whose benchmarks are not run now."""
    try:
        with open(path, encoding="utf-8") as f:
            return [r for r in json.load(f)["rows"] if r["bench"] not in benches]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def markdown(result):
    m = result["machine"]
    lines = ["%s, %s, %d cores, Linux %s, load %.1f at the beginning; `fdatasync` of 40 KB alone: %.2f ms, p99 %.1f ms." % (
        m["time"], m["cpu"], m["cores"], m["kernel"], m["load"], m["fdatasync_ms"], m["fdatasync_p99_ms"])]
    for bench in dict.fromkeys(r["bench"] for r in result["rows"]):
        lines += ["", "**%s**" % bench, "", "| what | median | | range | runs | target | |", "|---|---|---|---|---|---|---|"]
        lines += ["| %s |" % " | ".join(c.replace("|", "\\|") for c in cells(r)) for r in result["rows"]
                  if r["bench"] == bench and not r.get("detail")]
    return "\n".join(lines) + "\n"


def write_docs(path):
    with open(os.path.join(args.build, "bench.md"), encoding="utf-8") as f:
        figures = f.read()
    with open(path, encoding="utf-8") as f:
        before, rest = f.read().split(MARKERS[0])
    after = rest.split(MARKERS[1])[1]
    with open(path, "w", encoding="utf-8") as f:
        f.write(before + MARKERS[0] + "\n" + figures + MARKERS[1] + after)


def main():
    path, rows, sound = os.path.join(args.build, "bench.json"), [], True
    here = machine()
    began = time.monotonic()
    for command in commands():
        more, ok = rows_of(command)
        rows += more
        sound = sound and ok
    result = {"machine": here, "rows": kept(path, {r["bench"] for r in rows}) + rows}
    with open(path, "w", encoding="utf-8") as f:
        json.dump(result, f, ensure_ascii=False, indent=1)
    with open(os.path.join(args.build, "bench.md"), "w", encoding="utf-8") as f:
        f.write(markdown(result))
    print("%d figures in %.0f s; load %.1f to %.1f, fdatasync %.2f ms" % (
        len(rows), time.monotonic() - began, here["load"], os.getloadavg()[0], here["fdatasync_ms"]))
    sys.exit(0 if sound else 1)


parser = argparse.ArgumentParser()
parser.add_argument("--build", required=True)
parser.add_argument("--match", default="")
parser.add_argument("--docs")
args = parser.parse_args()
if args.docs:
    write_docs(args.docs)
else:
    main()
