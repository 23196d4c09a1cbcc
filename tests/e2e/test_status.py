#!/usr/bin/env python3
"""status beside the running daemon, the metrics file, the backups that are kept, and who may read them. TAP."""
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(HERE, "..", "servers"))
import prometheus  # noqa: E402
from kept import keep, keep_found  # noqa: E402
from telegram_server import TelegramServer  # noqa: E402

BINARY = os.environ["INTERVIEWD"]
PATIENCE = 60
HOSTILE = 'Bad "name" \\ \x1b[31m\n# TYPE x counter \u202e'
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def need(condition, what):
    if not condition:
        raise AssertionError(what)


class Place:
    """A folder with a database, and the daemon on it."""

    def __init__(self, folder, tg):
        self.folder, self.tg, self.process = folder, tg, None
        self.database, self.metrics = os.path.join(folder, "db", "i.db"), os.path.join(folder, "m.prom")

    def command(self, *words):
        return [BINARY, "-o", "bot.database=" + self.database, "-o", "metrics.textfile=" + self.metrics,
                "-o", "metrics.interval=5", "-o", "telegram.api_url=" + self.tg.url, *words]

    def run(self, *words, text=""):
        done = subprocess.run(self.command(*words), input=text.encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=PATIENCE)
        keep(done.stdout)
        need(b"CRITICAL" not in done.stdout, done.stdout.decode())
        return done

    def start(self):
        self.process = subprocess.Popen(self.command("run"), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        env=dict(os.environ, INTERVIEWD_TELEGRAM_TOKEN=self.tg.token))
        self.wait(lambda: os.path.exists(self.metrics) or self.process.poll() is not None, "the first metrics")
        need(self.process.poll() is None, "the daemon ended")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=PATIENCE)
        keep(log)
        need(self.process.returncode == 0, "ended with %s: %s" % (self.process.returncode, log.decode()))
        need(self.tg.token.encode() not in log, "the token is in the log")

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            need(time.monotonic() < end, "never came: " + what)
            time.sleep(0.05)

    def status(self):
        done = self.run("status")
        need(done.returncode == 0, done.stdout.decode())
        return done.stdout.decode()


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@test
def nothing_there_yet(p):
    done = p.run("status")
    need(done.returncode == 1 and b"has not run" in done.stdout, done.stdout.decode())
    need(not os.path.exists(p.database), "status has made a database")


@test
def running_and_stopped(p):
    p.run("chat", text="/질문\n모르겠어요\n")
    p.start()
    text = p.status()
    need(re.search(r"^daemon +interviewd \S+, up \d+ s since ", text, re.M), text)
    need(re.search(r"^people +1 in 1 chats, 1 answers", text, re.M), text)
    need(re.search(r"^bank +\d+ questions", text, re.M), text)
    need(mode(p.metrics) == 0o644, "mode of the metrics")
    p.stop()
    need(", stopped " in p.status(), p.status())


@test
def died(p):
    p.start()
    p.process.kill()
    p.process.communicate()
    with sqlite3.connect(p.database) as db:
        db.execute("UPDATE daemon SET alive=alive-1000, stopped=0")
    need("no sign of life since" in p.status(), p.status())


@test
def metrics_are_in_the_format(p):
    p.run("chat", text="/질문\n모르겠어요\n")
    with sqlite3.connect(p.database) as db:
        db.execute("INSERT INTO chats(platform, ext, kind, title, lang, zone, next_due, created)"
                   " VALUES(2, '-1', 1, ?, 0, 'Asia/Seoul', 4000000000, 0)", (HOSTILE,))
        db.execute("INSERT INTO liveness VALUES(2, 12345)")
    p.start()
    with open(p.metrics, encoding="utf-8") as f:
        found = prometheus.parse(f.read())
    p.stop()
    need(found["interviewd_answers_total"] == ("counter", {None: 1.0}), found)
    need(found["interviewd_build_info"][0] == "gauge", found)
    need(found["interviewd_transport_last_success_timestamp_seconds"][1]['platform="telegram"'] >= 12345, found)
    need(all(name.startswith("interviewd_") for name in found), found)
    need(not [f for f in os.listdir(p.folder) if f.endswith(".new")], "a half-written file stays")


@test
def the_parser_can_say_no(p):
    good = '# HELP a b\n# TYPE a gauge\na{x="1"} 2\n'
    prometheus.parse(good)
    for bad in (good[:-1], good + 'a{x="1"} 3\n', "a 1\n", '# HELP a b\n# TYPE a gouge\n', good.replace('"1"', '"\\q"'),
                good.replace(" 2", " two"), good + "\n"):
        try:
            prometheus.parse(bad)
        except ValueError:
            continue
        raise AssertionError("accepted: %r" % bad)


@test
def hostile_titles_stay_on_their_line(p):
    p.run("chat", text="/help\n")
    with sqlite3.connect(p.database) as db:
        db.execute("INSERT INTO chats(platform, ext, kind, title, lang, zone, next_due, created)"
                   " VALUES(2, '-1', 1, ?, 0, 'Asia/Seoul', 4000000000, 0)", (HOSTILE,))
    text = p.status()
    need("\x1b" not in text and "\u202e" not in text, repr(text))
    need(len([line for line in text.splitlines() if line.startswith("next ")]) == 1, text)
    need(not re.search(r"^# TYPE", text, re.M), text)


@test
def backups_are_private_sound_and_few(p):
    p.run("chat", text="/질문\n모르겠어요\n")
    folder = os.path.join(p.folder, "backup")
    os.mkdir(folder)
    names = ["interviewd-2020010%dT000000Z.db" % i for i in range(1, 6)]
    others = ["interviewd-notes.db", "interviewd-20200101T000000Z.db.gz", "mine.db"]
    for name in names + others:
        with open(os.path.join(folder, name), "w"):
            pass
    done = p.run("backup", "--into", folder, "--keep", "3")
    need(done.returncode == 0, done.stdout.decode())
    left = sorted(os.listdir(folder))
    fresh = [n for n in left if n not in names + others]
    need(len(fresh) == 1 and left == sorted(fresh + names[-2:] + others), left)
    need(mode(os.path.join(folder, fresh[0])) == 0o600, "mode of a backup")
    with sqlite3.connect(os.path.join(folder, fresh[0])) as db:
        need(db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "integrity")
        need(db.execute("SELECT count(*) FROM answers").fetchone() == (1,), "the answer")
    for name in os.listdir(os.path.dirname(p.database)):
        need(mode(os.path.join(os.path.dirname(p.database), name)) == 0o600, "mode of " + name)
    need(mode(os.path.dirname(p.database)) == 0o700, "mode of the database's folder")


@test
def a_damaged_database_drops_no_backup(p):
    p.run("chat", text="/help\n")
    folder = os.path.join(p.folder, "backup")
    os.mkdir(folder)
    kept = os.path.join(folder, "interviewd-20200101T000000Z.db")
    with open(kept, "w"):
        pass
    with open(p.database, "r+b") as f:
        f.seek(4096 * 3)
        f.write(b"\xff" * 4096 * 8)
    done = p.run("backup", "--into", folder, "--keep", "1")
    need(done.returncode == 1, "a damaged database was copied: " + done.stdout.decode())
    need(os.listdir(folder) == [os.path.basename(kept)], os.listdir(folder))


def main():
    print("1..%d" % len(TESTS))
    with TelegramServer() as tg:
        for i, function in enumerate(TESTS, 1):
            error = None
            with tempfile.TemporaryDirectory() as folder:
                place = Place(folder, tg)
                try:
                    function(place)
                except Exception as e:  # pylint: disable=broad-except
                    error = e
                finally:
                    if place.process is not None and place.process.poll() is None:
                        place.process.kill()
                        place.process.wait()
                    keep_found(folder)
            print("%s %d - %s" % ("ok" if error is None else "not ok", i, function.__name__.replace("_", " ")))
            if error is not None:
                print("\n".join("# " + line for line in repr(error).splitlines()))


main()
