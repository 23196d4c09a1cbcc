#!/usr/bin/env python3
"""Groups that change under the bot, and what it sends there looked at closely. Prints TAP."""
import sqlite3
import sys

from telegram_bot import BANK, Bot, equal, run

TESTS = []
GOOD = "자주 쓰는 데이터를 가까운 곳에 복사해 두는 저장소이고 속도를 높이려고 씁니다. 원본이 바뀌면 무효화합니다."


def test(function):
    TESTS.append(function)
    return function


def group_of(tg, *names, **options):
    people = [tg.user(n, language="ko") for n in names]
    return (tg.supergroup("Study", members=people, **options), *people)


def labels(message):
    return [label for row in message.buttons for label in row]


def said(tg, chat, text):
    return [m for m in tg.messages(chat) if text in m.content]


@test
def no_message_shows_a_preview_of_a_link(tg, place):
    """A model answer may hold a URL: its preview would take the screen, and show what a spoiler hides."""
    group, kim = group_of(tg, "Kim")
    with Bot(tg, place, bank=BANK.replace("속도를 높이는 것이", "https://example.com 처럼 속도를 높이는 것이")):
        kim.tell("/question 캐시")
        asked = tg.wait_for_message(kim, "캐시가")
        kim.tell("모르겠어요")
        tg.wait_for_message(kim, "example.com", after=asked)
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가")
        kim.say(group, GOOD, reply_to=post)
        tg.wait(lambda: "답 1개" in post.content, 15, "the counter")
        tg.wait_idle()
        for call in tg.calls("sendMessage") + tg.calls("editMessageText"):
            equal(call.params.get("link_preview_options"), {"is_disabled": True}, call)
        tg.check()


@test
def what_was_deleted_meanwhile_is_answered_all_the_same(tg, place):
    group, kim = group_of(tg, "Kim")
    with Bot(tg, place) as bot:
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가")
        with tg.held():
            answer = kim.say(group, GOOD, reply_to=post)
            kim.delete(answer)
        result = tg.wait_for_message(group, "📈")
        equal(result.reply_to, None)
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM answers"), [(1,)])
        tg.check()


@test
def removed_and_added_again(tg, place):
    group, kim = group_of(tg, "Kim", bot=False)
    group.promote(kim)
    with Bot(tg, place) as bot:
        group.add_bot(by=kim)
        hello = tg.wait_for_message(group, "안녕하세요")
        assert "⏰ 매일 09:00" in labels(hello), labels(hello)
        kim.say(group, "/daily 평일 9시")
        tg.wait_for_message(group, "이 시간에 질문을")
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가")
        kim.say(group, GOOD, reply_to=post)
        tg.wait_for_message(group, "📈")
        group.remove_bot()
        tg.wait(lambda: bot.rows("SELECT gone FROM chats") == [(1,)])
        group.add_bot(by=kim)
        again = tg.wait_for_message(group, "안녕하세요", after=hello)
        assert "⏰ 매일 09:00" not in labels(again), "it has its time, which the button would change"
        kim.say(group, "/leaderboard")
        tg.wait_for_message(group, "Kim", after=again)
        tg.wait_idle()
        equal(len(said(tg, group, "안녕하세요")), 2)
        tg.check(refusals=len(tg.refusals))  # an edit of the counter may have met the closed door
        equal(tg.violations + tg.offences, [])


@test
def one_who_is_heard_again_is_not_greeted_anew(tg, place):
    group, kim = group_of(tg, "Kim", bot=False)
    with Bot(tg, place) as bot:
        group.add_bot(by=kim)
        tg.wait_for_message(group, "안녕하세요")
        group.mute_bot()
        tg.wait(lambda: bot.rows("SELECT gone FROM chats") == [(1,)])
        group.unmute_bot()
        group.promote_bot()
        kim.say(group, "/topics")
        tg.wait_for_message(group, "주제")
        tg.wait_idle()
        equal(len(said(tg, group, "안녕하세요")), 1)
        tg.check()


@test
def what_waits_for_a_group_follows_it(tg, place):
    """More than a second's worth of replies, and the group becomes a supergroup: the rest comes there."""
    kim = tg.user("Kim", language="ko")
    group = tg.group("Study", members=[kim])
    with Bot(tg, place) as bot:
        with tg.held():
            for _ in range(6):
                kim.say(group, "/topics")
        tg.wait(lambda: len(said(tg, group, "주제")) >= 2)
        supergroup = group.migrate()
        tg.wait(lambda: len(said(tg, group, "주제")) + len(said(tg, supergroup, "주제")) == 6, 20, "all six")
        tg.wait_idle()
        assert len(said(tg, supergroup, "주제")) >= 2, tg.sent
        equal(bot.rows("SELECT ext FROM chats"), [(str(supergroup.id),)])
        tg.check(refusals=len(tg.refusals))  # the one under way, if any
        assert len(tg.refusals) <= 1, tg.refusals


@test
def a_late_word_from_the_old_group_changes_nothing(tg, place):
    """Updates come in any order: one may speak of the group's old id when it is a supergroup already."""
    kim = tg.user("Kim", language="ko")
    group = tg.group("Study", members=[kim])
    with Bot(tg, place, "bot.admins=%d" % kim.id) as bot:
        kim.say(group, "/reveal close")
        tg.wait_for_message(group, "모범 답안은 이제")
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가")
        kim.say(group, GOOD, reply_to=post)
        tg.wait_for_message(group, "📈")
        tg.wait_idle()
        with tg.held():
            late = kim.say(group, "/topics")
            with tg.lock:
                update = tg.world.queue.pending.pop()
            supergroup = group.migrate()
            with tg.lock:  # as if it came last
                tg.world.queue.pending.append((tg.world.queue.next_id, update[1], update[2]))
                tg.world.queue.next_id += 1
        tg.wait_for_message(supergroup, "주제", after=late)
        kim.say(supergroup, "/leaderboard")
        tg.wait_for_message(supergroup, "Kim")
        kim.say(supergroup, "/settings")
        tg.wait_for_message(supergroup, "마감 때 한 번에")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM chats WHERE gone=0"), [(1,)])
        tg.check(refusals=1)


@test
def many_who_may_not_are_all_told(tg, place):
    """More than are kept at hand while Telegram does not say who administers the group."""
    people = [tg.user("P%d" % i, language="ko") for i in range(60)]
    group = tg.supergroup("Study", members=people)
    with Bot(tg, place, "telegram.unlimited=yes") as bot:
        tg.fault("500", "getChatMember", count=3)
        for person in people:
            person.say(group, "/weekly off")
        tg.wait(lambda: len(said(tg, group, "관리자만")) == len(people), 30, "all answers")
        equal([m.reply_to.sender.id for m in said(tg, group, "관리자만")], [p.id for p in people], "in their order")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM waiting"), [(0,)])
        tg.check()


@test
def an_administrator_is_one_after_the_move_too(tg, place):
    """The question who administers the group goes to its old id, and gets the new one for an answer."""
    kim = tg.user("Kim", language="ko")
    group = tg.group("Study", members=[kim], creator=kim)
    with Bot(tg, place) as bot:
        kim.say(group, "/topics")
        tg.wait_for_message(group, "주제")
        tg.wait_idle()
        with tg.held():
            kim.say(group, "/reveal close")
            supergroup = group.migrate()
        tg.wait_for_message(supergroup, "모범 답안은 이제")
        tg.wait_idle()
        equal(bot.rows("SELECT ext, reveal FROM chats"), [(str(supergroup.id), 3)])
        equal(bot.rows("SELECT count(*) FROM waiting"), [(0,)])
        tg.check(refusals=1)


@test
def what_was_answered_before_and_after_the_move_is_one_board(tg, place):
    """Nobody says that it is the same group; a message to its old id finds out, when both have a history."""
    kim = tg.user("Kim", language="ko")
    group = tg.group("Study", members=[kim])
    with Bot(tg, place, "bot.admins=%d" % kim.id) as bot:
        kim.say(group, "/reveal close")
        tg.wait_for_message(group, "모범 답안은 이제")
        kim.say(group, "/question 캐시")
        kim.say(group, GOOD, reply_to=tg.wait_for_message(group, "캐시가"))
        tg.wait_for_message(group, "📈")
        tg.wait_idle()
        with tg.held():
            late = kim.say(group, "/topics")
            with tg.lock:
                update = tg.world.queue.pending.pop()
            supergroup = group.migrate()
            with tg.lock:
                tg.world.queue.pending.clear()  # the service messages are lost
        kim.say(supergroup, "/question 인덱스")
        kim.say(supergroup, "인덱스는 조회를 빠르게 하지만 쓰기를 느리게 합니다", reply_to=tg.wait_for_message(supergroup, "인덱스의"))
        tg.wait_for_message(supergroup, "📈")
        tg.wait_idle()
        with tg.lock:
            tg.world.queue.pending.append((tg.world.queue.next_id, update[1], update[2]))
            tg.world.queue.next_id += 1
            tg.lock.notify_all()
        tg.wait_for_message(supergroup, "주제", after=late)
        kim.say(supergroup, "/leaderboard")
        board = tg.wait_for_message(supergroup, "Kim")
        points = bot.rows("SELECT sum(ranked), count(*) FROM answers")[0]
        assert "Kim — %d점 (답 %d개" % points in board.content and points[1] == 2, (points, board.content)
        kim.say(supergroup, "/leaderboard 오늘")
        assert "Kim — %d점 (답 %d개" % points in tg.wait_for_message(supergroup, "오늘", after=board).content
        kim.say(supergroup, "/settings")
        tg.wait_for_message(supergroup, "마감 때 한 번에")
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM chats WHERE gone=0"), [(1,)])
        tg.check(refusals=1)


@test
def of_two_questions_answered_alone_the_one_replied_to_counts(tg, place):
    """The field that a link opens makes a reply of what is typed; the question it stands under is the one meant."""
    group, kim, lee = group_of(tg, "Kim", "Lee")
    with Bot(tg, place) as bot:
        asked = {}
        for word in ("캐시가", "인덱스의"):
            kim.say(group, "/question " + word[:-1])
            post = tg.wait_for_message(group, word)
            lee.press(post, "🤫 따로 답하기")
            asked[word] = tg.wait_for_message(lee, word)
        lee.tell("인덱스는 조회를 빠르게 하지만 쓰기를 느리게 합니다", reply_to=asked["인덱스의"])
        tg.wait_for_message(lee, "📈")
        lee.tell(GOOD, reply_to=asked["캐시가"])
        tg.wait(lambda: len(said(tg, lee, "📈")) == 2)
        tg.wait(lambda: len(said(tg, group, "Lee님이 따로 답했어요")) == 2)
        tg.wait(lambda: all("답 1개" in m.content for m in tg.messages(group) if "💡 힌트 (−10점)" in labels(m)), 20, "counters")
        tg.wait_idle()
        equal(bot.rows("SELECT q.text, a.attempt FROM answers a JOIN questions q ON q.id=a.question ORDER BY a.id"),
              [("인덱스의 장단점을 설명하시오.", 1), ("캐시가 무엇인지 설명하시오.", 1)])
        tg.check()


@test
def the_summary_of_a_closed_topic_comes_all_the_same(tg, place):
    """Where nobody may write in the question's topic any more: to the whole group, without a reply."""
    kim = tg.user("Kim", language="ko")
    forum = tg.supergroup("포럼", members=[kim], creator=kim, forum=True)
    topic = forum.topic("면접")
    with Bot(tg, place, bank=BANK) as bot:
        kim.say(forum, "/question", thread=topic)
        post = tg.wait_for_message(forum, "설명하시오")
        kim.say(forum, GOOD, reply_to=post)
        tg.wait_for_message(forum, "점", after=post)
        tg.wait_idle()
        bot.kill()
        db = sqlite3.connect(place.path("a.db"))  # its time comes
        with db:
            equal(db.execute("UPDATE rounds SET closes = opened + 1").rowcount, 1)
        db.close()
        with tg.lock:
            topic.closed = True
        bot.start()
        closed = tg.wait_for_message(forum, "마감", after=tg.messages(forum)[-1])
        equal((closed.thread, closed.reply_to), (None, None))
        tg.wait_idle()
        tg.check(refusals=1)


@test
def who_speaks_as_a_channel_is_nobody(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    channel = tg.channel("News")
    with tg.lock:
        group.promote_bot()  # it sees everything
    with Bot(tg, place) as bot:
        with tg.lock:
            group.linked_post(channel, "/question 교착")  # the linked channel's own post
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가")
        lee.say(group, GOOD, reply_to=post, as_channel=channel)
        told = tg.wait_for_message(group, "본인 이름으로", after=post)
        lee.say(group, "/reveal now", as_channel=channel)
        tg.wait_for_message(group, "관리자만", after=told)
        tg.wait_idle()
        equal(len(tg.messages(group)), 3)
        equal(bot.rows("SELECT count(*) FROM answers"), [(0,)])
        tg.check()


if __name__ == "__main__":
    sys.exit(run(TESTS))
