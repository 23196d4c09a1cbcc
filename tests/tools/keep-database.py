#!/usr/bin/env python3
"""Keeps a database of the present schema for the upgrade tests: tests/cases/databases/schema-N.sql. Run it before each release.

Usage: keep-database.py BINARY [N]. With N the newer parts are taken away again (only for the first ones: 1).
"""
import os
import sqlite3
import subprocess
import sys
import tempfile

TALK = """/질문 링 보호
링은 권한 수준이고 0이 가장 높은 권한, 리눅스는 커널이 링 0, 유저는 링 3
/질문
모르겠어요
/again
다시 한 번: 하이퍼바이저는 하드웨어 위에서 가상 머신을 돌린다
/daily 평일 9시
/practice 2
가상화는 자원을 나눈다
/share on
"""
BACK_TO_1 = """DROP TABLE daemon; DROP TABLE liveness; DROP INDEX answers_recent; DROP INDEX answers_busy;
PRAGMA user_version=1;"""


def main():
    binary, wanted = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "i.db")
        subprocess.run([binary, "-o", "bot.database=" + path, "chat", "--user", "Kim"], input=TALK.encode(), check=True,
                       stdout=subprocess.DEVNULL)
        db = sqlite3.connect(path)
        if wanted == 1:
            db.executescript(BACK_TO_1)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cases", "databases", "schema-%d.sql" % version)
        with open(target, "w", encoding="utf-8") as out:
            out.write("PRAGMA user_version=%d;\n" % version)
            out.writelines(line + "\n" for line in db.iterdump())
        print(os.path.relpath(target))


main()
