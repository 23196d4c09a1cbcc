#!/usr/bin/env python3
"""Conversations over a pipe: what a person types and what comes back, in Korean and English."""
import json
import os
import pty
import re
import select
import time
import unicodedata

from support import (BINARY, DEADLOCK, HYPERVISOR, LIMIT, MIXED, SCHEDULER, SOCKET, TRANSACTION, Live, Place, case, main,
                     question, score_of)


def mixed(place):
    return ["-o", "bot.bank=" + place.write("mixed.md", MIXED)]


def flat(text):
    return "\n".join(line.strip() for line in text.splitlines())


def shows(reply, model):
    """The model answer stands in the reply line for line, indentation apart, without frame or prefix."""
    return ("\n" + flat(model) + "\n") in ("\n" + flat(reply) + "\n")


@case("a whole conversation in Korean on the embedded bank")
def korean():
    with Place() as p:
        rows = [json.loads(x) for x in p.run("bank", "export").out.splitlines()]
        topics, ask, answer, score, board = p.talk("/topics", "/question", "가상 머신은 하이퍼바이저가 나눠 준 자원으로 돌아갑니다.",
                                                   "/score", "/leaderboard", user="민수")
        assert re.search(r"가상화\D*12", topics), topics
        asked = [q for q in rows if q["question"] in ask]
        assert len(asked) == 1 and "가상화" in ask, ask
        assert 0 <= score_of(answer) <= 100
        at = -1
        for model in asked[0]["answers"]:
            assert shows(answer, model), answer
            assert flat(answer).index(flat(model)) > at
            at = flat(answer).index(flat(model))
        for note in asked[0]["notes"]:
            assert flat(note) in flat(answer), answer
        assert "민수" in score and "민수" in board, (score, board)


@case("a whole conversation in English")
def english():
    with Place() as p:
        replies = p.talk("/topics", "/question kernel", SCHEDULER, "/score", "/leaderboard", "/help", user="Ann", lang="en",
                         options=mixed(p))
        topics, ask, answer, score, board, _ = replies
        assert "Linux kernel" in topics and "Linux network" in topics, topics
        assert "What does a scheduler do?" in ask, ask
        assert score_of(answer) == 100 and shows(answer, SCHEDULER), answer
        assert "Ann" in score and "Ann" in board, (score, board)
        for reply in replies[:5]:
            assert not re.search("[가-힣]", reply.replace("데이터 베이스", "").replace("운영 체제", "").replace("서버", "")), reply


@case("/topics lists every topic with its count")
def topics_counts():
    with Place() as p:
        bank = p.write("b.md", "# Alpha\n\n" + "".join(question("Alpha %s?" % w, "It is %s." % w) for w in ("one", "two", "three"))
                       + "# Beta\n\n" + question("Beta four?", "It is four."))
        (reply,) = p.talk("/topics", options=["-o", "bot.bank=" + bank])
        assert re.search(r"Alpha\D*3\D*Beta\D*1", reply, re.S), reply


FORGIVING = [("데이터 베이스", "트랜잭션"), ("데이터베이스", "트랜잭션"), ("데이터베이스에서", "트랜잭션"), ("데이터베이스의", "트랜잭션"), ("데이터", "트랜잭션"),
             ("KERNEL", "scheduler"), ("linux KERNEL", "scheduler"), ("kern", "scheduler"), ("Socket", "socket"),
             ("endpoint", "socket"), ("트랜잭션", "트랜잭션"), ("트랜잭션을", "트랜잭션"), ("교착", "교착"), ("교착상태", "교착"), ("운영체제", "교착"),
             ("운영체제를", "교착"), ("hypervisor", "하이퍼바이저의 역할"), ("Hypervisor", "하이퍼바이저의 역할"), ("스케줄러", "scheduler"),
             ("소켓", "socket"), ("transaction", "트랜잭션"), ("deadlock", "교착"), ("database", "트랜잭션")]


@case("topics and questions are matched forgivingly, in both languages, for /question and /topic")
def forgiving():
    with Place() as p:
        for command in ("/question", "/topic", "/질문", "/주제"):
            replies = p.talk(*[command + " " + word for word, _ in FORGIVING], options=mixed(p))
            missed = [(word, reply) for (word, wanted), reply in zip(FORGIVING, replies) if wanted not in reply]
            assert not missed, (command, missed)


@case("hypervisor finds a Korean question of the embedded bank")
def hypervisor():
    with Place() as p:
        rows = [json.loads(x) for x in p.run("bank", "export").out.splitlines()]
        (reply,) = p.talk("/question hypervisor")
        asked = [q for q in rows if q["question"] in reply]
        assert len(asked) == 1 and "하이퍼바이저" in json.dumps(asked[0], ensure_ascii=False), reply


@case("several matches offer a choice; the choice can be typed")
def several():
    with Place() as p:
        (reply,) = p.talk("/question linux", options=mixed(p), lang="en")
        assert "Linux kernel" in reply and "Linux network" in reply, reply
        assert "What does" not in reply and "What is a socket" not in reply, reply
        out = p.script("/question linux", "Linux network", options=mixed(p), lang="en").out
        assert "What is a socket?" in out, "the offered name, typed, is the choice:\n" + out


@case("no match says what exists")
def none():
    with Place() as p:
        (reply,) = p.talk("/question zebrastripes", options=mixed(p))
        for name in ("Linux kernel", "Linux network", "데이터 베이스", "운영 체제", "서버"):
            assert name in reply, reply
        assert "zebrastripes" in reply and "?" not in reply.replace("zebrastripes?", ""), reply


@case("the reply has the score, key points with the user's words, the model answers with the notes, the effect on the total")
def reply_parts():
    with Place() as p:
        bank = p.write("b.md", "# T\n\n" + question(
            "What is a socket?", SOCKET + "\nIt has an address and a port.\nThe kernel keeps a queue of bytes for it.",
            "Sockets are handles of descriptors that stand for connections.\nThey are closed by the last owner.",
            notes=["What is a port? <br> A number of 16 bits."]))
        how = dict(options=["-o", "bot.bank=" + bank], lang="en")
        _, reply = p.talk("/question", "An ENDPOINT of communication which programs read and write", **how)
        n = score_of(reply)
        assert 0 < n < 100, reply
        assert "ENDPOINT" in reply, "the user's own words: " + reply
        signs = {point: sign for sign, point in re.findall(r"(Covered|Partly|Missed)\b.*? — (.*)", reply)}
        assert list(signs) == [SOCKET, "It has an address and a port.", "The kernel keeps a queue of bytes for it."], reply
        assert signs[SOCKET] == "Covered", reply
        assert "Missed" in p.talk("/again", "nothing like that", "/score", **how)[1]
        assert reply.index("Model answer 1") < reply.index("Model answer 2") < reply.index("16 bits"), reply
        assert re.search(r"\+%d\b" % n, reply), "the total moves by the score: " + reply
        (total,) = p.talk("/score", **how)
        assert re.search(r"\b%d\b" % n, total), total


@case("an answer that earns nothing has no point covered, headings of the model included")
def nothing_covered():
    with Place() as p:
        bank = p.write("b.md", "# T\n\n" + question(
            "Compare full and para virtualization.", "Full (full virtualization) and para (para-virtualization) are two ways.\n\n"
            "1. Full virtualization:\n- The guest need not be changed.\n\n2. Para-virtualization:\n- The guest is changed."))
        for options in (["-o", "bot.bank=" + bank], []):
            for answer in ("아니", "zebra", "모르겠습니다"):
                said = ["/practice 12"] + [answer, "/why"] * 12
                for reply in p.talk(*said, lang="en", options=options)[1:]:
                    mine = reply.split("Model answer")[0]
                    assert "Why" in mine or score_of(mine) == 0, reply
                    assert "Covered" not in mine and "Partly" not in mine, (answer, reply)
                    assert "0/0" not in mine, "a point of no weight is no point: " + reply


TRICKY = ("Spaced  words,   a tab\there & <b>tags</b> *stars* _under_ `ticks` | bars | > quotes\n"
          "    indented by four\n\tindented by a tab\n\n\n- a list item\n1. first\n   10. tenth\n# no heading\n> no quote\n"
          "한글 — “따옴표” … ㅋㅋ 👩‍💻 \u00e9 \\ backslash \\n %s %d &amp; &lt;\n" + "long " * 200 + "end")


@case("the model answer stands verbatim, indentation apart, without frame or prefix; several in order")
def verbatim():
    with Place() as p:
        second = "The second one.\n+ not a note\n---\n=====\nLast line."
        bank = p.write("b.md", "# T\n\n" + question("What is verbatim?", TRICKY, second))
        options = ["-o", "bot.bank=" + bank]
        exported = json.loads(p.run(*options, "bank", "export").out)["answers"]
        assert exported == [TRICKY, second], exported
        for lang in ("ko", "en"):
            reply = p.talk("/question", "something", lang=lang, options=options)[1]
            assert shows(reply, TRICKY) and shows(reply, second), reply
            assert flat(reply).index(flat(TRICKY)) < flat(reply).index(flat(second))
            reply = p.talk("/question", "/skip", lang=lang, options=options)[1]
            assert shows(reply, TRICKY) and shows(reply, second), reply


@case("notes are shown")
def notes():
    with Place() as p:
        bank = p.write("b.md", "# T\n\n" + question("What is it?", "A thing.", notes=["First note? <br> It says so.", "Second note."]))
        reply = p.talk("/question", "x", options=["-o", "bot.bank=" + bank])[1]
        for text in ("First note?", "It says so.", "Second note."):
            assert text in flat(reply).split("\n"), reply
        assert "<br>" not in reply and "+)" not in reply, reply


@case("the context of a question (code, options) is shown with it")
def context():
    with Place() as p:
        bank = p.write("b.md", "# JS\n\n### 1. What's the output?\n\n```js\nlet one = 1;\n    console.log(one);\n```\n\n- A: `1`\n- B: "
                       "`2`\n\n<details><summary>Answer</summary>\n\n#### Answer: A\n\nIt prints the number.\n\n</details>\n")
        ask = p.talk("/question", options=["-o", "bot.bank=" + bank], lang="en")[0]
        for text in ("What's the output?", "let one = 1;", "    console.log(one);", "A: 1", "B: 2"):
            assert text in ask, ask


@case("a message of several lines between two lines of only a backslash")
def several_lines():
    with Place() as p:
        replies = p.talk("/question 트랜잭션", TRANSACTION.split("\n"), options=mixed(p))
        assert score_of(replies[1]) == 100, replies
        db = p.open_database()
        assert db.execute("SELECT text FROM answers").fetchall() == [(TRANSACTION,)]


@case("inside a message of several lines a command line is text, and an empty message does no harm")
def lines_with_commands():
    with Place() as p:
        replies = p.talk("/question kernel", ["first", "/skip", "", "  last"], [], "/help", options=mixed(p))
        assert p.open_database().execute("SELECT text FROM answers").fetchall()[0] == ("first\n/skip\n\n  last",)
        assert "/question" in replies[3]


@case("lines may end with CR LF; white space around a command is no matter; capitals neither")
def forgiving_lines():
    with Place() as p:
        out = p.script("/topics\r", "  /TOPICS  ", "/Topics", options=mixed(p)).out
        assert out.count("Linux kernel") == 3, out


@case("an answer with no open question says so")
def no_question():
    with Place() as p:
        for lang, word in (("ko", "질문"), ("en", "question")):
            replies = p.talk("그냥 하는 말", lang=lang)
            assert word in replies[0] and "/question" in replies[0], replies
        assert p.open_database().execute("SELECT count(*) FROM answers").fetchone() == (0,)


@case("every command without an open question answers something")
def never_silent():
    with Place() as p:
        for lang in ("ko", "en"):
            commands = ["/hint", "/skip", "/again", "/why", "/stop", "/score", "/leaderboard", "/today", "/topics", "/lang", "/topic",
                        "/help", "/start", "/", "//", "/ ", "/1", "/리더보드", "/leaderboard nonsense", "/practice -1",
                        "/practice 0", "/practice 1001", "/practice nonsense", "/lang fr", "/lang klingon", "/stop"]
            for command, reply in zip(commands, p.talk(*commands, lang=lang)):
                assert reply.strip(), command


TYPOS = [("/quesiton", "/question"), ("/qestion", "/question"), ("/hnit", "/hint"), ("/skpi", "/skip"), ("/leaderbord", "/leaderboard"),
         ("/topcis", "/topics"), ("/scroe", "/score"), ("/halp", "/help"), ("/practise", "/practice"), ("/languge", "/lang"),
         ("/todya", "/today"), ("/agian", "/again"), ("/Quesiton", "/question")]
TYPOS_KO = [("/질믄", "/질문"), ("/힌투", "/힌트"), ("/도움", "/도움말"), ("/건너띄기", "/건너뛰기"), ("/순외", "/순위"), ("/점스", "/점수"), ("/연슴", "/연습")]


@case("an unknown command is answered with the nearest one")
def nearest():
    with Place() as p:
        for lang in ("ko", "en"):
            for typos in (TYPOS, TYPOS_KO):
                for (typo, meant), reply in zip(typos, p.talk(*[t for t, _ in typos], lang=lang)):
                    same = {"/질문": "/question", "/힌트": "/hint", "/도움말": "/help", "/건너뛰기": "/skip", "/순위": "/leaderboard",
                            "/점수": "/score", "/연습": "/practice"}
                    assert meant in reply or same.get(meant, meant) in reply, (lang, typo, reply)
                    assert len(reply) < 300 or typo == "/도움", (typo, reply)


@case("Korean particles agree with the word before them")
def particles():
    with Place() as p:
        closed, opened = ["쿵짝", "둠칫", "번쩍", "7", "3", "xyzzym"], ["쿵쾅쾌", "두두두", "번쩌", "2", "9", "xyzzyko"]
        replies = p.talk(*["/" + w for w in closed + opened], *["/질문 없는" + w for w in closed + opened],
                         *["/시간대 " + w for w in closed + opened], lang="ko")
        for word, reply in zip((closed + opened) * 3, replies):
            for particle in re.findall(re.escape(word) + r"[\"'’”]?(은|는|이|가|을|를|과|와)(?![가-힣])", reply):
                assert (particle in "은이을과") == (word in closed), (word, particle, reply)
            assert "은(는)" not in reply and "이(가)" not in reply and "을(를)" not in reply, reply
        assert sum(bool(re.search(r"(은|는) 제가|(은|는) ", r)) for r in replies) > 10, "the words stand before particles at all"


@case("an unknown command with an open question is no answer")
def unknown_is_no_answer():
    with Place() as p:
        p.talk("/question", "/quesiton foo")
        assert p.open_database().execute("SELECT count(*) FROM answers").fetchone() == (0,)


PAIRS = [("/topics", "/주제들"), ("/help", "/도움말"), ("/score", "/점수"), ("/leaderboard", "/순위"), ("/leaderboard week", "/순위 주"),
         ("/leaderboard today", "/순위 오늘"), ("/leaderboard month", "/순위 월"), ("/leaderboard all", "/순위 전체"), ("/lang", "/언어"),
         ("/why", "/왜"), ("/hint", "/힌트"), ("/stop", "/그만"), ("/again", "/다시"), ("/skip", "/건너뛰기")]


@case("commands work in either language's words, whatever the language of the chat")
def both_words():
    for lang in ("ko", "en"):
        with Place() as p:
            for english, korean in PAIRS:
                a, b = p.talk(english, korean, lang=lang)
                assert a == b, (english, korean, a, b)


@case("Korean words ask, hint, skip, practise")
def korean_words():
    with Place() as p:
        ask, hint, skip, again, practice = p.talk("/질문 커널", "/힌트", "/건너뛰기", "/다시", "/연습 1 커널",
                                                  options=mixed(p))
        assert "scheduler" in ask and "○" in hint and shows(skip, SCHEDULER), (ask, hint, skip)
        assert "scheduler" in again and "scheduler" in practice, (again, practice)


@case("/lang en and /lang ko switch at once, and a later run remembers")
def lang():
    with Place() as p:
        one, two, three, four = p.talk("/lang en", "/help", "/lang ko", "/help")
        assert not re.search("[가-힣]", one), one
        assert "leaderboard" in two and len(re.findall("[가-힣]", two)) < 100, two
        assert re.search("[가-힣]", three), three
        assert len(re.findall("[가-힣]", four)) > 100, four
        p.talk("/lang en")
        (later,) = p.talk("/score")
        assert not re.search("[가-힣]", later), later


@case("/lang takes the languages' own names, and a bare answer to its question")
def lang_names():
    for word in ("english", "English", "영어", "EN"):
        with Place() as p:
            replies = p.talk("/lang " + word, "/score", lang="ko")
            assert not re.search("[가-힣]", replies[1]), (word, replies)
    for word in ("korean", "한국어", "KO"):
        with Place() as p:
            replies = p.talk("/lang " + word, "/score", lang="en")
            assert re.search("[가-힣]", replies[1]), (word, replies)
    with Place() as p:
        out = p.script("/question", "/lang", "en", "/score", lang="ko").out
        assert p.open_database().execute("SELECT count(*) FROM answers").fetchone() == (0,), "the choice was graded:\n" + out


@case("/help names every command of the issue, in both languages")
def help_names():
    with Place() as p:
        for lang in ("ko", "en"):
            (reply,) = p.talk("/help", lang=lang)
            for word in ("/question", "/topic", "/topics", "/practice", "/stop", "/hint", "/skip", "/again", "/score",
                         "/leaderboard", "/today", "/lang", "/help", "/why"):
                assert re.search(re.escape(word) + r"\b", reply), (word, reply)


@case("an answer of 20,000 characters is graded, kept and told without harm")
def long_answer():
    with Place() as p:
        for text in ("교착 " * 6666 + "끝.", "x" * 20000, "가" * 20000):
            replies = p.talk("/question 교착", text, "/why", "/score", options=mixed(p))
            assert 0 <= score_of(replies[1]) <= 100 and len(replies[1]) < 8000 and len(replies[2]) < 8000
            stored = p.open_database().execute("SELECT text FROM answers ORDER BY id DESC LIMIT 1").fetchone()
            assert stored == (text,), (len(stored[0]), len(text))


@case("a line of a megabyte does no harm")
def megabyte():
    with Place() as p:
        replies = p.talk("/question 교착", "가나 " * 150000, "/topics", options=mixed(p))
        assert replies[1].strip() and "Linux kernel" in replies[2], replies


@case("an answer of only emoji or punctuation is graded 0 without harm")
def emoji():
    with Place() as p:
        for text in ("😀😀😀", "👩‍👩‍👧‍👦🇰🇷", "ㅋㅋㅋㅋ", "...", "?!", "\u200b\u200b", "ㅠㅠ"):
            replies = p.talk("/question 교착", text, options=mixed(p))
            assert score_of(replies[1]) == 0 and shows(replies[1], DEADLOCK), (text, replies)


@case("control characters are cleaned before anything shows them")
def control():
    with Place() as p:
        bad = "교착 \x1b[31m상태\x1b[0m\x07\x08\x00 \u202e자원\u202c \x9b2J 둘 이상의 프로세스"
        result = p.script("/question 교착", bad, "/why", "/qx\x1b[2Jy", "/question \x1b]0;t\x07", options=mixed(p),
                          user="민\x1b[31m수\x07")
        assert result.code == 0, result
        shown = re.findall(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]", result.all)
        assert not shown, (shown, result)
        result = p.script("/leaderboard", "/score", options=mixed(p), user="민\x1b[31m수\x07")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", result.all), result


@case("bytes that are no UTF-8 are survived and come out as UTF-8")
def bad_bytes():
    with Place() as p:
        r = p.run(*mixed(p), "chat", stdin="/question 교착\n".encode() + b"\xff\xfe\xc0 abc \xed\xa0\x80\n/why\n/\xff\n")
        assert r.code == 0, r
        r.raw.decode("utf-8")


@case("a bank's control characters and escape sequences do not reach the terminal")
def bank_control():
    with Place() as p:
        bank = p.write("b.md", "# T\x1b[31m\n\n" + question("What \x1b[2Jis \x07it?", "A \x1b]0;owned\x07 thing \x9b."))
        r = p.script("/topics", "/question", "x", "/why", options=["-o", "bot.bank=" + bank])
        assert r.code == 0 and not re.search(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]", r.out), r


@case("NFD Hangul is understood in commands, topics and answers")
def other_forms():
    with Place() as p:
        replies = p.talk("/" + unicodedata.normalize("NFD", "질문") + " " + unicodedata.normalize("NFD", "교착"),
                         unicodedata.normalize("NFD", DEADLOCK), options=mixed(p))
        assert "교착 상태란 무엇인가요?" in replies[0] and score_of(replies[1]) == 100, replies


@case("모르겠습니다 and its sisters earn 0 and still teach")
def dont_know():
    with Place() as p:
        for text in ("모르겠습니다", "잘 모르겠어요", "몰라요", "I don't know", "pass", "패스", "-"):
            replies = p.talk("/question 교착", text, options=mixed(p))
            assert score_of(replies[1]) == 0 and shows(replies[1], DEADLOCK), (text, replies)


@case("a second run remembers scores, the open question and the language of nobody else")
def remembers():
    with Place() as p:
        how = dict(options=mixed(p), lang="en")
        first = p.talk("/question hypervisor", HYPERVISOR, "/score", "/question kernel", user="Ann", **how)
        assert score_of(first[1]) == 100
        score, answer, board = p.talk("/score", SCHEDULER, "/leaderboard all", user="Ann", **how)
        assert score == first[2], (score, first[2])
        assert score_of(answer) == 100, answer
        assert "Ann" in board and "200" in board, board


@case("two people on one terminal: each has a score of their own, the board has both")
def two_people():
    with Place() as p:
        how = dict(options=mixed(p), lang="en")
        p.talk("/question kernel", SCHEDULER, user="Ann", **how)
        mine, board = p.talk("/score", "/leaderboard all", user="Bob", **how)
        assert "Ann" not in mine and "100" not in mine, mine
        assert "Ann" in board, board


@case("an answer is committed before its reply is shown: kill right after the reply")
def committed():
    for i in range(5):
        with Place() as p, Live(p, "--lang", "en", options=mixed(p)) as chat:
            chat.say("/question kernel")
            chat.until(r"scheduler do\?")
            chat.say("the scheduler picks a thread, try %d" % i)
            chat.until(r"\d+/100")
            chat.process.kill()
            chat.process.wait()
            rows = p.open_database().execute("SELECT text FROM answers").fetchall()
            assert rows == [("the scheduler picks a thread, try %d" % i,)], rows


@case("over a pipe each reply is written at once, without waiting for more input")
def at_once():
    with Place() as p, Live(p, "--lang", "en", options=mixed(p)) as chat:
        for _ in range(3):
            chat.say("/topics")
            chat.until("Linux kernel")
        chat.process.stdin.close()
        chat.process.stdin = None
        assert chat.end().code == 0


def terminal(place, steps, columns=80):
    """Plays on a pseudo terminal: [(what to type, pattern to wait for)]; returns everything seen and the exit code."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.clear()
        os.environ.update(place.env(TERM="xterm", COLUMNS=str(columns)))
        os.chdir(place.root)
        os.execv(BINARY, [BINARY, *mixed(place), "chat", "--lang", "en"])
    seen, code = "", None

    def read(until):
        nonlocal seen
        start, end = len(seen), time.monotonic() + LIMIT
        raw = b""
        while until is None or not re.search(until, seen[start:]):
            assert time.monotonic() < end, "no %r after %r" % (until, seen)
            if not select.select([fd], [], [], 1)[0]:
                if until is None:  # a key pressed between two prompts may be lost: a person presses it again
                    os.write(fd, b"\x7f\x04")
                continue
            try:
                chunk = os.read(fd, 65536)
            except OSError:
                break
            if not chunk:
                break
            raw += chunk
            seen = seen[:start] + raw.decode("utf-8", "replace")

    try:
        for keys, wanted in steps:
            if keys:
                time.sleep(0.3)  # a person types after reading; the line editor wakes in between
                os.write(fd, keys.encode())
            read(wanted)
    finally:
        os.close(fd)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return seen, code


PROMPT = r"\n> "
NETWORK = r"Linux network[^>]*\n> "


@case("on a terminal: line editing, history, end with Ctrl-D, exit 0")
def on_terminal():
    with Place() as p:
        seen, code = terminal(p, [(None, PROMPT), ("/topicz\x7fs\r", NETWORK), ("\x1b[A\r", NETWORK),
                                  ("opics\x01/t\x05\r", NETWORK), ("\x04", None)])
        assert code == 0, (code, seen)


@case("on a terminal: Korean is erased by whole characters")
def terminal_korean():
    with Place() as p:
        seen, code = terminal(p, [(None, PROMPT), ("/주제둘\x7f들\r", NETWORK), ("\x04", None)])
        assert code == 0, (code, seen)


@case("on a terminal: a message of several lines works too")
def terminal_lines():
    with Place() as p:
        seen, code = terminal(p, [(None, PROMPT), ("/question kernel\r", r"scheduler do\?[^>]*\n> "), ("\\\r", r"\n\S+ "), ("a scheduler\r", r"\n\S+ "),
                                  ("picks a thread\r", r"\n\S+ "), ("\\\r", r"/100[^>]*\n> "), ("\x04", None)])
        assert code == 0, (code, seen)
        assert p.open_database().execute("SELECT text FROM answers").fetchall() == [("a scheduler\npicks a thread",)]


main()
