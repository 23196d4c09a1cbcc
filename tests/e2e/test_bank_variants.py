#!/usr/bin/env python3
"""A published bank in other clothes is the same bank: other labels, line ends, containers, decorations and small faults
change nothing in what is loaded."""
import json
import os
import re
import subprocess
import tempfile
import unicodedata

ROOT = os.environ.get("TEST_SOURCE", os.getcwd())
BINARY = os.environ["INTERVIEWD"]
BANKS = os.path.join(ROOT, "tests/cases/banks")
SUMMARIES = os.path.join(BANKS, "Seogeurim__CS-study/contents/operating-system/README.md")
LABELS = os.path.join(BANKS, "30-seconds__30-seconds-of-interviews/README.md")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def load(folder, text):
    path = os.path.join(folder, "bank.md")
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    done = subprocess.run([BINARY, "bank", "export", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120)
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    for row in rows:
        row.pop("line")
    return rows


def each_block(text, change):
    return re.sub(r"(?ms)^<details>.*?^</details>", lambda m: change(m.group(0)), text)


def without_fifth_closer(text):
    return re.sub(r"((?s:.*?)</details>){5}", lambda m: m.group(0)[:-len("</details>")], text, count=1)


VARIANTS = [
    ("CRLF", lambda t: t.replace("\n", "\r\n")),
    ("bare CR", lambda t: t.replace("\n", "\r")),
    ("byte order mark", lambda t: "\ufeff" + t),
    ("decomposed Hangul", lambda t: unicodedata.normalize("NFD", t)),
    ("upper-case tags", lambda t: re.sub(r"</?(details|summary)>", lambda m: m.group(0).upper(), t)),
    ("attributes", lambda t: t.replace("<details>", '<details class="q" open>').replace("<summary>", '<summary id="s">')),
    ("bold summaries", lambda t: re.sub(r"<summary>(.*?)</summary>", r"<summary><b>\1</b></summary>", t)),
    ("headings in summaries", lambda t: re.sub(r"<summary>(.*?)</summary>", r"<summary><h3>\1</h3></summary>", t)),
    ("stars behind summaries", lambda t: t.replace("</summary>", " ✅🟩 ⭐⭐</summary>")),
    ("a block quote", lambda t: "".join("> " + line + "\n" for line in t.split("\n"))),
    ("list items", lambda t: each_block(t, lambda b: "- " + b.replace("\n", "\n  "))),
    ("list items closed outside", lambda t: each_block(
        t, lambda b: "- " + b[:-len("</details>")].replace("\n", "\n  ") + "\n</details>")),
    ("closers twice", lambda t: t.replace("</details>", "</details>\n</details>")),
    ("one closer missing", without_fifth_closer),
    ("front matter", lambda t: "---\ntitle: x\ntags: [a]\n---\n" + t),
]
LABEL_VARIANTS = ["Answer", "정답", "👉 답변 확인하기", "点击查看答案", "答えを見る", "Ver respuesta", "Mostrar resposta",
                  "Показать ответ", "Voir la réponse", "Antwort anzeigen", "Lihat jawaban", "Xem đáp án", "더보기",
                  "<b>Solution</b>", "👇", "Zorgblat"]

results = []
with tempfile.TemporaryDirectory() as d:
    text = read(SUMMARIES)
    base = load(d, text)
    results.append(("the bank as published has its questions", len(base) > 30))
    for name, change in VARIANTS:
        results.append((name, load(d, change(text)) == base))
    text = read(LABELS)
    base = load(d, text)
    results.append(("the bank with labels has its questions", len(base) > 100))
    for label in LABEL_VARIANTS:
        changed = load(d, text.replace("<summary>View answer</summary>", "<summary>%s</summary>" % label))
        results.append(("label " + label, changed == base))

print("1..%d" % len(results))
for i, (name, holds) in enumerate(results, 1):
    print("%s %d - %s" % ("ok" if holds else "not ok", i, name))
