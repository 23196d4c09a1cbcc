"""Driving a load server and the program beside it; shared by the benchmarks that play Telegram or Slack."""
import atexit
import contextlib
import json
import os
import select
import shutil
import sqlite3
import subprocess
import tempfile
import time

SECRETS = {"telegram": {"INTERVIEWD_TELEGRAM_TOKEN": "123456:load"},
           "slack": {"INTERVIEWD_SLACK_BOT_TOKEN": "xoxb-1-load", "INTERVIEWD_SLACK_APP_TOKEN": "xapp-1-load"}}


class Server:
    """build/bench/load_PLATFORM: one command a line, one JSON object back."""

    def __init__(self, build, platform="telegram"):
        self.platform = platform
        self.process = subprocess.Popen([os.path.join(build, "bench", "load_" + platform)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline().split()[1])

    def tell(self, command):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, command, timeout=1200):
        self.tell(command)
        ready, _, _ = select.select([self.process.stdout], [], [], timeout)
        if not ready:
            raise TimeoutError(command)
        answer = json.loads(self.process.stdout.readline())
        if (answer["answered"], answer["superfluous"], answer["bad"]) != (answer["updates"], 0, 0):
            raise AssertionError("%s: not every update was answered once: %s" % (command, answer))
        return answer

    def wait_for(self, field, seconds=20):
        """The field of an idle moment's answer, once it is there: first_poll_ms, connected_ms."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.ask("idle 0.05 0")[field]
            if value > 0:
                return value
        raise TimeoutError(field)

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def status(pid, *names):
    with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as f:
        fields = dict(line.split(":", 1) for line in f)
    return [int(fields[n].split()[0]) for n in names]


def over_tasks(pid, read):
    return sum(read("/proc/%d/task/%s" % (pid, task)) for task in os.listdir("/proc/%d/task" % pid))


def cpu_us(pid):
    """Microseconds on a processor, of all threads, to the nanosecond (schedstat)."""
    def read(task):
        with open(task + "/schedstat", encoding="ascii") as f:
            return int(f.read().split()[0])
    return over_tasks(pid, read) / 1e3


def wakeups(pid):
    def read(task):
        with open(task + "/status", encoding="ascii", errors="replace") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("voluntary"))
    return over_tasks(pid, read)


class Bot:
    """The program against the load server, with a database of its own on the build folder's disk."""

    def __init__(self, server, build, database=None, command=None, options=()):
        self.folder = tempfile.mkdtemp(prefix="load-", dir=build)
        self.database = os.path.join(self.folder, "bot.db")
        if database is not None:
            shutil.copy(database, self.database)
        url = "http://127.0.0.1:%d" % server.port
        options = ("bot.database=" + self.database,) + tuple(options) + {
            "telegram": ("telegram.unlimited=yes", "telegram.api_url=" + url),
            "slack": ("slack.api_url=%s/api" % url,)}[server.platform]
        self.command = command(url, self.database) if command else [
            os.path.abspath(os.path.join(build, "interviewd")), "run"] + [x for o in options for x in ("-o", o)]
        self.server = server
        self.log = open(os.path.join(self.folder, "log"), "wb")
        self.process = None
        atexit.register(self.clean)
        self.start()

    def start(self):
        env = dict(os.environ, HOME=self.folder, **SECRETS[self.server.platform])
        self.server.tell("started")
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log, env=env)
        self.pid = self.process.pid

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def clean(self):
        """A run that failed leaves nothing behind either."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self):
        self.stop()
        self.log.close()
        self.clean()

    def count(self, sql):
        # Closed at once: one that is left to the collector keeps the log from being emptied when the bot ends.
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.database, uri=True)) as db:
            return db.execute(sql).fetchone()[0]

    def graded(self):
        """Answers that are stored with a grading; the model's own points are in it."""
        return self.count("SELECT count(*) FROM answers WHERE text<>'' AND score BETWEEN 0 AND 100"
                          " AND json_array_length(points,'$.points')>0")

    def unsent(self):
        return self.count("SELECT count(*) FROM unsent")

    def wait_until_sent(self):
        """The last rows leave the outbox a moment after their messages."""
        end = time.monotonic() + 5
        while self.unsent() != 0:
            if time.monotonic() > end:
                raise AssertionError("%d messages are unsent" % self.unsent())
            time.sleep(0.1)

    def backlog(self, updates):
        """A backlog's figures, with the CPU an update and a check that all of it was graded and stored."""
        graded, cpu = self.graded(), cpu_us(self.pid)
        answer = self.server.ask("backlog %d" % updates)
        self.wait_until_sent()
        answer["cpu"] = (cpu_us(self.pid) - cpu) / updates
        answer["rate"] = updates / answer["seconds"]
        if self.graded() - graded != updates:
            raise AssertionError("%d updates: %d graded and stored" % (updates, self.graded() - graded))
        return answer


def row(bench, name, unit, values, note=None):
    values = sorted(values)
    out = {"bench": bench, "name": name, "unit": unit, "median": values[len(values) // 2], "min": values[0],
           "max": values[-1], "runs": len(values)}
    if note:
        out["note"] = note
    print(json.dumps(out, ensure_ascii=False), flush=True)
