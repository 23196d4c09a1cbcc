#!/usr/bin/env python3
"""The database file: durable, locked, private, saved, and clear about whatever is wrong with it."""
import json
import os
import signal
import sqlite3
import stat
import subprocess
import time

from support import BINARY, MIXED, SCHEDULER, Live, Place, Skip, case, main, score_of


def mixed(place):
    return ["-o", "bot.bank=" + place.write("mixed.md", MIXED)]


def unprivileged():
    """What makes a child a nobody when the tests run as root."""
    if os.geteuid() != 0:
        return {}
    return dict(user=65534, group=65534, extra_groups=[])


def clear(result, *words):
    """An error that a person can use: exit 1, one message on standard error with the words, no reply pretended."""
    assert result.code == 1, result
    for word in words:
        assert word in result.err, "no %r in %s" % (word, result)
    assert len(result.err.strip().splitlines()) <= 3, result


def filled(place):
    place.talk("/question kernel", SCHEDULER, user="Ann", options=mixed(place))
    return place.database


def answers(path):
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [r[0] for r in db.execute("SELECT text FROM answers ORDER BY id")]
    finally:
        db.close()


@case("the folder is 0700 and every file in it 0600, while open and afterwards, whatever the umask")
def modes():
    with Place() as p:
        old = os.umask(0)
        try:
            with Live(p, "--lang", "en", options=mixed(p)) as chat:
                chat.say("/question kernel")
                chat.until("scheduler do")
                chat.say("x")
                chat.until("/100")
                folder = os.path.dirname(p.database)
                assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
                for name in os.listdir(folder):
                    assert stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) == 0o600, name
        finally:
            os.umask(old)


@case("WAL, STRICT tables, foreign keys, a user_version")
def schema():
    with Place() as p:
        filled(p)
        db = p.open_database()
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA user_version").fetchone()[0] > 0
        tables = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
        assert tables and all("STRICT" in sql.rsplit(")", 1)[1].upper() for _, sql in tables), tables
        assert any("REFERENCES" in sql for _, sql in tables)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        names = {n for n, _ in tables}
        assert {"users", "chats", "members", "rounds", "answers"} <= names, names


@case("an answer's row: the text as typed, score, points as JSON, time, attempt")
def answer_row():
    with Place() as p:
        before = int(time.time())
        typed = "  A scheduler  picks\tthe THREAD \u200b!  "
        p.talk("/question kernel", typed, options=mixed(p))
        db = p.open_database()
        db.row_factory = sqlite3.Row
        row = dict(db.execute("SELECT * FROM answers").fetchone())
        assert row["text"].strip() == typed.strip(), row
        assert 0 <= row["score"] <= 100 and row["attempt"] == 1, row
        points = json.loads(row["points"])
        assert points, row
        assert any(isinstance(v, int) and before - 5 <= v // scale <= time.time() + 5 for v in row.values()
                   if isinstance(v, int) for scale in (1, 1000, 1000000)), row


@case("a second chat on the same database is refused with a clear message; the first one goes on")
def second_chat():
    with Place() as p, Live(p, "--lang", "en", options=mixed(p)) as chat:
        chat.say("/topics")
        chat.until("Linux kernel")
        r = p.run("chat", stdin="/topics\n")
        clear(r, p.database)
        assert not r.out, r
        r = p.run("run", env=p.env(INTERVIEWD_TELEGRAM_TOKEN="1:x"))
        assert r.code == 1, r
        chat.say("/question kernel")
        chat.until("scheduler do")
        chat.process.stdin.close()
        chat.process.stdin = None
        assert chat.end().code == 0


@case("the lock goes with its holder's death, kill -9 included")
def lock_released():
    with Place() as p:
        with Live(p, options=mixed(p)) as chat:
            chat.say("/topics")
            chat.until("Linux kernel")
            chat.process.send_signal(signal.SIGKILL)
            chat.process.wait()
        assert p.talk("/topics", options=mixed(p))


@case("a symlink or another name of the same file does not get round the lock")
def lock_names():
    with Place() as p, Live(p, options=mixed(p)) as chat:
        chat.say("/topics")
        chat.until("Linux kernel")
        os.symlink(p.state, p.path("other"))
        r = p.run("chat", "-o", "bot.database=" + p.path("other/interviewd/interviewd.db"))
        assert r.code == 1, r
        r = p.run("chat", "-o", "bot.database=" + p.state + "/./interviewd/../interviewd/interviewd.db")
        assert r.code == 1, r


@case("readers work while a chat is open: sqlite, backup, check, bank")
def readers():
    with Place() as p, Live(p, "--lang", "en", options=mixed(p)) as chat:
        chat.say("/question kernel")
        chat.until("scheduler do")
        chat.say("first answer")
        chat.until("/100")
        assert answers(p.database) == ["first answer"]
        copy = p.path("copy.db")
        r = p.run("backup", copy)
        assert r.code == 0, r
        assert answers(copy) == ["first answer"]
        assert p.run("check").code == 0 and p.run("bank", "list").code == 0
        chat.say("/question socket")
        chat.until("socket")
        chat.say("second answer")
        chat.until("/100")
        assert answers(copy) == ["first answer"] and answers(p.database) == ["first answer", "second answer"]


@case("a backup is a whole database that a chat can go on with; its mode is 0600")
def backup_usable():
    with Place() as p:
        filled(p)
        copy = p.path("copy.db")
        old = os.umask(0)
        try:
            r = p.run("backup", copy)
        finally:
            os.umask(old)
        assert r.code == 0, r
        assert stat.S_IMODE(os.stat(copy).st_mode) == 0o600
        assert sorted(n for n in os.listdir(p.root) if n.startswith("copy")) == ["copy.db"], "one file, without a WAL beside it"
        (score,) = p.talk("/score", user="Ann", lang="en", options=mixed(p) + ["-o", "bot.database=" + copy])
        assert "100" in score, score


@case("backup over an existing file is refused and leaves it alone")
def backup_existing():
    with Place() as p:
        filled(p)
        for content in (b"precious", b""):
            path = p.write("there.db", content)
            clear(p.run("backup", path), path)
            with open(path, "rb") as f:
                assert f.read() == content
        os.symlink(p.path("nowhere"), p.path("link.db"))
        r = p.run("backup", p.path("link.db"))
        assert r.code == 1 and not os.path.exists(p.path("nowhere")), r
        clear(p.run("backup", p.database), p.database)
        assert answers(p.database) == [SCHEDULER]


@case("backup of a missing database is a clear error and makes neither file")
def backup_missing():
    with Place() as p:
        clear(p.run("backup", p.path("copy.db")), p.database)
        assert not os.path.exists(p.path("copy.db")) and not os.path.exists(p.database)


@case("backup into a missing folder is a clear error")
def backup_nowhere():
    with Place() as p:
        filled(p)
        clear(p.run("backup", p.path("no/such/copy.db")), "no/such/copy.db")


@case("backup of a corrupt database is an error and leaves no half copy")
def backup_corrupt():
    with Place() as p:
        os.makedirs(os.path.dirname(p.database))
        p.write("state/interviewd/interviewd.db", b"no database at all, " * 500)
        clear(p.run("backup", p.path("copy.db")))
        assert not os.path.exists(p.path("copy.db"))


@case("a corrupt database file: a clear error that names it; the file stays as it was")
def corrupt():
    for content in (b"no database at all, " * 500, b"SQLite format 3\0" + b"\xff" * 4096):
        with Place() as p:
            path = p.write("state/interviewd/interviewd.db", content)
            r = p.run("chat", stdin="/question\nx\n")
            clear(r, path)
            with open(path, "rb") as f:
                assert f.read() == content


@case("damage inside the file is told, never a crash")
def damaged():
    with Place() as p:
        path = filled(p)
        with open(path, "r+b") as f:
            size = f.seek(0, 2)
            f.seek(4096)
            f.write(b"\xa5" * (size - 4096))
        r = p.run(*mixed(p), "chat", stdin="/question kernel\nanswer\n/score\n/leaderboard\n")
        assert r.code == 1 and r.err.strip(), r


@case("an empty file is a new database")
def empty():
    with Place() as p:
        p.write("state/interviewd/interviewd.db", b"")
        assert p.talk("/question kernel", SCHEDULER, options=mixed(p))
        assert answers(p.database) == [SCHEDULER]


@case("a database of another program is refused and left alone")
def foreign():
    with Place() as p:
        os.makedirs(os.path.dirname(p.database))
        db = sqlite3.connect(p.database)
        db.execute("CREATE TABLE recipes(name TEXT)")
        db.execute("INSERT INTO recipes VALUES('soup')")
        db.commit()
        db.close()
        r = p.run("chat", stdin="/help\n")
        db = sqlite3.connect(p.database)
        assert db.execute("SELECT * FROM recipes").fetchall() == [("soup",)]
        assert r.code == 1 and p.database in r.err, r


@case("a database from a newer version: a clear error, nothing changed")
def newer():
    with Place() as p:
        path = filled(p)
        db = sqlite3.connect(path)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute("PRAGMA user_version = %d" % (version + 1))
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        with open(path, "rb") as f:
            before = f.read()
        clear(p.run("chat", stdin="/help\n"), path, "newer")
        with open(path, "rb") as f:
            assert f.read() == before
        assert answers(path) == [SCHEDULER]


@case("a folder that cannot be written: a clear error")
def read_only_folder():
    with Place(public=True) as p:
        who = unprivileged()
        folder = p.path("shut")
        os.mkdir(folder, 0o555)
        alone = p.path("interviewd")
        with open(BINARY, "rb") as f:
            p.write("interviewd", f.read())
        os.chmod(alone, 0o755)
        for path in (folder + "/interviewd.db", folder + "/deeper/interviewd.db"):
            r = p.run("chat", "-o", "bot.database=" + path, stdin="/help\n", binary=alone, env=p.env(HOME=folder), **who)
            clear(r, folder)
            assert not r.out, r


@case("a database file that cannot be written: a clear error, nothing lost")
def read_only_file():
    with Place(public=True) as p:
        who = unprivileged()
        folder = p.path("data")
        os.mkdir(folder)
        path = folder + "/interviewd.db"
        p.talk("/question kernel", SCHEDULER, options=mixed(p) + ["-o", "bot.database=" + path])
        with open(BINARY, "rb") as f:
            alone = p.write("interviewd", f.read())
        os.chmod(alone, 0o755)
        for name in os.listdir(folder):
            os.chmod(os.path.join(folder, name), 0o444)
        os.chmod(folder, 0o555)
        r = p.run("chat", "-o", "bot.database=" + path, stdin="/help\n", binary=alone, env=p.env(HOME=folder), **who)
        clear(r, path)
        os.chmod(folder, 0o755)
        assert answers(path) == [SCHEDULER]


@case("a read-only file system: a clear error")
def read_only_mount():
    with Place() as p:
        disk = Disk(p, "1M")
        try:
            subprocess.run(["mount", "-o", "remount,ro", disk.path], check=True)
            path = disk.path + "/interviewd.db"
            clear(p.run("chat", "-o", "bot.database=" + path, stdin="/help\n"), path)
        finally:
            disk.gone()


class Disk:
    """A file system of a given size; needs root."""

    def __init__(self, place, size):
        self.path = place.path("disk")
        os.mkdir(self.path)
        if os.geteuid() != 0:
            raise Skip("mounting needs root")
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", self.path], stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise Skip("no tmpfs here: %s" % done.stderr.decode().strip())

    def fill(self):
        with open(self.path + "/filler", "ab", buffering=0) as f:
            try:
                while True:
                    f.write(b"x" * 4096)
            except OSError:
                pass

    def gone(self):
        subprocess.run(["umount", "-l", self.path], check=True)


@case("a disk that is full at the start: a clear error")
def full_at_start():
    with Place() as p:
        disk = Disk(p, "64k")
        try:
            disk.fill()
            path = disk.path + "/interviewd.db"
            r = p.run("chat", "-o", "bot.database=" + path, stdin="/help\n")
            assert r.code == 1 and path in r.err, r
        finally:
            disk.gone()


@case("a disk that fills while chatting: the answer is not said to be kept, what was kept stays, the chat can go on later")
def full_later():
    with Place() as p:
        disk = Disk(p, "4M")
        try:
            path = disk.path + "/interviewd.db"
            options = mixed(p) + ["-o", "bot.database=" + path]
            with Live(p, "--lang", "en", options=options) as chat:
                chat.say("/question kernel")
                chat.until("scheduler do")
                chat.say("kept answer")
                chat.until("/100")
                disk.fill()
                for _ in range(3):
                    try:
                        chat.say("/question socket")
                        chat.say("lost answer " + "long " * 20000)
                    except BrokenPipeError:
                        break
                try:
                    chat.process.stdin.close()
                except BrokenPipeError:
                    pass
                chat.process.stdin = None
                r = chat.end()
                assert r.code in (0, 1), r
                kept = answers_beside(path)
                assert kept[0] == "kept answer", kept
                assert r.out.count("/100") == len(kept) - 1, "a score was shown for an answer that is not kept: %s" % r
                if len(kept) == 1:
                    assert "could not be kept" in r.out, "nobody is told to write it again: %s" % r
                    assert r.err.strip() or "disk" in r.out.lower() or "space" in r.out.lower(), "no clear error: %s" % r
            os.remove(disk.path + "/filler")
            replies = p.talk("/question hypervisor", "가상 머신", "/score", lang="en", options=options)
            assert score_of(replies[1]) >= 0 and answers(path)[0] == "kept answer"
        finally:
            disk.gone()


def answers_beside(path):
    """The answers as a copy sees them: a full disk leaves no room for a reader's own files."""
    with Place() as p:
        for suffix in ("", "-wal"):
            if os.path.exists(path + suffix):
                with open(path + suffix, "rb") as f:
                    p.write("copy.db" + suffix, f.read())
        db = sqlite3.connect(p.path("copy.db"))
        try:
            return [r[0] for r in db.execute("SELECT text FROM answers ORDER BY id")]
        finally:
            db.close()


@case("backup onto a full disk is a clear error and leaves no half copy")
def backup_full():
    with Place() as p:
        filled(p)
        disk = Disk(p, "64k")
        try:
            r = p.run("backup", disk.path + "/copy.db")
            clear(r, "copy.db")
            assert not os.path.exists(disk.path + "/copy.db"), os.listdir(disk.path)
        finally:
            disk.gone()


@case("kill -9 at any moment of a conversation leaves a sound database that goes on")
def killed():
    with Place() as p:
        shown = 0
        for i in range(6):
            process = subprocess.Popen([BINARY, *mixed(p), "chat", "--lang", "en"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, env=p.env(), cwd=p.root)
            process.stdin.write(b"/practice 1000\n" + b"an answer\n" * 300)
            process.stdin.flush()
            seen = b""
            while seen.count(b"/100") < 3 + 7 * i:
                chunk = os.read(process.stdout.fileno(), 4096)
                assert chunk, process.stderr.read()
                seen += chunk
            process.kill()
            process.wait()
            while True:
                chunk = os.read(process.stdout.fileno(), 65536)
                if not chunk:
                    break
                seen += chunk
            for pipe in (process.stdin, process.stdout, process.stderr):
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass
            shown += seen.count(b"/100 ")
            kept = len(answers(p.database))
            assert kept >= shown, "replies shown %d, answers kept %d" % (shown, kept)
            shown = kept


@case("SIGTERM and SIGINT end a chat in order")
def signals():
    for number in (signal.SIGTERM, signal.SIGINT):
        with Place() as p, Live(p, "--lang", "en", options=mixed(p)) as chat:
            chat.say("/question kernel")
            chat.until("scheduler do")
            chat.say("kept")
            chat.until("/100")
            chat.process.send_signal(number)
            out, err = chat.process.communicate(timeout=60)
            assert chat.process.returncode in (0, -number, 128 + number), (chat.process.returncode, err)
            assert answers(p.database) == ["kept"]


@case("the database can be anywhere: spaces, Hangul, quotes, a question mark, a relative path")
def odd_paths():
    with Place() as p:
        for name in ("with space.db", "한글.db", "quo'te\".db", "a?b#c%41.db", "relative.db"):
            path = name if name == "relative.db" else p.path(name)
            r = p.run("chat", "-o", "bot.database=" + path, stdin="/help\n")
            assert r.code == 0 and os.path.exists(p.path(name)), (name, r)


@case("a folder in the database's place is a clear error")
def folder_in_place():
    with Place() as p:
        os.makedirs(p.database)
        clear(p.run("chat", stdin="/help\n"), p.database)


main()
