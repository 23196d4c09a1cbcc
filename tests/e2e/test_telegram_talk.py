#!/usr/bin/env python3
"""Conversations with the real bot on a strict Telegram: private, in groups, in both languages. Prints TAP."""
import sys

from telegram_bot import FENCE, MODEL, Bot, equal, run

TESTS = []
GOOD = "자주 쓰는 데이터를 가까운 곳에 복사해 두는 저장소이고 속도를 높이려고 씁니다. 원본이 바뀌면 무효화합니다."


def test(function):
    TESTS.append(function)
    return function


def labels(message):
    return [label for row in message.buttons for label in row]


def ask(tg, kim, question="캐시"):
    """Has the question asked that holds the word."""
    kim.tell("/question " + question)
    return tg.wait_for_message(kim, question)


# In private.

@test
def a_whole_interview_in_korean(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.start()
        hello = tg.wait_for_message(kim, "안녕하세요, Kim님")
        query = kim.press(hello, "❓ 첫 질문")
        query.wait_answer()
        asked = tg.wait_for_message(kim, after=hello)
        kim.tell("무언가 아는 만큼 적은 답입니다")
        result = tg.wait_for_message(kim, "점", after=asked)
        assert "<b>" in result.source
        kim.press(result, "🔍 왜?").wait_answer()
        tg.wait_for_message(kim, "왜", after=result)
        kim.press(result, "🏆 순위").wait_answer()
        tg.wait_for_message(kim, "순위", after=result)
        tg.wait_idle()
        tg.check()


@test
def a_whole_interview_in_english(tg, place):
    kim = tg.user("Kim", language="en")
    with Bot(tg, place, "bot.language=en"):
        kim.start()
        hello = tg.wait_for_message(kim, "Kim")
        kim.press(hello, hello.buttons[0][0]).wait_answer()
        asked = tg.wait_for_message(kim, after=hello)
        kim.tell("it is a copy of data near by")
        tg.wait_for_message(kim, "Model answer", after=asked)
        kim.tell("/lang ko")
        tg.wait_for_message(kim, "한국어", after=asked)
        tg.wait_idle()
        tg.check()


@test
def code_and_typed_text_are_escaped(tg, place):
    kim = tg.user("K<i>m & co", language="ko")
    with Bot(tg, place):
        kim.start()
        tg.wait_for_message(kim, "K<i>m & co")
        asked = ask(tg, kim)
        kim.tell("<b>캐시</b> & </tg-spoiler> 는 가까운 곳에 복사해 두는 저장소")
        result = tg.wait_for_message(kim, "모범 답안", after=asked)
        assert '<pre><code class="language-c">if (hit &lt; miss &amp;&amp; x &gt; 0)' in result.source
        kim.tell("/<x>&y")
        tg.wait_for_message(kim, "<x>&y", after=result)
        tg.wait_idle()
        tg.check()


@test
def hint_and_skip_by_tap(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.start()
        asked = ask(tg, kim)
        kim.press(asked, "💡 힌트 (−10점)").wait_answer()
        hint = tg.wait_for_message(kim, "힌트 1", after=asked)
        kim.press(hint, "⏭ 넘기기").wait_answer()
        tg.wait_for_message(kim, "모범 답안", after=hint)
        tg.wait_idle()
        tg.check()


@test
def long_answers_are_cut_into_messages(tg, place):
    kim = tg.user("Kim", language="ko")
    prose = "\n\n".join("문단 %d: %s 😀 끝." % (i, "길고 긴 설명 " * 30) for i in range(30))
    code = "\n".join("line_%03d(a < b && c > d);" % i for i in range(300))
    bank = "# 긴 것\n\n<details>\n<summary>아주 긴 것을 설명하시오.</summary>\n\n%s\n\n%sc\n%s\n%s\n\n</details>\n" % (
        prose, FENCE, code, FENCE)
    with Bot(tg, place, bank=bank):
        kim.start()
        asked = ask(tg, kim, "아주 긴")
        kim.tell("/skip")
        tg.wait_for_message(kim, "line_299", timeout=30, after=asked)
        tg.wait_idle()
        parts = [m for m in tg.messages(kim) if m.seq > asked.seq]
        assert len(parts) >= 4, len(parts)
        text = "\n".join(m.content for m in parts)
        for i in range(30):
            assert "문단 %d:" % i in text, i
        for i in range(300):
            assert "line_%03d(a < b && c > d);" % i in text, i
        equal([bool(m.buttons) for m in parts], [False] * (len(parts) - 1) + [True], "buttons stand on the last part")
        tg.check()


@test
def practice_asks_one_after_the_other(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.start()
        kim.tell("/practice 2")
        first = tg.wait_for_message(kim, "1/2")
        kim.tell("첫 번째 답")
        second = tg.wait_for_message(kim, "2/2", after=first)
        kim.tell("두 번째 답")
        tg.wait_for_message(kim, "연습 끝", after=second)
        tg.wait_idle()
        tg.check()


@test
def a_reply_to_an_older_question_answers_that_one(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        kim.start()
        first = ask(tg, kim, "캐시")
        second = ask(tg, kim, "교착")
        kim.tell(GOOD, reply_to=first)
        tg.wait_for_message(kim, "점", after=second)
        tg.wait_idle()
        equal(bot.rows("SELECT q.text FROM answers a JOIN questions q ON q.id=a.question"),
              [("캐시가 무엇인지 설명하시오.",)])
        tg.check()


@test
def every_tap_is_answered_also_a_stale_one(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.start()
        hello = tg.wait_for_message(kim, "안녕하세요")
        kim.press(hello, "no-such-action:1", force=True).wait_answer()
        tg.wait_for_message(kim, "그 버튼은", after=hello)
        kim.press(hello, "hint:99999", force=True).wait_answer()
        tg.wait_idle()
        tg.check()


@test
def an_expired_tap_does_no_harm(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        kim.start()
        hello = tg.wait_for_message(kim, "안녕하세요")
        with tg.held():
            query = kim.press(hello, "❓ 첫 질문")
            query.expire()
        tg.wait_for_message(kim, after=hello)
        tg.wait_idle()
        assert "dropped" not in bot.log
        with tg.lock:
            query.answers = 1  # it came too late for Telegram, not for us
        tg.check(refusals=1)


@test
def an_edited_answer_is_not_scored_again(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        kim.start()
        asked = ask(tg, kim)
        answer = kim.tell("잘 모르겠어요")
        result = tg.wait_for_message(kim, "점", after=asked)
        kim.edit(answer, GOOD)
        told = tg.wait_for_message(kim, "다시 채점하지", after=result)
        kim.edit(answer, GOOD + " 그리고 더")  # told once is enough
        other = kim.tell("/help")
        tg.wait_for_message(kim, "/practice", after=told)
        kim.edit(other, "/helf")
        tg.wait_idle()
        equal(len([m for m in tg.messages(kim) if "다시 채점하지" in m.content]), 1)
        equal(bot.rows("SELECT count(*) FROM answers"), [(1,)])
        tg.check()


@test
def one_may_block_and_come_back(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        kim.block()
        tg.wait_idle()
        equal(bot.rows("SELECT gone FROM chats"), [(1,)])
        kim.start()
        tg.wait(lambda: len(tg.messages(kim)) == 2)
        tg.wait_idle()
        equal(bot.rows("SELECT gone FROM chats"), [(0,)])
        tg.check()


@test
def who_blocks_silently_is_written_to_once(tg, place):
    """The news of the block can be lost: the 403 of the next message says the same."""
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        with tg.held():
            kim.tell("/help")
            with tg.lock:
                kim.blocked = True
        tg.wait(lambda: tg.refusals)
        bot.wait_log("takes no messages any more")
        tg.wait_idle()
        equal(bot.rows("SELECT gone FROM chats"), [(1,)])
        equal(bot.rows("SELECT count(*) FROM unsent"), [(0,)])
        tg.check(refusals=1)


# In groups.

def group_of(tg, *names):
    people = [tg.user(n, language="ko") for n in names]
    return (tg.supergroup("Study", members=people), *people)


@test
def a_group_answers_by_replies(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    with Bot(tg, place) as bot:
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가 무엇인지")
        assert not post.force_reply
        assert "🤫 따로 답하기" in labels(post), labels(post)
        kim.say(group, "얘들아 이거 어렵다")  # not a reply: not an answer
        kim.say(group, GOOD, reply_to=post)
        mine = tg.wait_for_message(group, "점", after=post)
        equal(mine.reply_to.sender.id, kim.id)
        lee.say(group, "캐시는 복사해 둔 저장소", reply_to=post)
        tg.wait_for_message(group, lambda m: m.reply_to and m.reply_to.sender is lee)
        lee.say(group, "아 그렇구나", reply_to=mine)  # a reply to a result is talk
        tg.wait(lambda: "답 2개" in post.content, 15, "the counter")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM answers"), [(2,)])
        tg.check()


@test
def the_model_answer_is_hidden_before_the_reveal(tg, place):
    group, kim = group_of(tg, "Kim")
    sentences = [MODEL, "속도를 높이는 것이 목적입니다", "원본이 바뀌면 무효화해야 합니다", "return lookup()"]
    for mode in ("spoiler", "private", "close"):
        with tg.lock:
            tg.world.queue.held = False
        with Bot(tg, place, "bot.admins=%d" % kim.id):
            kim.say(group, "/reveal " + mode)
            done = tg.wait_for_message(group, "모범 답안은 이제")
            kim.say(group, "/question 캐시")
            post = tg.wait_for_message(group, "캐시가 무엇인지", after=done)
            kim.say(group, "전혀 다른 이야기를 씁니다", reply_to=post)
            tg.wait_for_message(group, "점", after=post)
            tg.wait_idle()
            for m in tg.messages(group):
                for sentence in sentences:
                    assert sentence not in m.visible, (mode, m.visible)
            if mode == "spoiler":
                assert any(MODEL in m.content for m in tg.messages(group))
            with tg.lock:
                for m in tg.messages(group):
                    m.deleted = True
        place_db = place.path("a.db")
        import os
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(place_db + suffix):
                os.unlink(place_db + suffix)
    tg.check()


@test
def one_may_answer_in_private(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    with Bot(tg, place):
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가 무엇인지")
        lee.press(post, "🤫 따로 답하기")
        asked = tg.wait_for_message(lee, "캐시가 무엇인지")
        equal(asked.force_reply["input_field_placeholder"], "답을 쓰세요")
        lee.tell(GOOD)
        tg.wait_for_message(lee, "점", after=asked)
        told = tg.wait_for_message(group, "Lee님이 따로 답했어요", after=post)
        assert "저장소" not in told.content
        tg.wait(lambda: "답 1개" in post.content, 15, "the counter")
        tg.wait_idle()
        tg.check()


@test
def the_bot_stays_out_of_what_is_not_for_it(tg, place):
    group, kim = group_of(tg, "Kim")
    with tg.lock:
        group.promote_bot()
    other = tg.user("Other", username="other_bot")
    group.add(other)
    with Bot(tg, place):
        kim.say(group, "/question@some_other_bot")
        kim.say(group, "/weather")
        kim.say(group, "그냥 하는 말 /question")
        kim.say(group, "메일은 kim@interview_test_bot.example")
        tg.wait_idle()
        equal([m.content for m in tg.messages(group)], [])
        kim.say(group, "/question@Interview_Test_Bot 캐시")
        tg.wait_for_message(group, "캐시가")
        tg.wait_idle()
        tg.check()


@test
def anonymous_administrators_are_never_scored(tg, place):
    group, kim = group_of(tg, "Kim")
    group.promote(kim, anonymous=True)
    with Bot(tg, place) as bot:
        kim.say(group, "/question 캐시", anonymous=True)
        post = tg.wait_for_message(group, "캐시가")
        kim.say(group, GOOD, reply_to=post, anonymous=True)
        tg.wait_for_message(group, "익명 관리자", after=post)
        kim.say(group, "/reveal now", anonymous=True)
        tg.wait_for_message(group, "모범 답안은 이제", after=post)
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM answers"), [(0,)])
        tg.check()


@test
def administrators_may_and_others_may_not(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    group.promote(kim)
    with Bot(tg, place):
        kim.say(group, "/reveal now")
        done = tg.wait_for_message(group, "모범 답안은 이제")
        lee.say(group, "/reveal close")
        tg.wait_for_message(group, "관리자만", after=done)
        kim.say(group, "/weekly off")
        tg.wait_for_message(group, "지난주 순위", after=done)
        tg.wait_idle()
        equal(len(tg.calls("getChatMember")), 2, "the second time it is remembered")
        tg.check()


@test
def forum_topics_are_kept(tg, place):
    group, kim = group_of(tg, "Kim")
    topic = group.topic("면접")
    with Bot(tg, place):
        kim.say(group, "/question 캐시", thread=topic)
        post = tg.wait_for_message(group, "캐시가")
        equal(post.thread, topic.id)
        kim.say(group, GOOD, reply_to=post, thread=topic)
        result = tg.wait_for_message(group, "점", after=post)
        equal(result.thread, topic.id)
        tg.wait_idle()
        tg.check()


@test
def a_group_becomes_a_supergroup(tg, place):
    kim = tg.user("Kim", language="ko")
    group = tg.group("Study", members=[kim])
    with Bot(tg, place) as bot:
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가")
        kim.say(group, GOOD, reply_to=post)
        tg.wait_for_message(group, "점", after=post)
        tg.wait_idle()
        supergroup = group.migrate()
        tg.wait_idle()
        kim.say(supergroup, "/leaderboard")
        tg.wait_for_message(supergroup, "Kim")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM chats WHERE ext=?", str(supergroup.id)), [(1,)])
        tg.check()


@test
def a_message_finds_the_supergroup_that_nobody_announced(tg, place):
    kim = tg.user("Kim", language="ko")
    group = tg.group("Study", members=[kim])
    with Bot(tg, place, "bot.admins=%d" % kim.id) as bot:
        kim.say(group, "/question 캐시")
        tg.wait_for_message(group, "캐시가")
        tg.wait_idle()
        with tg.held():
            kim.say(group, "/help")
            with tg.lock:
                before = len(tg.world.queue.pending)
            supergroup = group.migrate()
            with tg.lock:
                del tg.world.queue.pending[before:]  # the service messages are lost
        tg.wait_for_message(supergroup, "/question")
        bot.wait_log("supergroup")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM chats WHERE ext=?", str(supergroup.id)), [(1,)])
        tg.check(refusals=1)


@test
def the_bot_is_added_removed_muted(tg, place):
    kim = tg.user("Kim", language="ko")
    group = tg.supergroup("Study", members=[kim], bot=False)
    with Bot(tg, place) as bot:
        group.add_bot(by=kim)
        tg.wait_for_message(group, "/daily")
        group.mute_bot()
        tg.wait_idle()
        kim.say(group, "/question 캐시")
        tg.wait_idle()
        group.unmute_bot()
        tg.wait_idle()
        equal(bot.rows("SELECT gone FROM chats"), [(0,)])
        group.remove_bot()
        tg.wait_idle()
        equal(bot.rows("SELECT gone FROM chats"), [(1,)])
        tg.check(refusals=len(tg.refusals))
        equal(tg.offences, [])


@test
def who_leaves_is_off_the_board(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    with Bot(tg, place):
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가")
        kim.say(group, GOOD, reply_to=post)
        tg.wait_for_message(group, "점", after=post)
        kim.leave(group)
        tg.wait_idle()
        lee.say(group, "/leaderboard")
        tg.wait_for_message(group, "아직 아무도")
        kim.join(group)
        kim.say(group, "/leaderboard")
        tg.wait_for_message(group, "Kim — ")
        tg.wait_idle()
        tg.check()


@test
def channels_are_left_alone(tg, place):
    channel = tg.channel("News")
    with Bot(tg, place) as bot:
        with tg.lock:
            channel.post("/question")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM chats"), [(0,)])
        tg.check()


# What Telegram's clients show.

@test
def commands_are_set_by_scope_and_language(tg, place):
    with Bot(tg, place):
        tg.wait(lambda: len(tg.calls("setMyCommands")) == 9)
        seen = {(r.params["scope"]["type"], r.params.get("language_code", "")) for r in tg.calls("setMyCommands")}
        equal(len(seen), 9)
        by = {(r.params["scope"]["type"], r.params.get("language_code", "")): {
            c["command"]: c["description"] for c in r.params["commands"]} for r in tg.calls("setMyCommands")}
        assert "practice" in by[("all_private_chats", "ko")] and "practice" not in by[("all_group_chats", "ko")]
        assert "reveal" in by[("all_chat_administrators", "en")] and "reveal" not in by[("all_group_chats", "en")]
        assert by[("all_private_chats", "ko")]["hint"] == "힌트", by[("all_private_chats", "ko")]["hint"]
        assert by[("all_private_chats", "en")]["hint"] != "힌트"
        tg.wait_idle()
        tg.check()


# Documents.

@test
def a_bank_is_checked_but_not_taken(tg, place):
    kim, lee = tg.user("Kim", language="ko"), tg.user("Lee", language="ko")
    with Bot(tg, place, "bot.admins=%d" % kim.id) as bot:
        for person in (kim, lee):
            person.start()
            tg.wait_for_message(person, "안녕하세요")
        bad = "# T\n\n<details>\n<summary>하나만 있는 질문인가?</summary>\n\n답이 있습니다.\n"
        sent = kim.send_document(kim, bad.encode(), "bank.md", caption="/import")
        said = tg.wait_for_message(kim, "확인 결과", after=sent)
        assert "확인만 했어요" in said.content and "행:" in said.content, said.content
        sent = lee.send_document(lee, bad.encode(), "bank.md", caption="/import")
        tg.wait_for_message(lee, "관리자만", after=sent)
        sent = kim.send_document(kim, b"x", "bank.zip", caption="/import")
        tg.wait_for_message(kim, "Markdown", after=sent)
        with open(bot.bank, encoding="utf-8") as f:
            assert "교착" in f.read()
        tg.wait_idle()
        tg.check()


@test
def a_bank_is_taken_where_that_is_allowed(tg, place):
    kim = tg.user("Kim", language="ko")
    new = "# 새것\n\n<details>\n<summary>새로운 질문은 무엇인가?</summary>\n\n새로운 답은 이것입니다.\n\n</details>\n"
    with Bot(tg, place, "bot.admins=%d" % kim.id, "telegram.import=yes"):
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        sent = kim.send_document(kim, new.encode(), "bank.md", caption="/import")
        tg.wait_for_message(kim, "이 문제집을 쓸게요", after=sent)
        kim.tell("/question")
        tg.wait_for_message(kim, "새로운 질문은", after=sent)
        tg.wait_idle()
        tg.check()


@test
def an_export_comes_as_a_file(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.start()
        asked = ask(tg, kim)
        kim.tell("캐시는 \"따옴표\" & <꺾쇠>")
        tg.wait_for_message(kim, "점", after=asked)
        kim.tell("/export")
        m = tg.wait_for_message(kim, lambda m: m.document is not None)
        tg.wait_idle()
        assert "따옴표".encode() in tg.world.files[m.document["file_id"]]["data"]
        tg.check()


if __name__ == "__main__":
    sys.exit(run(TESTS))
