#!/usr/bin/env python3
"""The faults of test_telegram_faults.py on what is sent besides messages: edits, answers to taps, documents. Prints TAP."""
import sys

from telegram_bot import Bot, equal, run

TESTS = []
GOOD = "자주 쓰는 데이터를 가까운 곳에 복사해 두는 저장소이고 속도를 높이려고 씁니다. 원본이 바뀌면 무효화합니다."
KINDS = (("429", 2, {"retry_after": 1}), ("500", 2, {}), ("502", 2, {}), ("malformed", 1, {}), ("truncated", 1, {}),
         ("lost", 1, {}), ("reset", 2, {}))


def test(function):
    TESTS.append(function)
    return function


def documents(tg, kim):
    return [m for m in tg.messages(kim) if m.document]


def faults(tg, method, chats):
    """Every fault at once, each on a chat of its own."""
    return [tg.fault(kind, method, count=count, match=lambda p, id=chat.id: p.get("chat_id") == id, **more)
            for chat, (kind, count, more) in zip(chats, KINDS)]


def wait_settled(tg, bot):
    tg.wait(lambda: bot.rows("SELECT count(*) FROM unsent") == [(0,)], 20, "an empty outbox")
    tg.wait_idle()
    equal(bot.rows("SELECT count(*) FROM refused"), [(0,)])
    equal(tg.violations + tg.offences, [])


@test
def an_edit_meets_every_fault(tg, place):
    people = [tg.user("P%d" % i, language="ko") for i in range(len(KINDS))]
    groups = [tg.supergroup("G%d" % i, members=[person]) for i, person in enumerate(people)]
    with Bot(tg, place) as bot:
        for person, group in zip(people, groups):
            person.say(group, "/question 캐시")
        posts = [tg.wait_for_message(group, "캐시가") for group in groups]
        struck = faults(tg, "editMessageText", groups)
        for person, group, post in zip(people, groups, posts):
            person.say(group, GOOD, reply_to=post)
        for fault in struck:
            fault.wait_used(30)
        for post in posts:
            tg.wait(lambda post=post: "답 1개" in post.content, 20, "the counter")
        wait_settled(tg, bot)
        assert all("not modified" in r for r in tg.refusals), tg.refusals  # of those that had been done


@test
def an_answer_to_a_tap_meets_every_fault(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        kim.start()
        hello = tg.wait_for_message(kim, "안녕하세요")
        for kind, count, more in KINDS:
            fault = tg.fault(kind, "answerCallbackQuery", count=count, **more)
            query = kim.press(hello, "📚 주제")
            fault.wait_used(30)
            query.wait_answer(15)
        wait_settled(tg, bot)
        assert all("query" in r for r in tg.refusals), tg.refusals


@test
def a_document_meets_every_fault(tg, place):
    people = [tg.user("P%d" % i, language="ko") for i in range(len(KINDS))]
    with Bot(tg, place) as bot:
        struck = faults(tg, "sendDocument", people)
        for person in people:
            person.tell("/export")
        for fault in struck:
            fault.wait_used(30)
        for person in people:
            tg.wait_for_message(person, lambda m: m.document, 20)
        wait_settled(tg, bot)
        # Only of what was lost there was no word that it had been done.
        equal([sum(m.document is not None for m in tg.messages(p)) for p in people],
              [2 if kind == "lost" else 1 for kind, _, _ in KINDS], "documents")
        tg.check()


if __name__ == "__main__":
    sys.exit(run(TESTS))
