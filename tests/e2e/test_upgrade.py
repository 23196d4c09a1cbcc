#!/usr/bin/env python3
"""Databases of every earlier schema are brought up to date with all that is in them; a newer one is left alone. TAP."""
import glob
import os
import re
import sqlite3
import subprocess
import tempfile

ROOT = os.environ.get("TEST_SOURCE", os.getcwd())
BINARY = os.environ["INTERVIEWD"]
KEPT = sorted(glob.glob(os.path.join(ROOT, "tests", "cases", "databases", "schema-*.sql")))


def need(condition, what):
    if not condition:
        raise AssertionError(what)


def run(path, *words, text=""):
    return subprocess.run([BINARY, "-o", "bot.database=" + path, *words], input=text.encode(), timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def query(path, sql):
    db = sqlite3.connect(path)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def load(path, dump):
    db = sqlite3.connect(path)
    with open(dump, encoding="utf-8") as f:
        db.executescript(f.read())
    db.close()


def schema(path):
    """Every object with its columns: what ALTER TABLE writes and what CREATE TABLE writes compare equal."""
    names = query(path, "SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2")
    return [(n, query(path, "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('%s')" % n[1]),
             query(path, "SELECT name FROM pragma_index_info('%s')" % n[1])) for n in names]


TABLES = "SELECT count(*), coalesce(sum(score),0), coalesce(sum(ranked),0), group_concat(text) FROM answers"


def missed(path):
    """The key points that were missed, with the answers that missed them."""
    text = "json_extract(p.value,'$.text')" if query(path, "PRAGMA user_version")[0][0] < 5 else \
        "(SELECT json_extract(s.points,'$['||p.key||']') FROM sheets s WHERE s.id=a.sheet)"
    return query(path, "SELECT a.id, " + text + " FROM answers a, json_each(a.points,'$.points') p"
                 " WHERE json_extract(p.value,'$.earned')=0 ORDER BY a.id, p.key")


def upgrades(folder, dump):
    old, fresh = os.path.join(folder, "old.db"), os.path.join(folder, "fresh.db")
    load(old, dump)
    before = query(old, TABLES), query(old, "SELECT count(*) FROM rounds"), query(old, "SELECT title, schedule FROM chats")
    need(before[0][0][0] >= 4, "the kept database has too little in it: %s" % (before,))
    lost = missed(old)
    need(len(lost) >= 4 and None not in [text for _, text in lost], "the kept database has no missed points: %s" % lost)
    done = run(old, "chat", "--user", "Kim", text="/score\n")
    need(done.returncode == 0, done.stdout.decode())
    need("점" in done.stdout.decode() or "points" in done.stdout.decode(), done.stdout.decode())
    run(fresh, "chat", text="/help\n")
    need(query(old, "PRAGMA user_version") == query(fresh, "PRAGMA user_version"), "user_version")
    need(schema(old) == schema(fresh), "the schema differs from a fresh one's")
    after = query(old, TABLES), query(old, "SELECT count(*) FROM rounds"), query(old, "SELECT title, schedule FROM chats")
    need(before == after, "before %s, after %s" % (before, after))
    need(missed(old) == lost, "missed points: before %s, after %s" % (lost, missed(old)))
    need(any(text[:20] in done.stdout.decode() for _, text in lost), "/score names what was missed: " + done.stdout.decode())
    need(query(old, "PRAGMA integrity_check") == [("ok",)] and query(old, "PRAGMA foreign_key_check") == [], "not sound")
    done = run(old, "chat", "--user", "Kim", text="/question\n모르겠어요\n")
    need(done.returncode == 0 and query(old, "SELECT count(*) FROM answers")[0][0] == before[0][0][0] + 1, "answering")


def a_grading_that_is_none_hinders_nothing(folder, dump):
    """Nobody has written such a row; it must not keep the bot from starting."""
    path = os.path.join(folder, "odd.db")
    load(path, dump)
    db = sqlite3.connect(path)
    db.execute("UPDATE answers SET points='' WHERE id=1")
    db.commit()
    db.close()
    done = run(path, "chat", "--user", "Kim", text="/help\n")
    need(done.returncode == 0 and query(path, "PRAGMA foreign_key_check") == [], done.stdout.decode())


def readers_of_an_older_one_say_so(folder, dump):
    path = os.path.join(folder, "old.db")
    load(path, dump)
    if query(path, "PRAGMA user_version")[0][0] == newest(folder):
        return
    done = run(path, "status")
    need(done.returncode == 1 and b"start this one once" in done.stdout, done.stdout.decode())
    copy = os.path.join(folder, "copy.db")
    need(run(path, "backup", copy).returncode == 0, "no backup before an upgrade")
    need(query(copy, "PRAGMA user_version") == query(path, "PRAGMA user_version"), "the backup has been migrated")


def newest(folder):
    path = os.path.join(folder, "newest.db")
    run(path, "chat", text="/help\n")
    return query(path, "PRAGMA user_version")[0][0]


def a_newer_one_is_refused_untouched(folder, dump):
    path = os.path.join(folder, "new.db")
    load(path, dump)
    query(path, "PRAGMA journal_mode=DELETE")
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=%d" % (newest(folder) + 1))
    db.close()
    with open(path, "rb") as f:
        before = f.read()
    for words in (("chat",), ("status",)):
        done = run(path, *words, text="/help\n")
        need(done.returncode == 1 and b"newer interviewd" in done.stdout, done.stdout.decode())
        with open(path, "rb") as f:
            need(f.read() == before, "%s has changed a newer database" % words)
    left = sorted(n for n in os.listdir(folder) if n.startswith("new.db"))
    need(set(left) <= {"new.db", "new.db.lock"}, "left beside it: %s" % left)


def every_schema_is_kept(folder, _):
    kept = sorted(int(re.search(r"schema-(\d+)", name).group(1)) for name in KEPT)
    need(kept == list(range(1, newest(folder) + 1)), "kept %s, newest %d" % (kept, newest(folder)))


def main():
    tests = [(every_schema_is_kept, None), (a_newer_one_is_refused_untouched, KEPT[0]),
             (a_grading_that_is_none_hinders_nothing, KEPT[0])]
    for dump in KEPT:
        tests += [(upgrades, dump), (readers_of_an_older_one_say_so, dump)]
    print("1..%d" % len(tests))
    for i, (function, dump) in enumerate(tests, 1):
        name = function.__name__.replace("_", " ") + (" (%s)" % os.path.basename(dump) if dump else "")
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(folder, dump)
                print("ok %d - %s" % (i, name))
            except (AssertionError, sqlite3.Error, subprocess.SubprocessError) as error:
                print("not ok %d - %s\n%s" % (i, name, "\n".join("# " + x for x in str(error).splitlines())))


main()
