#!/usr/bin/env python3
"""Kills the daemon with SIGKILL, at random instants and at every labelled step, while a test server delivers answers. TAP.

25 kills; KILLS=500 in the environment for the long version, SEED= for another course. Afterwards the database and what
the server has seen are compared with what was delivered.
"""
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from telegram_server import TelegramServer  # noqa: E402

BINARY = os.environ["INTERVIEWD"]
KILLS = int(os.environ.get("KILLS", "25"))
SEED = int(os.environ.get("SEED", "1"))
PATIENCE = 60
# Each step, and at which of its times at the latest: updates come in one batch and are one transaction.
LABELS = {"updates-arrived": 1, "before-commit": 1, "after-commit": 1, "before-send": 4, "after-send": 4,
          "before-removal": 2, "after-removal": 2}
WAITING = "SELECT id, lane, kind FROM outbox WHERE seq>0"


def need(condition, what):
    if not condition:
        raise AssertionError(what)


class Run:
    def __init__(self, tg, folder):
        self.tg, self.folder = tg, folder
        self.database = os.path.join(folder, "i.db")
        self.people = [tg.user("Kim%d" % i, language="ko", started=True) for i in range(4)]
        self.group = tg.supergroup("Study", members=self.people)
        self.random = random.Random(SEED)
        self.answers, self.questions = [], {}  # texts delivered; how many questions by person
        self.at_label, self.log = {}, open(os.path.join(folder, "log"), "ab")

    def start(self, fault=None):
        env = dict(os.environ, INTERVIEWD_TELEGRAM_TOKEN=self.tg.token)
        if fault:
            env["INTERVIEWD_FAULT"] = fault
        return subprocess.Popen(
            [BINARY, "-o", "bot.database=" + self.database, "-o", "telegram.api_url=" + self.tg.url,
             "-o", "telegram.unlimited=yes", "-o", "telegram.connections=2", "run"], env=env, stdin=subprocess.DEVNULL, stderr=self.log)

    def deliver(self):
        """Each person asks for a question and answers it: two updates, in this order."""
        for person in self.people:
            if self.random.random() < 0.6:
                text = "답 %d번, %s 씀: 리눅스 커널은 링 0에서 돈다" % (len(self.answers), person.first_name)
                person.tell("/question")
                person.tell(text)
                self.questions[person] = self.questions.get(person, 0) + 1
                self.answers.append(text)

    def one_kill(self, number):
        label = list(LABELS)[number // 2 % len(LABELS)] if number % 2 == 0 else None
        process = self.start("%s:%d" % (label, self.random.randint(1, LABELS[label])) if label else None)
        self.deliver()
        if label:
            try:  # it ends itself at its step; when that does not come often enough, from outside
                process.wait(timeout=3)
                self.at_label[label] = self.at_label.get(label, 0) + 1
            except subprocess.TimeoutExpired:
                pass
        else:
            time.sleep(self.random.random() * 0.6)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def to_the_end(self):
        process = self.start()
        try:
            self.tg.wait_idle(PATIENCE, quiet=1.0)
            end = time.monotonic() + PATIENCE
            while self.query(WAITING):
                need(process.poll() is None, "it ended")
                need(time.monotonic() < end, "not sent: %s" % self.query(WAITING)[:3])
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            need(process.wait(timeout=PATIENCE) == 0, "status %s" % process.returncode)
        finally:
            process.kill()
            process.wait()

    def query(self, sql):
        db = sqlite3.connect("file:%s?mode=ro" % self.database, uri=True)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()


def every_answer_is_stored_once(r):
    stored = sorted(text for text, in r.query("SELECT text FROM answers"))
    need(stored == sorted(r.answers), "delivered %d, stored %d, different %s" % (
        len(r.answers), len(stored), sorted(set(stored) ^ set(r.answers))[:5]))


def every_score_is_counted_once(r):
    need(not r.query("SELECT m.chat, m.user FROM members m WHERE m.points<>(SELECT coalesce(sum(ranked),0) FROM answers a"
                     " WHERE a.chat=m.chat AND a.user=m.user)"), "totals differ from the answers")
    need(not r.query("SELECT t.chat FROM tallies t WHERE t.points<>(SELECT coalesce(sum(ranked),0) FROM answers a"
                     " WHERE a.chat=t.chat AND a.user=t.user AND a.day=t.day)"), "tallies differ from the answers")
    need(r.query("SELECT sum(points) FROM members") == r.query("SELECT sum(ranked) FROM answers"), "the board's sum")
    need(not r.query("SELECT id FROM rounds WHERE answers<>(SELECT count(*) FROM answers a WHERE a.round=rounds.id AND"
                     " attempt=1 AND late=0)"), "counts of rounds differ from the answers")


def every_reply_was_sent_at_most_one_twice_a_kill(r):
    need(r.query("SELECT count(*) FROM refused") == [(0,)], "messages were refused or given up")
    extra, rounds = 0, dict(r.query("SELECT ext, group_concat(rounds.id) FROM rounds JOIN chats ON chats.id=chat GROUP BY ext"))
    for person in r.people:
        # A round's question and its result each carry the round's number in a button.
        wanted = {kind + n for n in rounds.get(str(person.id), "").split(",") if n for kind in ("hint:", "again:")}
        need(len(wanted) == 2 * r.questions.get(person, 0), "%s: rounds %s" % (person.first_name, wanted))
        sent = [b["callback_data"] for m in r.tg.messages(person) for row in m.keyboard for b in row
                if b["callback_data"].startswith(("hint:", "again:"))]
        need(len(sent) == len(r.tg.messages(person)), "%s got something else" % person.first_name)
        need(set(sent) == wanted, "%s: missing %s, not asked for %s" % (
            person.first_name, wanted - set(sent), set(sent) - wanted))
        extra += len(sent) - len(set(sent))
    need(extra <= KILLS, "%d messages twice after %d kills" % (extra, KILLS))
    print("# %d answers, %d kills (%s at steps), %d messages twice" % (
        len(r.answers), KILLS, sum(r.at_label.values()), extra), flush=True)


def the_database_is_sound(r):
    need(r.query("PRAGMA integrity_check") == [("ok",)], "integrity_check")
    need(r.query("PRAGMA foreign_key_check") == [], "foreign_key_check")


def every_labelled_step_was_died_at(r):
    if not has_fault_points():
        return "this build has no fault points"
    missing = [label for label in LABELS if label not in r.at_label]
    need(not missing, "never died at " + ", ".join(missing))
    return None


def has_fault_points():
    with open(BINARY, "rb") as f:
        return b"INTERVIEWD_FAULT" in f.read()


def the_server_has_nothing_to_complain_of(r):
    r.tg.check()


def main():
    tests = [every_answer_is_stored_once, every_score_is_counted_once, every_reply_was_sent_at_most_one_twice_a_kill,
             the_database_is_sound, every_labelled_step_was_died_at, the_server_has_nothing_to_complain_of]
    print("1..%d" % (len(tests) + 1))
    with TelegramServer() as tg, tempfile.TemporaryDirectory() as folder:
        run = Run(tg, folder)
        try:
            for number in range(KILLS):
                run.one_kill(number)
            run.deliver()
            run.to_the_end()
            print("ok 1 - it comes back after each of %d kills and sends everything" % KILLS)
        except AssertionError as error:
            print("not ok 1 - it comes back after each of %d kills and sends everything\n# %s" % (KILLS, error))
            with open(os.path.join(folder, "log"), encoding="utf-8", errors="replace") as f:
                print("".join("# " + line for line in f.readlines()[-20:]))
        for i, test in enumerate(tests, 2):
            name = test.__name__.replace("_", " ")
            try:
                skip = test(run)
                print("ok %d - %s%s" % (i, name, " # SKIP " + skip if skip else ""), flush=True)
            except (AssertionError, sqlite3.Error) as error:
                print("not ok %d - %s\n%s" % (i, name, "\n".join("# " + x for x in str(error).splitlines())), flush=True)
        run.log.close()


main()
