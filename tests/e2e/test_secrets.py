#!/usr/bin/env python3
"""Tokens and answers: on a bad day on both platforms, at the most talkative level, no token is in anything that was
written; no answer's text is in the log at the default level. TAP."""
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "servers"), os.path.join(HERE, "..", "support")]
from kept import forms, keep_found, tokens_in  # noqa: E402
from slack_server import SlackServer  # noqa: E402
from telegram_server import TelegramServer  # noqa: E402

BINARY = os.environ["INTERVIEWD"]
PATIENCE = 60
MARK = "표식-mark-7261"


def need(condition, what):
    if not condition:
        raise AssertionError(what)


class Day:
    def __init__(self, folder, tg, slack):
        self.folder, self.tg, self.slack, self.number = folder, tg, slack, 0
        self.tokens = [tg.token, slack.bot_token, slack.app_token]

    def path(self, name):
        return os.path.join(self.folder, name)

    def command(self, level, *words):
        options = ["bot.database=" + self.path("i.db"), "metrics.textfile=" + self.path("m.prom"), "log.level=" + level,
                   "telegram.api_url=" + self.tg.url, "slack.api_url=" + self.slack.api_url]
        return [BINARY] + [w for o in options for w in ("-o", o)] + list(words)

    def env(self, telegram=None):
        return dict(os.environ, INTERVIEWD_TELEGRAM_TOKEN=telegram or self.tg.token,
                    INTERVIEWD_SLACK_BOT_TOKEN=self.slack.bot_token, INTERVIEWD_SLACK_APP_TOKEN=self.slack.app_token)

    def run(self, level, scene, telegram=None):
        """The daemon for the length of scene(); its log is a file of the folder."""
        self.number += 1
        with open(self.path("log%d" % self.number), "wb") as log:
            process = subprocess.Popen(self.command(level, "run"), env=self.env(telegram), stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log)
            try:
                scene()
                process.send_signal(signal.SIGTERM)
                need(process.wait(PATIENCE) in (0, 1), "ended with %s" % process.returncode)
            finally:
                process.kill()
                process.wait()
        with open(self.path("log%d" % self.number), "rb") as log:
            return log.read()

    def other(self, *words):
        done = subprocess.run(self.command("debug", *words), env=self.env(), stdin=subprocess.DEVNULL, timeout=PATIENCE,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with open(self.path("said-" + words[0]), "wb") as f:
            f.write(done.stdout)

    def look(self):
        """Everything that was written, token by token."""
        for name in sorted(os.listdir(self.folder)):
            with open(self.path(name), "rb") as f:
                content = f.read()
            for token in self.tokens + ["7000000002:a-wrong-token-a-wrong-token"]:
                for form in forms(token):
                    need(form not in content, "%r is in %s" % (form, name))


def wait(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        need(time.monotonic() < end, "never came: " + what)
        time.sleep(0.05)


def a_good_day(day):
    kim = day.tg.user("Kim", language="ko", started=True)

    def scene():
        day.tg.wait_polling()
        kim.tell("/question")
        day.tg.wait_for_message(kim, "❓", timeout=PATIENCE)
        kim.tell("제 답은 %s 입니다" % MARK)
        day.tg.wait_for_message(kim, "점", timeout=PATIENCE)
        day.tg.wait_idle(PATIENCE)
        only_the_owner_reads(day, "i.db", "i.db-wal", "i.db-shm", "i.db.lock")
    log = day.run("info", scene)
    need(b"telegram" in log, log)
    need(MARK.encode() not in log, "an answer is in the log at the default level")


def a_bad_day(day):
    kim = day.tg.user("Lee", language="ko", started=True)

    def scene():
        for kind in ("500", "502", "429", "reset", "malformed", "truncated", "body"):
            options = {"body": b"<html>%s</html>" % day.tg.token.encode()} if kind == "body" else {}
            fault = day.tg.fault(kind, count=2, **options)
            kim.tell("/help")
            wait(lambda: fault.hits > 0, kind)
        day.tg.offline()
        day.slack.drop_connections() if hasattr(day.slack, "drop_connections") else None
        time.sleep(0.5)
        day.tg.online()
        day.tg.wait_idle(PATIENCE)
    log = day.run("debug", scene)
    need(b" warn: " in log, "a bad day left no line")


def an_error_that_tells_our_url(day):
    """Proxies like to say which URL they could not get; at each level, and what a level hides is kept by the test build."""
    telegram = b'{"ok":false,"error_code":502,"description":"no route to %s"}' % (
        ("%s/bot%s/getUpdates" % (day.tg.url, day.tg.token)).encode())

    def scene():
        wait(lambda: all(fault.hits > 0 for fault in faults), "the odd errors")
        day.tg.wait_polling(PATIENCE)
    for level in ("debug", "error"):
        faults = [day.tg.fault("body", method, body=telegram, status=502) for method in ("getMe", "getUpdates")]
        faults += [day.slack.fail("error", method, error="no_route " + token) for method, token in (
            ("auth.test", day.slack.bot_token), ("apps.connections.open", day.slack.app_token))]
        log = day.run(level, scene)
        need((b"[redacted]" in log) == (level == "debug"), "at %s: %r" % (level, log))


def wrong_tokens(day):
    log = day.run("debug", lambda: wait(lambda: b"does not know this bot" in open(day.path("log%d" % day.number), "rb").read(),
                                        "the refusal"), telegram="7000000002:a-wrong-token-a-wrong-token")
    need(b"INTERVIEWD_TELEGRAM_TOKEN" in log or b"token" in log, log)


def other_commands(day):
    day.other("status")
    day.other("check", "--online")
    day.other("backup", day.path("copy.db"))
    day.other("config-sample")
    need(os.path.getsize(day.path("copy.db")) > 0 and os.path.getsize(day.path("said-status")) > 0, "too little was said")


def no_token_anywhere(day):
    need(len(os.listdir(day.folder)) >= 8, os.listdir(day.folder))
    day.look()


def the_look_would_find_one(day):
    with open(day.path("planted"), "wb") as f:
        f.write(b"https://api/bot" + urllib.parse.quote(day.tg.token, safe="").encode() + b"/getMe")
    try:
        day.look()
    except AssertionError:
        os.unlink(day.path("planted"))
        return
    raise AssertionError("a planted token was not found")


def the_runner_would_find_one(day):
    """By its shape, in what every other test wrote too."""
    for token in day.tokens:
        for text in (token, urllib.parse.quote(token, safe=""), token.split(":")[-1], "https://api/bot%s/getMe" % token):
            need(tokens_in(b"GET " + text.encode() + b" HTTP/1.1"), "%s is not known as a token" % text)
    need(not tokens_in(b"2026-11-28T16:24:23.123Z info: xoxb-... xapp-... 123456:ABC bot[redacted]"), "a false alarm")


def only_the_owner_reads(day, *files):
    for name in files or ("i.db", "copy.db"):
        mode = stat.S_IMODE(os.stat(day.path(name)).st_mode)
        need(mode == 0o600, "%s has mode %o" % (name, mode))


def no_core_dumps(day):
    process = subprocess.Popen(day.command("info", "chat"), env=day.env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        process.stdout.readline()
        with open("/proc/%d/limits" % process.pid, encoding="ascii") as f:
            line = next(x for x in f if x.startswith("Max core file size"))
        need(line.split()[4:6] == ["0", "0"], line)
    finally:
        process.kill()
        process.communicate()


TESTS = [a_good_day, a_bad_day, an_error_that_tells_our_url, wrong_tokens, other_commands, no_token_anywhere, the_look_would_find_one,
         the_runner_would_find_one, only_the_owner_reads, no_core_dumps]


def main():
    print("1..%d" % len(TESTS))
    with TelegramServer() as tg, SlackServer() as slack, tempfile.TemporaryDirectory() as folder:
        day = Day(folder, tg, slack)
        for i, test in enumerate(TESTS, 1):
            name = test.__name__.replace("_", " ")
            try:
                test(day)
                print("ok %d - %s" % (i, name), flush=True)
            except (AssertionError, OSError, StopIteration, subprocess.SubprocessError) as error:
                print("not ok %d - %s\n%s" % (i, name, "\n".join("# " + x for x in str(error).splitlines()[-12:])), flush=True)
        keep_found(folder)


main()
