#!/usr/bin/env python3
"""Slack: conversations between people and the real binary over the strict server."""
import datetime
import re
import time
import zoneinfo

from slack_support import MODEL, OWN, WRONG, Stage
from support import case, main, score_of, standings


@case("a direct message in Korean: question, answer, model answer, score, board")
def direct_korean():
    with Stage() as s:
        asked = s.dm(s.boram, "질문 가상화")
        assert "하이퍼바이저란 무엇인가요?" in asked.plain and any("힌트" in b for b in asked.buttons), asked.plain
        answered = s.dm(s.boram, OWN)
        assert score_of(answered.plain) >= 60 and MODEL in answered.plain, answered.plain
        assert "짚음" in answered.plain and any("다음" in b for b in answered.buttons)
        assert "보람" in s.dm(s.boram, "점수").plain
        board = s.dm(s.boram, "순위")
        assert standings(board.plain.replace("*", ""))[0][1] == "보람", board.plain
        why = s.dm(s.boram, "왜")
        assert "왜" in why.plain and OWN in why.plain, why.plain


@case("a file without words is told that answers are typed, and the question stays open")
def wordless():
    with Stage() as s:
        s.dm(s.boram, "질문 가상화")
        assert "글로" in s.dm(s.boram, "").plain
        assert score_of(s.dm(s.boram, OWN).plain) >= 60


@case("the same in English; the language of the person begins it, /lang changes it")
def direct_english():
    with Stage(options=["bot.language=en"]) as s:
        asked = s.dm(s.ada, "question 네트워크")
        assert any("Hint" in b for b in asked.buttons), asked.buttons
        answered = s.dm(s.ada, "It resolves names to addresses")
        assert "/100" in answered.plain and "Model answer" in answered.plain, answered.plain
        assert "Ada" in s.dm(s.ada, "score").plain and "Leaderboard" in s.dm(s.ada, "leaderboard week").plain
        assert "한국어" in s.dm(s.ada, "lang ko").plain
        assert "주제" in s.dm(s.ada, "topics").plain


@case("a message is a command only when it is exactly one; everything else answers")
def exact_commands():
    with Stage() as s:
        s.dm(s.boram, "질문 가상화")
        assert "점" in s.dm(s.boram, "질문이 어렵지만 하이퍼바이저는 가상 머신을 실행합니다", "점").plain
        s.dm(s.boram, "question")
        assert score_of(s.dm(s.boram, "topic names are translated by it, I think").plain) >= 0
        s.dm(s.boram, "question")
        assert score_of(s.dm(s.boram, "hint 는 필요 없고, 이것은 주소를 찾습니다").plain) >= 0
        assert s.counts()[0] == 3
        s.dm(s.boram, "질문")
        hint = s.dm(s.boram, "힌트")
        assert "💡" in hint.plain and s.counts()[0] == 3


@case("a channel's question: Answer, Hint, Topic; the form takes the answer unseen; the post counts")
def channel_form():
    with Stage() as s:
        post = s.ask(s.ada, "질문 가상화")
        assert post.buttons[0] == "답하기" and "힌트" in post.buttons[1] and post.buttons[2] == "주제", post.buttons
        assert not post.thread_ts
        view = s.form(s.boram, post, OWN)
        assert score_of(view.plain) >= 60 and MODEL in view.plain, view.plain
        s.slack.wait_for(lambda: "답 1개" in s.slack.messages(s.room, bot=True)[0].plain, 20, "the counter")
        form2 = s.form(s.ada, post, WRONG)
        assert score_of(form2.plain) <= 30
        mean = s.slack.wait_for(lambda: re.search(r"답 2개 · 평균 (\d+)점", s.slack.messages(s.room, bot=True)[0].plain),
                                20, "the counter of two")
        assert abs(int(mean.group(1)) - (score_of(view.plain) + score_of(form2.plain)) / 2) <= 1
        everything = [m.plain + m.text for m in s.slack.messages(s.room)]
        assert not any(OWN in t or MODEL in t for t in everything), everything
        assert len(s.slack.messages(s.room, bot=True)) == 1       # nothing but the post itself


@case("an answer in the post's thread: a public result without the model answer, which only its author sees")
def thread_answer():
    with Stage() as s:
        post = s.ask(s.ada, "질문 가상화")
        s.boram.say(s.room, "하이퍼바이저는 가상 머신을 실행해요", thread=post)
        result = s.slack.wait_message(s.room, "점", thread=post, timeout=20)
        private = s.slack.wait_ephemeral(s.boram, "모범 답안", timeout=20)
        assert result.thread_ts == post.ts and MODEL not in result.plain and MODEL in private.plain
        assert not s.slack.ephemerals(s.ada)
        for message in s.slack.messages(s.room, bot=True):
            assert MODEL not in message.plain and MODEL not in message.text
        other = s.slack.channel("random", members=[s.ada])
        s.ada.say(other, "talk among people")
        s.ada.say(s.room, "more talk")
        s.ada.say(s.room, "talk in a thread", thread=s.slack.messages(s.room)[0])
        s.slack.settle()
        assert s.counts()[0] == 1 and not s.slack.messages(other, bot=True)


@case("hint and topic under a post, boards and settings by slash command: only the one who asked sees them")
def only_for_one():
    with Stage() as s:
        post = s.ask(s.ada, "질문 가상화")
        s.boram.press(post, post.buttons[1]).wait(20)
        hint = s.slack.wait_ephemeral(s.boram, "💡", timeout=20)
        s.boram.press(post, "주제").wait(20)
        assert "네트워크" in s.slack.wait_ephemeral(s.boram, "네트워크", after=hint, timeout=20).plain
        assert "순위" in s.slash(s.boram, "leaderboard", "순위").plain
        assert "순위" in s.slash(s.boram, "순위 주", "순위").plain
        assert "/interview 질문" in s.slash(s.boram, "help", "/interview").plain
        assert s.slash(s.boram, "점수").plain and s.slash(s.boram, "settings").plain
        assert "/interview question" in s.slash(s.boram, "questoin").plain
        assert not s.slack.ephemerals(s.ada) and len(s.slack.messages(s.room, bot=True)) == 1
        assert s.counts()[0] == 0


@case("the slash command asks in the channel and in the direct message")
def slash_asks():
    with Stage() as s:
        s.boram.slash(s.room, "/interview", "질문 네트워크").wait(20)
        post = s.slack.wait_message(s.room, timeout=20)
        assert post.buttons[0] == "답하기"
        s.boram.slash(s.boram.im, "/interview", "질문 가상화").wait(20)
        assert "하이퍼바이저" in s.slack.wait_message(s.boram.im, timeout=20).plain
        assert score_of(s.dm(s.boram, OWN).plain) >= 60


@case("the slash command in a talk with somebody else is answered in the bot's own, and says so; a failed look-up harms none")
def slash_elsewhere():
    with Stage() as s:
        talk = s.slack.channel("hidden", members=[s.boram, s.ada], bot=False, private=True)
        s.boram.slash(talk, "/interview", "질문").wait(20)
        assert "/invite" in s.slack.wait_ephemeral(s.boram, timeout=20).plain
        im = s.slack.im(s.boram, s.ada)
        last = s.slack.ephemerals(s.boram)[-1]
        s.boram.slash(im, "/interview", "질문 가상화").wait(20)
        assert "저와의 대화" in s.slack.wait_ephemeral(s.boram, after=last, timeout=20).plain
        assert "하이퍼바이저" in s.slack.wait_message(s.boram.im, timeout=20).plain
        room = s.slack.channel("shaky", members=[s.ada])
        s.slack.fail("500", method="conversations.info", times=1)
        s.ada.slash(room, "/interview", "질문 네트워크").wait(20)
        assert s.slack.wait_message(room, timeout=20).buttons


@case("where the bot is not, the command says how to invite it; added, it greets; removed, it is silent")
def coming_and_going():
    with Stage() as s:
        other = s.slack.channel("other", members=[s.ada], bot=False)
        s.ada.slash(other, "/interview", "question").wait(20)
        assert "/invite" in s.slack.wait_ephemeral(s.ada, timeout=20).plain
        s.slack.add_bot(other)
        hello = s.slack.wait_message(other, timeout=20)
        assert hello.buttons, hello.plain
        s.ada.slash(other, "/interview", "question").wait(20)
        post = s.slack.wait_message(other, after=hello, timeout=20)
        assert post.buttons[0] in ("Answer", "답하기")
        s.form(s.ada, post, OWN)
        s.slack.remove_bot(other)
        s.slack.settle()
        s.slack.add_bot(other)
        again = s.slack.wait_message(other, after=post, timeout=20)
        assert again.buttons
        s.ada.slash(other, "/interview", "leaderboard").wait(20)
        assert "Ada" in s.slack.wait_ephemeral(s.ada, "Ada", timeout=20).plain


@case("only administrators change a channel's settings: the workspace's, the channel's maker, the operator's list")
def administrators():
    with Stage() as s:
        refused = s.slash(s.boram, "daily 09:00")
        assert "09:00" not in refused.plain, refused.plain
        assert "09:00" in s.slash(s.ada, "daily 09:00", "09:00").plain
        own = s.slack.channel("own", members=[s.boram], creator=s.boram)
        s.boram.slash(own, "/interview", "daily 10:00").wait(20)
        assert s.slack.wait_ephemeral(s.boram, "10:00", timeout=20)
    with Stage(start=False) as s:
        s.options.append("bot.admins=" + s.boram.id)
        s.start()
        assert "09:30" in s.slash(s.boram, "매일 09:30", "09:30").plain


@case("a channel's time zone is that of who speaks there first")
def zones():
    with Stage() as s:
        s.slash(s.ada, "settings")
        s.slack.settle()
        with s.place.open_database() as db:
            assert db.execute("SELECT zone FROM chats WHERE ext=?", (s.room.id,)).fetchone()[0] == "Europe/London"


@case("daily, set to the next minute in the channel's zone, brings one post with its form, and none more after a restart")
def daily():
    with Stage() as s:
        s.slash(s.ada, "timezone Europe/London")
        now = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/London"))
        at = now + datetime.timedelta(minutes=1 if now.second < 50 else 2)
        s.slash(s.ada, "daily " + at.strftime("%H:%M"), at.strftime("%H:%M"))
        post = s.slack.wait_message(s.room, timeout=140)
        assert post.buttons[0] == "답하기" and not post.thread_ts, post.plain
        s.stop()
        s.start()
        assert score_of(s.form(s.boram, post, OWN).plain) >= 0
        time.sleep(1)
        assert len(s.slack.messages(s.room, thread=False, bot=True)) == 1


@case("buttons that lead from a channel into the direct message; reveal=private and close; English posts")
def into_private():
    with Stage() as s:
        offer = s.slash(s.boram, "practice")
        s.boram.press(offer, offer.buttons[0]).wait(20)
        first = s.slack.wait_message(s.boram.im, "?", timeout=20)
        assert "1/5" in first.plain, first.plain
        s.slack.wait_ephemeral(s.boram, "저와의 대화", timeout=20)      # Slack does not lead there by itself
        s.slash(s.ada, "lang en", "English")
        s.slash(s.ada, "reveal private")
        post = s.ask(s.ada, "question 가상화")
        assert post.buttons[0] == "Answer" and post.buttons[2] == "Topic", post.buttons
        s.boram.say(s.room, OWN, thread=post)
        result = s.slack.wait_message(s.room, "/100", thread=post, timeout=20)
        assert MODEL not in result.plain and result.buttons
        s.boram.press(result, result.buttons[0]).wait(20)
        s.slack.wait_message(s.boram.im, MODEL, timeout=20)
        s.slash(s.ada, "reveal close")
        post = s.ask(s.ada, "question TCP")
        assert "TCP는 연결을 맺고 순서와" not in s.form(s.boram, post, "TCP는 연결을 맺어요").plain
        for message in s.slack.messages(s.room, bot=True):
            assert MODEL not in message.plain


@case("a person's own data, and being forgotten")
def own_data():
    with Stage() as s:
        s.dm(s.boram, "질문 가상화")
        s.dm(s.boram, OWN)
        s.boram.dm("내보내기")
        s.slack.wait_message(s.boram.im, OWN[:20], after=s.slack.messages(s.boram.im)[-1], timeout=20)
        s.dm(s.boram, "잊어줘")
        assert "지웠" in s.dm(s.boram, "잊어줘 네", "지웠").plain
        s.wait(lambda: s.outbox() == 0, "an empty outbox")
        with s.place.open_database() as db:
            assert not db.execute("SELECT 1 FROM answers WHERE text<>''").fetchone()
            assert not db.execute("SELECT 1 FROM accounts WHERE ext=?", (s.boram.id,)).fetchone()


@case("the home tab shows score, streak and board")
def home():
    with Stage() as s:
        s.dm(s.boram, "질문 가상화")
        s.dm(s.boram, OWN)
        post = s.ask(s.ada, "질문 네트워크")
        s.form(s.boram, post, "TCP는 연결을 맺고 순서와 도착을 보장하며 UDP는 연결 없이 빠르게 보냅니다")
        s.boram.open_home()
        view = s.wait(lambda: s.slack.home(s.boram), "the home tab")
        assert "보람" in view.plain and "🔥" in view.plain and "🏆" in view.plain and "#general" in view.plain, view.plain
        s.ada.open_home()
        view = s.wait(lambda: s.slack.home(s.ada), "another home tab")
        assert view.buttons
        s.ada.press(view, view.buttons[0]).wait(20)
        assert s.slack.wait_message(s.ada.im, "?", timeout=20).buttons
        cho = s.slack.user("cho")
        cho.join(s.room)
        s.form(cho, post, "TCP는 연결이 있고 UDP는 연결이 없어요")
        opened = cho.open_home()
        plain = s.wait(lambda: s.slack.home(cho), "the home tab of one who answers in channels").plain
        assert plain.index("#general") < plain.index("단둘이"), plain       # what there is comes first
        assert "/interview 질문" in plain or "/interview question" in plain, plain
        count = len(s.slack.requests("views.publish"))
        s.slack.repeat(opened)                     # and it stays when Slack tells twice
        s.ada.dm("topics")
        s.slack.settle(30)
        assert len(s.slack.requests("views.publish")) == count, s.slack.requests("views.publish")
        assert s.slack.home(cho).plain == plain, (plain, s.slack.home(cho).plain)


@case("nobody can ping a channel through the bot, in the group or in private; code stays code")
def escaping():
    evil = "<!channel> <@U123> & <http://x|y> @here *bold* _it_ `code` ```block``` &lt;!everyone&gt;"
    with Stage() as s:
        s.slack.change_user(s.boram, display_name="<!channel> & Co")
        s.dm(s.boram, "질문 가상화")
        s.dm(s.boram, "하이퍼바이저 " + evil)
        why = s.dm(s.boram, "왜")
        assert "@here" in why.plain, why.plain
        post = s.ask(s.ada, "질문 네트워크")
        s.form(s.boram, post, evil)
        s.boram.say(s.room, evil + " 다시", thread=post)
        s.slack.wait_message(s.room, "점", thread=post, timeout=20)
        board = s.ask(s.ada, "순위")
        assert "<!channel> & Co" in board.plain, board.plain
        s.slack.settle()
        assert not s.slack.pings, s.slack.pings


@case("nor can a bank: topics, questions and model answers are text, in posts, forms, buttons, boards and the home tab")
def escaping_bank():
    evil = "&lt;!channel&gt; &lt;@U0BOT&gt; &lt;#C1|x&gt; &lt;!subteam^S1&gt; @here @everyone http://a.example &amp; *b*"
    bank = "".join("# 주제 %d %s\n\n<details>\n<summary>%s 질문 %d은 무엇인가요?</summary>\n\n%s 답은 %d입니다.\n\n</details>\n\n" %
                   (i, evil, evil, i, evil, i) for i in range(3))
    with Stage(bank=bank) as s:
        post = s.ask(s.ada, "질문")
        assert "<!channel> <@U0BOT>" in post.plain or "@here" in post.plain, post.plain
        assert "<!channel>" in s.form(s.boram, post, "답은 몰라요 " + evil).plain
        s.boram.say(s.room, "<!here> 답입니다", thread=post)
        s.slack.wait_message(s.room, "점", thread=post, timeout=20)
        for text in ("topics", "질문 주제", "why", "score", "leaderboard", "settings", "question <!channel>", "<!channel>"):
            s.slash(s.boram, text) if "질문" not in text else s.boram.slash(s.room, "/interview", text).wait(20)
        s.dm(s.boram, "질문")
        s.dm(s.boram, "답 " + evil)
        s.dm(s.boram, "왜")
        s.boram.open_home()
        s.wait(lambda: s.slack.home(s.boram), "the home tab")
        s.slack.settle(30)
        assert not s.slack.pings, s.slack.pings


@case("a long model answer with code is split within the limits and comes whole")
def long_answers():
    code = "\n".join("int function_%d(const char *name) { return %d < 3 && name[0] > 'a'; }" % (i, i) for i in range(160))
    prose = " ".join("문장 번호 %d은 가상화의 한 면을 설명합니다." % i for i in range(400))
    bank = ("# 가상화\n\n<details>\n<summary>길게 설명하시오.</summary>\n\n```\n%s\n```\n\n```c\n%s\n```\n\n</details>\n" %
            (prose, code))
    with Stage(bank=bank) as s:
        s.dm(s.boram, "질문")
        s.boram.dm("문장을 설명합니다")
        s.slack.wait_message(s.boram.im, "문장 번호 399", timeout=30)
        s.slack.wait_message(s.boram.im, "function_159", timeout=30)
        whole = "\n".join(m.plain for m in s.slack.messages(s.boram.im, bot=True))
        assert all("문장 번호 %d은" % i in whole for i in range(400))
        assert all("int function_%d(" % i in whole for i in range(160))
        for m in s.slack.messages(s.boram.im, bot=True):
            for b in m.blocks:
                assert b["type"] != "section" or b["text"]["text"].count("```") % 2 == 0, b


@case("/link joins a Slack account with the terminal's: one history, each question counts once")
def link():
    with Stage() as s:
        s.dm(s.boram, "질문 가상화")
        first = score_of(s.dm(s.boram, OWN).plain)
        code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", s.dm(s.boram, "연결").plain).group()
        assert code not in s.slash(s.ada, "link").plain        # not in a channel
        s.stop()
        options = ["-o", "bot.bank=" + s.bank]
        said = s.place.talk("/question 가상화", MODEL, "/link " + code, "/score", "/link " + code, user="bora",
                            options=options)
        assert "이어졌어요" in said[2] or "Joined" in said[2], said
        best = score_of(said[1])
        assert str(max(first, best)) in said[3] and "모르는" in said[4], said
        s.start()
        total = s.dm(s.boram, "점수").plain
        assert "답 2개" in total, total
        with s.place.open_database() as db:
            sums = db.execute("SELECT sum(points), sum(answers) FROM members").fetchone()
            assert sums == db.execute("SELECT sum(ranked), sum(attempt=1) FROM answers").fetchone()
            assert sums == db.execute("SELECT sum(points), sum(answers) FROM tallies").fetchone()
            assert db.execute("SELECT count(*) FROM users").fetchone()[0] >= 2
            assert sums[0] <= 100


main()
