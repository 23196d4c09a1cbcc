#!/usr/bin/env python3
"""bank export, list and show; check."""
import json
import os
import re

from support import MIXED, Place, Skip, case, main, question

ALLOWED = ["file", "line", "id", "topic", "topics", "question", "answers", "notes", "context", "parent"]


def export(place, *paths, code=0, options=()):
    r = place.run(*options, "bank", "export", *paths)
    assert r.code == code, r
    return [json.loads(line) for line in r.out.splitlines()], r


@case("the embedded bank: 12 questions, 15 answers, 4 notes, one topic")
def seed():
    with Place() as p:
        rows, r = export(p)
        assert len(rows) == 12 and not r.err, r
        assert sum(len(q["answers"]) for q in rows) == 15 and sum(len(q["notes"]) for q in rows) == 4, r
        assert {q["topic"] for q in rows} == {"가상화"} and all("가상화" in q["topics"] for q in rows), r
        assert len({q["id"] for q in rows}) == 12 and len({q["question"] for q in rows}) == 12
        assert [q["line"] for q in rows] == sorted(q["line"] for q in rows)
        assert all(q["question"].strip() and all(a.strip() for a in q["answers"]) for q in rows)


@case("each line has exactly the fields named, with their types")
def fields():
    with Place() as p:
        bank = p.write("bank.md", MIXED)
        for q in export(p)[0] + export(p, bank)[0]:
            assert set(q) <= set(ALLOWED) and set(q) >= set(ALLOWED[:8]), q
            assert isinstance(q["line"], int) and q["line"] >= 1, q
            for name in ("file", "id", "topic", "question"):
                assert isinstance(q[name], str) and q[name], q
            for name in ("topics", "answers", "notes"):
                assert isinstance(q[name], list) and all(isinstance(s, str) for s in q[name]), q


@case("fields tell the truth: line, topic, question, answers in order, notes with <br> as line ends")
def truth():
    with Place() as p:
        text = "# [ week2 ] 상자\n\n" + question("첫째 질문은?", "첫 답.", "둘째 답.\n\n    들여쓴 줄", notes=["메모란? <br> 둘째 줄"]) \
            + question("둘째 질문은?", "셋째 답입니다.")
        bank = p.write("bank.md", text)
        first, second = export(p, bank)[0]
        assert first["topic"] == "상자" and first["question"] == "첫째 질문은?", first
        assert first["answers"] == ["첫 답.", "둘째 답.\n\n    들여쓴 줄"], first
        assert len(first["notes"]) == 1 and re.fullmatch(r"메모란\?\s*\n둘째 줄", first["notes"][0]), first
        lines = text.split("\n")
        for q in (first, second):
            near = lines[q["line"] - 1]
            assert "<details>" in near or "<summary>" in near, (q, near)
        assert first["file"].endswith("bank.md"), first


@case("the same bank twice gives the same bytes; identity does not hang on topic, file, neighbours, spaces, punctuation")
def identity():
    with Place() as p:
        answer = "An answer of several words."
        a = p.write("a.md", "# One\n\n" + question("What is a semaphore?", answer) + question("What is a mutex?", answer))
        b = p.write("b/c.md", "# Two\n\n## Three\n\n" + question("What  is a   semaphore", answer))
        assert p.run("bank", "export", a).raw == p.run("bank", "export", a).raw
        one, two = export(p, a)[0][0], export(p, b)[0][0]
        assert one["id"] == two["id"], (one, two)
        assert one["id"] != export(p, a)[0][1]["id"]


@case("exact twins get ids of their own, by their answers whatever the order, and check reports them")
def twins():
    with Place() as p:
        x, y = question("What's the output?", "It prints one."), question("What's the output?", "It prints two.")
        a = p.write("a.md", "# T\n\n" + x + y)
        b = p.write("b.md", "# T\n\n" + y + x)
        first = {q["answers"][0]: q["id"] for q in export(p, a)[0]}
        second = {q["answers"][0]: q["id"] for q in export(p, b)[0]}
        assert len(set(first.values())) == 2 and first == second, (first, second)
        r = p.run("check", "-o", "bot.bank=" + a)
        assert re.search(r"a\.md:\d+: ", r.all), r


@case("several paths, files and folders, in one output; hidden folders and other files are left out")
def paths():
    with Place() as p:
        one = p.write("one.md", "# A\n\n" + question("One?", "The first."))
        p.write("more/two.md", "# B\n\n" + question("Two?", "The second."))
        p.write("more/deep/three.markdown", "# C\n\n" + question("Three?", "The third."))
        p.write("more/.hidden/four.md", "# D\n\n" + question("Four?", "The fourth."))
        p.write("more/five.txt", "# E\n\n" + question("Five?", "The fifth."))
        rows, _ = export(p, one, p.path("more"))
        assert sorted(q["question"] for q in rows) == ["One?", "Three?", "Two?"], rows


@case("a file without a question: an error only when it was the only path named")
def without_question():
    with Place() as p:
        empty = p.write("empty.md", "# Nothing\n\nJust prose here.\n")
        good = p.write("good.md", "# A\n\n" + question("One?", "The first."))
        rows, r = export(p, empty, code=1)
        assert rows == [] and "empty.md" in r.err, r
        rows, r = export(p, empty, good)
        assert len(rows) == 1, r


@case("export prints all it can, problems on standard error, and exits 1 only after all files")
def all_it_can():
    with Place() as p:
        one = p.write("one.md", "# A\n\n" + question("One?", "The first."))
        two = p.write("two.md", "# A\n\n" + question("Two?", "The second."))
        bad = p.write("bad.md", ("# 주제\n\n" + question("한국어 질문입니까?", "한국어 답입니다.")).encode("cp949"))
        rows, r = export(p, one, p.path("absent.md"), bad, two, code=1)
        assert [q["question"] for q in rows] == ["One?", "Two?"], r
        assert "absent.md" in r.err and "bad.md" in r.err, r


@case("export of named paths does not look at bot.bank; without paths it does")
def named_or_not():
    with Place() as p:
        one = p.write("one.md", "# A\n\n" + question("One?", "The first."))
        two = p.write("two.md", "# A\n\n" + question("Two?", "The second."))
        assert [q["question"] for q in export(p, two, options=["-o", "bot.bank=" + one])[0]] == ["Two?"]
        assert [q["question"] for q in export(p, options=["-o", "bot.bank=" + one])[0]] == ["One?"]


@case("bank list has each id with its question; bank show prints one whole")
def list_and_show():
    with Place() as p:
        rows, _ = export(p)
        listed = p.run("bank", "list")
        assert listed.code == 0 and len(listed.out.splitlines()) == 12, listed
        for q, line in zip(rows, listed.out.splitlines()):
            assert q["id"] in line and q["question"] in line, (q, line)
            shown = p.run("bank", "show", q["id"])
            assert shown.code == 0 and q["question"] in shown.out, shown
            at = 0
            for answer in q["answers"]:
                at = shown.out.find(answer, at)
                assert at >= 0, "answer missing or out of order: %s" % shown
            for note in q["notes"]:
                assert note in shown.out, shown


@case("bank show of an unknown id is a clear error, exit 1")
def show_unknown():
    with Place() as p:
        r = p.run("bank", "show", "0000")
        assert r.code == 1 and "0000" in r.err and not r.out, r


@case("a fence without a language that is a whole answer is prose; labelled or inside a longer answer it is code")
def prose_and_code():
    with Place() as p:
        bank = p.write("b.md", "# T\n\n<details>\n<summary>How do you loop?</summary>\n\nWith a loop:\n\n```c\nfor (;;)\n"
                               "    run();\n```\n\nIt runs for ever.\n\n</details>\n")
        (q,), _ = export(p, bank)
        assert len(q["answers"]) == 1 and "for (;;)\n    run();" in q["answers"][0] and "ever" in q["answers"][0], q


@case("check of the embedded bank is clean, exit 0")
def check_clean():
    with Place() as p:
        r = p.run("check")
        assert r.code == 0 and not re.search(r":\d+: ", r.all), r
        assert not os.path.exists(p.state), "check makes no database"


def bad_bank(name, content, inside=""):
    def test():
        with Place() as p:
            path = p.write(name, content) if content is not None else p.path(name)
            r = p.run("-o", "bot.bank=" + path, "check")
            assert r.code == 1, r
            assert re.search(re.escape(name) + r":\d+: ", r.all), "file:line: message wanted: %s" % r
            r = p.run("-o", "bot.bank=" + path, "chat", stdin="/question\n")
            assert r.code == 1 and name in r.err, "chat says which file is bad: %s" % r
    return test


KOREAN = "# 주제\n\n" + question("한국어로 쓴 질문입니까?", "그렇습니다, 한국어로 쓴 답입니다.") * 20
for title, name, content in (("missing file", "absent.md", None), ("CP949", "cp949.md", KOREAN.encode("cp949")),
                             ("UTF-16 with a mark", "utf16.md", KOREAN.encode("utf-16")),
                             ("UTF-16 without a mark", "utf16le.md", KOREAN.encode("utf-16-le")),
                             ("no question", "none.md", "# Title\n\nProse only.\n"), ("empty file", "void.md", "")):
    case("check and chat on a bad bank: %s" % title)(bad_bank(name, content))


@case("a stray bad byte or NUL becomes U+FFFD with a warning at its line; the bank loads")
def stray():
    with Place() as p:
        good = "# Topic\n\n" + "".join(question("Question number %d?" % i, "Answer number %d stands here." % i) for i in range(20))
        raw = good.encode().replace(b"Answer number 7", b"Answer\xff number 7").replace(b"Answer number 9", b"Answer\0 number 9")
        path = p.write("stray.md", raw)
        rows, r = export(p, path)
        assert len(rows) == 20, r
        assert "\ufffd" in rows[7]["answers"][0] and "\ufffd" in rows[9]["answers"][0], rows
        r = p.run("check", "-o", "bot.bank=" + path)
        assert r.code == 0, r
        line = raw[:raw.index(b"\xff")].count(b"\n") + 1
        assert re.search(r"stray\.md:%d: " % line, r.all), "line %d: %s" % (line, r)


@case("check of several banks tells every problem of every file")
def check_all():
    with Place() as p:
        good = p.write("good.md", MIXED)
        bad = p.write("bad.md", KOREAN.encode("cp949"))
        r = p.run("check", "-o", "bot.bank=%s;%s;%s" % (p.path("absent.md"), good, bad))
        assert r.code == 1 and re.search(r"absent\.md:\d+: ", r.all) and re.search(r"bad\.md:\d+: ", r.all), r


@case("check warns of a question without an answer, exit 0; it is never asked")
def no_answer():
    with Place() as p:
        path = p.write("b.md", "# T\n\n" + question("Has one?", "Yes, this one.") + "<details>\n<summary>Has none?</summary>\n\n</details>\n")
        r = p.run("check", "-o", "bot.bank=" + path)
        assert r.code == 0 and re.search(r"b\.md:(12|13|14|15): ", r.all), r
        replies = p.talk(*(["/question", "x"] * 4), options=["-o", "bot.bank=" + path], lang="en")
        assert not any("Has none?" in reply for reply in replies), replies
        assert any("Has one?" in reply for reply in replies), replies


@case("check tells configuration and bank problems in one run")
def both():
    with Place() as p:
        conf = p.write("my.conf", "[bot]\nlanguage = fr\nbank = %s\n" % p.path("absent.md"))
        r = p.run("-c", conf, "check")
        assert r.code == 1 and "my.conf:2: " in r.all and "absent.md" in r.all, r


@case("an unreadable bank is a clear error")
def unreadable():
    with Place() as p:
        path = p.write("b.md", MIXED)
        os.chmod(path, 0)
        if os.access(path, os.R_OK):
            raise Skip("root reads everything")
        r = p.run("check", "-o", "bot.bank=" + path)
        assert r.code == 1 and "b.md" in r.all, r


main()
