#!/usr/bin/env python3
"""What people and Telegram send that is out of the ordinary, and what it refuses. Prints TAP."""
import json
import sqlite3
import sys

from telegram_bot import Bot, equal, run

TESTS = []
GOOD = "자주 쓰는 데이터를 가까운 곳에 복사해 두는 저장소이고 속도를 높이려고 씁니다. 원본이 바뀌면 무효화합니다."
WORDLESS = "글로 적어 주세요"


def test(function):
    TESTS.append(function)
    return function


def group_of(tg, *names):
    people = [tg.user(n, language="ko") for n in names]
    return (tg.supergroup("Study", members=people), *people)


def ask(tg, kim, question="캐시"):
    kim.tell("/question " + question)
    return tg.wait_for_message(kim, question)


def said(tg, chat, text):
    return [m for m in tg.messages(chat) if text in m.content]


# Messages without words.

@test
def what_is_no_text_gets_one_kind_line(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        kim.start()
        asked = ask(tg, kim)
        kim.send_media(kim, "sticker")
        told = tg.wait_for_message(kim, WORDLESS, after=asked)
        with tg.held():  # an album, and more within the minute: once is enough
            for _ in range(4):
                kim.send_media(kim, "photo", album=7)
            kim.send_media(kim, "voice")
        kim.send_media(kim, "photo", caption=GOOD)  # words, if under a picture
        tg.wait_for_message(kim, "📈", after=told)
        tg.wait_idle()
        assert 1 <= len(said(tg, kim, WORDLESS)) <= 2, tg.messages(kim)  # two when a minute has just begun
        equal(bot.rows("SELECT count(*) FROM answers"), [(1,)])
        tg.check()


@test
def every_kind_without_words_is_known(tg, place):
    people = [tg.user("P%d" % i, language="ko") for i in range(5)]
    with Bot(tg, place):
        for person, kind in zip(people, ("sticker", "photo", "voice", "location")):
            person.send_media(person, kind)
            tg.wait_for_message(person, WORDLESS)
        people[4].send_document(people[4], b"x", "cv.pdf")
        tg.wait_for_message(people[4], WORDLESS)
        tg.wait_idle()
        tg.check()


@test
def in_a_group_only_a_reply_to_a_question_means_an_answer(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    with tg.lock:
        group.promote_bot()  # it sees everything
    with Bot(tg, place) as bot:
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가 무엇인지")
        kim.send_media(group, "sticker")
        kim.say(group, GOOD, reply_to=post)
        result = tg.wait_for_message(group, "점", after=post)
        kim.send_media(group, "sticker", reply_to=result)
        lee.send_media(group, "voice", reply_to=post)
        told = tg.wait_for_message(group, WORDLESS, after=result)
        equal(told.reply_to.sender.id, lee.id)
        with tg.lock:
            group.rename("Study 2")  # a service message is nobody's answer
        tg.wait_idle()
        equal(len(said(tg, group, WORDLESS)), 1)
        equal(bot.rows("SELECT count(*) FROM answers"), [(1,)])
        tg.check()


# Taps.

@test
def the_first_tap_of_no_administrator_is_refused_aloud(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    group.promote(kim)
    with Bot(tg, place) as bot:
        kim.say(group, "/settings")
        page = tg.wait_for_message(group, "설정")
        query = lee.press(page, lambda b: b.get("callback_data") == "set:weekly:off")
        answer = query.wait_answer()
        assert "관리자만" in answer.get("text", ""), answer
        equal(lee.press(page, lambda b: b.get("callback_data") == "set:weekly:off").wait_answer()["text"],
              answer["text"], "the second time it is remembered")
        tg.wait_idle()
        equal(page.edits, [])
        assert "text" in kim.press(page, lambda b: b.get("callback_data") == "set:weekly:off").wait_answer()
        tg.wait(lambda: page.edits)
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM waiting"), [(0,)])
        tg.check()


@test
def a_page_that_shows_the_same_is_not_sent_again(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.tell("/settings")
        page = tg.wait_for_message(kim, "설정")
        kim.press(page, "한국어").wait_answer()
        kim.press(page, "한국어").wait_answer()
        kim.press(page, "⏰ 매일 질문").wait_answer()
        tg.wait(lambda: page.edits)
        tg.wait_idle()
        equal(len(page.edits), 1)
        tg.check()


@test
def a_second_answer_changes_no_counter(tg, place):
    group, kim = group_of(tg, "Kim")
    with Bot(tg, place):
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가 무엇인지")
        kim.say(group, GOOD, reply_to=post)
        tg.wait(lambda: "답 1개" in post.content, 15, "the counter")
        kim.say(group, GOOD, reply_to=post)
        tg.wait(lambda: len(said(tg, group, "📈")) == 2)
        tg.wait_idle(quiet=6)
        equal(len(tg.calls("editMessageText")), 1)
        tg.check()


# Message numbers.

@test
def an_edit_is_known_by_its_chat_too(tg, place):
    """Each supergroup numbers its own messages: the number of a private answer says nothing there."""
    group, kim = group_of(tg, "Kim")
    with Bot(tg, place):
        ask(tg, kim)
        answer = kim.tell(GOOD)
        tg.wait_for_message(kim, "📈")
        with tg.lock:
            group.promote_bot()
            group.last_message_id = answer.id - 1
        talk = kim.say(group, "/help")
        equal(talk.id, answer.id)
        tg.wait_for_message(group, "할 수 있는 것")
        kim.edit(talk, "/help!")
        tg.wait_idle()
        equal(said(tg, group, "다시 채점하지"), [])
        kim.edit(answer, "고친 답")
        tg.wait_for_message(kim, "다시 채점하지")
        tg.wait_idle()
        tg.check()


# Groups that the bot has left.

@test
def nothing_is_sent_to_a_group_that_has_removed_the_bot(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    with Bot(tg, place) as bot:
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가")
        lee.press(post, "🤫 따로 답하기")
        asked = tg.wait_for_message(lee, "캐시가")
        tg.wait_idle()
        with tg.held():  # more than a second's worth, and then the door
            for _ in range(8):
                kim.say(group, "/topics")
        tg.wait(lambda: len(said(tg, group, "주제")) >= 2)
        group.remove_bot()
        tg.wait(lambda: bot.rows("SELECT gone FROM chats WHERE ext=?", str(group.id)) == [(1,)])
        lee.tell(GOOD)  # its post cannot be edited any more
        tg.wait_for_message(lee, "📈", after=asked)
        tg.wait_idle(quiet=3)
        equal(bot.rows("SELECT count(*) FROM unsent"), [(0,)])
        tg.check()


# An update that the database will not have.

def poison(bot, table, condition):
    db = sqlite3.connect(bot.place.path("a.db"), timeout=10)
    db.execute("CREATE TRIGGER poison BEFORE INSERT ON %s WHEN %s BEGIN SELECT RAISE(ABORT, 'poison'); END" % (
        table, condition))
    db.commit()
    db.close()


@test
def one_poisoned_update_holds_up_no_other(tg, place):
    people = [tg.user("P%d" % i, language="ko") for i in range(5)]
    with Bot(tg, place) as bot:
        for person in people:
            ask(tg, person)
        tg.wait_idle()
        poison(bot, "answers", "NEW.text LIKE '%독%'")
        with tg.held():
            for i, person in enumerate(people):
                person.tell("독이 든 답" if i in (1, 3) else GOOD)
        for i, person in enumerate(people):
            tg.wait_for_message(person, "처리하지 못했어요" if i in (1, 3) else "📈")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM answers"), [(3,)])
        equal(bot.rows("SELECT count(*) FROM refused WHERE why LIKE 'update % cannot be stored'"), [(2,)])
        equal([len(said(tg, p, "📈")) for p in people], [1, 0, 1, 0, 1], "results")
        assert "is passed by" in bot.log, bot.log
        people[1].tell(GOOD)
        tg.wait_for_message(people[1], "📈")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM answers"), [(4,)])
        tg.check()


@test
def a_poisoned_tap_is_answered(tg, place):
    kim, lee = tg.user("Kim", language="ko"), tg.user("Lee", language="ko")
    with Bot(tg, place) as bot:
        for person in (kim, lee):
            person.start()
            tg.wait_for_message(person, "안녕하세요")
        tg.wait_idle()
        poison(bot, "rounds", "NEW.chat=(SELECT id FROM chats WHERE ext='%d')" % kim.id)
        with tg.held():
            query = kim.press(tg.messages(kim)[0], "❓ 첫 질문")
            lee.press(tg.messages(lee)[0], "❓ 첫 질문")
        assert "처리하지 못했어요" in query.wait_answer()["text"]
        tg.wait_for_message(lee, "답을 그냥 쓰시면")
        tg.wait_idle()
        tg.check()


@test
def a_poisoned_update_that_waited_holds_up_no_other(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    group.promote(kim)
    with Bot(tg, place) as bot:
        kim.say(group, "/help")
        tg.wait_for_message(group, "/question")
        tg.wait_idle()
        poison(bot, "admins", "NEW.admin=1")
        with tg.held():
            kim.say(group, "/weekly off")
            lee.say(group, "/weekly off")
        tg.wait_for_message(group, "관리자만")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM waiting"), [(0,)])
        equal(bot.rows("SELECT count(*) FROM refused WHERE why LIKE 'update % cannot be stored'"), [(1,)])
        tg.check()


@test
def a_disk_that_refuses_is_waited_for(tg, place):
    """Not the update's own fault: nothing is passed by."""
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        ask(tg, kim)
        tg.wait_idle()
        db = sqlite3.connect(place.path("a.db"), isolation_level=None)
        db.execute("BEGIN IMMEDIATE")  # to SQLite, another program writes
        kim.tell(GOOD)
        bot.wait_log("they cannot be stored")
        db.execute("ROLLBACK")
        db.close()
        tg.wait_for_message(kim, "📈", timeout=10)
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM refused"), [(0,)])
        equal(bot.rows("SELECT count(*) FROM answers"), [(1,)])
        tg.check()


# Updates as no documentation has them.

def push_raw(tg, *payloads):
    """Straight into the queue, whatever it is."""
    with tg.lock:
        queue = tg.world.queue
        for payload in payloads:
            text = payload if isinstance(payload, str) else json.dumps(payload)[1:-1]
            queue.pending.append((queue.next_id, text.encode(), "raw"))
            queue.next_id += 1
        tg.lock.notify_all()


@test
def strange_updates_are_survived(tg, place):
    kim = tg.user("Kim", language="ko")
    group = tg.supergroup("Study", members=[kim])
    chat, me, big = kim.private.json(), kim.json(), 4503599627370495
    message = {"message_id": 90001, "date": 0, "chat": chat, "from": me}

    def update(kind="message", drop=(), **fields):
        return {kind: {k: v for k, v in dict(message, **fields).items() if k not in drop}}
    with Bot(tg, place) as bot:
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        tg.wait_idle()
        push_raw(
            tg, {"poll_answer": {"poll_id": "1", "option_ids": []}}, {"a_new_kind": {"x": [[[[1]]]]}}, {"message": None},
            {"message": []}, {"message": "text"}, {"message": {}}, update(drop=("chat",)), update(drop=("from",)),
            update(text=5), update(text={"a": 1}), update(chat={"id": "x", "type": "private"}),
            update(chat={"id": 5}), update(chat={"id": 1.5, "type": "private"}), update(text=""),
            update(**{"from": {"id": "5"}}, text="a"), update(text="a", reply_to_message={}),
            update(text="a", reply_to_message=[], entities=[{"type": "bold", "offset": -3, "length": 1 << 40}]),
            update(pinned_message=dict(message, text="x")), update(new_chat_members=[{}, None, 3]),
            update(left_chat_member={}), update(migrate_to_chat_id=0), update("edited_message", text="never seen"),
            update("edited_message"), update("channel_post", text="/start"), update("business_message", text="/start"),
            {"callback_query": {"id": "77", "from": me}}, {"callback_query": {"id": "78", "from": me, "data": "x"}},
            {"callback_query": {"from": me, "data": "hint:1"}}, {"callback_query": {"id": 5, "from": me, "data": []}},
            {"my_chat_member": {"chat": chat}}, {"my_chat_member": {"chat": chat, "from": me, "old_chat_member": {},
                                                                    "new_chat_member": {}}},
            {"chat_member": {"chat": group.json(), "from": me, "new_chat_member": {"status": "member", "user": {}}}},
            {"x": 0}, '"message":{"message_id":1,"text":"\\u0000\\ud83d\\ude00","chat":{"id":%d,"type":"private"}}' % kim.id)
        tg.wait(lambda: not tg.world.queue.pending, 10, "an empty queue")
        ask(tg, kim)
        # As strange, but to be answered: a name of nothing, ids of 52 bits, a date long past, all unknown fields.
        ghost = {"id": big, "is_bot": False, "first_name": ""}
        with tg.lock:
            tg.world.user("", id=big)
        push_raw(tg, {"message": {"message_id": (1 << 31) - 1, "date": 1, "chat": {"id": big, "type": "private"},
                                  "from": ghost, "text": "/start", "x": {"y": [None]}, "via_bot": {"id": 9}}})
        with tg.lock:
            tg.world.users[big].private.bot_may_write = True
        hello = tg.wait_for_message(tg.world.users[big], "안녕하세요")
        assert ", 님" not in hello.content, hello.content
        tg.wait_idle()
        assert bot.process.poll() is None
        tg.check(refusals=2)  # two taps that this server has never seen


@test
def more_than_one_answer_may_hold_comes_in_smaller_ones(tg, place):
    """Updates may be large: what is refused whole for its size would be asked for in vain for ever."""
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        tg.wait_idle()
        with tg.held():
            push_raw(tg, *[{"message": {"message_id": 90000 + i, "x": "x" * 150000}} for i in range(80)])
            kim.tell("/topics")
        tg.wait_for_message(kim, "주제", timeout=20)
        tg.wait_idle()
        equal(tg.calls("getUpdates")[-1].params["limit"], 100)
        tg.check()


@test
def every_kind_of_no(tg, place):
    """What is sent is sent again, or given up and noted; nothing spins, nothing ends."""
    kim = tg.user("Kim", language="ko")

    def body(text, status=200):
        return {"kind": "body", "body": text.encode(), "status": status}
    with Bot(tg, place) as bot:
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        again = [body('{"ok":false}'), body('{"ok":false,"error_code":429}', 429),
                 body('{"ok":false,"error_code":429,"parameters":{"retry_after":0}}', 429),
                 body('{"ok":false,"error_code":500,"description":null,"parameters":[]}', 500),
                 body('{"ok":"yes"}'), body("[]"), body('{"ok":false,"error_code":"x"}', 503)]
        for i, fault in enumerate(again):
            before = len(said(tg, kim, "할 수 있는 것"))
            fault = dict(fault)
            one = tg.fault(fault.pop("kind"), "sendMessage", **fault)
            kim.tell("/help")
            one.wait_used()
            tg.wait(lambda: len(said(tg, kim, "할 수 있는 것")) == before + 1, 10, "the help, after %r" % fault["body"])
        given_up = [body('{"ok":false,"error_code":400}', 400), body('{"ok":false,"error_code":404}', 404),
                    body('{"ok":false,"error_code":413,"description":"Request Entity Too Large"}', 413),
                    body('{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded",'
                         '"parameters":{"migrate_to_chat_id":%d}}' % kim.id, 400)]
        for fault in given_up:
            fault = dict(fault)
            one = tg.fault(fault.pop("kind"), "sendMessage", **fault)
            kim.tell("/topics")
            one.wait_used()
        tg.wait(lambda: bot.rows("SELECT count(*) FROM refused") == [(len(given_up),)], 10, "the refused")
        for fault in (body('{"ok":false,"error_code":404,"description":"Not Found"}', 404), body('{"ok":true,"result":{}}'),
                      body('{"ok":true}'), body('{"ok":false,"error_code":400}', 400)):
            fault = dict(fault)
            one = tg.fault(fault.pop("kind"), "getUpdates", **fault)
            one.wait_used()
        kim.tell("/today")
        tg.wait_for_message(kim, "질문", timeout=10)
        tg.wait_idle()
        equal(tg.violations, [])


@test
def a_wait_that_was_told_is_kept_by_taps_too(tg, place):
    kim, lee = tg.user("Kim", language="ko"), tg.user("Lee", language="ko")
    with Bot(tg, place) as bot:
        for person in (kim, lee):
            person.start()
            tg.wait_for_message(person, "안녕하세요")
        tg.wait_idle()
        tg.fault("429", "answerCallbackQuery", retry_after=2, scope="method")
        first = kim.press(tg.messages(kim)[0], "도움말")
        bot.wait_log("told to wait")
        second = lee.press(tg.messages(lee)[0], "도움말")
        first.wait_answer(8)
        second.wait_answer(8)
        tg.wait_idle()
        tg.check()


if __name__ == "__main__":
    sys.exit(run(TESTS))
