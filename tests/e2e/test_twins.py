#!/usr/bin/env python3
"""The twin rule: one scripted conversation on the terminal, Telegram and Slack reads alike and scores alike."""
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from slack_support import BANK, OWN, WRONG, Stage                # noqa: E402
from support import BINARY, Place, case, main, noon, score_of, sound, standings   # noqa: E402
from telegram_server import TelegramServer                              # noqa: E402

TCP = "TCP는 연결을 맺고 순서를 보장해요. UDP는 연결 없이 빨라요."
SCRIPTS = {
    "ko": ["/질문 가상화", OWN, "/왜", "/점수", "/순위", "/질문 TCP", "/힌트", TCP, "/다시", WRONG,
           "/질문 DNS", "/건너뛰기", "/연습 2 가상화", OWN, "/그만", "/주제들", "/모르는명령", "/점수", "/순위 주", "/왜"],
    "en": ["/lang en", "/question 가상화", "A hypervisor is software that runs several virtual machines on one server.",
           "/why", "/hint", "/question DNS", "I do not know", "/score", "/leaderboard today", "/topics", "/help"],
}


def plain(text, command=""):
    """What is read, without what only one platform has: marks, buttons, how a command is spelled."""
    text = text.replace("\u200b", "").replace(command, "/") if command else text.replace("\u200b", "")
    lines = [re.sub(r"[*_`]", "", line).rstrip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line and not re.match(r"\[.*\]$", line) and line != "```")


def on_terminal(script, name):
    with Place() as p:
        bank = p.write("bank.md", BANK)
        return [plain(r) for r in p.talk(*script, user=name, options=["-o", "bot.bank=" + bank, "-o", noon()])]


def on_slack(script, name):
    replies = []
    with Stage(options=[noon()], start=False) as s:
        s.slack.change_user(s.boram, display_name=name, tz=noon().split("=")[1])
        s.start()
        for message in script:
            before = len(s.slack.messages(s.boram.im, bot=True))
            s.dm(s.boram, message)
            s.wait(lambda: s.outbox() == 0, "an empty outbox")     # a long reply comes in several messages
            said = s.slack.messages(s.boram.im, bot=True)[before:]
            replies.append("\n".join(plain(m.plain, "/interview ") for m in said))
    return replies


def on_telegram(script, name):
    replies = []
    with Place() as p, TelegramServer() as tg:
        person = tg.user(name, language="ko")
        args = ["telegram.api_url=" + tg.url, "bot.bank=" + p.write("bank.md", BANK), noon()]
        log = open(p.path("log"), "wb")
        process = subprocess.Popen([BINARY, *[x for o in args for x in ("-o", o)], "run"], cwd=p.root, stdout=log,
                                   stderr=log, env=p.env(INTERVIEWD_TELEGRAM_TOKEN=tg.token))
        try:
            tg.wait_polling()
            person.start()
            last = tg.wait_for_message(person, None, 20)
            for message in script:
                person.tell(message)
                last = tg.wait_for_message(person, None, 20, after=last)
                replies.append(plain(last.content))
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(20)
            log.close()
        with open(p.path("log"), "rb") as f:
            sound(code, f.read())
    return replies


def alike(language):
    script, name = SCRIPTS[language], "보람"
    faces = {"terminal": on_terminal(script, name), "telegram": on_telegram(script, name), "slack": on_slack(script, name)}
    for i, message in enumerate(script):
        said = {face: replies[i] for face, replies in faces.items()}
        for face in ("telegram", "slack"):
            assert said[face] == said["terminal"], "%r\n-- terminal\n%s\n-- %s\n%s" % (
                message, said["terminal"], face, said[face])
    assert any(score_of(r) > 50 for r in faces["slack"] if re.search(r"\d+(점|/100)", r))
    assert [r for r in faces["slack"] if standings(r)]


@case("one conversation in Korean: the same replies, scores and board on all three")
def korean():
    alike("ko")


@case("one conversation in English")
def english():
    alike("en")


main()
