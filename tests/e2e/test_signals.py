#!/usr/bin/env python3
"""SIGHUP: configuration and bank are read anew, what cannot change is named, and what is broken changes nothing.
SIGTERM: what is in flight is finished, and nothing holds the end up. TAP."""
import os
import signal
import sys

from slack_support import Stage
from support import question, score_of
from telegram_bot import Bot, equal, run

ONE = "# 하나\n\n" + question("첫째 질문은 무엇인가요?", "첫째 답입니다.")
TWO = ONE + question("둘째 질문은 무엇인가요?", "둘째 답입니다.")


class Setting:
    def __init__(self, tg, place, *lines, bank=ONE):
        self.tg, self.place = tg, place
        self.bank = place.write("bank.md", bank)
        self.path = self.write(*lines)
        self.bot = Bot(tg, place, bank=None, config=self.path)

    def write(self, *lines):
        return self.place.write("i.conf", "[bot]\nbank = %s\n%s\n" % (self.bank, "\n".join(lines)))

    def reload(self, wanted):
        """SIGHUP; what the log says of it, once it says WANTED."""
        before = len(self.bot.log)
        self.bot.process.send_signal(signal.SIGHUP)
        self.bot.tg.wait(lambda: wanted in self.bot.log[before:], 20, "the log to say " + wanted)
        return self.bot.log[before:]


def reply(tg, person, text):
    last = tg.messages(person)[-1] if tg.messages(person) else None
    person.tell(text)
    return tg.wait_for_message(person, None, 20, after=last).content


def what_can_change_changes(tg, place):
    kim, lee = tg.user("Kim", started=True), tg.user("Lee", language="en", started=True)
    s = Setting(tg, place, "chats = %s" % kim.id, "language = en", "[limits]", "answers_per_minute = 1")
    with s.bot:
        assert "invited" in reply(tg, lee, "/help"), tg.messages(lee)
        place.write("bank.md", TWO)
        metrics = place.path("m.prom")
        s.write("language = ko", "[metrics]", "textfile = " + metrics, "[log]", "level = warn")
        s.reload("reloading")
        tg.wait(lambda: os.path.exists(metrics), 20, "the metrics")
        with open(metrics, encoding="utf-8") as f:
            assert "interviewd_bank_questions 2" in f.read()
        park = tg.user("Park", language="en", started=True)
        assert "안녕" in reply(tg, park, "/start"), "the default language, and who is served"
        for word in ("/question", "첫째 답입니다.", "/question", "둘째 답입니다."):
            got = reply(tg, park, word)
        assert "점 —" in got, "limits.answers_per_minute: " + got
        assert "configuration: read" not in s.bot.log  # log.level=warn


def a_new_alias_counts(tg, place):
    kim = tg.user("Kim", language="ko", started=True)
    s = Setting(tg, place, bank="# 하나\n\n" + question("무엇이 커널을 부르나요?", "카나리아콜입니다."))
    with s.bot:
        reply(tg, kim, "/question")
        before = reply(tg, kim, "부르는 것은 팔로마콜이에요")
        place.write("bank.aliases.tsv", "canary-call\t카나리아콜\t팔로마콜\n")
        s.reload("bank: 1 questions")
        reply(tg, kim, "/again")
        after = reply(tg, kim, "부르는 것은 팔로마콜이에요")
        assert score_of(after) > score_of(before), (before, after)


def what_cannot_change_is_named_in_one_line(tg, place):
    s = Setting(tg, place)
    with s.bot:
        s.write("database = " + place.path("other.db"), "[telegram]", "token_file = /nowhere", "connections = 3",
                "[slack]", "bot_token_file = /nowhere")
        log = s.reload("bank: 1 questions")
        lines = [line for line in log.splitlines() if "until a restart" in line]
        equal(len(lines), 1, "lines")
        # The command line goes before the file, so the database is as it was.
        for name in ("telegram.token_file", "telegram.connections", "slack.bot_token_file"):
            assert name in lines[0], lines
        assert "bot.database" not in lines[0] and not os.path.exists(place.path("other.db"))
        assert s.reload("bank: 1 questions").count("until a restart") == 1, "and again, as long as it is so"


def a_broken_file_keeps_the_old_one(tg, place):
    kim = tg.user("Kim", language="en", started=True)
    s = Setting(tg, place, "language = en")
    with s.bot:
        s.write("language = ko", "timezone = Nowhere/Land", "nonsense")
        log = s.reload("the one in use stays")
        assert s.path + ":4: bot.timezone" in log and s.path + ":5: neither" in log, log
        os.unlink(s.path)
        log = s.reload("the one in use stays")
        assert s.path + ":1: cannot be read" in log, log
        assert "안녕" not in reply(tg, kim, "/start"), "the language of the broken file"
        s.write("language = ko")
        s.reload("configuration: read")


def a_broken_bank_keeps_the_old_one(tg, place):
    kim = tg.user("Kim", language="ko", started=True)
    s = Setting(tg, place)
    with s.bot:
        for content in (b"\x7fELF\x00\x01UTF-8" + bytes(range(128, 256)) * 40, b"nothing asked here"):
            place.write("bank.md", content)
            log = s.reload("bank: the one in use stays")
            line = [x for x in log.splitlines() if "stays" in x][0]
            assert s.bank in line, line
            if b"UTF-8" in content:
                assert s.bank + ":1: " in line, line
        os.unlink(s.bank)
        assert s.bank + ":1: " in s.reload("bank: the one in use stays")
        assert "첫째" in reply(tg, kim, "/question")


def the_end_waits_for_what_is_under_way(tg, place):
    kim = tg.user("Kim", language="ko", started=True)
    bot = Bot(tg, place).start()
    slow = tg.fault("slow", "sendMessage", delay=1.5)
    kim.tell("/help")
    slow.wait_used()
    equal(bot.stop(), None, "the end")
    bot.start()
    kim.tell("/score")
    tg.wait_for_message(kim, None, 20, after=tg.messages(kim)[0])
    equal(len([m for m in tg.messages(kim) if "/help" in m.content or m.content == tg.messages(kim)[0].content]), 1, "replies to /help")
    bot.stop()


def the_end_waits_for_nobody_who_is_silent(tg, place):
    kim = tg.user("Kim", language="ko", started=True)
    bot = Bot(tg, place).start()
    hang = tg.fault("hang", "sendMessage")
    kim.tell("/help")
    hang.wait_used()
    bot.process.terminate()
    equal(bot.process.wait(9), 0, "the end, although a request hangs for longer")  # 4 s and a slow machine
    bot.wait_end()
    tg.release_hangs()
    bot.start()
    tg.wait_for_message(kim, None, 20)
    bot.stop()


def slack_does_not_hold_the_end_up_either(tg, place):
    with Stage() as s:
        hang = s.slack.fail("hang", method="chat.postMessage", seconds=60)
        s.ada.dm("topics")
        s.wait(lambda: hang.hits > 0, "the send")
        s.process.terminate()
        equal(s.process.wait(9), 0, "the end, although a send hangs")
        s.stop()
        s.slack.clear_faults()
        s.start()
        s.slack.wait_message(s.ada.im, timeout=20)


if __name__ == "__main__":
    sys.exit(run([what_can_change_changes, a_new_alias_counts,
                  what_cannot_change_is_named_in_one_line, a_broken_file_keeps_the_old_one,
                  a_broken_bank_keeps_the_old_one, the_end_waits_for_what_is_under_way,
                  the_end_waits_for_nobody_who_is_silent, slack_does_not_hold_the_end_up_either]))
