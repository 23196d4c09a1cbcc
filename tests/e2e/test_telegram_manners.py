#!/usr/bin/env python3
"""What a person reads on a telephone: nothing twice, nothing too long, no dead end, no nagging. Prints TAP."""
import sys

from telegram_bot import BANK, Bot, equal, run

TESTS = []
GOOD = "자주 쓰는 데이터를 가까운 곳에 복사해 두는 저장소이고 속도를 높이려고 씁니다. 원본이 바뀌면 무효화합니다."
LONG = "# 긴 것\n\n<details>\n<summary>아주 긴 것을 설명하시오.</summary>\n\n%s\n\n</details>\n" % " ".join(
    "이 문장은 %d번째 설명이고 저마다 다른 내용을 말합니다." % i for i in range(30))


def test(function):
    TESTS.append(function)
    return function


def labels(message):
    return [label for row in message.buttons for label in row]


def group_of(tg, *names):
    people = [tg.user(n, language="ko") for n in names]
    return (tg.supergroup("Study", members=people), *people)


def ask(tg, kim, question="캐시"):
    kim.tell("/question " + question)
    return tg.wait_for_message(kim, question)


@test
def a_practice_hint_names_no_price(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.tell("/practice 2")
        post = tg.wait_for_message(kim, "1/2")
        assert "💡 힌트" in labels(post) and "💡 힌트 (−10점)" not in labels(post), labels(post)
        kim.press(post, "💡 힌트").wait_answer()
        hint = tg.wait_for_message(kim, "힌트 1", after=post)
        assert "💡 힌트" in labels(hint), labels(hint)
        kim.tell("/stop")
        end = tg.wait_for_message(kim, "연습", after=hint)
        kim.tell("/question")
        asked = tg.wait_for_message(kim, "답을 그냥", after=end)
        assert "💡 힌트 (−10점)" in labels(asked), labels(asked)
        tg.wait_idle()
        tg.check()


@test
def a_practice_question_asked_again_is_just_a_question(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.tell("/practice 1")
        tg.wait_for_message(kim, "1/1")
        kim.tell("모르겠어요")
        end = tg.wait_for_message(kim, "연습 끝")
        kim.tell("/again")
        again = tg.wait_for_message(kim, "다시 한번", after=end)
        assert "연습" not in again.content, again.content
        tg.wait_idle()
        tg.check()


@test
def no_points_are_said_once(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        ask(tg, kim)
        kim.tell("모르겠어요")
        result = tg.wait_for_message(kim, "순위 점수가 없어요")
        assert "더할 점수가 없어요" not in result.content, result.content
        tg.wait_idle()
        tg.check()


@test
def topics_are_tapped(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        kim.tell("/topics")
        topics = tg.wait_for_message(kim, "주제")
        equal(labels(topics), ["시스템"])
        kim.press(topics, "시스템").wait_answer()
        asked = tg.wait_for_message(kim, "❓ 시스템", after=topics)
        kim.tell("/question 없는것")
        none = tg.wait_for_message(kim, "못 찾았어요", after=asked)
        assert "시스템" in labels(none), labels(none)
        tg.wait_idle()
        tg.check()


@test
def a_long_model_answer_is_folded(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    with Bot(tg, place, bank=BANK + LONG):
        asked = ask(tg, kim, "아주 긴")
        kim.tell("모르겠어요")
        result = tg.wait_for_message(kim, "모범 답안", after=asked)
        equal(result.source.count("<blockquote expandable>이 문장은 0번째"), 1, result.source)
        asked = ask(tg, kim)
        kim.tell("모르겠어요")
        assert "blockquote" not in tg.wait_for_message(kim, "모범 답안", after=asked).source
        lee.say(group, "/question 아주 긴")
        post = tg.wait_for_message(group, "아주 긴 것")
        lee.say(group, "모르겠어요", reply_to=post)
        hidden = tg.wait_for_message(group, "모범 답안", after=post)
        assert "<blockquote expandable><tg-spoiler>이 문장은 0번째" in hidden.source, hidden.source
        assert not any("번째 설명" in m.visible for m in tg.messages(group))
        tg.wait_idle()
        tg.check()


@test
def the_board_turns_its_pages_in_place(tg, place):
    group, kim = group_of(tg, "Kim")
    with Bot(tg, place):
        kim.say(group, "/question 캐시")
        post = tg.wait_for_message(group, "캐시가")
        kim.press(post, "🏆 순위").wait_answer()
        board = tg.wait_for_message(group, "전체", after=post)
        kim.press(board, "오늘").wait_answer()
        tg.wait(lambda: "오늘" in board.content, 5, "today's board")
        kim.press(board, "오늘").wait_answer()
        tg.wait_idle()
        equal(len(tg.messages(group)), 2)
        assert "캐시가" in post.content
        tg.check()


@test
def what_concerns_one_who_taps_is_not_posted_to_the_group(tg, place):
    group, kim, lee = group_of(tg, "Kim", "Lee")
    group.promote(kim)
    with Bot(tg, place):
        kim.say(group, "/start")
        hello = tg.wait_for_message(group, "안녕하세요")
        assert "관리자만" in lee.press(hello, "⏰ 매일 09:00").wait_answer()["text"]
        assert "그 버튼은" in lee.press(hello, "no-such:1", force=True).wait_answer()["text"]
        kim.say(group, "/question 교착")
        post = tg.wait_for_message(group, "교착")
        said = [lee.press(post, "💡 힌트 (−10점)").wait_answer()["text"] for _ in range(4)]
        assert "힌트 1" in said[0] and "다 드렸어요" in said[-1], said
        tg.wait_idle()
        equal(len(tg.messages(group)), 2)
        tg.check()


@test
def import_without_a_document_says_how(tg, place):
    kim, lee = tg.user("Kim", language="ko"), tg.user("Lee", language="ko")
    with Bot(tg, place, "bot.admins=%d" % kim.id):
        for person in (kim, lee):
            person.start()
            tg.wait_for_message(person, "안녕하세요")
        kim.tell("/import")
        tg.wait_for_message(kim, "Markdown 파일")
        lee.tell("/import")
        tg.wait_for_message(lee, "관리자만")
        tg.wait_idle()
        tg.check()


@test
def documents_sent_while_one_is_fetched_all_get_their_answer(tg, place):
    """One is fetched at a time: the others wait, also over a kill, each for an answer of its own."""
    kim, lee = tg.user("Kim", language="ko"), tg.user("Lee", language="ko")
    with Bot(tg, place, "bot.admins=%d;%d" % (kim.id, lee.id)) as bot:
        for person in (kim, lee):
            person.start()
            tg.wait_for_message(person, "안녕하세요")
        trouble = tg.fault("500", method="getFile", count=1000)
        kim.send_document(kim, BANK.encode(), "one.md", caption="/import")
        tg.wait(lambda: trouble.hits > 0, 10, "the first fetch")
        kim.send_document(kim, b"# nothing in it", "two.md", caption="/import")
        lee.send_document(lee, BANK.encode(), "three.md", caption="/import")
        lee.send_document(lee, b"PK", "four.zip", caption="/import")
        said = kim.tell("/question")
        tg.wait_for_message(kim, "설명하시오", after=said)  # nobody waits for a document but who sent one
        bot.kill()
        trouble.cancel()
        bot.start()
        nothing = tg.wait_for_message(kim, "two.md 확인 결과: 질문 0개", timeout=40)
        assert "찾지 못했어요" in nothing.content and "고칠 데가 없어요" not in nothing.content, nothing.content
        tg.wait_for_message(lee, "three.md 확인 결과: 질문 3개", timeout=40)
        tg.wait_for_message(lee, "Markdown 파일", timeout=40)
        tg.wait_idle()
        for person, name in ((kim, "one.md"), (kim, "two.md"), (lee, "three.md"), (lee, "Markdown 파일")):
            equal(sum(name in m.content for m in tg.messages(person) if m.sender.id != person.id), 1, name)
        equal(bot.rows("SELECT count(*) FROM waiting"), [(0,)])
        tg.check()


@test
def a_document_that_cannot_be_fetched_holds_up_no_setting(tg, place):
    """Who administers a group is asked on a way of its own: a fetch is tried again for minutes."""
    group, kim, lee = group_of(tg, "Kim", "Lee")
    group.promote(lee)
    with Bot(tg, place, "bot.admins=%d" % kim.id) as bot:
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        trouble = tg.fault("500", method="getFile", count=1000)
        kim.send_document(kim, BANK.encode(), "one.md", caption="/import")
        tg.wait(lambda: trouble.hits >= 2, 10, "a second try")
        lee.say(group, "/reveal now")
        tg.wait_for_message(group, "모범 답안은 이제")
        equal(bot.rows("SELECT count(*) FROM waiting"), [(1,)])
        trouble.cancel()
        tg.wait_for_message(kim, "one.md 확인 결과", timeout=40)
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM waiting"), [(0,)])
        tg.check()


@test
def who_taps_quickly_sees_the_last_page_at_once(tg, place):
    """Pages that nobody will see any more take no turn of the chat's."""
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place) as bot:
        kim.tell("/leaderboard")
        board = tg.wait_for_message(kim, "순위")
        with tg.held():
            taps = [kim.press(board, label) for label in ("오늘", "이번 주", "이번 달", "오늘", "이번 주", "이번 달")]
        for tap in taps:
            tap.wait_answer()
        tg.wait(lambda: "이번 달" in board.content, 5, "the last page")
        tg.wait_idle(quiet=1.5)
        equal(len(board.edits), 1, "edits")
        equal(bot.rows("SELECT count(*) FROM unsent"), [(0,)])
        tg.check()


@test
def what_is_not_the_document_that_was_sent_is_fetched_again(tg, place):
    """A proxy may answer with a page of its own, and 200: that must not become the bank."""
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place, "bot.admins=%d" % kim.id, "telegram.import=yes") as bot:
        kim.start()
        tg.wait_for_message(kim, "안녕하세요")
        fault = tg.fault("body", "file", body=BANK.encode()[:-700])
        kim.send_document(kim, BANK.encode(), "bank.md", caption="/import")
        fault.wait_used(10)
        tg.wait_for_message(kim, "확인 결과: 질문 3개", timeout=20)
        tg.wait_idle()
        equal(sum("확인 결과" in m.content for m in tg.messages(kim)), 1)
        with open(bot.bank, encoding="utf-8") as f:
            equal(f.read(), BANK)
        tg.check()


@test
def what_a_tap_brings_up_is_cut_with_dots(tg, place):
    bank = "".join("# 아주 긴 주제의 이름 %d\n\n<details>\n<summary>질문 %d번은 무엇인가?</summary>\n\n답은 %d입니다.\n\n</details>\n\n" % (
        i, i, i) for i in range(40))
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place, bank=bank):
        kim.tell("/settings")
        page = tg.wait_for_message(kim, "설정")
        text = kim.press(page, "set:topics:off", force=True).wait_answer()["text"]
        assert text.endswith("…") and len(text) == 200, (len(text), text)
        tg.wait_idle()
        tg.check()


@test
def skipping_nothing_offers_a_question(tg, place):
    kim = tg.user("Kim", language="ko")
    with Bot(tg, place):
        for command in ("/skip", "/hint", "그냥 답"):
            said = kim.tell(command)
            equal(labels(tg.wait_for_message(kim, "열려 있는 질문이 없어요", after=said)), ["❓ 다음 질문", "도움말"])
        tg.wait_idle()
        tg.check()


if __name__ == "__main__":
    sys.exit(run(TESTS))
