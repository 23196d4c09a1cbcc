"""The real binary against the strict Telegram server: one of each a test, and a TAP runner."""
import os
import signal
import subprocess
import sys
import threading
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from support import BINARY, Place, keep, sound  # noqa: E402
from telegram_server import TelegramServer  # noqa: E402

FENCE = "`" * 3
MODEL = "캐시는 자주 쓰는 데이터를 가까운 곳에 복사해 두는 저장소입니다"
BANK = """# 시스템

<details>
<summary>캐시가 무엇인지 설명하시오.</summary>

%s. 속도를 높이는 것이 목적입니다. 원본이 바뀌면 무효화해야 합니다.

%sc
if (hit < miss && x > 0) return lookup();
%s

</details>

<details>
<summary>교착 상태의 조건을 설명하시오.</summary>

교착 상태는 상호 배제, 점유와 대기, 비선점, 순환 대기의 네 조건이 모두 성립할 때 일어납니다.

</details>

<details>
<summary>인덱스의 장단점을 설명하시오.</summary>

인덱스는 조회를 빠르게 하지만 쓰기를 느리게 하고 저장 공간을 더 씁니다.

</details>
""" % (MODEL, FENCE, FENCE)


class Bot:
    """The binary, started when entered."""

    def __init__(self, tg, place, *options, bank=BANK, token=None, env=None, config=None):
        self.tg, self.place, self.options, self.token = tg, place, list(options), token or tg.token
        self.config = config
        self.bank = place.write("bank.md", bank) if bank else None
        self.more_env = env or {}
        self.process, self.err = None, b""

    def __enter__(self):
        return self if self.process is not None else self.start()

    def __exit__(self, *failure):
        if self.process is not None:
            self.stop(check=failure[0] is None)

    def start(self, wait=True):
        args = [BINARY, "-o", "bot.database=" + self.place.path("a.db"), "-o", "telegram.api_url=" + self.tg.url]
        args += ["-o", "bot.bank=" + self.bank] if self.bank else []
        args += ["-c", self.config] if self.config else []
        for option in self.options:
            args += ["-o", option]
        env = self.place.env(**{"INTERVIEWD_TELEGRAM_TOKEN": self.token, **self.more_env})
        self.process = subprocess.Popen(args + ["run"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, env=env)
        self.reader = threading.Thread(target=self._read, args=(self.process.stderr,), daemon=True)
        self.reader.start()
        if wait:
            self.tg.wait_polling(30)
        return self

    def _read(self, pipe):
        for line in pipe:
            self.err += line

    @property
    def log(self):
        return self.err.decode("utf-8", "replace")

    def wait_log(self, text, timeout=10):
        deadline = time.monotonic() + timeout
        while text not in self.log:
            if time.monotonic() > deadline:
                raise AssertionError("%r is not in the log:\n%s" % (text, self.log))
            time.sleep(0.02)

    def wait_end(self, timeout=15):
        code = self.process.wait(timeout)
        self.reader.join(5)
        self.process.stderr.close()
        self.process = None
        keep(self.err)
        sound(code, self.err)
        return code

    def stop(self, check=True):
        self.process.terminate()
        try:
            code = self.wait_end()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("it did not stop:\n" + self.log)
        if check and code != 0:
            raise AssertionError("it ended with %d:\n%s" % (code, self.log))

    def kill(self):
        """As a power cut for the process: no handler runs."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.reader.join(5)
        self.process.stderr.close()
        self.process = None
        keep(self.err)
        self.tg.wait(lambda: self.tg.pollers == 0, 5, "the end of the poll")

    def rows(self, sql, *args):
        import sqlite3
        db = sqlite3.connect("file:%s?mode=ro" % self.place.path("a.db"), uri=True, timeout=10)
        try:
            return db.execute(sql, args).fetchall()
        finally:
            db.close()


def equal(got, wanted, what="value"):
    if got != wanted:
        raise AssertionError("%s: got %r, wanted %r" % (what, got, wanted))


def run(tests):
    """Runs tests(server, place), prints TAP, gives the exit status."""
    chosen = [t for t in tests if len(sys.argv) < 2 or sys.argv[1] in t.__name__]
    print("1..%d" % len(chosen), flush=True)
    failed = 0
    for number, function in enumerate(chosen, 1):
        name = function.__name__.replace("_", " ")
        tg = TelegramServer(seed=number, **getattr(function, "server", {})).start()
        try:
            with Place() as place:
                function(tg, place)
            print("ok %d - %s" % (number, name), flush=True)
        except Exception:
            failed += 1
            print("not ok %d - %s" % (number, name))
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
        finally:
            tg.stop()
    return 1 if failed else 0
