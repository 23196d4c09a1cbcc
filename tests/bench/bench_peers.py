#!/usr/bin/env python3
"""The peers of tests/bench/peers and the program, in turn, on the same backlog. Argument: build folder."""
import os
import shutil
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from load import Bot, Server, cpu_us, row, status  # noqa: E402

BUILD = sys.argv[1]
PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
RUNS = 3
UPDATES = 5000


def peer(url, database):
    return ["node", os.path.join(PEERS, "grammy_bot.js"), url, database]


def stored(bot):
    with sqlite3.connect("file:%s?mode=ro" % bot.database, uri=True) as db:
        return db.execute("SELECT count(*) FROM answers").fetchone()[0]


def once(command):
    server = Server(BUILD)
    bot = Bot(server, BUILD, command=command)
    server.ask("open 500")
    before, cpu = stored(bot), cpu_us(bot.pid)
    answer = server.ask("backlog %d" % UPDATES)
    cpu = (cpu_us(bot.pid) - cpu) / UPDATES
    time.sleep(0.5)
    if stored(bot) - before != UPDATES:
        raise AssertionError("%d of %d answers are stored" % (stored(bot) - before, UPDATES))
    rss = status(bot.pid, "VmRSS")[0] / 1024
    paced = server.ask("paced 20 60")
    bot.close()
    server.close()
    return UPDATES / answer["seconds"], cpu, paced["p50"], rss


def main():
    if shutil.which("node") is None or not os.path.isdir(os.path.join(PEERS, "node_modules", "better-sqlite3", "build")):
        print("peers: skipped, tests/bench/peers/README.md says how to install them", file=sys.stderr)
        return
    runs = {"interviewd (grades, FULL)": [], "grammY (stores, NORMAL)": []}
    for _ in range(RUNS):
        runs["interviewd (grades, FULL)"].append(once(None))
        runs["grammY (stores, NORMAL)"].append(once(peer))
    for name, values in runs.items():
        rates, cpus, p50s, sizes = zip(*values)
        row("peers", name + ": backlog", "updates/s", rates)
        row("peers", name + ": CPU an update", "us", cpus)
        row("peers", name + ": p50 at 20/s", "ms", p50s)
        row("peers", name + ": VmRSS", "MiB", sizes)


main()
