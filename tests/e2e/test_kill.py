#!/usr/bin/env python3
"""Kills the daemon with SIGKILL, at random instants and at every labelled step, while test servers deliver answers on
Telegram and on Slack; also on a disk that is full now and then, and with a clock that steps. TAP.

25 kills; KILLS=500 in the environment (make kills) for the long version, SEED= for another course. Afterwards the
database and what the servers have seen are compared with what was delivered.
"""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [os.path.join(TESTS, "servers"), os.path.join(TESTS, "support")]
from kept import keep_found  # noqa: E402
from slack_server import SlackServer  # noqa: E402
from telegram_server import TelegramServer  # noqa: E402

BINARY = os.environ["INTERVIEWD"]
KILLS = int(os.environ.get("KILLS", "25"))
SEED = int(os.environ.get("SEED", "1"))
PATIENCE = 90
PEOPLE = 4  # of each platform: no burst, so messages go one by one
# Each step, and at which of its times at the latest: updates come in one batch and are one transaction.
SHARED = {"before-commit": 1, "after-commit": 1, "before-send": 3, "after-send": 3, "before-removal": 2, "after-removal": 2}
STEPS = [("telegram", label, most) for label, most in {"updates-arrived": 1, **SHARED}.items()]
STEPS += [("slack", label, most) for label, most in {"envelope-arrived": 2, "before-ack": 2, "after-ack": 2, **SHARED}.items()]
WAITING = "SELECT id, lane, kind FROM unsent"
DAY = 86400


def need(condition, what):
    if not condition:
        raise AssertionError(what)


class OnTelegram:
    """Each person asks for a question and answers it: two updates, in this order, whatever has become of the bot."""

    name = "telegram"

    def __init__(self, tg, rng):
        self.tg, self.random = tg, rng
        self.people = [tg.user("Kim%d" % i, language="ko", started=True) for i in range(PEOPLE)]

    def deliver(self, text):
        """What was answered now; TEXT gives the next answer."""
        chosen = [p for p in self.people if self.random.random() < 0.6] or self.people[:1]
        answers = []
        for person in chosen:
            answers.append(text(person.first_name))
            person.tell("/question")
            person.tell(answers[-1])
        return answers

    def buttons(self, person):
        """Of each message, what its buttons say to the bot."""
        return [[b["callback_data"] for row in m.keyboard for b in row] for m in self.tg.messages(person)]

    def wait_idle(self):
        self.tg.wait_idle(PATIENCE, quiet=1.0)

    def finish(self, text):
        return []


class OnSlack:
    """Events may come in any order after a kill, so each person waits to see a question before answering it."""

    name = "slack"

    def __init__(self, slack, rng):
        self.slack, self.random = slack, rng
        slack.ack_timeout, slack.retry_delays = PATIENCE, (0.2,) * 10000
        slack.retry_interactions = True
        self.people = [slack.user("ada%d" % i, locale="ko-KR", tz="Asia/Seoul") for i in range(PEOPLE)]
        self.asked, self.answered = {p: 0 for p in self.people}, {p: 0 for p in self.people}

    def rounds(self, person, kind):
        return {b for m in self.buttons(person) for b in m if b.startswith(kind)}

    def deliver(self, text, questions=True):
        answers = []
        for person in self.people:
            if len(self.rounds(person, "hint:")) < self.asked[person]:
                continue  # still waits for its question
            if self.answered[person] < self.asked[person]:
                answers.append(text(person.id))
                self.answered[person] += 1
                person.dm(answers[-1])
            elif questions and len(self.rounds(person, "again:")) == self.answered[person]:
                self.asked[person] += 1
                person.dm("질문")
        return answers

    def buttons(self, person):
        return [[e.get("value", "") for b in m.blocks for e in b.get("elements", []) if e["type"] == "button"]
                for m in self.slack.messages(person.im, bot=True)]

    def wait_idle(self):
        self.slack.settle(PATIENCE, quiet=1.0)

    def finish(self, text):
        """The answers that are still owed, once the bot stays."""
        self.slack.wait_for(lambda: all(len(self.rounds(p, "hint:")) == n for p, n in self.asked.items()), PATIENCE)
        return self.deliver(text, questions=False)


class Run:
    def __init__(self, tg, slack, folder, *options):
        self.folder, self.options, self.random = folder, options, random.Random(SEED)
        self.tg, self.slack = OnTelegram(tg, self.random), OnSlack(slack, self.random)
        self.sides = [self.tg, self.slack]
        self.database, self.clock = os.path.join(folder, "i.db"), os.path.join(folder, "clock")
        self.answers, self.at_step, self.kills, self.too_many = [], {}, 0, None
        self.log_path, self.binary = os.path.join(folder, "log"), BINARY

    def start(self, fault=None, **more):
        env = dict(os.environ, **more, INTERVIEWD_TELEGRAM_TOKEN=self.tg.tg.token, INTERVIEWD_CLOCK=self.clock,
                   INTERVIEWD_SLACK_BOT_TOKEN=self.slack.slack.bot_token, INTERVIEWD_SLACK_APP_TOKEN=self.slack.slack.app_token)
        if fault:
            env["INTERVIEWD_FAULT"] = fault
        options = ["bot.database=" + self.database, "telegram.api_url=" + self.tg.tg.url,
                   "slack.api_url=" + self.slack.slack.api_url, "limits.answers_per_minute=100000", *self.options]
        with open(self.log_path, "ab") as log:
            return subprocess.Popen([self.binary, *(x for o in options for x in ("-o", o)), "run"], env=env,
                                    stdin=subprocess.DEVNULL, stderr=log)

    def deliver(self, sides=None):
        for side in sides or self.sides:
            self.answers += side.deliver(lambda who: "답 %d번, %s 씀: 리눅스 커널은 링 0에서 돈다" % (
                len(self.answers) + self.random.randint(0, 1 << 40) * 1000, who))

    def kill(self, process):
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.kills += 1
        if self.too_many is None and self.repeated() > self.kills:
            self.too_many = "%d messages twice after %d kills" % (self.repeated(), self.kills)

    def kill_at_step(self, number):
        platform, label, most = STEPS[number % len(STEPS)]
        process = self.start("%s@%s:%d" % (label, platform, self.random.randint(1, most)))
        self.deliver([s for s in self.sides if s.name == platform])
        end = time.monotonic() + 10
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
            if self.random.random() < 0.1:
                self.deliver([self.slack])  # a person goes on as soon as there is a reply
        if process.poll() is not None:
            need(process.returncode == -signal.SIGKILL, "it ended with %s" % process.returncode)
            self.at_step[platform, label] = self.at_step.get((platform, label), 0) + 1
        self.kill(process)

    def kill_at_random(self):
        process = self.start()
        self.deliver()
        time.sleep(self.random.random() * 1.2)
        self.kill(process)

    def query(self, sql):
        db = sqlite3.connect("file:%s?mode=ro" % self.database, uri=True)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def wait_sent(self, process):
        end = time.monotonic() + PATIENCE
        for side in self.sides:
            side.wait_idle()
        while self.query(WAITING):
            need(process.poll() is None, "it ended")
            need(time.monotonic() < end, "not sent: %s" % self.query(WAITING)[:3])
            time.sleep(0.1)

    def to_the_end(self):
        process = self.start()
        try:
            self.deliver()
            self.wait_sent(process)
            self.answers += self.slack.finish(lambda who: "마지막 답, %s 씀" % who)
            self.wait_sent(process)
            process.send_signal(signal.SIGTERM)
            need(process.wait(timeout=PATIENCE) == 0, "status %s" % process.returncode)
        finally:
            process.kill()
            process.wait()

    def seen(self, side, person):
        """Which rounds' questions (hint:N) and results (again:N) came, each as often as it came."""
        return [b for m in side.buttons(person) for b in m if b.startswith(("hint:", "again:"))]

    def repeated(self):
        return sum(len(x) - len(set(x)) for side in self.sides for x in (self.seen(side, p) for p in side.people))

    # ---- afterwards ----

    def check_answers(self):
        stored = sorted(text for text, in self.query("SELECT text FROM answers"))
        need(stored == sorted(self.answers), "delivered %d, stored %d, different %s" % (
            len(self.answers), len(stored), sorted(set(stored) ^ set(self.answers))[:5]))

    def check_scores(self):
        q = self.query
        need(not q("SELECT m.chat, m.user FROM members m WHERE m.points<>(SELECT coalesce(sum(ranked),0) FROM answers a"
                   " WHERE a.chat=m.chat AND a.user=m.user)"), "totals differ from the answers")
        need(not q("SELECT t.chat FROM tallies t WHERE t.points<>(SELECT coalesce(sum(ranked),0) FROM answers a"
                   " WHERE a.chat=t.chat AND a.user=t.user AND a.day=t.day)"), "tallies differ from the answers")
        need(q("SELECT sum(points) FROM members") == q("SELECT sum(ranked) FROM answers"), "the board's sum")
        need(not q("SELECT r.id FROM rounds r WHERE r.answers<>CASE WHEN r.kind=2"
                   " THEN 0 ELSE (SELECT count(*) FROM answers a WHERE a.round=r.id AND attempt=1 AND late=0) END"),
             "counts of rounds differ from the answers")

    def check_replies(self):
        need(self.query("SELECT count(*) FROM refused") == [(0,)], "messages were refused or given up")
        rounds = dict(self.query("SELECT ext, group_concat(rounds.id) FROM rounds JOIN chats ON chats.id=chat GROUP BY ext"))
        for side in self.sides:
            for person in side.people:
                chat = str(person.id) if side is self.tg else person.im.id
                wanted = {kind + n for n in rounds.get(chat, "").split(",") if n for kind in ("hint:", "again:")}
                seen = self.seen(side, person)
                need(len(seen) == len(side.buttons(person)), "%s got something else" % chat)
                need(set(seen) == wanted, "%s: missing %s, not asked for %s" % (chat, wanted - set(seen), set(seen) - wanted))
        need(len(self.query("SELECT id FROM rounds")) == len(self.answers), "rounds")

    def check_repeats(self):
        print("# %d answers, %d kills (%d at steps), %d messages twice" % (
            len(self.answers), self.kills, sum(self.at_step.values()), self.repeated()), flush=True)
        need(self.too_many is None and self.repeated() <= self.kills, self.too_many or "%d messages twice" % self.repeated())

    def check_database(self):
        need(self.query("PRAGMA integrity_check") == [("ok",)], "integrity_check")
        need(self.query("PRAGMA foreign_key_check") == [], "foreign_key_check")

    def check_all(self):
        for check in (self.check_answers, self.check_scores, self.check_replies, self.check_repeats, self.check_database):
            check()
        self.tg.tg.check()


class Skip(Exception):
    pass


def has_faults():
    with open(BINARY, "rb") as f:
        return b"INTERVIEWD_FAULT" in f.read()


def killed(run):
    """Killed again and again, at steps and at random: nothing lost, nothing twice but a message a kill."""
    steps = 0
    for number in range(KILLS):
        if number % 3 == 2 or not has_faults():
            run.kill_at_random()
        else:
            run.kill_at_step(steps)
            steps += 1
    run.to_the_end()
    run.check_all()
    if has_faults() and steps >= len(STEPS):
        missing = ["%s at %s" % (label, platform) for platform, label, _ in STEPS if (platform, label) not in run.at_step]
        need(not missing, "never died: " + ", ".join(missing))


def fill(path):
    """Takes all the room there is; True when there is none left."""
    try:
        with open(path, "wb", buffering=0) as f:
            while True:
                f.write(b"x" * 4096)
    except OSError:
        return True


def full_disk(run):
    """A disk that is full, killed, given room again: whatever came meanwhile is delivered again and counted once."""
    small = os.path.join(run.folder, "small")
    os.mkdir(small)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small], stderr=subprocess.DEVNULL).returncode:
        raise Skip("no right to mount a small disk here")
    run.database = os.path.join(small, "i.db")
    ballast = os.path.join(small, "ballast")
    try:
        process, full = run.start(), 0
        try:
            run.deliver()
            run.wait_sent(process)
            for turn in range(6):
                full += fill(ballast)
                for _ in range(3):
                    run.deliver()
                    time.sleep(0.3)
                if turn % 2:
                    run.kill(process)
                    process = run.start()
                    time.sleep(0.5)
                os.unlink(ballast)
                time.sleep(1.5)
        finally:
            process.kill()
            process.wait()
        need(full == 6, "the disk was never full")
        with open(run.log_path, encoding="utf-8", errors="replace") as f:
            need("full" in f.read(), "no word of the full disk in the log")
        run.to_the_end()
        run.check_all()
    finally:
        subprocess.run(["umount", "-l", small], check=True)


def stepping_clock(run):
    """The clock jumps hours, days and years both ways under the running daemon, which is killed in between."""
    if not has_faults():
        raise Skip("this build's clock cannot be stepped")
    for number, step in enumerate((3 * 3600, -5 * 3600, 2 * DAY, -400 * DAY, 0, 20 * 365 * DAY, -40 * 365 * DAY, 0)):
        process = run.start()
        run.deliver()
        time.sleep(0.5)
        with open(run.clock + ".new", "w", encoding="utf-8") as f:
            f.write("%d" % (1000 * step))
        os.rename(run.clock + ".new", run.clock)
        run.deliver()
        time.sleep(0.8)
        if number % 2:
            run.kill(process)
        else:
            run.wait_sent(process)
            process.send_signal(signal.SIGTERM)
            need(process.wait(timeout=PATIENCE) == 0, "status %s" % process.returncode)
    run.to_the_end()
    run.check_all()


def main(chosen):
    tests = [t for t in chosen if len(sys.argv) < 2 or sys.argv[1] in t.__name__]
    print("1..%d" % len(tests))
    failed = 0
    for i, test in enumerate(tests, 1):
        folder = tempfile.mkdtemp(prefix="iv-kill-")
        name = "%s: %s" % (test.__name__.replace("_", " "), test.__doc__.split(":")[0])
        with TelegramServer() as tg, SlackServer() as slack:
            run = Run(tg, slack, folder)
            try:
                test(run)
                print("ok %d - %s" % (i, name), flush=True)
            except Skip as why:
                print("ok %d - %s # SKIP %s" % (i, name, why), flush=True)
            except (AssertionError, TimeoutError, sqlite3.Error) as error:
                failed += 1
                print("not ok %d - %s\n%s" % (i, name, "\n".join("# " + x for x in str(error).splitlines())), flush=True)
                with open(run.log_path, encoding="utf-8", errors="replace") as f:
                    print("".join("# " + line for line in f.readlines()[-20:]), flush=True)
        keep_found(folder)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main((killed, full_disk, stepping_clock))
