#!/usr/bin/env python3
"""Runs every test program and counts TAP lines.

A crash, a bail-out, a short plan, a missing plan or a program without a test is a failure of its own; so is a token of
a platform in anything that they wrote.
Closes with `N passed, N failed`; the exit status is 0 only when nothing failed and something passed.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from kept import tokens_in  # noqa: E402

LIMIT = 900  # seconds for one program: a hang is a failure, not a stuck CI


def environment(build):
    env = dict(os.environ)
    env.update(LC_ALL="C.UTF-8", INTERVIEWD=os.path.abspath(os.path.join(build, "interviewd")),
               PYTHONPATH=os.path.abspath("tests/servers"), PYTHONDONTWRITEBYTECODE="1",
               TEST_SOURCE=os.getcwd(),
               ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:strict_string_checks=1",
               UBSAN_OPTIONS="print_stacktrace=1", G_TEST_SRCDIR=".")
    for secret in [name for name in env if name.startswith("INTERVIEWD_")]:
        del env[secret]
    return env


def look_for_tokens(kept, written):
    """Everything that the tests wrote, in KEPT's files and on their own streams: no token may be in it, at any level."""
    failures, size = [], 0
    for name in sorted(os.listdir(kept)):
        with open(os.path.join(kept, name), "rb") as f:
            content = f.read()
        size += len(content)
        failures += ["%s wrote a token: %s" % (name, found) for found in tokens_in(content)]
    for name, text in written:
        failures += ["%s showed a token: %s" % (name, found) for found in tokens_in(text.encode())]
    return size, failures


def run_one(name, command, env, kept):
    """Returns (name, passed, failures, output)."""
    with tempfile.TemporaryDirectory(prefix="iv-test-") as home:
        env = dict(env, HOME=home, XDG_STATE_HOME=home + "/state", TMPDIR=home, TEST_KEPT=os.path.join(kept, name))
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=LIMIT, env=env)
            text, status = done.stdout.decode("utf-8", "replace"), done.returncode
        except subprocess.TimeoutExpired as late:
            text, status = (late.stdout or b"").decode("utf-8", "replace"), "no end within %d s" % LIMIT
    passed, failures, plan, seen = 0, [], None, 0
    for line in text.splitlines():
        m = re.match(r"1\.\.(\d+)\s*(#.*)?$", line)
        if m:
            plan = int(m.group(1))
        elif line.startswith("Bail out!"):
            failures.append(line)
        else:
            m = re.match(r"(not )?ok\b\s*(\d*)\s*(.*)", line)
            if m:
                seen += 1
                if re.search(r"#\s*SKIP", m.group(3), re.I):
                    continue
                if m.group(1):
                    failures.append(line)
                else:
                    passed += 1
    if status != 0 and (not failures or status != 1):
        failures.append("ended with %s" % status)
    if plan is None or plan != seen or seen == 0:
        failures.append("plan was %s, tests seen %d" % (plan, seen))
    return name, passed, failures, text


def show(name, what, failures, text):
    print("%-32s %s%s" % (name, what, ", %d FAILED" % len(failures) if failures else ""), flush=True)
    if failures:
        print(text)
        for failure in failures:
            print("    %s: %s" % (name, failure), flush=True)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--build", required=True)
    ap.add_argument("--match", default="")
    ap.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    args = ap.parse_args()
    programs = []
    for source in sorted(glob.glob("tests/unit/test_*.c")):
        base = os.path.basename(source)[:-2]
        programs.append((base, [os.path.join(args.build, "tests", base), "--tap"]))
    for script in sorted(glob.glob("tests/e2e/test_*.py")):
        programs.append((os.path.basename(script)[:-3], [sys.executable, script]))
    programs = [p for p in programs if args.match in p[0]]
    env, passed, failed = environment(args.build), 0, 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool, tempfile.TemporaryDirectory(prefix="iv-kept-") as kept:
        written = []
        for name, ok, failures, text in pool.map(lambda p: run_one(p[0], p[1], env, kept), programs):
            passed, failed = passed + ok, failed + len(failures)
            written.append((name, text))
            show(name, "%4d passed" % ok, failures, text)
        size, failures = look_for_tokens(kept, written)
        passed, failed = passed + (not failures), failed + len(failures)
        show("no token in what was written", "%4d KB read" % (size // 1000), failures, "")
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(0 if failed == 0 and programs else 1)


main()
