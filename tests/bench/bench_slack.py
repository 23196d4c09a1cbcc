#!/usr/bin/env python3
"""The release binary end to end against a load server in C that plays Slack. Arguments: build folder [part ...].

An envelope is one typed answer in a direct message in /practice: stored, acknowledged, graded, answered by one
chat.postMessage. The run fails when one is not acknowledged, not answered, not stored, or any of it happens twice.
BENCH_RUNS sets how often each is measured, BENCH_IDLE the idle seconds.
"""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from load import Bot, Server, cpu_us, row, status, wakeups  # noqa: E402

BUILD = sys.argv[1]
RUNS = int(os.environ.get("BENCH_RUNS", "5"))
IDLE_SECONDS = int(os.environ.get("BENCH_IDLE", "60"))
PING_SECONDS = 10  # how often Slack pings is its own affair: it has been seen to be some seconds
USERS = 2000       # a direct message takes one message a second, after three: nobody here gets more


class Load:
    """A server, a bot connected to it, and USERS people in a practice."""

    def __init__(self, users=USERS):
        self.server = Server(BUILD, "slack")
        self.bot = Bot(self.server, BUILD)
        self.server.wait_for("connected_ms")
        if users > 0:
            self.server.ask("open %d" % users)

    def ask(self, command):
        """What the phase measured, with the CPU an envelope; it fails unless all of it is in the database once."""
        before, cpu = self.bot.graded(), cpu_us(self.bot.pid)
        answer = self.server.ask(command)
        self.bot.wait_until_sent()
        answer["cpu"] = (cpu_us(self.bot.pid) - cpu) / answer["updates"]
        if (answer["acked"], answer["acked_twice"]) != (answer["updates"], 0):
            raise AssertionError("%s: not every envelope was acknowledged once: %s" % (command, answer))
        if self.bot.graded() - before != answer["updates"]:
            raise AssertionError("%s: %d answers stored" % (command, self.bot.graded() - before))
        return answer

    def close(self):
        self.bot.close()
        self.server.close()


def paced():
    load = Load()
    for rate, envelopes in ((20, 200), (1000, 5000)):
        answers = [load.ask("paced %d %d" % (rate, envelopes)) for _ in range(3)]
        name = "{:,}/s: ".format(rate)
        row("slack", name + "acknowledgement p50", "ms", [a["ack_p50"] for a in answers],
            "target: under 2" if rate == 20 else None)
        row("slack", name + "acknowledgement p99", "ms", [a["ack_p99"] for a in answers])
        row("slack", name + "answer p50", "ms", [a["p50"] for a in answers])
        row("slack", name + "CPU an envelope", "us", [a["cpu"] for a in answers])
    load.close()


def burst():
    answers, broken = [], []
    for _ in range(RUNS):
        load = Load()
        answers.append(load.ask("burst 2000"))
        load.close()
        load = Load()
        broken.append(load.ask("broken 2000"))
        load.close()
    row("slack", "burst of 2,000: last acknowledgement", "s", [a["ack_seconds"] for a in answers],
        "Slack gives 3 s; none lost, none stored twice")
    row("slack", "burst of 2,000: last answer", "s", [a["seconds"] for a in answers])
    row("slack", "burst of 2,000: CPU an envelope", "us", [a["cpu"] for a in answers])
    row("slack", "the same, cut in the middle: last acknowledgement", "s", [a["ack_seconds"] for a in broken],
        "none lost, none stored twice")
    row("slack", "the same, cut in the middle: delivered again", "envelopes", [a["redelivered"] for a in broken])


def drops():
    load = Load(users=20)
    answers = [load.ask("drops 10") for _ in range(RUNS)]
    row("slack", "reconnecting after a cut, p50 of 10", "ms", [a["reconnect_p50"] for a in answers], "target: under 1,000")
    row("slack", "reconnecting after a cut, longest of 10", "ms", [a["reconnect_longest"] for a in answers])
    load.close()


def idle():
    load = Load(users=0)
    time.sleep(2)
    anon, rss = status(load.bot.pid, "RssAnon", "VmRSS")
    row("slack", "at start: RssAnon", "MiB", [anon / 1024])
    row("slack", "at start: VmRSS", "MiB", [rss / 1024])
    cpu, woken = cpu_us(load.bot.pid), wakeups(load.bot.pid)
    load.server.ask("idle %d %d" % (IDLE_SECONDS, PING_SECONDS))
    note = "Slack pings every %d s here; each ping is one" % PING_SECONDS
    row("slack", "idle: wake-ups", "1/s", [(wakeups(load.bot.pid) - woken) / IDLE_SECONDS], note)
    row("slack", "idle: CPU", "%", [(cpu_us(load.bot.pid) - cpu) / IDLE_SECONDS / 1e4])
    load.close()


def start():
    load = Load(users=0)
    values = []
    for _ in range(10):
        load.bot.stop()
        load.bot.start()
        values.append(load.server.wait_for("connected_ms"))
    load.close()
    row("slack", "start to connected", "ms", values)


PARTS = {"start": start, "idle": idle, "drops": drops, "burst": burst, "paced": paced}
for part in sys.argv[2:] or PARTS:
    PARTS[part]()
