#!/usr/bin/env python3
"""The house's floors: a file includes headers of its own floor and of lower ones; core and io never meet."""
import glob
import os
import re

ROOT = os.environ.get("TEST_SOURCE", os.getcwd())
SEES = {"base": {"base"}, "core": {"core", "base"}, "io": {"io", "base"},
        "chat": {"chat", "core", "io", "base"}, "app": {"app", "chat", "core", "io", "base"}}
# Headers whose name is not that of a file below src/.
HOMES = {"book.h": "core", "interview.h": "core", "transport.h": "chat", "store.h": "chat",
         "render.h": "chat", "outbox.h": "chat", "net.h": "io", "bank_files.h": "io", "scan.h": "base",
         "gstr.h": "base"}
SYSTEM = {"sqlite3.h": {"io"}, "curl/curl.h": {"io"}, "jansson.h": {"chat", "app"}, "time.h": {"base", "io", "chat", "app"},
          "stdio.h": {"base", "io", "chat", "app"}, "sys/socket.h": {"base", "io"}, "fcntl.h": {"base", "io", "app", "chat"}}


def floor_of_header(name):
    if name in HOMES:
        return HOMES[name]
    stem = name[:-2]
    for floor in SEES:
        if glob.glob(os.path.join(ROOT, "src", floor, stem + ".[ch]")):
            return floor
        if glob.glob(os.path.join(ROOT, "src", floor, stem + "_*.c")):
            return floor
    return None


def check(path):
    floor = path.split(os.sep)[-2]
    wrong = []
    for n, line in enumerate(open(path, encoding="utf-8"), 1):
        m = re.match(r'#include ([<"])([^>"]+)[>"]', line)
        if not m:
            continue
        name = m.group(2)
        if m.group(1) == "<":
            if floor not in SYSTEM.get(name, {floor}):
                wrong.append("%s:%d: %s does not belong on floor %s" % (path, n, name, floor))
        else:
            home = floor_of_header(os.path.basename(name))
            if home is None:
                wrong.append("%s:%d: nobody knows the floor of %s" % (path, n, name))
            elif home not in SEES[floor]:
                wrong.append("%s:%d: floor %s includes %s of floor %s" % (path, n, floor, name, home))
    return wrong


def main():
    files = sorted(glob.glob(os.path.join(ROOT, "src", "*", "*.[ch]")))
    print("1..%d" % len(SEES))
    for i, floor in enumerate(SEES, 1):
        wrong = [w for f in files if os.sep + floor + os.sep in f for w in check(f)]
        print("%s %d - floor %s" % ("not ok" if wrong else "ok", i, floor))
        for w in wrong:
            print("# " + w)


main()
