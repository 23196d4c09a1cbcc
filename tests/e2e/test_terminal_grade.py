#!/usr/bin/env python3
"""The grade command: what it prints adds up, line for line, and depends on nothing else."""
import json

from support import MIXED, Place, case, main

KINDS = ["{model}", "", "모르겠습니다", "I don't know.", "{question}", "{half}", "{other}", "{model} {other}", "😀😀😀", "a" * 20000,
         "{nospace}", "네", "1", "\u0000\u0007", "그건 {model} 가 아닙니다."]


def seed(place, *options):
    r = place.run(*options, "bank", "export")
    assert r.code == 0, r
    return [json.loads(line) for line in r.out.splitlines()]


def lines(questions):
    out = []
    for i, q in enumerate(questions):
        model = q["answers"][0]
        other = questions[(i + 1) % len(questions)]["answers"][0]
        for kind in KINDS:
            text = kind.format(model=model, question=q["question"], half=model[:len(model) // 2], other=other,
                               nospace=model.replace(" ", ""))
            out.append({"question": q["question"], "model": q["answers"], "answer": text})
    return out


def grade(place, rows, *args, code=0):
    r = place.run("grade", *args, stdin="".join(json.dumps(x, ensure_ascii=False) + "\n" for x in rows))
    assert r.code == code, r
    return [json.loads(line) for line in r.out.splitlines()], r


def adds_up(row, result):
    assert list(result)[:4] == ["score", "points", "deductions", "model"], result
    for number in [result["score"], result["model"]] + [p[k] for p in result["points"] for k in ("weight", "earned")] \
            + [d["cost"] for d in result["deductions"]]:
        assert isinstance(number, int) and not isinstance(number, bool), result
    assert result["points"], "no key point: %s" % row
    assert sum(p["weight"] for p in result["points"]) == 100, result
    for point in result["points"]:
        assert set(point) == {"text", "weight", "earned", "words"}, point
        assert point["text"].strip() and 0 <= point["earned"] <= point["weight"], point
        assert isinstance(point["words"], list) and all(isinstance(w, str) and w for w in point["words"]), point
    for cost in result["deductions"]:
        assert set(cost) == {"reason", "cost"} and cost["reason"].strip() and cost["cost"] >= 0, cost
    total = sum(p["earned"] for p in result["points"]) - sum(d["cost"] for d in result["deductions"])
    assert result["score"] == max(0, total) and 0 <= result["score"] <= 100, result
    assert 0 <= result["model"] < len(row["model"]), result


@case("every output adds up: weights 100, score = max(0, earned - cost), integers, fields as named")
def sums():
    with Place() as p:
        rows = lines(seed(p))
        results, _ = grade(p, rows)
        assert len(results) == len(rows)
        for row, result in zip(rows, results):
            adds_up(row, result)


@case("one line for each input, in order")
def order():
    with Place() as p:
        rows = lines(seed(p))[:40]
        forward, _ = grade(p, rows)
        backward, _ = grade(p, rows[::-1])
        assert forward == backward[::-1], "the order of lines changes results: statistics are the same set"


@case("with --bank a line's result does not depend on its neighbours")
def neighbours():
    with Place() as p:
        bank = p.write("bank.md", MIXED)
        questions = seed(p, "-o", "bot.bank=" + bank)
        rows = lines(questions)
        together, _ = grade(p, rows, "--bank", bank)
        assert len(together) == len(rows)
        for i in range(0, len(rows), 7):
            alone, _ = grade(p, [rows[i]], "--bank", bank)
            assert alone == [together[i]], (rows[i], alone, together[i])


@case("without --bank doubled lines change nothing: distinct questions and models count")
def distinct():
    with Place() as p:
        rows = lines(seed(p))[:30]
        once, _ = grade(p, rows)
        twice, _ = grade(p, rows + rows + rows)
        assert twice == once * 3


@case("the same input gives the same bytes, in any locale")
def deterministic():
    with Place() as p:
        rows = lines(seed(p))[:30]
        text = "".join(json.dumps(x) + "\n" for x in rows)
        first = p.run("grade", stdin=text).raw
        for locale in ("C", "C.UTF-8", "ko_KR.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8"):
            assert p.run("grade", stdin=text, env=p.env(LC_ALL=locale, LANG=locale)).raw == first, locale


@case("honest: the model answer earns 100, I-don't-know and nothing 0, the question repeated next to nothing")
def honest():
    with Place() as p:
        bank = p.write("bank.md", MIXED)
        questions = seed(p) + seed(p, "-o", "bot.bank=" + bank)
        for q in questions:
            each = [(a, 100, 100) for a in q["answers"]] + [
                ("", 0, 0), ("   ", 0, 0), ("모르겠습니다", 0, 0), ("모르겠습니다.", 0, 0), ("잘 모르겠어요", 0, 0), ("몰라요 ㅠㅠ", 0, 0),
                ("I don't know", 0, 0), ("no idea", 0, 0), ("😀🎉", 0, 0), (q["question"], 0, 5)]
            rows = [{"question": q["question"], "model": q["answers"], "answer": a} for a, _, _ in each]
            for (answer, low, high), result in zip(each, grade(p, rows)[0]):
                assert low <= result["score"] <= high, (q["question"], answer, result)


@case("model says which alternative was matched: pasting each of several earns full marks on its own index")
def which_model():
    with Place() as p:
        q = {"question": "What is a socket?", "model": ["An endpoint of communication.", "A queue of bytes between two processes, "
             "with an address and a port, that is read and written like a file."]}
        for i, model in enumerate(q["model"]):
            (result,), _ = grade(p, [dict(q, answer=model)])
            assert result["model"] == i and result["score"] == 100, result


@case("words are the user's own words")
def own_words():
    with Place() as p:
        q = {"question": "What is a socket?", "model": ["A socket is an endpoint of communication with an address."],
             "answer": "It is an ENDPOINT which has an Address"}
        (result,), _ = grade(p, [q])
        words = [w for point in result["points"] for w in point["words"]]
        assert words and all(w in q["answer"] for w in words), result


@case("a bad line is an error with its number, exit 1")
def bad_line():
    with Place() as p:
        good = json.dumps({"question": "What is a socket?", "model": ["An endpoint of communication."], "answer": "An endpoint."})
        for bad in ("nonsense", "{", "[]", "1", '{"question":"q"}', '{"question":1,"model":["a"],"answer":"b"}',
                    '{"question":"q","model":[],"answer":"b"}',
                    '{"question":"q","model":[1],"answer":"b"}', '{"question":"q","model":["a"],"answer":null}'):
            r = p.run("grade", stdin=good + "\n" + bad + "\n" + good + "\n")
            assert r.code == 1 and "2" in r.err, (bad, r)
            r2 = [json.loads(x) for x in r.out.splitlines()]
            assert all("score" in x for x in r2), r


@case("invalid UTF-8 in the input is an error with its line, exit 1")
def bad_bytes():
    with Place() as p:
        r = p.run("grade", stdin=b'{"question":"q","model":["a \xff\xfe b"],"answer":"b"}\n')
        assert r.code == 1 and "1" in r.err, r


@case("empty input is nothing to do, exit 0; a last line without newline counts; empty lines do no harm")
def edges():
    with Place() as p:
        r = p.run("grade", stdin="")
        assert r.code == 0 and r.out == "", r
        row = json.dumps({"question": "What is a socket?", "model": ["An endpoint of communication."], "answer": "An endpoint."})
        r = p.run("grade", stdin=row)
        assert r.code == 0 and len(r.out.splitlines()) == 1, r
        r = p.run("grade", stdin=row + "\r\n" + row + "\n")
        assert r.code == 0 and len(r.out.splitlines()) == 2, r


@case("--bank of a missing file or one without a question is a clear error, exit 1")
def missing_bank():
    with Place() as p:
        empty = p.write("empty.md", "prose\n")
        for path in (p.path("absent.md"), empty):
            r = p.run("grade", "--bank", path, stdin="")
            assert r.code == 1 and path in r.err and not r.out, r


@case("100,000 characters and 1,000 lines are graded without harm")
def big():
    with Place() as p:
        q = {"question": "What is a socket?", "model": ["An endpoint of communication that has an address."]}
        rows = [dict(q, answer="endpoint " * 11000), dict(q, answer="가" * 100000), dict(q, answer="\u0301" * 50000)]
        rows += [dict(q, answer="An endpoint %d" % i) for i in range(1000)]
        results, _ = grade(p, rows)
        assert len(results) == len(rows)
        for row, result in zip(rows, results):
            adds_up(row, result)


main()
