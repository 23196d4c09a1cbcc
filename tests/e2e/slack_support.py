"""What the Slack tests share: the strict server, the real binary beside it, and what people see of both."""
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from slack_server import SlackServer                                  # noqa: E402
from support import BINARY, Place, question, sound                    # noqa: E402

MODEL = "하이퍼바이저는 하나의 물리 서버에서 여러 가상 머신을 실행하는 소프트웨어입니다."
OWN = "하이퍼바이저란 물리 서버 한 대에서 가상 머신 여러 대를 돌리는 소프트웨어예요"
WRONG = "잘 모르지만 네트워크 케이블의 한 종류인 것 같습니다"
BANK = ("# 가상화\n\n" + question("하이퍼바이저란 무엇인가요?", MODEL)
        + "# 네트워크\n\n" + question("TCP와 UDP의 차이는 무엇인가요?",
                                   "TCP는 연결을 맺고 순서와 도착을 보장하며, UDP는 연결 없이 빠르게 보냅니다.")
        + question("DNS는 무엇을 하나요?", "DNS는 도메인 이름을 IP 주소로 바꿉니다."))


class Stage:
    """A workspace with Ada (administrator), 보람 and a channel, and the bot in it."""

    def __init__(self, start=True, options=(), bank=BANK, **server):
        self.place = Place()
        self.slack = SlackServer(**server).start()
        self.slack.trigger_ttl = 60.0       # a machine under sanitizers must not fail a test
        self.slack.ack_timeout = 30.0
        self.ada = self.slack.user("ada", display_name="Ada", tz="Europe/London", locale="en-GB", is_admin=True)
        self.boram = self.slack.user("boram", display_name="보람", tz="Asia/Seoul")
        self.room = self.slack.channel("general", members=[self.ada, self.boram])
        self.bank = self.place.write("bank.md", bank)
        self.options = list(options)
        self.process = None
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, *unused):
        try:
            if self.process is not None:
                self.stop(check=kind is None)
        finally:
            self.slack.stop()
            self.place.__exit__()
        if kind is None:
            self.slack.check()

    def env(self, **more):
        return self.place.env(**{**dict(INTERVIEWD_SLACK_BOT_TOKEN=self.slack.bot_token,
                                        INTERVIEWD_SLACK_APP_TOKEN=self.slack.app_token), **more})

    def start(self, *more, wait=True, **env):
        self.log = open(self.place.path("log"), "ab+")
        options = ["slack.api_url=" + self.slack.api_url, "bot.bank=" + self.bank, "log.level=debug",
                   *self.options, *more]
        args = [part for o in options for part in ("-o", o)]
        before = max((c.number for c in self.slack.connections), default=0)
        self.process = subprocess.Popen([BINARY, *args, "run"], cwd=self.place.root, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log, env=self.env(**env))
        # The socket of one that was killed may still look open: a signal must not meet a program that only begins.
        if wait:
            self.wait(lambda: any(c.number > before for c in self.slack.open_connections), "a socket of its own", 30)
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self, check=True):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process = None
        if check:
            sound(code, self.said().encode())
            assert code == 0, "exit %s\n%s" % (code, self.said()[-3000:])
        return code

    def said(self):
        with open(self.place.path("log"), "rb") as f:
            return f.read().decode("utf-8", "replace")

    def wait(self, predicate, what, timeout=20):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            value = predicate()
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError("waited for %s\n%s\n%s" % (what, self.slack.report(), self.said()[-2000:]))

    def wait_said(self, text, timeout=20):
        return self.wait(lambda: text in self.said(), "the log to say %r" % text, timeout)

    # What people do, and what they get -------------------------------------------------------------------------

    def dm(self, person, text, contains=""):
        """Says a thing in the direct message; the bot's next message there."""
        last = self.slack.messages(person.im)
        person.dm(text)
        return self.slack.wait_message(person.im, contains, after=last[-1] if last else "0", timeout=20)

    def ask(self, person, text, room=None, contains=""):
        """Mentions the bot; its next message in the channel."""
        room = room or self.room
        last = self.slack.messages(room)
        person.say(room, text, mention=True)
        return self.slack.wait_message(room, contains, after=last[-1] if last else "0", timeout=20)

    def slash(self, person, text, contains="", room=None):
        """The slash command; the ephemeral answer."""
        last = self.slack.ephemerals(person)
        person.slash(room or self.room, "/interview", text).wait(20)
        return self.slack.wait_ephemeral(person, contains, after=last[-1] if last else "0", timeout=20)

    def form(self, person, post, answer):
        """Taps the post's first button, fills the form in; the modal with the result."""
        person.press(post, post.buttons[0]).wait(20)
        view = self.slack.wait_view(person, timeout=20)
        assert len(view.inputs) == 1, view.content
        interaction = person.submit(answer).wait(20)
        assert interaction.response and interaction.response["response_action"] == "update", interaction.response
        return self.slack.view(person)

    def counts(self):
        """(answers, points) of the database."""
        with self.place.open_database() as db:
            return db.execute("SELECT count(*), coalesce(sum(ranked), 0) FROM answers").fetchone()

    def outbox(self):
        """Messages decided and not yet sent."""
        with self.place.open_database() as db:
            return db.execute("SELECT count(*) FROM unsent").fetchone()[0]
