#!/usr/bin/env python3
"""What is printed from the table of options is what is committed; the compiled-in data is data/."""
import os
import re
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


def usage_words():
    """Commands, the words that follow one, and flags, as the program prints them."""
    usage = run("--help")
    lines = re.findall(r"^  ([a-z][a-z-]*.*?)(?:  .*)?$", usage.split("options:")[0], re.M)
    words = set(re.findall(r"--[a-z]+|(?<!\S)-[co]\b", usage))
    for line in lines:
        words |= {part.split()[0] for part in line.split(" | ")
                  if re.match(r"[a-z]", part.strip())}
        words |= set(re.findall(r"^bank (\w+)", line))
    return words


def completion_words():
    text = read("config/completion.bash")
    words = re.search(r"commands='([^']*)'", text).group(1)
    for match in re.finditer(r"word='([^']*)'|word=\"\$commands ([^\"]*)\"", text):
        words += " " + (match.group(1) or match.group(2))
    return set(words.split())


CASES = [
    ("config/interviewd.conf is the printed sample", lambda: read("config/interviewd.conf") == run("config-sample")),
    ("the manual lists the options as printed",
     lambda: read("docs/interviewd.1") == read("docs/interviewd.1.head") + run("config-manual") + read("docs/interviewd.1.tail")),
    ("the sample itself is a sound configuration",
     lambda: subprocess.run([BINARY, "-c", os.path.join(ROOT, "config/interviewd.conf"), "check"],
                            stdout=subprocess.DEVNULL).returncode == 0),
    ("every command and flag of the usage is in the manual",
     lambda: all(re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(w), read("docs/interviewd.1").replace("\\-", "-"))
                 for w in usage_words())),
    ("the completion has the usage's commands and flags, and no others",
     lambda: usage_words() == completion_words()),
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
