#!/usr/bin/env python3
"""What is printed from the table of options is what is committed; the compiled-in data is data/."""
import os
import subprocess

ROOT = os.environ.get("TEST_SOURCE", os.getcwd())
BINARY = os.environ["INTERVIEWD"]


def run(*args):
    return subprocess.run([BINARY, *args], stdout=subprocess.PIPE, check=True).stdout.decode()


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as f:
        return f.read()


def fuzz_targets():
    return {f[len("fuzz_"):-len(".c")] for f in os.listdir(os.path.join(ROOT, "tests/fuzz")) if f.startswith("fuzz_")}


CASES = [
    ("config/interviewd.conf is the printed sample", lambda: read("config/interviewd.conf") == run("config-sample")),
    ("the manual lists the options as printed",
     lambda: read("docs/interviewd.1") == read("docs/interviewd.1.head") + run("config-manual") + read("docs/interviewd.1.tail")),
    ("the sample itself is a sound configuration",
     lambda: subprocess.run([BINARY, "-c", os.path.join(ROOT, "config/interviewd.conf"), "check"],
                            stdout=subprocess.DEVNULL).returncode == 0),
    ("every command of the usage is in the manual",
     lambda: all(w.replace("-", "\\-") in read("docs/interviewd.1")
                 for w in ["chat", "check", "bank export", "grade", "backup", "config-sample"])),
    ("every fuzz target has seeds, a dictionary, and its replay among the tests",
     lambda: all(os.listdir(os.path.join(ROOT, "tests/fuzz/corpus", n)) and read("tests/fuzz/%s.dict" % n)
                 and '"%s"' % n in read("tests/unit/test_fuzz_%s.c" % n) for n in fuzz_targets())),
    ("every parser of foreign bytes has a fuzz target",
     lambda: fuzz_targets() >= {"bank", "telegram", "slack", "ws", "config", "command", "schedule", "grade", "console"}),
]

print("1..%d" % len(CASES))
for i, (name, test) in enumerate(CASES, 1):
    try:
        print("%s %d - %s" % ("ok" if test() else "not ok", i, name))
    except (subprocess.CalledProcessError, OSError) as error:
        print("not ok %d - %s\n# %s" % (i, name, error))
