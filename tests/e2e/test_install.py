#!/usr/bin/env python3
"""make install and uninstall, with DESTDIR and prefix: what is brought, what stays. TAP."""
import os
import subprocess

from support import BINARY, Place, case, main

ROOT = os.environ.get("TEST_SOURCE", os.getcwd())


def make(target, where, *more):
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE") and k != "MFLAGS"}
    subprocess.run(["make", "-s", "-C", ROOT, "-o", "all", target, "BUILD=" + os.path.dirname(BINARY), "DESTDIR=" + where, *more],
                   check=True, env=env, stdout=subprocess.DEVNULL)


def files(where):
    return sorted(os.path.relpath(os.path.join(d, f), where) for d, _, names in os.walk(where) for f in names)


WANTED = ["bin/interviewd", "lib/systemd/system/interviewd-backup.service", "lib/systemd/system/interviewd-backup.timer",
          "lib/systemd/system/interviewd.service", "share/bash-completion/completions/interviewd", "share/man/man1/interviewd.1"]


@case("install brings the program, its units, manual, completion and configuration, and the program runs from there")
def install():
    for prefix, more in (("usr/local", []), ("usr", ["prefix=/usr"])):
        with Place() as place:
            make("install", place.path("d"), *more)
            assert files(place.path("d")) == sorted(["etc/interviewd/interviewd.conf"] + [prefix + "/" + f for f in WANTED]), files(place.path("d"))
            binary = place.path("d/%s/bin/interviewd" % prefix)
            assert os.stat(binary).st_mode & 0o777 == 0o755
            assert place.run("-c", place.path("d/etc/interviewd/interviewd.conf"), "check", binary=binary).code == 0


@case("uninstall leaves nothing behind but a configuration that was changed and what lies beside it")
def uninstall():
    with Place() as place:
        where = place.path("d")
        make("install", where)
        make("uninstall", where)
        assert files(where) == [] and not os.path.exists(where + "/etc/interviewd"), files(where)
        make("install", where)
        place.write("d/etc/interviewd/interviewd.conf", "[bot]\nlanguage = en\n")
        place.write("d/etc/interviewd/telegram_token", "1:x")
        make("install", where)  # an upgrade keeps it too
        make("uninstall", where)
        assert files(where) == ["etc/interviewd/interviewd.conf", "etc/interviewd/telegram_token"], files(where)
        with open(where + "/etc/interviewd/interviewd.conf", encoding="utf-8") as f:
            assert "language = en" in f.read()


main()
