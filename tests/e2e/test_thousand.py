#!/usr/bin/env python3
"""A thousand chats whose daily question is due at once, with Telegram's own limits on. Prints TAP.

The posts are spread, each comes once, none is refused; who writes meanwhile is answered before most of them are out.
"""
import sqlite3
import sys

from telegram_bot import Bot, equal, run

CHATS = 1000
HEAD = "오늘의 질문 ·"


def settle(place, people):
    """The people's private chats, all with one daily minute that came today while the bot was down."""
    db = sqlite3.connect(place.path("a.db"))
    with db:
        first = db.execute("SELECT max(id) FROM chats").fetchone()[0] + 1
        db.executemany("INSERT INTO chats(id, platform, ext, kind, title, lang, zone, schedule, fired, next_due, created)"
                       " VALUES(?, 2, ?, 0, '', 0, 'Asia/Seoul', '00:00', '0', 1, 1)",
                       [(first + i, str(person.id)) for i, person in enumerate(people)])
    db.close()


def posts_are_spread_and_people_are_answered(tg, place):
    kim = tg.user("Kim", language="ko")
    people = [tg.user("P%d" % i, language="ko", started=True) for i in range(CHATS)]
    bot = Bot(tg, place).start()
    kim.start()
    tg.wait_for_message(kim, "안녕하세요")
    bot.stop()
    settle(place, people)
    posted = lambda: [m for m in tg.sent if HEAD in m.content]  # noqa: E731
    with bot.start():
        tg.wait(lambda: len(posted()) >= 60, 30, "the first posts")
        for _ in range(3):  # more than once: what is said first may be read by a poll that stands already
            kim.tell("/topics")
            tg.wait_for_message(kim, "주제", timeout=60, after=tg.messages(kim)[-1])
        # The number, not the clock: a thousand posts were due before it, and it did not wait for them.
        before = len(posted())
        assert before < CHATS // 2, "%d posts went out before a person was answered" % before
        tg.wait(lambda: len(posted()) >= CHATS, 120, "all posts")
        tg.wait_idle(30)
        equal(len(posted()), CHATS, "posts")
        equal(len({m.chat.id for m in posted()}), CHATS, "chats with a post")
        # Exactly kept they are on a clock that stands still (test_pump); here a busy machine may bunch what was spread.
        assert tg.limits.throttled <= CHATS // 100, "%d requests were throttled" % tg.limits.throttled
        equal(tg.limits.offences, [], "requests that did not wait as told")
        equal(bot.rows("SELECT count(*) FROM rounds WHERE kind=1"), [(CHATS,)], "rounds")
        tg.check()


posts_are_spread_and_people_are_answered.server = {"rate_limits": True}


if __name__ == "__main__":
    sys.exit(run([posts_are_spread_and_people_are_answered]))
