#!/usr/bin/env python3
"""Telegram's bad days: every fault on polls and on sends, and a bot that recovers by itself. Prints TAP.

No update may be lost, no answer scored twice; a message may come twice only where the answer to its sending was lost.
"""
import sys
import threading
import time

from telegram_bot import Bot, equal, run

TESTS = []
SOON = 12  # seconds: a fault is over, the bot is back
ALWAYS = 1000000


def test(function):
    TESTS.append(function)
    return function


def begin(tg, place, *options):
    """A bot and a person who has just been asked."""
    kim = tg.user("Kim", language="ko")
    bot = Bot(tg, place, *options)
    bot.start()
    kim.start()
    tg.wait_for_message(kim, "안녕하세요")
    kim.tell("/practice 100")
    tg.wait_for_message(kim, "1/100")
    tg.wait_idle()
    return bot, kim


def answered(bot):
    return bot.rows("SELECT count(*) FROM answers")[0][0]


def results(tg, kim):
    return [m for m in tg.messages(kim) if "📈" in m.content]


def wait_settled(tg, bot, timeout=20):
    """Until nothing is left to be sent: a second copy may still be held back by a limit."""
    tg.wait(lambda: bot.rows("SELECT count(*) FROM unsent") == [(0,)],
            timeout, "an empty outbox")
    tg.wait_idle(timeout)


def poll_fault(kind, count=1, **options):
    """The fault strikes polls that bring updates; everything that is said meanwhile is answered, once."""
    def function(tg, place):
        bot, kim = begin(tg, place)
        with bot:
            fault = tg.fault(kind, "getUpdates", count=count, **options)
            for i in range(3):
                kim.tell("답 %d" % i)
            if count < ALWAYS:
                fault.wait_used(30)
            # Nobody ends a hang but the bot itself: a poll may be silent for as long as it was asked to wait.
            tg.wait(lambda: len(results(tg, kim)) >= 3, SOON + 60 * (kind == "hang"), "the answers")
            fault.cancel()
            wait_settled(tg, bot, 30)
            tg.release_hangs()
            equal(answered(bot), 3, "answers")
            equal(len(results(tg, kim)), 3, "results")
            tg.check()
    function.__name__ = "a_poll_meets_%s" % kind
    TESTS.append(function)


# A drip is no failure: what only tried again would never get through. A connection that ends without an answer libcurl
# tries again by itself, on each kept-alive one: only after many it is the bot's turn.
MANY = 8
for name, times, more in (("429", 2, {"retry_after": 1}), ("500", 3, {}), ("502", 3, {}), ("malformed", 3, {}),
                          ("truncated", 3, {}), ("reset", MANY, {}), ("drip", ALWAYS, {"delay": 0.001}),
                          ("stall", 1, {}), ("lost", MANY, {}), ("hang", 1, {})):
    poll_fault(name, times, **more)


def send_fault(kind, count, twice, **options):
    """The fault strikes the sending of a result; it comes all the same, twice only where its answer was lost."""
    def function(tg, place):
        bot, kim = begin(tg, place)
        with bot:
            fault = tg.fault(kind, "sendMessage", count=count, match=lambda p: "📈" in str(p.get("text")), **options)
            kim.tell("첫 답")
            fault.wait_used(60)
            tg.wait(lambda: len(results(tg, kim)) >= 1 + twice, SOON + 15, "the result")
            kim.tell("둘째 답")
            tg.wait_for_message(kim, "3/100", SOON + 15)
            tg.release_hangs()
            wait_settled(tg, bot)
            equal(answered(bot), 2, "answers")
            equal(len(results(tg, kim)), 2 + twice, "results")
            tg.check()
    function.__name__ = "a_message_meets_%s" % kind
    TESTS.append(function)


# What is done before the fault strikes has been done: only "lost" leaves no word of it.
for name, times, copies, more in (("429", 2, 0, {"retry_after": 1}), ("500", 2, 0, {}), ("502", 2, 0, {}),
                                  ("reset", MANY, 0, {}), ("hang", 1, 0, {}), ("malformed", 1, 0, {}),
                                  ("truncated", 1, 0, {}), ("drip", 1, 0, {"delay": 0.002}), ("stall", 1, 0, {}),
                                  ("lost", MANY, MANY, {})):
    send_fault(name, times, copies, **more)


@test
def a_wait_for_one_chat_holds_up_no_other(tg, place):
    kim, lee = tg.user("Kim", language="ko"), tg.user("Lee", language="ko")
    with Bot(tg, place) as bot:
        for person in (kim, lee):
            person.start()
            tg.wait_for_message(person, "안녕하세요")
        for i in range(3):
            kim.tell("/help")
        tg.wait(lambda: len(tg.messages(kim)) >= 4)
        # It has had as much as a chat may get at once: who is told to wait is the chat.
        fault = tg.fault("429", "sendMessage", retry_after=4, match=lambda p: p["chat_id"] == kim.id)
        kim.tell("/topics")
        fault.wait_used(20)
        bot.wait_log("told to wait")  # from now on
        lee.tell("/help")
        tg.wait_for_message(lee, "/question", timeout=3)
        tg.wait_for_message(kim, "주제", timeout=15)
        tg.wait_idle()
        tg.check()


@test
def a_wait_for_everything_is_obeyed_by_everybody(tg, place):
    kim, lee = tg.user("Kim", language="ko"), tg.user("Lee", language="ko")
    with Bot(tg, place) as bot:
        tg.fault("429", "sendMessage", retry_after=2, scope="all")
        kim.start()
        bot.wait_log("told to wait")
        lee.start()
        tg.wait_for_message(lee, "안녕하세요", timeout=8)
        tg.wait_for_message(kim, "안녕하세요", timeout=8)
        tg.wait_idle()
        tg.check()


@test
def the_same_update_twice(tg, place):
    bot, kim = begin(tg, place)
    with bot:
        tg.duplicate_updates(3)
        kim.tell("답 하나")
        tg.wait(lambda: results(tg, kim))
        tg.redeliver_updates(2)
        kim.tell("답 둘")
        kim.tell("답 셋")
        tg.wait(lambda: len(results(tg, kim)) >= 3)
        tg.wait_idle()
        equal(answered(bot), 3)
        equal(len(results(tg, kim)), 3)
        tg.check()


@test
def updates_out_of_order(tg, place):
    bot, kim = begin(tg, place)
    people = [tg.user("P%d" % i, language="ko") for i in range(8)]
    with bot:
        tg.shuffle_updates(3)
        with tg.held():
            for person in people:
                person.start()
        for person in people:
            tg.wait_for_message(person, "안녕하세요")
        tg.wait_idle()
        equal([len(tg.messages(p)) for p in people], [1] * 8)
        tg.check()


@test
def update_id_jumps_back(tg, place):
    bot, kim = begin(tg, place)
    with bot:
        said = 0
        for base, count in ((5, 17), (5, 2)):  # far back; and numbers that were used before, for other updates
            tg.jump_update_id(base)
            for _ in range(count):
                kim.tell("답 %d" % said)
                said += 1
            tg.wait(lambda: answered(bot) >= said)
            tg.wait_idle(30)
        equal(answered(bot), 19)
        equal(bot.rows("SELECT offset FROM transports WHERE platform=2"), [(7,)])
        tg.check()


@test
def an_update_is_remembered_for_eight_days(tg, place):
    import sqlite3
    bot, kim = begin(tg, place)
    kim.tell("답 하나")
    tg.wait(lambda: results(tg, kim))
    tg.wait_idle()
    bot.stop()
    for days, left in ((7.9, True), (0.2, False)):
        db = sqlite3.connect(place.path("a.db"))
        with db:
            db.execute("UPDATE inbox SET at=at-?", (int(days * 86400),))
        db.close()
        with bot.start():
            kim.tell("/help")  # by when it is answered, upkeep has been done
            tg.wait_idle()
            old = bot.rows("SELECT count(*) FROM inbox WHERE at<?", int(time.time()) - 5 * 86400)[0][0]
            equal(old > 0, left, "%d old updates remembered, %g days later" % (old, days))


@test
def an_old_offset_is_not_used(tg, place):
    bot, kim = begin(tg, place)
    bot.stop()
    import sqlite3
    db = sqlite3.connect(place.path("a.db"))
    db.execute("UPDATE transports SET offset=offset+5, at=at-8*24*3600")
    db.commit()
    db.close()
    kim.tell("오랜만의 답")
    with bot.start(wait=False):
        tg.wait(lambda: results(tg, kim), 10)
        tg.wait_idle()
        assert "offset" not in tg.calls("getUpdates")[-2].params or answered(bot) == 1
        equal(answered(bot), 1)
        tg.check()


@test
def telegram_is_away_for_a_while(tg, place):
    bot, kim = begin(tg, place)
    with bot:
        kim.tell("답 하나")
        tg.wait(lambda: results(tg, kim))
        tg.wait_idle()
        tg.offline()
        time.sleep(3)
        tg.online()
        kim.tell("답 둘")
        tg.wait(lambda: len(results(tg, kim)) >= 2, SOON)
        assert tg.connections_max <= 8, tg.connections_max
        tg.wait_idle()
        equal(answered(bot), 2)
        assert "updates come again" in bot.log, bot.log
        tg.check()


@test
def connections_stay_bounded_while_everything_fails(tg, place):
    people = [tg.user("P%d" % i, language="ko") for i in range(40)]
    with Bot(tg, place):
        tg.fault("500", "sendMessage", count=60)
        with tg.held():
            for person in people:
                person.start()
        for person in people:
            tg.wait_for_message(person, "안녕하세요", timeout=40)
        assert tg.connections_max <= 8, tg.connections_max
        equal(tg.pollers_max, 1)
        tg.wait_idle(30)
        tg.check()


@test
def a_webhook_is_removed(tg, place):
    with tg.lock:
        tg.methods.webhook = "https://example.com/hook"
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        assert "webhook" in bot.log
        tg.wait_idle()
        tg.check(refusals=1)


@test
def another_program_is_waited_for_longer_and_longer(tg, place):
    bot, _ = begin(tg, place)
    with bot:
        fault = tg.fault("body", "getUpdates", count=5, status=409,
                         body=b'{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}')
        fault.wait_used(60)
        with tg.lock:
            asked = [r.time for r in tg.requests if r.method == "getUpdates" and r.fault is fault]
        pauses = [after - before for before, after in zip(asked, asked[1:])]
        assert pauses[3] > 2 * pauses[0], pauses  # four times it at least, whatever the dice add
        assert bot.process.poll() is None and bot.log.count("another program") == 1, bot.log
        tg.wait_idle(40)
        tg.check(refusals=0)


@test
def another_program_polls_and_goes(tg, place):
    import json
    import urllib.error
    import urllib.request
    bot, kim = begin(tg, place)
    stop = threading.Event()

    def intrude():
        while not stop.is_set():
            try:
                urllib.request.urlopen("%s/bot%s/getUpdates?timeout=1&offset=1" % (tg.url, tg.token), timeout=5).read()
            except (urllib.error.URLError, OSError, json.JSONDecodeError):
                pass
    with bot:
        thread = threading.Thread(target=intrude, daemon=True)
        thread.start()
        bot.wait_log("another program")
        time.sleep(2)
        assert bot.process.poll() is None
        stop.set()
        thread.join()
        kim.tell("답 하나")
        tg.wait(lambda: results(tg, kim), 40)
        tg.wait_idle(40)
        equal(answered(bot), 1)
        assert tg.counters["deleteWebhook"] == 0
        equal(tg.offences, [])


@test
def limits_are_kept(tg, place):
    """With Telegram's own limits on: no 429 is provoked, and everybody is answered."""
    people = [tg.user("P%d" % i, language="ko") for i in range(40)]
    group = tg.supergroup("Study", members=people)
    with Bot(tg, place):
        with tg.held():
            for person in people:
                person.start()
            for person in people[:24]:
                person.say(group, "/help")
        for person in people:
            tg.wait_for_message(person, "안녕하세요", timeout=30)
        tg.wait(lambda: len(tg.messages(group)) >= 19, 30)
        equal(tg.limits.throttled, 0, "throttled requests")
        tg.wait(lambda: len(tg.messages(group)) >= 24, 80)
        equal(tg.limits.throttled, 0, "throttled requests")
        tg.wait_idle(30)
        tg.check()


limits_are_kept.server = {"rate_limits": True}


@test
def unlimited_says_so_loudly(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place, "telegram.unlimited=yes") as bot:
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        with tg.held():
            for _ in range(10):
                kim.tell("/help")
        tg.wait(lambda: len(tg.messages(kim)) >= 11, 3)
        assert "NO SENDING LIMIT" in bot.log
        tg.wait_idle()
        tg.check()


@test
def killed_and_started_again(tg, place):
    """kill -9 at many instants: nothing is lost, nothing is scored twice."""
    bot, kim = begin(tg, place, "limits.answers_per_minute=1000")
    said = 0
    for round_number in range(6):
        with tg.held():
            for _ in range(5):
                kim.tell("답 %d" % said)
                said += 1
        time.sleep(0.002 * round_number * round_number)
        bot.kill()
        bot.start()
    with bot:
        tg.wait(lambda: answered(bot) >= said, 30)
        tg.wait(lambda: {"%d/100" % n for n in range(2, said + 2)} <=
                {w for m in tg.messages(kim) for w in m.content.split()}, 60, "every result")
        tg.wait_idle(30)
        equal(answered(bot), said)
        equal(bot.rows("SELECT count(*) FROM (SELECT message FROM answers GROUP BY message HAVING count(*)>1)"), [(0,)])
        twice = len(results(tg, kim)) - said
        assert 0 <= twice <= 6, twice  # at most the one under way at each kill
        assert not tg.violations and not tg.offences, (tg.violations, tg.offences)


@test
def a_question_about_an_administrator_outlives_a_crash(tg, place):
    kim = tg.user("Kim", language="ko")
    group = tg.supergroup("Study", members=[kim])
    group.promote(kim)
    bot = Bot(tg, place).start()
    tg.fault("hang", "getChatMember")
    kim.say(group, "/reveal now")
    tg.wait(lambda: tg.counters["getChatMember"] == 1)
    tg.wait(lambda: not tg.world.queue.pending)
    bot.kill()
    tg.release_hangs()
    with bot.start():
        tg.wait_for_message(group, "모범 답안은 이제", timeout=10)
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM waiting"), [(0,)])
        tg.check()


@test
def an_old_question_does_not_bring_back_who_is_forgotten(tg, place):
    """What waits for Telegram's word on an administrator is the person's own text and name: it goes with them."""
    kim = tg.user("Zebulon", language="ko")
    group = tg.supergroup("Study", members=[kim])
    group.promote(kim)
    bot = Bot(tg, place).start()
    fault = tg.fault("hang", "getChatMember")
    kim.say(group, "/reveal now")
    fault.wait_used(10)
    kim.tell("/forgetme")
    tg.wait_for_message(kim, "/forgetme yes")
    equal(bot.rows("SELECT count(*) FROM waiting"), [(1,)])
    kim.tell("/forgetme yes")
    tg.wait_for_message(kim, "모두 지웠어요")
    equal(bot.rows("SELECT count(*) FROM waiting"), [(0,)])
    tg.release_hangs()
    tg.wait(lambda: tg.counters["getChatMember"] == 2, 10, "the question asked anew")
    tg.wait_idle()
    bot.stop()
    equal(bot.rows("SELECT count(*) FROM accounts"), [(0,)], "accounts")
    for name in ("a.db", "a.db-wal", "a.db-shm"):
        try:
            with open(place.path(name), "rb") as file:
                assert b"Zebulon" not in file.read(), "the name is in " + name
        except FileNotFoundError:
            pass


@test
def an_old_document_does_not_bring_back_who_is_forgotten(tg, place):
    kim = tg.user("Zebulon", language="ko")
    with Bot(tg, place, "bot.admins=%d" % kim.id) as bot:
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        fault = tg.fault("500", "getFile", count=ALWAYS)
        kim.send_document(kim, b"# nothing in it", "bank.md", caption="/import")
        tg.wait(lambda: fault.hits > 0, 10, "the first try")
        kim.tell("/forgetme")
        tg.wait_for_message(kim, "/forgetme yes")
        kim.tell("/forgetme yes")
        last = tg.wait_for_message(kim, "모두 지웠어요")
        gone = "SELECT count(*) FROM chats WHERE ext='%d'" % kim.id
        tg.wait(lambda: bot.rows(gone) == [(0,)], 20, "the chat forgotten, when the goodbye has been sent")
        fault.cancel()
        tg.wait(lambda: tg.counters["file"] == 1, 20, "the document")
        tg.wait_idle()
        equal([m.content for m in tg.messages(kim) if m.seq > last.seq], [])
        equal(bot.rows(gone), [(0,)])


if __name__ == "__main__":
    sys.exit(run(TESTS))
