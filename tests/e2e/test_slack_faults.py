#!/usr/bin/env python3
"""Slack: what breaks on the way. Nothing is lost, nothing is scored twice, and the bot comes back by itself."""
import re
import sqlite3
import time

from slack_faults import KINDS as ENVELOPES
from slack_socket import HANDSHAKE_FAULTS
from slack_support import MODEL, OWN, Stage
from telegram_server import TelegramServer
from support import BINARY, Skip, case, main, score_of

FRAMES = ("bad_utf8", "cut_utf8", "masked", "rsv", "rsv2", "opcode", "control_opcode", "long_control",
          "fragmented_control", "lone_continuation", "nested_message", "huge_declared", "negative_length", "long_form",
          "huge", "endless_fragments", "many_empty_fragments", "close_one_byte", "close_bad_code", "close_bad_utf8",
          "garbage", "http", "half_frame", "ping_flood", "binary")


def alive(s, person=None):
    """The bot answers a question asked now."""
    return s.dm(person or s.ada, "topics")


def reconnected(s, before, timeout=30):
    return s.wait(lambda: [c for c in s.slack.open_connections if c.number > before], "another socket", timeout)


def last_number(s):
    return max((c.number for c in s.slack.connections), default=0)


@case("every broken handshake is left behind, with growing pauses, and the next good one is used")
def handshakes():
    for kind in HANDSHAKE_FAULTS:
        with Stage(start=False) as s:
            s.slack.fail_handshake(kind, times=1, seconds=1, size=200000)
            s.start()
            alive(s)


@case("frames against the rules end the connection at most; memory stays bounded")
def frames():
    with Stage() as s:
        for kind in FRAMES:
            alive(s)
            connection = s.slack.open_connections[-1]
            s.slack.corrupt(kind, connection, size=8 << 20)
            s.ada.dm("topics")
            if kind not in ("ping_flood", "many_empty_fragments", "half_frame", "huge_declared", "binary"):
                s.wait(lambda: connection.state == "closed", "the end of the socket after " + kind, 60)
            elif connection.state == "open":
                s.slack.drop(connection)
            reconnected(s, connection.number)
        alive(s)
        with open("/proc/%d/status" % s.process.pid) as f:
            rss = int(re.search(r"RssAnon:\s+(\d+)", f.read()).group(1))
        assert rss < 400000, rss                  # under sanitizers; the bench has the true figure
        s.slack.violations = [v for v in s.slack.violations if v.rule != "ack"]


@case("envelopes with wrong contents are acknowledged or ignored, and the bot lives on")
def envelopes():
    with Stage() as s:
        for kind in ENVELOPES:
            s.slack.bad_envelope(kind)
        alive(s)
        assert s.counts()[0] == 0


@case("fragmented messages with pings in between are read")
def fragments():
    with Stage(start=False) as s:
        s.slack.fragment(7)
        s.start()
        s.dm(s.boram, "질문 가상화")
        assert score_of(s.dm(s.boram, OWN).plain) >= 60


@case("a dropped connection is replaced in under a second, and what came meanwhile is answered once")
def drops():
    with Stage() as s:
        s.dm(s.boram, "질문 가상화")
        for how in ("fin", "rst"):
            before, t = last_number(s), time.monotonic()
            s.slack.drop(how=how)
            s.boram.dm(OWN if how == "fin" else "topics")
            reconnected(s, before)
            took = time.monotonic() - t
            print("# reconnected after %s in %.2f s" % (how, took), flush=True)
        s.wait(lambda: s.counts()[0] == 1, "the answer")
        alive(s)
        assert s.counts()[0] == 1


@case("acknowledgements that get lost, and every event and interaction told twice: one effect")
def twice():
    with Stage() as s:
        s.slack.retry_delays = (0.2, 0.2, 0.2)
        s.dm(s.boram, "질문 가상화")
        s.slack.ack_timeout = 1.0
        s.slack.lose_acks(1)
        message = s.boram.dm(OWN)
        s.slack.wait_acked(message, 20)
        s.slack.ack_timeout = 30.0
        s.slack.repeat(message)
        s.slack.repeat(message, same_envelope_id=False, attempt=2)
        mention = s.ada.say(s.room, "질문 네트워크", mention=True)   # comes as message and as app_mention
        post = s.slack.wait_message(s.room, timeout=20)
        s.slack.repeat(mention)
        press = s.boram.press(post, post.buttons[0]).wait(20)
        s.slack.wait_view(s.boram, timeout=20)
        submit = s.boram.submit("TCP는 연결을 맺고 UDP는 연결 없이 보냅니다").wait(20)
        view = s.slack.view(s.boram)
        again = s.slack.repeat(submit)[0]              # is answered as before, or the form would close on its result
        s.wait(lambda: again.done, "the second acknowledgement")
        assert again.deliveries[0].payload == submit.envelope.deliveries[0].payload != None, again.deliveries
        hint = s.boram.press(post, post.buttons[1]).wait(20)
        s.slack.repeat(hint)
        slash = s.boram.slash(s.room, "/interview", "질문 가상화").wait(20)
        s.slack.repeat(slash)
        s.slack.wait_for(lambda: len(s.slack.messages(s.room, thread=False, bot=True)) == 2, 20, "two posts")
        s.slack.settle(30)
        assert s.counts()[0] == 2 and view.plain
        assert len(s.slack.messages(s.room, thread=False, bot=True)) == 2
        assert len(s.slack.ephemerals(s.boram)) == 1
        with s.place.open_database() as db:
            assert db.execute("SELECT max(hints) FROM entries").fetchone()[0] == 1
            assert db.execute("SELECT count(*) FROM rounds").fetchone()[0] == 3


@case("disconnect: the new socket is open before the old one closes, and nothing is lost in between")
def replaced():
    for reason in ("warning", "refresh_requested"):
        with Stage() as s:
            s.dm(s.boram, "질문 가상화")
            old = s.slack.open_connections[-1]
            s.slack.disconnect(reason, close_after=2.0)
            told = s.boram.dm(OWN)                 # over the old socket: there is no other yet
            new = reconnected(s, old.number)[-1]
            assert old.state == "open" or old.closed >= new.opened
            s.slack.burst(20, s.ada, text="topics")
            s.wait(lambda: old.state == "closed", "the old socket's end")
            assert old.closed > new.opened, (old, new)
            assert [d.connection for d in told.envelopes[0].deliveries] == [old], told.envelopes
            s.slack.settle(30)
            s.wait(lambda: s.counts()[0] == 1, "one answer")
            assert not s.slack.lost


@case("link_disabled ends Slack with a clear word; alone, the program ends")
def link_disabled():
    with Stage() as s:
        alive(s)
        s.slack.disconnect("link_disabled")
        assert s.process.wait(20) == 1
        assert "link_disabled" in s.said() and "Socket Mode" in s.said()
        assert len(s.slack.requests("apps.connections.open")) == 1      # and no other is asked for
        s.process = None
        s.slack.violations.clear()


@case("with Telegram beside it, the end of Slack ends only Slack; each platform has its own chats")
def beside_telegram():
    with TelegramServer() as tg, Stage(start=False) as s:
        kim = tg.user("김", language="ko")
        s.options.append("telegram.api_url=" + tg.url)
        s.start(INTERVIEWD_TELEGRAM_TOKEN=tg.token)
        tg.wait_polling()
        kim.start()
        hello = tg.wait_for_message(kim, None, 20)
        s.dm(s.boram, "질문 가상화")
        kim.tell("/질문 가상화")
        asked = tg.wait_for_message(kim, "하이퍼바이저", 20, after=hello)
        code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", s.dm(s.boram, "link").plain).group()
        s.slack.disconnect("link_disabled")
        s.wait_said("link_disabled")
        kim.tell(OWN)
        assert score_of(tg.wait_for_message(kim, "점", 20, after=asked).content) >= 60
        kim.tell("/link " + code)
        tg.wait_for_message(kim, "이어졌어요", 20)
        assert s.process.poll() is None
        with s.place.open_database() as db:
            assert db.execute("SELECT count(DISTINCT user) FROM accounts WHERE ext IN (?, ?)",
                              (s.boram.id, str(kim.id))).fetchone()[0] == 1
        tg.check()
        s.slack.violations.clear()


@case("Slack's limits are kept: no call comes before its time, and everything arrives")
def limits():
    with Stage(rate_limits=True) as s:
        s.slack.limits.tiers.update({3: 6, 4: 8})          # tight enough to be met within a minute
        s.slack.limits.burst = 1                           # Slack may tolerate bursts; it promises none
        post = s.ask(s.ada, "질문 가상화")
        people = [s.slack.user("q%d" % i) for i in range(3)] + [s.boram, s.ada]
        for person in people[:3]:
            person.join(s.room)
        for person in people:
            person.say(s.room, OWN + " " + person.name, thread=post)
        for i in range(6):
            s.boram.dm("topics")
        s.slack.wait_for(lambda: len(s.slack.messages(s.boram.im, bot=True)) == 6, 90, "six replies")
        s.slack.wait_for(lambda: len([m for m in s.slack.messages(s.room, thread=post, bot=True)]) == 5, 120, "five results")
        s.slack.wait_for(lambda: "답 5개" in s.slack.messages(s.room, bot=True)[0].plain, 120, "the counter")
        assert len([1 for c in s.slack.requests("chat.update") if c.ok]) <= 5
        assert not [c for c in s.slack.requests("chat.postMessage") if c.status == 429]
        assert not s.slack.offences


@case("Retry-After is obeyed for every method: names, channels, forms, the home tab")
def told_to_wait():
    with Stage(rate_limits=True) as s:
        s.slack.limits.tiers.update({4: 3})
        people = [s.slack.user("w%d" % i) for i in range(8)]
        for person in people:                       # one by one: nothing is under way when "too many" comes
            s.dm(person, "질문 가상화", "하이퍼바이저")
        for i in range(8):
            s.ada.open_home()
            s.wait(lambda: len(s.slack.requests("views.publish")) >= min(i + 1, 4), "the home tab")
            s.slack.settle(30)
        assert len(s.slack.requests("views.publish")) == 4
        assert [c for c in s.slack.requests("users.info") if c.status == 429]
        s.slack.fail("429", method="conversations.info", times=1, retry_after=30)
        for i in range(3):
            room = s.slack.channel("r%d" % i, members=[s.ada])
            s.ask(s.ada, "질문 네트워크", room)
        assert len(s.slack.requests("conversations.info")) == 1
        for method in ("chat.postMessage", "chat.postEphemeral"):
            waits = s.slack.fail("429", method=method, times=1, retry_after=3)
            if method == "chat.postMessage":
                s.dm(s.ada, "topics", "가상화")
            else:
                post = s.slack.messages(room, bot=True)[0]
                s.ada.press(post, "주제").wait(20)
                s.slack.wait_ephemeral(s.ada, "가상화", timeout=20)
            assert waits.hits == 1
        assert not s.slack.offences, s.slack.offences


@case("one event that cannot be stored takes no other along, is not acknowledged, and is handled when told again")
def poison():
    with Stage() as s:
        s.slack.ack_timeout = 3.0
        s.slack.retry_delays = (0.5,) * 20
        people = [s.slack.user("z%d" % i) for i in range(6)]
        for person in people:
            s.dm(person, "질문 가상화", "하이퍼바이저")
        s.wait(lambda: s.outbox() == 0, "all questions")
        db = sqlite3.connect(s.place.database, timeout=10, isolation_level=None)
        db.execute("CREATE TRIGGER poison BEFORE INSERT ON answers WHEN NEW.text LIKE '%poison%'"
                   " BEGIN SELECT RAISE(ABORT, 'poison'); END")
        told = s.slack.batch(lambda: [p.dm(OWN + (" poison" if i == 2 else " %d" % i)) for i, p in enumerate(people)])
        s.wait(lambda: s.counts()[0] == 5, "the five others")
        s.wait(lambda: all(m.envelopes[0].done for i, m in enumerate(told) if i != 2), "their acknowledgements")
        assert not told[2].envelopes[0].done
        db.execute("DROP TRIGGER poison")
        db.close()
        s.wait(lambda: told[2].envelopes[0].done and s.counts()[0] == 6, "the sixth", 30)
        s.wait(lambda: s.outbox() == 0, "an empty outbox")
        for person in people:
            assert len([m for m in s.slack.messages(person.im, bot=True) if MODEL in m.plain]) == 1
        s.slack.violations.clear()      # the acknowledgement that was withheld


@case("bad tokens and missing permissions are named, and end the program")
def tokens():
    for env, word in ((dict(INTERVIEWD_SLACK_BOT_TOKEN="xoxb-wrong-wrong"), "INTERVIEWD_SLACK_BOT_TOKEN"),
                      (dict(INTERVIEWD_SLACK_APP_TOKEN="xapp-wrong-wrong"), "INTERVIEWD_SLACK_APP_TOKEN")):
        with Stage(start=False) as s:
            s.start(wait=False, **env)
            assert s.process.wait(20) == 1
            said = s.said()
            assert word in said and "wrong-wrong" not in said, said
            s.process = None
    with Stage(start=False) as s:
        s.start(wait=False, INTERVIEWD_SLACK_APP_TOKEN=None)
        assert s.process.wait(20) != 0 and "INTERVIEWD_SLACK_APP_TOKEN" in s.said()
        s.process = None
    with Stage() as s:
        alive(s)
        said = s.said()
        assert s.slack.bot_token not in said and s.slack.app_token not in said and "ticket=" not in said


@case("a socket in the clear leads to this machine only")
def plain_sockets():
    with Stage(start=False) as s:
        s.slack.link_url = "ws://192.0.2.1:9/link"
        s.start(wait=False)
        s.wait_said("an unencrypted WebSocket is not allowed")
        s.slack.link_url = None
        s.slack.wait_connected(timeout=30)
        alive(s)


@case("the server away: growing pauses, and back when it is back")
def away():
    with Stage() as s:
        s.dm(s.boram, "질문 가상화")
        s.slack.go_down()
        s.boram.dm(OWN)
        time.sleep(2.5)
        s.slack.come_up()
        s.slack.wait_connected(timeout=60)
        s.wait(lambda: s.counts()[0] == 1, "the answer given meanwhile")
        alive(s)
        failed = s.slack.fail("500", method="chat.postMessage", times=1)
        last = s.slack.messages(s.ada.im)[-1]
        s.ada.dm("topics")
        s.wait(lambda: failed.hits == 1, "a send that fails")
        s.slack.go_down()                        # what is tried again finds nobody
        time.sleep(2)
        s.slack.come_up()
        s.slack.wait_message(s.ada.im, "가상화", after=last, timeout=60)


@case("every fault of the Web API: the bot recovers, and says nothing twice but where an answer was lost")
def web_api():
    before = ("429", "429_bare", "500", "502", "503", "reset", "http_garbage")
    after = ("malformed", "truncated", "empty_body", "wrong_type", "drip", "lost_answer")
    for kind in before + after:
        with Stage(start=False) as s:
            for method in ("auth.test", "apps.connections.open"):
                s.slack.fail(kind, method=method, times=1, retry_after=1, seconds=1)
            s.start(wait=False)
            s.slack.wait_connected(timeout=30)
    with Stage() as s:
        for kind in before + after:
            last = s.slack.messages(s.ada.im)
            s.slack.fail(kind, method="chat.postMessage", times=1, retry_after=1, seconds=1)
            s.ada.dm("topics")
            s.slack.wait_message(s.ada.im, "가상화", after=last[-1] if last else "0", timeout=60)
            s.wait(lambda: s.outbox() == 0, "an empty outbox", 60)
            said = [m for m in s.slack.messages(s.ada.im, bot=True) if not last or float(m.ts) > float(last[-1].ts)]
            assert len(said) == 1 or kind in after and kind != "drip" and len(said) == 2, (kind, len(said))
        for kind in after:                       # the answer cannot be read, and nothing was done
            last = s.slack.messages(s.ada.im)
            s.slack.fail(kind, method="chat.postMessage", times=1, seconds=1, work=False)
            s.ada.dm("topics")
            s.slack.wait_message(s.ada.im, "가상화", after=last[-1], timeout=60)
        post = s.ask(s.ada, "질문 가상화")
        for kind in before + after:
            s.slack.fail(kind, method="chat.update", times=1, retry_after=1, seconds=1)
        s.form(s.boram, post, OWN)
        s.slack.wait_for(lambda: "답 1개" in s.slack.messages(s.room, bot=True)[0].plain, 90, "the counter")


@case("a channel that has become closed to the bot is left alone, until somebody speaks to the bot there")
def closed_channel():
    with Stage() as s:
        s.ask(s.ada, "topics")
        refused = s.slack.fail("error", method="chat.postMessage", times=1, error="is_archived")
        s.ada.say(s.room, "topics", mention=True)

        def gone():
            with s.place.open_database() as db:
                return db.execute("SELECT gone FROM chats WHERE ext=?", (s.room.id,)).fetchone()[0]
        s.wait(lambda: refused.hits == 1 and gone() == 1, "the channel to be noted as closed")
        s.wait(lambda: s.outbox() == 0, "an empty outbox")
        assert "가상화" in s.ask(s.ada, "topics").plain and gone() == 0


@case("names that cannot be asked for do not hold up an answer")
def no_names():
    with Stage(start=False) as s:
        s.slack.fail("hang", method="users.info", times=2, seconds=60)      # longer than anybody waits below
        s.slack.fail("500", method="conversations.info", times=1)
        s.start()
        assert s.dm(s.boram, "질문 가상화").plain
        assert s.ask(s.ada, "질문 네트워크").plain


@case("who the bot is can be learnt from events when auth.test will not tell")
def who_am_i():
    with Stage(start=False) as s:
        s.slack.fail("error", method="auth.test", times=9, error="unknown_method")
        s.start()
        assert s.ask(s.ada, "질문 네트워크").buttons[0] == "답하기"       # a command: the mention before it is the bot's
        assert s.dm(s.boram, "질문 가상화").buttons


@case("killed at any moment: every event is answered, none scored twice")
def killed():
    with Stage() as s:
        s.slack.retry_delays = (0.1, 0.1, 0.1, 0.1, 0.1, 0.1)
        people = [s.slack.user("p%d" % i) for i in range(12)]
        for person in people:
            person.dm("질문 가상화")
        s.slack.settle(30)
        s.wait(lambda: s.outbox() == 0, "all questions", 60)
        for i, person in enumerate(people):
            person.dm(OWN + " %d" % i)
            if i % 4 == 3:
                time.sleep(0.01 * i)
                s.kill()
                s.start()
        s.slack.settle(60)
        s.wait(lambda: s.counts()[0] == 12, "twelve answers", 60)
        s.wait(lambda: s.outbox() == 0, "an empty outbox", 60)
        with s.place.open_database() as db:
            rows = db.execute("SELECT round, user, count(*) FROM answers GROUP BY round, user").fetchall()
            assert len(rows) == 12 and all(r[2] == 1 for r in rows), rows
        for person in people:
            said = [m for m in s.slack.messages(person.im, bot=True) if MODEL in m.plain]
            assert 1 <= len(said) <= 2, [m.plain for m in said]
        s.slack.violations.clear()      # acknowledgements that the killed one still owed


@case("killed at each labelled step: what was said is scored once, and answered")
def killed_at_steps():
    with open(BINARY, "rb") as f:
        if b"INTERVIEWD_FAULT" not in f.read():
            raise Skip("this build has no fault points")
    steps = [(label, n) for label in ("envelope-arrived", "before-commit", "after-commit", "before-send", "after-send",
                                      "before-removal", "after-removal") for n in (1, 2)] + [("before-commit", 3)]
    with Stage() as s:
        s.slack.retry_delays = (0.1,) * 10
        people = [s.slack.user("k%d" % i) for i in range(len(steps))]
        for person in people:
            s.dm(person, "질문 가상화", "하이퍼바이저")
        s.wait(lambda: s.outbox() == 0, "all questions", 60)
        s.stop()
        died = 0
        for i, (person, (label, n)) in enumerate(zip(people, steps)):
            s.start(wait=False, INTERVIEWD_FAULT="%s:%d" % (label, n))
            message = person.dm(OWN + " %d" % i)
            # The first is always reached; a second may not come about (one message is sent and removed).
            s.wait(lambda: s.process.poll() is not None or n > 1 and message.envelopes[0].done and s.outbox() == 0,
                   "%s:%d or an answer" % (label, n), 30)
            died += s.process.poll() is not None
            s.kill()
            s.start()
            s.wait(lambda: message.envelopes[0].done, "the acknowledgement after %s:%d" % (label, n), 30)
            s.wait(lambda: s.counts()[0] == i + 1, "the answer after %s:%d" % (label, n))
            s.wait(lambda: s.outbox() == 0, "an empty outbox")
            said = [m for m in s.slack.messages(person.im, bot=True) if MODEL in m.plain]
            assert 1 <= len(said) <= 2, (label, n, [m.plain for m in said])
            s.stop()
        print("# died %d times at %d steps" % (died, len(steps)), flush=True)
        s.start()
        with s.place.open_database() as db:
            rows = db.execute("SELECT count(*) FROM answers GROUP BY round, user").fetchall()
            assert len(rows) == len(steps) and all(r[0] == 1 for r in rows), rows
        s.slack.violations.clear()      # acknowledgements that the killed one still owed


@case("2,000 envelopes at once: all acknowledged in time, none lost, none scored twice")
def burst():
    with Stage() as s:
        people = [s.slack.user("b%d" % i) for i in range(40)]
        s.slack.batch(lambda: [p.dm("질문 가상화") for p in people])
        s.slack.settle(60)
        told = s.slack.batch(lambda: [
            p.dm("하이퍼바이저는 물리 서버에서 가상 머신을 실행하는 소프트웨어 %d %d" % (i, n))
            for n in range(50) for i, p in enumerate(people)])
        s.wait(lambda: all(e.done for m in told for e in m.envelopes), "2,000 acknowledgements", 60)
        late = [d.latency for m in told for e in m.envelopes for d in e.deliveries]
        assert len(late) == 2000
        print("# burst: last acknowledgement after %.2f s" % max(late), flush=True)
        with s.place.open_database() as db:
            answers, people_ = db.execute("SELECT count(*), count(DISTINCT user) FROM answers").fetchone()
            assert people_ == 40 and answers == 40, (answers, people_)
            assert db.execute("SELECT count(*) FROM inbox WHERE platform=3").fetchone()[0] >= 2040
        assert not s.slack.lost
        s.kill()


@case("a half-open socket is found within 45 seconds")
def half_open():
    with Stage() as s:
        alive(s)
        old = s.slack.open_connections[-1]
        began = time.monotonic()
        s.slack.half_open(old)
        s.boram.dm("질문 가상화")
        reconnected(s, old.number, 60)
        took = time.monotonic() - began
        print("# found after %.1f s" % took, flush=True)
        assert took < 46
        s.slack.wait_message(s.boram.im, "하이퍼바이저", timeout=30)


main()
