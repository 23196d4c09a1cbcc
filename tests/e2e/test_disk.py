#!/usr/bin/env python3
"""A disk whose Nth write, fsync or read fails, or that is full, under the daemon, while test servers deliver answers on
Telegram and on Slack: it tries again, or ends and is started again. Afterwards the database and what the servers have seen
are compared with what was delivered, as after the kills. TAP."""
import os
import signal
import sqlite3
import time

from test_kill import BINARY, PATIENCE, main, need

SAID = "the disk fails"
# Few enough to be done in a minute, and on every part of the way: the start, the first updates, sends, the notes of them.
EACH_ONCE = {"write": (1, 9, 24, 40, 60, 90, 130), "sync": (1, 2, 4, 6, 9, 13), "read": (1, 3, 6, 10)}
LASTING = {"full": (20, 60), "sync": (5, 9), "write": (40,)}


def log_of(run):
    if not os.path.exists(run.log_path):
        return ""
    with open(run.log_path, encoding="utf-8", errors="replace") as f:
        return f.read()


def people_go_on(run, process, seconds=2.5):
    """Until the disk has failed, and a little longer."""
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        run.deliver()
        time.sleep(0.3)


def end(run, process):
    """As an operator, or systemd, does; it must not hang on a disk that fails."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    code = process.wait(PATIENCE)
    need(code in (0, 1), "it ended with %s" % code)
    return code


def campaign(run, table, lasting):
    run.binary = os.path.join(os.path.dirname(BINARY), "tests", "failing_disk")
    run.deliver()
    hits = {}
    for kind, places in table.items():
        for nth in places:
            before = len(log_of(run))
            process = run.start(TEST_DISK="%s:%d%s" % (kind, nth, ":lasting" if lasting else ""))
            try:
                people_go_on(run, process)
                end(run, process)
            finally:
                process.kill()
                process.wait()
            hits[kind] = hits.get(kind, 0) + (SAID in log_of(run)[before:])
    print("# failed of %s: %s" % ({k: len(v) for k, v in table.items()}, hits), flush=True)
    need(all(hits[kind] * 2 >= len(places) for kind, places in table.items()), "the disk hardly failed: %s" % hits)
    log = log_of(run)
    need("ERROR: AddressSanitizer" not in log and "runtime error" not in log, log[-3000:])
    need("check the disk" in log or "the disk is full" in log, "no word to the operator")
    run.to_the_end()
    run.check_answers()
    run.check_scores()
    run.check_replies()
    run.check_database()


def fails_once(run):
    """The Nth write, fsync or read fails once: nothing lost, nothing counted twice."""
    campaign(run, EACH_ONCE, False)


def fails_on(run):
    """The Nth and every one after it fails, until a restart: nothing lost, nothing counted twice."""
    campaign(run, LASTING, True)


def locked_by_another(run):
    """Another program writes for longer than the daemon waits: it is named, and what came meanwhile is counted once."""
    process = run.start()
    try:
        run.deliver()
        run.wait_sent(process)
        other = sqlite3.connect(run.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        run.deliver()
        end_of_wait = time.monotonic() + PATIENCE
        while "another program is writing" not in log_of(run):
            need(time.monotonic() < end_of_wait, "no word of it: " + log_of(run)[-1000:])
            time.sleep(0.1)
        other.execute("COMMIT")
        other.close()
        run.wait_sent(process)
        process.send_signal(signal.SIGTERM)
        need(process.wait(PATIENCE) == 0, "it ended with %s" % process.returncode)
    finally:
        process.kill()
        process.wait()
    need("check the disk" not in log_of(run), log_of(run)[-1000:])
    run.to_the_end()
    run.check_all()


if __name__ == "__main__":
    main((fails_once, fails_on, locked_by_another))
