#!/usr/bin/env python3
"""`bank export`, `bank list` and `bank show` as a person calls them."""
import json
import os
import subprocess
import tempfile

BINARY = os.environ["INTERVIEWD"]
results = []


def run(*args, options=()):
    done = subprocess.run([BINARY, *options, "bank", *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def check(name, holds):
    results.append((name, bool(holds)))


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return path


def block(question, answer):
    return "<details>\n<summary>%s</summary>\n\n%s\n\n</details>\n\n" % (question, answer)


with tempfile.TemporaryDirectory() as d:
    status, out, err = run("export")
    rows = [json.loads(line) for line in out.splitlines()]
    check("without a path the embedded seed is exported", status == 0 and len(rows) == 12 and err == "")
    check("15 model answers and 4 notes", sum(len(r["answers"]) for r in rows) == 15 and sum(len(r["notes"]) for r in rows) == 4)
    check("ids differ", len({r["id"] for r in rows}) == 12)

    good = write(d, "bank/a/good.md", "# Topic\n\n" + block("Parent?", "Yes.\n\n" + block("Child?", "No.")))
    write(d, "bank/b.markdown", block("Other?", "Maybe."))
    write(d, "bank/.hidden/c.md", block("Hidden?", "Yes."))
    write(d, "bank/d.txt", block("Text?", "Yes."))
    status, out, err = run("export", os.path.join(d, "bank"))
    rows = [json.loads(line) for line in out.splitlines()]
    check("a folder is read recursively, without hidden folders and other files",
          status == 0 and [r["question"] for r in rows] == ["Parent?", "Child?", "Other?"])
    check("the fields are the documented ones",
          set(rows[0]) == {"file", "line", "id", "topic", "topics", "question", "answers", "notes"}
          and set(rows[1]) == set(rows[0]) | {"parent"})
    check("a follow-up knows its parent", rows[1]["parent"] == rows[0]["id"])
    check("topics are folder, then heading", rows[0]["topics"] == ["a", "Topic"] and rows[0]["topic"] == "Topic")
    check("a file's name is the topic where no heading is", rows[2]["topic"] == "b")

    status, out, err = run("export", os.path.join(d, "none.md"))
    check("a missing file is an error that names it", status == 1 and out == "" and "none.md" in err)
    status, out, err = run("export", os.path.join(d, "none.md"), good)
    check("what can be read is printed before the error counts", status == 1 and len(out.splitlines()) == 2 and "none.md" in err)
    empty = write(d, "empty.md", "# Nothing here\n\nText.\n")
    status, out, err = run("export", empty)
    check("a file without a question is an error when it is the only path", status == 1 and out == "" and err != "")
    status, out, err = run("export", empty, good)
    check("and none beside others", status == 0 and len(out.splitlines()) == 2)

    korean = block("인코딩이란 무엇인가요?", "글자를 바이트로 적는 방식이다.")
    for name, data in (("utf16", korean.encode("utf-16")), ("cp949", korean.encode("cp949"))):
        path = write(d, name + ".md", data)
        status, out, err = run("export", path)
        check("%s is refused with its name" % name, status == 1 and out == "" and path in err)
    path = write(d, "stray.md", korean.encode() + b"\xff\x00" + b" " * 200)
    status, out, err = run("export", path)
    check("stray bytes are a warning with file and line", status == 0 and len(out.splitlines()) == 1 and path + ":" in err)

    path = write(d, "open.md", "# T\n\n<details>\n<summary>Open?</summary>\n\nText.\n\n# U\n\n" + block("Later?", "TODO"))
    status, out, err = run("export", path)
    check("mended and unanswered blocks are named as file:line",
          status == 0 and path + ":4: " in err and path + ":11: " in err and len(out.splitlines()) == 2)

    status, out, err = run("list", options=("-o", "bot.bank=" + good))
    lines = out.splitlines()
    check("list shows one question a line", status == 0 and len(lines) == 2 and "Parent?" in lines[0])
    status, out, err = run("show", rows[0]["id"][:8], options=("-o", "bot.bank=" + good))
    check("show takes the beginning of an id", status == 0 and "Parent?" in out and "Yes." in out)
    status, out, err = run("show", "ffffffff", options=("-o", "bot.bank=" + good))
    check("show of an unknown id fails", status == 1 and out == "")
    check("wrong words end with 2", run("export-all")[0] == 2 and run()[0] == 2)

print("1..%d" % len(results))
for i, (name, holds) in enumerate(results, 1):
    print("%s %d - %s" % ("ok" if holds else "not ok", i, name))
