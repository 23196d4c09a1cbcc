"""What the terminal tests share: a place of one's own, the program run in it, conversations over a pipe, TAP.

The tests know the program by its face only: arguments, standard streams, exit codes, the database file.
"""
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from kept import keep, keep_found  # noqa: E402

BINARY = os.environ["INTERVIEWD"]
LIMIT = 120  # seconds for one run: a hang is a failure
SANITIZER = re.compile(rb"AddressSanitizer|LeakSanitizer|UndefinedBehaviorSanitizer|runtime error:|GLib-(?:CRITICAL|WARNING)")


class Skip(Exception):
    """Raised by a case that cannot run here; the reason is shown."""


class Result:
    """What one run left behind."""

    def __init__(self, code, out, err):
        self.code, self.raw, self.raw_err = code, out, err
        self.out, self.err = out.decode("utf-8", "replace"), err.decode("utf-8", "replace")
        self.all = self.out + self.err

    def __str__(self):
        return "exit %s\n--- stdout\n%s\n--- stderr\n%s" % (self.code, self.out[:3000], self.err[:3000])


def sound(code, err):
    """A sanitizer's report, or GLib's of a wrong call, must never pass for an ordinary error, nor a signal for an exit code."""
    assert not SANITIZER.search(err), "the sanitizer speaks:\n" + err.decode("utf-8", "replace")[:6000]
    assert code >= 0, "killed by signal %d\n%s" % (-code, err.decode("utf-8", "replace")[:3000])


class Place:
    """A temporary folder with a home, a state folder and the files of one test."""

    def __init__(self, public=False):
        """public: where other users can reach it, for what is run as nobody."""
        self.root = tempfile.mkdtemp(prefix="iv-place-", dir="/tmp" if public else None)
        if public:
            os.chmod(self.root, 0o755)
        self.state = os.path.join(self.root, "state")
        self.home = os.path.join(self.root, "home")
        self.database = os.path.join(self.state, "interviewd", "interviewd.db")
        os.mkdir(self.home)
        self.given = set()  # files of the test's own: they may hold tokens

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        keep_found(self.root, self.given)
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, content):
        """Writes a file (text or bytes) and returns its path."""
        path = self.path(name)
        self.given.add(path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def env(self, **more):
        env = {k: v for k, v in os.environ.items() if not k.startswith("INTERVIEWD")}
        for name in ("STATE_DIRECTORY", "CREDENTIALS_DIRECTORY"):
            env.pop(name, None)
        env.update(HOME=self.home, XDG_STATE_HOME=self.state, LC_ALL="C.UTF-8", TZ="UTC")
        env.update(more)
        return {k: v for k, v in env.items() if v is not None}

    def run(self, *args, stdin="", cwd=None, binary=BINARY, env=None, **run):
        data = stdin.encode("utf-8", "surrogateescape") if isinstance(stdin, str) else stdin
        done = subprocess.run([binary, *args], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd=cwd or self.root, env=env or self.env(), timeout=LIMIT, **run)
        keep(done.stdout, done.stderr)
        sound(done.returncode, done.stderr)
        return Result(done.returncode, done.stdout, done.stderr)

    def script(self, *messages, user=None, lang=None, options=(), **more):
        """One conversation, each message a line; the whole output."""
        args = list(options) + ["chat"]
        args += ["--user", user] if user else []
        args += ["--lang", lang] if lang else []
        return self.run(*args, stdin="".join(m + "\n" for m in messages), **more)

    def talk(self, *messages, **how):
        """One conversation; the replies, one string for each message.

        An unknown command after each message marks where its reply ends: its own reply quotes it. Messages of
        several lines are given as lists of lines and travel between lines of only a backslash.
        """
        lines = ["/qzx0qzx"]
        for i, message in enumerate(messages, 1):
            lines += ["\\", *message, "\\"] if isinstance(message, list) else [message]
            lines.append("/qzx%dqzx" % i)
        result = self.script(*lines, **how)
        assert result.code == 0, "chat failed: %s" % result
        replies, at = [], 0
        for i in range(len(messages) + 1):
            mark = result.out.find("qzx%dqzx" % i, at)
            assert mark >= 0, "no answer to the unknown command %d: %s" % (i, result)
            begin = result.out.rfind("\n", 0, mark) + 1
            if i:
                replies.append(result.out[at:begin].strip("\n"))
            blank = result.out.find("\n\n", mark)
            at = blank + 2 if blank >= 0 else len(result.out)
        return replies

    def open_database(self):
        db = sqlite3.connect("file:%s?mode=ro" % self.database, uri=True, timeout=10)
        return db


class Live:
    """A conversation that stays open: say one thing, read on until something appears."""

    def __init__(self, place, *args, env=None, options=()):
        self.process = subprocess.Popen([BINARY, *options, "chat", *args], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=place.root,
                                        env=env or place.env())
        os.set_blocking(self.process.stdout.fileno(), False)
        self.text = ""
        self.held = b""

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def say(self, line):
        self.process.stdin.write((line + "\n").encode())
        self.process.stdin.flush()

    def until(self, pattern):
        """Reads until the pattern stands in what was not read yet; returns the text up to its end."""
        import select
        end = time.monotonic() + LIMIT
        while True:
            found = re.search(pattern, self.text)
            if found:
                seen, self.text = self.text[:found.end()], self.text[found.end():]
                return seen
            left = end - time.monotonic()
            assert left > 0, "no %r in %r" % (pattern, self.text)
            if not select.select([self.process.stdout], [], [], left)[0]:
                continue
            chunk = os.read(self.process.stdout.fileno(), 65536)
            assert chunk, "ended before %r: %r %r" % (pattern, self.text, self.process.stderr.read())
            self.held += chunk
            try:
                self.text += self.held.decode()
                self.held = b""
            except UnicodeDecodeError:
                pass

    def end(self):
        out, err = self.process.communicate(timeout=LIMIT)
        keep(self.text.encode(), out, err)
        sound(self.process.returncode, err)
        return Result(self.process.returncode, self.text.encode() + self.held + (out or b""), err)


# ---- banks of the tests' own ---------------------------------------------------------------------------------------

def question(text, *answers, notes=()):
    """One question in the house format."""
    out = ["<details>", "<summary>%s</summary>" % text, ""]
    for answer in answers:
        out += ["```", answer, "```", ""]
    for note in notes:
        out += ["+) " + note, ""]
    return "\n".join(out + ["</details>", "", ""])


SCHEDULER = "A scheduler picks the next runnable thread and gives it the processor."
SOCKET = "A socket is an endpoint of communication that a program reads and writes."
TRANSACTION = "트랜잭션은 함께 성공하거나 함께 실패하는 작업의 묶음입니다.\n격리 수준이 낮으면 더러운 읽기가 생길 수 있습니다."
DEADLOCK = "교착 상태는 둘 이상의 프로세스가 서로의 자원을 기다리며 멈춘 상태입니다."
HYPERVISOR = "하이퍼바이저는 물리 서버 하나에서 여러 가상 머신을 실행하고 자원을 나누어 줍니다."

MIXED = ("# Linux kernel\n\n" + question("What does a scheduler do?", SCHEDULER)
         + "# Linux network\n\n" + question("What is a socket?", SOCKET)
         + "# [ week3 ] 데이터 베이스\n\n" + question("트랜잭션이란 무엇인지 설명하시오.", TRANSACTION)
         + "# 운영 체제\n\n" + question("교착 상태란 무엇인가요?", DEADLOCK)
         + "# 서버\n\n" + question("하이퍼바이저의 역할은 무엇인가요?", HYPERVISOR))


def twelve():
    """Twelve questions of one topic that cannot be taken for one another."""
    things = ["apple", "bridge", "candle", "desert", "engine", "forest", "guitar", "hammer", "island", "jacket",
              "kettle", "ladder"]
    return "# Things\n\n" + "".join(
        question("What is the %s for?" % t, "The %s belongs to household number %d and nobody borrows it." % (t, i))
        for i, t in enumerate(things)), things


def noon():
    """A time zone where the day is near its middle now, so that no test runs over midnight."""
    east = 12 - time.gmtime().tm_hour
    return "bot.timezone=Etc/GMT%+d" % -east if east else "bot.timezone=Etc/GMT"


SCORE = re.compile(r"(\d+)(?:점|/100)")


def score_of(reply):
    """The score that a reply to an answer names first."""
    found = SCORE.search(reply)
    assert found, "no score in %r" % reply
    return int(found.group(1))


def standings(reply):
    """[(rank, name, points)] of a leaderboard."""
    return [(int(r), n, int(s)) for r, n, s in re.findall(r"(\d+)\. (.+?) — (\d+)", reply)]


# ---- TAP -----------------------------------------------------------------------------------------------------------

CASES = []


def case(name):
    """Registers a test under a sentence; the function asserts or raises Skip."""
    def keep(function):
        CASES.append((name, function))
        return function
    return keep


def main():
    failed = 0
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    cases = [c for c in CASES if wanted in c[0]]
    print("1..%d" % len(cases), flush=True)
    for number, (name, function) in enumerate(cases, 1):
        try:
            function()
            print("ok %d - %s" % (number, name), flush=True)
        except Skip as why:
            print("ok %d - %s # SKIP %s" % (number, name, why), flush=True)
        except Exception:
            failed += 1
            print("not ok %d - %s" % (number, name), flush=True)
            for line in traceback.format_exc().splitlines()[-60:]:
                print("# " + line, flush=True)
    sys.exit(1 if failed else 0)
