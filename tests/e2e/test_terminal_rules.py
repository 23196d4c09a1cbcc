#!/usr/bin/env python3
"""What the interview counts and remembers: practice, hints, second tries, boards, the daily question, the order."""
import re

from support import (DEADLOCK, HYPERVISOR, MIXED, SCHEDULER, SOCKET, Place, case, main, noon, question, score_of, standings,
                     twelve)


def mixed(place):
    return ["-o", "bot.bank=" + place.write("mixed.md", MIXED), "-o", noon()]


def things(place):
    text, names = twelve()
    return ["-o", "bot.bank=" + place.write("things.md", text), "-o", noon(), "-o", "bot.ranked_asks=100"], names


def which(reply, names):
    """The things that a reply asks about."""
    return [t for t in names if "What is the %s for?" % t in reply]


def total(reply):
    """The points that /score names first, in English."""
    found = re.search(r"(-?\d+) points?\b", reply)
    assert found, reply
    return int(found.group(1))


@case("all questions of a topic are asked before one comes again, over several runs and people")
def all_before_repeat():
    with Place() as p:
        options, names = things(p)
        asked = []
        for run in range(4):
            for reply in p.talk("/question", "/question", "/question", user=["Ann", "Bob"][run % 2], options=options):
                asked += which(reply, names)
        assert sorted(asked) == sorted(names), asked


@case("after all of them it starts over: least recently first, the worst answered before the well answered")
def starts_over():
    with Place() as p:
        options, names = things(p)
        first = []
        for i in range(12):
            replies = p.talk("/question", options=options)
            first += which(replies[0], names)
            number = names.index(first[-1])
            good = "The %s belongs to household number %d and nobody borrows it." % (first[-1], number)
            p.talk(good if i % 2 else "모르겠습니다", options=options)
        assert sorted(first) == sorted(names), first
        again = []
        for reply in p.talk(*["/question", "/skip"] * 12, options=options)[::2]:
            again += which(reply, names)
        assert sorted(again) == sorted(names), "the second pass has each once too: %s" % again
        assert again[0] != first[-1], "the last one does not come again at once: %s" % again


@case("a topic is exhausted for itself: /question TOPIC asks all of it before a repeat")
def topic_exhausted():
    with Place() as p:
        text, names = twelve()
        other = "# Other\n\n" + "".join(question("Why %s?" % w, "Because of %s." % w) for w in ("red", "blue", "green"))
        bank = ["-o", "bot.bank=" + p.write("b.md", text + other)]
        replies = p.talk(*["/question Other", "/question Things"] * 3, options=bank)
        assert len(set(replies[::2])) == 3, replies[::2]
        assert len({which(r, names)[0] for r in replies[1::2]}) == 3, replies[1::2]


@case("/practice: the reply to an answer brings the next question, then a summary")
def practice():
    with Place() as p:
        options, names = things(p)
        replies = p.talk("/practice 3", "one", "two", "three", "four", lang="en", options=options)
        asked = [which(r, names) for r in replies]
        assert [len(a) for a in asked[:3]] == [1, 1, 1] and not asked[3] and not asked[4], replies
        assert len({a[0] for a in asked[:3]}) == 3, asked
        for reply in replies[1:4]:
            score_of(reply)
        for i in (1, 2):  # the same message: score and model answer first, then the next question
            assert "household" in replies[i].split("What is the %s" % asked[i][0])[0], replies[i]
        assert "3" in replies[3].split("household")[-1], "a summary: " + replies[3]
        assert "/question" in replies[4], "practice is over: " + replies[4]


@case("/practice without a number asks five; with a topic, from it; /연습 3 주제 too")
def practice_default():
    with Place() as p:
        options, names = things(p)
        replies = p.talk("/practice", *["x"] * 6, options=options, lang="en")
        assert sum(len(which(r, names)) for r in replies) == 5, replies
        text, names = twelve()
        bank = ["-o", "bot.bank=" + p.write("b.md", text + MIXED)]
        for start in ("/practice 2 Things", "/연습 2 things", "/practice Things 2"):
            replies = p.talk(start, "x", "x", options=bank)
            assert sum(len(which(r, names)) for r in replies) == 2, (start, replies)


@case("/practice N beyond the topic goes on over the bank again; N up to 1,000")
def practice_long():
    with Place() as p:
        options, names = things(p)
        replies = p.talk("/practice 1000", *["x"] * 30, "/stop", lang="en", options=options)
        assert all(len(which(r, names)) == 1 for r in replies[:31]), [which(r, names) for r in replies]
        assert len({which(r, names)[0] for r in replies[:12]}) == 12
        assert re.search(r"\b30\b", replies[31]), "the summary counts what was answered: " + replies[31]


@case("/practice with a number out of range says how many questions come, 1 to 1,000")
def practice_range():
    with Place() as p:
        for n in ("1001", "0", "-1", "99999999999999999999"):
            (reply,) = p.talk("/practice " + n, lang="en", options=mixed(p))
            found = re.search(r"\b(\d+) questions?\b|1,?000", reply)
            assert found and 1 <= int(found.group(1) or 1000) <= 1000, (n, reply)


@case("/stop ends practice with a summary; the next plain line is no answer")
def practice_stop():
    with Place() as p:
        options, names = things(p)
        replies = p.talk("/practice 5", "x", "/stop", "plain words", lang="en", options=options)
        assert re.search(r"\b1\b", replies[2]) and not which(replies[2], names), replies[2]
        assert "/question" in replies[3] and "/100" not in replies[3], replies[3]


@case("/skip in practice shows the model answer and brings the next question")
def practice_skip():
    with Place() as p:
        options, names = things(p)
        replies = p.talk("/practice 3", "/skip", "x", "x", lang="en", options=options)
        assert "household" in replies[1] and len(which(replies[1], names)) == 1, replies[1]
        assert [len(which(r, names)) for r in replies] == [1, 1, 1, 0], replies


@case("practice is remembered by a later run")
def practice_resumed():
    with Place() as p:
        options, names = things(p)
        p.talk("/practice 3", "x", options=options)
        replies = p.talk("y", "z", lang="en", options=options)
        assert len(which(replies[0], names)) == 1 and not which(replies[1], names), replies


@case("practice does not count for the board, nor do its hints cost")
def practice_free():
    with Place() as p:
        options = mixed(p)
        replies = p.talk("/practice 1 kernel", "/hint", SCHEDULER, "/score", lang="en", options=options)
        assert not re.search(r"\b10 points\b", replies[0] + replies[1]), "hints are free here: " + replies[0] + replies[1]
        assert score_of(replies[2]) == 100 and total(replies[3]) == 0, replies[2:]


@case("/hint: the cost is said beforehand; ○○○ for the main terms; each takes 10 points off what ranks")
def hints():
    three = "A socket is an endpoint of communication.\nThe kernel keeps a queue of bytes.\nA port numbers the service."
    answer = "The endpoint of communication has a port that numbers the service and a queue of bytes in the kernel"
    totals = []
    for count in (0, 1, 2):
        with Place() as p:
            options = ["-o", "bot.bank=" + p.write("b.md", "# T\n\n" + question("What is a socket?", three))]
            replies = p.talk("/question", *["/hint"] * count, answer, "/score", lang="en", options=options)
            assert "10" in replies[0], "the cost is said beforehand: " + replies[0]
            for hint in replies[1:1 + count]:
                assert "○○○" in hint, hint
            if count == 2:
                assert replies[1] != replies[2], "the next key point"
                hidden = [w for w in ("endpoint", "communication", "queue", "bytes", "port", "service")
                          if w not in " ".join(replies[1:3])]
                assert len(hidden) >= 3, replies[1:3]
            assert score_of(replies[-2]) > 40, replies
            totals.append((score_of(replies[-2]), total(replies[-1])))
    assert totals[0][0] == totals[1][0] == totals[2][0], "the score is the answer's own: %s" % totals
    assert [b for _, b in totals] == [totals[0][0] - 10 * i for i in range(3)], totals


@case("hints end; the bank's own hint is used where there is one; points never go below 0")
def hint_edges():
    with Place() as p:
        options = ["-o", "bot.bank=" + p.write("b.md", "# T\n\n" + question("What is a socket?", SOCKET))]
        replies = p.talk("/question", *["/hint"] * 15, "bytes", "/score", lang="en", options=options)
        assert "○" in replies[1] and "○" not in replies[15] and replies[15].strip(), replies
        assert total(replies[-1]) == 0, replies[-1]
    with Place() as p:
        bank = p.write("b.md", "# T\n\n<details><summary>What is a socket?</summary>\n\n<details><summary>Hint</summary>\n\nThink of "
                       "plugs on a wall.\n\n</details>\n\n<details><summary>Answer</summary>\n\n%s\n\n</details>\n\n</details>\n" % SOCKET)
        replies = p.talk("/question", "/hint", lang="en", options=["-o", "bot.bank=" + bank])
        assert "plugs on a wall" in replies[1], replies


@case("/skip shows the model answer and earns nothing; the same question afterwards does not rank")
def skip():
    with Place() as p:
        replies = p.talk("/question kernel", "/skip", "plain", "/again", SCHEDULER, "/score", lang="en", options=mixed(p))
        assert SCHEDULER in replies[1] and "/100" not in replies[1], replies[1]
        assert "/question" in replies[2] and "/100" not in replies[2], replies[2]
        assert score_of(replies[4]) == 100 and total(replies[5]) == 0, replies[4:]


@case("/again: a second try teaches, the first counts")
def again():
    with Place() as p:
        replies = p.talk("/question kernel", "the processor", "/again", SCHEDULER, "/score",
                         lang="en", options=mixed(p))
        first, second = score_of(replies[1]), score_of(replies[3])
        assert first < 100 and second == 100 and "scheduler do?" in replies[2], replies
        assert total(replies[4]) == first, (first, replies[4])
        rows = p.open_database().execute("SELECT attempt, score FROM answers ORDER BY id").fetchall()
        assert rows == [(1, first), (2, 100)], rows


@case("/score: total, mean, streak, per topic")
def score():
    with Place() as p:
        replies = p.talk("/question kernel", SCHEDULER, "/question hypervisor", "하이퍼바이저", "/score", user="Ann", lang="en",
                         options=mixed(p))
        second = score_of(replies[3])
        reply = replies[4]
        assert total(reply) == 100 + second, reply
        mean = int((100 + second) / 2 + 0.5)
        assert re.search(r"mean %d\b" % mean, reply), (mean, reply)
        assert "1 day" in reply and "Linux kernel" in reply and "서버" in reply, reply


@case("/score of somebody without answers says so kindly, nothing divides by zero")
def score_empty():
    with Place() as p:
        for lang in ("ko", "en"):
            for reply in p.talk("/score", "/leaderboard", "/leaderboard today", "/why", lang=lang):
                assert reply.strip() and "nan" not in reply.lower(), reply


@case("/leaderboard today|week|month|all: rank, name, points, answers, mean")
def leaderboard():
    with Place() as p:
        how = dict(lang="en", options=mixed(p))
        p.talk("/question kernel", SCHEDULER, "/question hypervisor", "하이퍼바이저", user="Ann", **how)
        second = p.talk("/question socket", "an endpoint", user="Bob", **how)[1]
        boards = p.talk("/leaderboard", "/leaderboard today", "/leaderboard week", "/leaderboard month", "/leaderboard all",
                        user="Bob", **how)
        for board in boards:
            rows = standings(board)
            assert [(r, n) for r, n, _ in rows] == [(1, "Ann"), (2, "Bob")], board
            assert rows[1][2] == score_of(second), board
            assert re.search(r"Ann\b.*\b2\b.*\b\d+", board), board
        assert len(set(boards[1:])) == 4, "each names its period"


@case("ties share a rank and the next rank leaves a gap")
def ties():
    with Place() as p:
        how = dict(lang="en", options=mixed(p))
        for user, ask, answer in (("Ann", "kernel", SCHEDULER), ("Bob", "socket", SOCKET), ("Cho", "교착", "교착 상태"),
                                  ("Dan", "hypervisor", HYPERVISOR)):
            p.talk("/question " + ask, answer, user=user, **how)
        ranks = {n: r for r, n, _ in standings(p.talk("/leaderboard all", user="Ann", **how)[0])}
        assert ranks["Ann"] == ranks["Bob"] == ranks["Dan"] == 1 and ranks["Cho"] == 4, ranks


@case("the board equals a recomputation from the stored answers")
def recomputed():
    with Place() as p:
        options, names = things(p)
        for user in ("Ann", "Bob"):
            said = []
            for i in range(6):
                said += ["/question", "the household number %d" % i, "/again", "belongs to household number %d and nobody" % i]
            p.talk(*said, user=user, options=options)
        board = {n: s for _, n, s in standings(p.talk("/leaderboard all", lang="en", options=options, user="Ann")[0])}
        rows = p.open_database().execute(
            "SELECT u.name, sum(a.ranked) FROM answers a JOIN users u ON u.id = a.user GROUP BY u.id").fetchall()
        wanted = {name: points for name, points in rows if name in board}
        assert {n: board[n] for n in ("Ann", "Bob")} == wanted, (board, rows)
        worst = p.open_database().execute(
            "SELECT max(s) FROM (SELECT sum(ranked) AS s FROM answers GROUP BY user, chat, question)").fetchone()[0]
        assert worst <= 100, worst


@case("names are shown as given: long, with markup, with line ends")
def names():
    with Place() as p:
        how = dict(options=mixed(p), lang="en")
        for name in ("<b>*x*_y_`z`</b>", "가" * 200, "a\nb", "👩‍👩‍👧‍👦", "%s%n"):
            p.talk("/question", "x", user=name, **how)
        (board,) = p.talk("/leaderboard all", user="x", **how)
        assert "<b>*x*_y_`z`</b>" in board and "%s%n" in board and "👩‍👩‍👧‍👦" in board, board
        assert "가" * 200 not in board and "가가가" in board, board
        assert not re.search(r"^b\b", board, re.M), board


@case("/today: the same question for everyone in the chat on that local date, over runs, people and languages")
def today():
    with Place() as p:
        options, things_names = things(p)
        seen = []
        for user, lang in (("Ann", "ko"), ("Bob", "en"), ("Ann", "en"), ("Cho", "ko")):
            reply = p.talk("/question", "x", "/today", user=user, lang=lang, options=options)[2]
            seen.append(which(reply, things_names))
        assert all(s == seen[0] and len(s) == 1 for s in seen), seen


@case("/today answered: counts once a person; asking again says it is done or brings the same")
def today_answered():
    with Place() as p:
        options, names = things(p)
        replies = p.talk("/today", "household", "/today", "/score", lang="en", user="Ann", options=options)
        thing = which(replies[0], names)[0]
        assert which(replies[2], names) in ([thing], []), replies[2]
        assert total(replies[3]) == score_of(replies[1]), replies
        bob = p.talk("/today", "nobody borrows it", "/score", lang="en", user="Bob", options=options)
        assert which(bob[0], names) == [thing] and total(bob[2]) == score_of(bob[1]) > 0, bob


@case("/why shows the arithmetic: the parts add up to the score")
def why():
    with Place() as p:
        for answer in ("교착 상태는 프로세스가 멈춘 상태", DEADLOCK, "모르겠습니다", DEADLOCK + " 그리고 김치는 맛있는 음식입니다. 날씨가 좋습니다."):
            replies = p.talk("/question 교착", answer, "/why", lang="en", options=mixed(p))
            n = score_of(replies[1])
            parts = re.findall(r"^• (\d+)/(\d+) —", replies[2], re.M)
            costs = re.findall(r"^• -(\d+)|^• −(\d+)", replies[2], re.M)
            assert parts and sum(int(w) for _, w in parts) == 100, replies[2]
            assert max(0, sum(int(e) for e, _ in parts) - sum(int(a or b) for a, b in costs)) == n, (n, replies[2])
            assert str(n) in replies[2]


@case("beyond the ranked questions of a day, questions asked for are practice, and that is said")
def ranked_asks():
    with Place() as p:
        text, names = twelve()
        options = ["-o", "bot.bank=" + p.write("t.md", text), "-o", noon(), "-o", "bot.ranked_asks=2"]
        said = []
        for _ in range(3):
            said += ["/question", "household nobody borrows"]
        replies = p.talk(*said, "/score", lang="en", options=options)
        scores = [score_of(r) for r in replies[1:6:2]]
        assert all(scores) and total(replies[6]) == scores[0] + scores[1], (scores, replies[6])
        assert "practice" in (replies[4] + replies[5]).lower(), replies[4:6]


@case("a new bank: questions that vanished keep their history, an open one does not hang the talk")
def other_bank():
    with Place() as p:
        how = dict(lang="en", user="Ann")
        p.talk("/question kernel", SCHEDULER, "/question socket", options=mixed(p), **how)
        text, names = twelve()
        other = ["-o", "bot.bank=" + p.write("t.md", text)]
        answer, score, ask = p.talk("an endpoint", "/score", "/question", options=other, **how)
        assert answer.strip() and total(score) >= 100 and len(which(ask, names)) == 1, (answer, score, ask)


main()
