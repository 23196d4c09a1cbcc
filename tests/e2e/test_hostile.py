#!/usr/bin/env python3
"""Hostile strings (tests/cases/hostile) as names, titles, topics, questions, answers and commands, through every place
where text is rendered: Telegram's HTML, Slack's mrkdwn, the terminal, log lines, JSON, metrics, SQL. TAP.

Each place has a checker that knows its format and nothing of the program; what a checker lets through is harmless.
"""
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "servers"), os.path.join(HERE, "..", "support")]
import prometheus  # noqa: E402
from slack_server import SlackServer  # noqa: E402
from support import BINARY, Place, case, keep, main  # noqa: E402
from telegram_server import TelegramServer  # noqa: E402

with open(os.path.join(HERE, "..", "cases", "hostile", "strings.json"), encoding="utf-8") as _f:
    CORPUS = [(row["name"], row["text"]) for row in json.load(_f)]
PATIENCE = 120
# What no terminal, log or chat may get: controls (C0 but LF and TAB, DEL, C1), line separators, overrides of direction.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (error|warn|info|debug): \S.*")


def need(condition, what):
    if not condition:
        raise AssertionError(what)


# ---- checkers -------------------------------------------------------------------------------------------------------

def check_text(text, where):
    found = UNSAFE.search(text)
    need(not found, "%s: U+%04X in %r" % (where, ord(found.group()) if found else 0, text[:400]))


def check_log(raw):
    text = raw.decode("utf-8")  # raises
    check_text(text, "log")
    for line in text.splitlines():
        need(LOG_LINE.fullmatch(line), "no log line: %r" % line[:300])
    return text


def check_telegram(tg):
    """The server has parsed every text, refused what is not HTML, and noted what only works by chance."""
    tg.check()
    for message in tg.sent:
        check_text(message.content, "Telegram")
        for row in message.keyboard:
            for button in row:
                check_text(button["text"], "a button")
        for entity in message.entities:
            need(entity["type"] not in ("text_link", "text_mention", "custom_emoji"), "an injected %s in %r" % (
                entity, message.content[:300]))
            need("evil" not in entity.get("language", ""), "a language: %s" % entity)


def check_slack(slack):
    slack.check()
    need(not slack.pings, "somebody was called: %s" % slack.pings[:3])
    for call in slack.requests():
        for kind, text in slack_texts(call.args):
            check_text(text, call.method)
            if kind == "mrkdwn":
                need(not re.search(r"<(!|#C0NOW|@U0NOB|(https?|mailto|tel):[^>]*(evil|a@b))", text), "a call or link in %s" % text[:600])


def slack_texts(value, kind="mrkdwn"):
    """Every text below VALUE, with how Slack reads it: mrkdwn, or as it is."""
    if isinstance(value, dict):
        own = "plain" if value.get("type") in ("plain_text", "button", "plain_text_input") else kind
        return [t for k, v in value.items() for t in slack_texts(v, "plain" if k in ("value", "action_id", "private_metadata") else own)]
    if isinstance(value, list):
        return [t for v in value for t in slack_texts(v, kind)]
    return [(kind, value)] if isinstance(value, str) else []


def check_terminal(raw, colours=False):
    """Not a byte that a terminal obeys; on a TTY nothing but colours."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as e:
        raise AssertionError("not UTF-8: %r" % raw[max(0, e.start - 200):e.start + 60]) from None
    if colours:
        text = re.sub("\x1b\\[[0-9;]*m", "", text).replace("\r\n", "\n")
    check_text(text, "terminal")
    return text


def check_database(path):
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        need(db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "integrity_check")
        need(db.execute("PRAGMA foreign_key_check").fetchall() == [], "foreign_key_check")
        need(db.execute("SELECT count(*) FROM refused").fetchone() == (0,), "refused: %s" % db.execute(
            "SELECT * FROM refused").fetchall()[:3])
        for (name,) in db.execute("SELECT name FROM users"):
            check_text(name, "a stored name")
            need("\n" not in name and "\t" not in name, "a name of several lines: %r" % name)
        return db.execute("SELECT count(*) FROM answers").fetchone()[0]
    finally:
        db.close()


def check_json_lines(raw):
    rows = []
    for line in raw.decode("utf-8").splitlines():
        rows.append(json.loads(line, strict=True))  # refuses raw controls in strings

        def walk(value):
            for v in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
                walk(v)
            if isinstance(value, str):
                check_text(value, "JSON")
        walk(rows[-1])
    return rows


# ---- a bank made of them --------------------------------------------------------------------------------------------

def bank():
    """Each string as a topic, a question, an answer and a note: as Markdown would have it, and behind an innocent start."""
    out = ["# 보통\n\n<details>\n<summary>커널이란 무엇인가요?</summary>\n\n커널은 하드웨어를 다룹니다.\n\n</details>\n"]
    for number, (name, text) in enumerate(CORPUS):
        line = " ".join(text.replace("\x00", "\ufffd").split("\n"))[:600]
        out.append("# T%d %s\n\n<details>\n<summary>Q%d %s?</summary>\n\n```\nA%d %s: 커널은 하드웨어를 다룹니다\n```\n\n+) N %s\n\n</details>\n" % (
            number, line, number, line, number, line, line))
    return "\n".join(out).encode("utf-8", "surrogatepass")


def shown(command, place):
    """Runs it, checks what it shows; its exit status. (The two streams are buffered apart: together they tear.)"""
    done = subprocess.run(command, env=place.env(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=PATIENCE)
    keep(done.stdout, done.stderr)
    check_terminal(done.stdout)
    check_terminal(done.stderr)
    return done.returncode


def one_line(text):
    return text.replace("\x00", "").replace("\n", " ").replace("\r", " ")


class Daemon:
    def __init__(self, place, *options, **env):
        self.place, self.log = place, open(place.path("log"), "wb")
        self.database = place.path("h.db")
        options = ["bot.database=" + self.database, "bot.bank=" + place.write("bank.md", bank()), "log.level=debug",
                   "limits.answers_per_minute=100000", "metrics.textfile=" + place.path("m.prom"), *options]
        self.args = [BINARY] + [x for o in options for x in ("-o", o)]
        self.process = subprocess.Popen(self.args + ["run"], env=place.env(**env), stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)

    def wait_sent(self):
        end = time.monotonic() + PATIENCE
        while True:
            need(self.process.poll() is None, "it ended with %s" % self.process.returncode)
            need(time.monotonic() < end, "messages are still to be sent")
            db = sqlite3.connect("file:%s?mode=ro" % self.database, uri=True)
            try:
                if db.execute("SELECT count(*) FROM unsent").fetchone() == (0,):
                    return
            finally:
                db.close()
            time.sleep(0.1)

    def stop(self):
        """Ends it, checks what every daemon writes; its log."""
        for words in (["status"], ["bank", "list"], ["check"]):
            shown(self.args + words, self.place)
        with open(self.place.path("m.prom"), encoding="utf-8") as f:
            prometheus.parse(f.read())
        self.process.send_signal(signal.SIGTERM)
        need(self.process.wait(PATIENCE) == 0, "status %s" % self.process.returncode)
        with open(self.place.path("log"), "rb") as f:
            return check_log(f.read())

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.kill()
        self.process.wait()
        self.log.close()


@case("Telegram: names, titles, answers, commands, buttons and a file")
def telegram():
    with TelegramServer() as tg, Place() as place:
        people = [(tg.user(text[:64] or "x", language="ko" if i % 2 else "en", started=True), text)
                  for i, (_, text) in enumerate(CORPUS)]
        with Daemon(place, "telegram.unlimited=yes", "telegram.api_url=" + tg.url,
                    INTERVIEWD_TELEGRAM_TOKEN=tg.token) as bot:
            tg.wait_polling()
            for number, (person, text) in enumerate(people):
                group = tg.supergroup(text[:128], members=[person])
                short = text[:3900]
                for said in ("/start", "/topic " + short, "/topic T%d" % number, "하드웨어 " + short, "/why", "/question " + short[:50],
                             short, "/topics", "/topics " + short, "/board", "/daily " + short, "/lang " + short, "/" + short,
                             "/settings", "/score", "/export", "/practice T%d" % number, "커널 " + short, "/stop"):
                    person.tell(said)
                person.say(group, "/question@interview_test_bot T%d" % number)
                asked = tg.wait_for_message(group, None, PATIENCE)
                person.say(group, "하드웨어 " + short, reply_to=asked)
                person.say(group, "/board@interview_test_bot")
                person.say(group, "/daily@interview_test_bot " + short[:100])
            tg.wait_idle(PATIENCE)
            bot.wait_sent()
            log = bot.stop()
            need("forged line" not in log or "\n2026-01-01" not in log, "a forged line in the log")
        check_telegram(tg)
        need(check_database(bot.database) >= 2 * len(CORPUS), "answers are missing")
        files = [m for m in tg.sent if m.data is not None]
        need(len(files) >= len(CORPUS), "exports: %d" % len(files))
        for message in files:
            # A person's own words, as they came: the format alone has to hold. Strict: no raw control in a string.
            need(json.loads(message.data, strict=True)["answers"], "an export without answers")


@case("Slack: names, answers in text and in a form, commands, a shared channel")
def slack():
    with SlackServer() as s, Place() as place:
        s.ack_timeout = s.trigger_ttl = float(PATIENCE)
        people = [(s.user("p%d" % i, display_name=text[:80] or "x", real_name=text[:80] or "x",
                          locale="ko-KR" if i % 2 else "en-GB"), text) for i, (_, text) in enumerate(CORPUS)]
        room = s.channel("general", members=[p for p, _ in people])
        with Daemon(place, "slack.api_url=" + s.api_url, INTERVIEWD_SLACK_BOT_TOKEN=s.bot_token,
                    INTERVIEWD_SLACK_APP_TOKEN=s.app_token) as bot:
            s.wait_connected(timeout=60)
            for number, (person, text) in enumerate(people):
                short = text[:2900]
                for said in ("topic " + short, "topic T%d" % number, "하드웨어 " + short, "why", short, "board", "daily " + short):
                    person.dm(said)
                    s.settle(PATIENCE, quiet=0.02)
                person.slash(room, "/interview", "topic " + one_line(short)[:500]).wait(PATIENCE)
                if number % 4 == 0:
                    last = s.messages(room)
                    person.say(room, "question T%d" % number, mention=True)
                    post = s.wait_message(room, after=last[-1] if last else "0", timeout=PATIENCE)
                    person.say(room, "하드웨어 " + short, thread=post)
            s.settle(PATIENCE)
            bot.wait_sent()
            bot.stop()
        need(check_database(bot.database) >= len(CORPUS), "answers are missing")
        check_slack(s)


@case("the terminal: a name, answers and commands, piped and on a TTY; the bank's export and list")
def terminal():
    with Place() as place:
        path = place.write("bank.md", bank())
        options = ["-o", "bot.bank=" + path]
        for name, text in CORPUS:
            lines = ["/topic " + one_line(text), "/question", "커널 " + one_line(text), "/why", "/board", "/topics " + one_line(text),
                     "/" + one_line(text), "\\", *text.split("\n"), "\\"]
            script = "".join(x + "\n" for x in lines).encode("utf-8", "surrogatepass")
            user = text.replace("\x00", "")[:64] or "x"
            done = subprocess.run([BINARY, *options, "chat", "--user", user], input=script, env=place.env(),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE)
            need(done.returncode == 0, "%s: status %s %r" % (name, done.returncode, done.stderr[:500]))
            check_terminal(done.stdout)
            check_terminal(done.stderr)
        check_terminal(tty_output([BINARY, *options, "chat"], place, ["/topic T13", "답", "/why", "/topics", "/board"]), colours=True)
        for words in (["bank", "list"], ["check"], ["bank", "show", "1"]):
            shown([BINARY, *options, *words], place)
        done = subprocess.run([BINARY, *options, "bank", "export"], env=place.env(), stdout=subprocess.PIPE, timeout=PATIENCE)
        need(len(check_json_lines(done.stdout)) >= len(CORPUS) / 2, "questions are missing")
        check_database(place.database)


def tty_output(command, place, lines):
    """What a conversation writes to a terminal that can do nothing (TERM=dumb: no line editing of libedit's)."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=slave, stderr=slave, env=place.env(TERM="dumb"))
    os.close(slave)
    process.stdin.write("".join(x + "\n" for x in lines).encode())
    process.stdin.close()
    out = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:  # the other side is closed
            break
        if not chunk:
            break
        out += chunk
    os.close(master)
    need(process.wait(PATIENCE) == 0, "status %s" % process.returncode)
    return out


@case("file names and options: a bank, a configuration and the command line")
def files():
    with Place() as place:
        for _, text in CORPUS:
            name = text.replace("\x00", "").replace("/", "_").encode("utf-8", "surrogatepass")[:100].decode("utf-8", "ignore") or "x"
            folder = os.path.join(place.root, "b")
            os.makedirs(folder, exist_ok=True)
            path = os.path.join(folder, name + ".md")
            with open(path, "wb") as f:
                f.write(b"\xff\xfe" + bank()[:3000] + "\n<details>\n<summary>never closed".encode())
            config = place.write("c.conf", "[bot]\nlanguage = %s\n%s = 1\n" % (text, text))
            for words in (["-o", "bot.bank=" + path, "check"], ["-c", config, "check"], ["-c", path, "check"],
                          ["-o", text.replace("\x00", "")[:200] + "=1", "check"], [text.replace("\x00", "")[:200] or "x"],
                          ["-o", "bot.bank=" + path, "bank", "show", text.replace("\x00", "")[:200]],
                          ["-o", "bot.database=" + path, "status"]):
                status = shown([BINARY, *words], place)
                need(status in (0, 1, 2), "status %s of %r" % (status, words))
            os.unlink(path)


main()
