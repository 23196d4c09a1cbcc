#!/usr/bin/env python3
"""The release binary end to end against a load server in C that plays Telegram. Arguments: build folder [part ...].

An update is one typed answer in a private /practice, graded, stored durably, answered by one sendMessage. The run
fails when one is not graded, not stored, not answered, or answered twice. BENCH_UPDATES sets how many updates
the memory is watched over (100,000 unless told; the target speaks of a million), BENCH_IDLE the idle seconds.
"""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from load import Bot, Server, cpu_us, row, status, wakeups  # noqa: E402

BUILD = sys.argv[1]
MANY = int(os.environ.get("BENCH_UPDATES", "100000"))
IDLE_SECONDS = int(os.environ.get("BENCH_IDLE", "60"))
RUNS = int(os.environ.get("BENCH_RUNS", "5"))


def backlog():
    rates, cpus = [], []
    for _ in range(RUNS):
        server = Server(BUILD)
        bot = Bot(server, BUILD)
        server.ask("open 500")
        answer = bot.backlog(5000)
        rates.append(answer["rate"])
        cpus.append(answer["cpu"])
        bot.close()
        server.close()
    row("telegram", "backlog: 5,000 updates of 500 users", "updates/s", rates, "target: at least 10,000")
    row("telegram", "backlog: CPU an update", "us", cpus, "target: at most 60")


def paced():
    server = Server(BUILD)
    bot = Bot(server, BUILD)
    server.ask("open 500")
    for rate, updates in ((20, 200), (1000, 5000)):
        p50, p99, cpus = [], [], []
        for _ in range(3):
            before = cpu_us(bot.pid)
            answer = server.ask("paced %d %d" % (rate, updates))
            cpus.append((cpu_us(bot.pid) - before) / updates)
            p50.append(answer["p50"])
            p99.append(answer["p99"])
        row("telegram", "{:,}/s: latency p50".format(rate), "ms", p50, "target: under 1")
        row("telegram", "{:,}/s: latency p99".format(rate), "ms", p99, "target: under 5")
        row("telegram", "{:,}/s: CPU an update".format(rate), "us", cpus)
    bot.close()
    server.close()


def idle():
    """Idle, memory at start, and memory after many updates, of one process."""
    server = Server(BUILD)
    bot = Bot(server, BUILD)
    time.sleep(2)
    anon, rss = status(bot.pid, "RssAnon", "VmRSS")
    row("telegram", "at start: RssAnon", "MiB", [anon / 1024], "target: at most 8")
    row("telegram", "at start: VmRSS", "MiB", [rss / 1024], "target: at most 20")
    cpu, woken = cpu_us(bot.pid), wakeups(bot.pid)
    server.ask("idle %d" % IDLE_SECONDS)
    row("telegram", "idle: wake-ups", "1/s", [(wakeups(bot.pid) - woken) / IDLE_SECONDS], "target: under 0.2")
    row("telegram", "idle: CPU", "%", [(cpu_us(bot.pid) - cpu) / IDLE_SECONDS / 1e4], "target: under 0.01")
    bot.close()
    server.close()


def many():
    server = Server(BUILD)
    bot = Bot(server, BUILD)
    time.sleep(2)
    start = status(bot.pid, "RssAnon")[0]
    users = max(1000, MANY // 900)
    server.ask("open %d" % users)
    first = bot.backlog(min(10000, MANY // 2))
    warm = status(bot.pid, "RssAnon")[0]
    last = bot.backlog(MANY - min(10000, MANY // 2))
    anon, rss = status(bot.pid, "RssAnon", "VmRSS")
    name = "{:,} updates: ".format(MANY)
    row("telegram", name + "RssAnon grown since start", "MiB", [(anon - start) / 1024], "target: at most 4")
    row("telegram", name + "RssAnon grown since the first 10,000", "MiB", [(anon - warm) / 1024])
    row("telegram", name + "VmRSS", "MiB", [rss / 1024])
    row("telegram", name + "rate", "updates/s", [last["rate"]], "the first 10,000: %.0f" % first["rate"])
    row("telegram", name + "CPU an update", "us", [last["cpu"]], "the first 10,000: %.1f" % first["cpu"])
    row("telegram", name + "database an update", "bytes", [os.path.getsize(bot.database) / MANY])
    bot.close()
    server.close()


def start():
    values = []
    server = Server(BUILD)
    bot = Bot(server, BUILD)
    for _ in range(10):
        time.sleep(1)
        values.append(server.ask("idle 0.1")["first_poll_ms"])
        bot.stop()
        bot.start()
    bot.close()
    server.close()
    row("telegram", "start to first poll", "ms", values, "target: under 50")


PARTS = {"start": start, "idle": idle, "backlog": backlog, "paced": paced, "many": many}
for part in sys.argv[2:] or PARTS:
    PARTS[part]()
