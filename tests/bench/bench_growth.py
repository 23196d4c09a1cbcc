#!/usr/bin/env python3
"""Whether an update costs the same whoever else there is. Argument: build folder.

The same 5,000 updates of 10 people, in turn against a bot that knows 10 chats and one that knows 10,000; and
against an empty database and one with BENCH_FULL answers (50,000 unless told) of others. Targets: within 20 %.
"""
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from load import Bot, Server, row  # noqa: E402

BUILD = sys.argv[1]
FULL = int(os.environ.get("BENCH_FULL", "50000"))
RUNS = int(os.environ.get("BENCH_RUNS", "5"))
UPDATES = 5000


def make(users, answers, to):
    """A database in which USERS people have a practice open, with ANSWERS answers."""
    server = Server(BUILD)
    bot = Bot(server, BUILD)
    server.ask("open %d" % users)
    if answers > 0:
        bot.backlog(answers)
    bot.stop()
    shutil.copy(bot.database, to)
    bot.close()
    server.close()


def cost(database):
    """Microseconds of CPU an update of ten people."""
    server = Server(BUILD)
    bot = Bot(server, BUILD, database=database)
    server.ask("open 10")
    answer = bot.backlog(UPDATES)
    bot.close()
    server.close()
    return answer["cpu"]


def compare(name, small, large):
    ratios, low, high = [], [], []
    for _ in range(RUNS):
        low.append(cost(small))
        high.append(cost(large))
        ratios.append(high[-1] / low[-1])
    row("growth", name + ": CPU an update, small", "us", low)
    row("growth", name + ": CPU an update, large", "us", high)
    row("growth", name + ": large / small", "ratio", ratios, "target: at most 1.2")


def main():
    folder = tempfile.mkdtemp(prefix="growth-", dir=BUILD)
    ten, many, full = (os.path.join(folder, n) for n in ("ten.db", "many.db", "full.db"))
    make(10, 0, ten)
    make(10000, 0, many)
    make(1000, FULL, full)
    compare("10 and 10,000 chats", ten, many)
    compare("empty and {:,} answers".format(FULL), ten, full)
    shutil.rmtree(folder)


main()
