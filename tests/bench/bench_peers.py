#!/usr/bin/env python3
"""The peers of tests/bench/peers and the program, in turn, on the same load. Argument: build folder.

A run of a peer that has not stored and answered everything does not count, and is named: what is slower or faster has to
be the same work at least.
"""
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from load import Bot, Server, cpu_us, row, status  # noqa: E402

BUILD = sys.argv[1]
PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
UPDATES = 5000


def node(script, path="", *more):
    return lambda url, database: ["node", os.path.join(PEERS, script), url + path, database, *more]


TELEGRAM = {"interviewd": None, "grammY": node("grammy_bot.js"), "grammY, its runner": node("grammy_bot.js", "", "runner")}
SLACK = {"interviewd": None, "Slack's own library": node("slack_bot.js", "/api/")}


class Load:
    def __init__(self, platform, command, users):
        self.server = Server(BUILD, platform)
        self.bot = Bot(self.server, BUILD, command=command)
        self.server.wait_for({"telegram": "first_poll_ms", "slack": "connected_ms"}[platform])
        self.server.ask("open %d" % users)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.bot.close()
        self.server.close()

    def ask(self, command):
        before, cpu = self.stored(), cpu_us(self.bot.pid)
        answer = self.server.ask(command)
        answer["cpu"] = (cpu_us(self.bot.pid) - cpu) / answer["updates"]
        time.sleep(0.5)
        if self.stored() - before != answer["updates"]:
            raise AssertionError("%s: %d answers stored" % (command, self.stored() - before))
        return answer

    def stored(self):
        return self.bot.count("SELECT count(*) FROM answers")


def telegram(command):
    with Load("telegram", command, 500) as load:
        backlog, paced = load.ask("backlog %d" % UPDATES), load.ask("paced 20 100")
        rss = status(load.bot.pid, "VmRSS")[0] / 1024
    return {"backlog": ("updates/s", UPDATES / backlog["seconds"]), "CPU an update": ("us", backlog["cpu"]),
            "p50 at 20/s": ("ms", paced["p50"]), "p99 at 20/s": ("ms", paced["p99"]), "VmRSS": ("MiB", rss)}


def slack(command):
    with Load("slack", command, 2000) as load:
        burst, paced = load.ask("burst 2000"), load.ask("paced 20 100")
        drops = load.ask("drops 10")
        rss = status(load.bot.pid, "VmRSS")[0] / 1024
    return {"burst of 2,000, last ack": ("s", burst["ack_seconds"]), "CPU an envelope": ("us", burst["cpu"]),
            "ack p50 at 20/s": ("ms", paced["ack_p50"]), "ack p99 at 20/s": ("ms", paced["ack_p99"]),
            "reconnecting, p50": ("ms", drops["reconnect_p50"]), "VmRSS": ("MiB", rss)}


def note(name, lost):
    if name == "interviewd":
        return "grades, stores, remembers"
    return "stores only" + ("; %d of %d runs lost answers" % (lost, RUNS) if lost else "")


def compare(platform, measure, programs):
    runs, lost = {name: [] for name in programs}, dict.fromkeys(programs, 0)
    for _ in range(RUNS):
        for name, command in programs.items():
            try:
                runs[name].append(measure(command))
            except AssertionError as error:
                if name == "interviewd":
                    raise
                lost[name] += 1
                print("peers: %s: %s" % (name, error), file=sys.stderr)
    for name in programs:
        if lost[name]:
            row("peers", "%s: runs that lost answers or stood still: %s" % (platform, name), "of %d" % RUNS, [lost[name]])
    for what, (unit, _) in runs["interviewd"][0].items():
        for name in programs:
            if runs[name]:
                row("peers", "%s: %s: %s" % (platform, what, name), unit, [r[what][1] for r in runs[name]],
                    note(name, lost[name]))


def main():
    if shutil.which("node") is None or not os.path.isdir(os.path.join(PEERS, "node_modules", "better-sqlite3", "build")):
        print("peers: skipped, tests/bench/peers/README.md says how to install them", file=sys.stderr)
        return
    for part in sys.argv[2:] or ("telegram", "slack"):
        compare(part.capitalize(), {"telegram": telegram, "slack": slack}[part],
                {"telegram": TELEGRAM, "slack": SLACK}[part])


main()
