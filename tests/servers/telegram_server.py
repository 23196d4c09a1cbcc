#!/usr/bin/env python3
"""A strict Telegram Bot API server for the tests: it plays Telegram, its users and its bad days.

It refuses by the specification (telegram_spec.json, Bot API 10.1) and by the rules of tdlib/telegram-bot-api, and keeps
a list of everything that a correct client would not have asked. Nothing of it knows interviewd.

    with TelegramServer() as tg:                      # listens on 127.0.0.1, tg.url, tg.token
        kim = tg.user("Kim", language="ko")           # a person; language "" for none
        group = tg.supergroup("Study", members=[kim]) # also group(), channel(); bot=False: the bot is no member yet
        ... start the bot with api_url = tg.url and token = tg.token ...
        tg.wait_polling()
        kim.start()                                   # or kim.start("payload"): a deep link
        m = tg.wait_for_message(kim, "안녕")           # text in it, a function of the Message, or None for any
        query = kim.press(m, "다음 문제")               # by label or callback data; a t.me deep link is followed
        query.wait_answer()                           # the answerCallbackQuery's parameters
        kim.say(group, "/quiz")                       # say(chat, text, reply_to=, thread=, anonymous=, as_channel=)
        tg.wait_idle()
        tg.check()                                    # fails on any violation, offence, refusal or unanswered button

People (User): say, tell (in private), start, edit, delete, send_document, press, react, block, unblock, join, leave;
    .private is the private chat, .deactivated may be set.
Chats (Chat): topic(name) -> Topic for say(thread=), add, remove, promote(anonymous=), demote, mute, unmute, add_bot,
    remove_bot, promote_bot, demote_bot, mute_bot, unmute_bot, rename, migrate() -> the new Chat, post (channel),
    linked_post. Fixtures made by group()/supergroup()/channel() send no updates, all these do.
Messages (Message): id, chat, text (or caption: content), entities, html (canonical), visible (text outside spoilers),
    source (as sent), buttons (labels by row), keyboard, button(x), force_reply, markup, reply_to, thread, edits
    [(time, content, html) before each edit], deleted, reaction, document, data, date.

Looking: messages(chat) and sent (the bot's messages, current text), wait_for_message(chat, what, timeout, after=a
    message), wait(condition, timeout), wait_polling, wait_idle, check; requests (a log of Request), calls(method),
    counters[method], violations, offences, refusals, unanswered, connections_now/max/total, pollers_max, conflicts,
    updates_delivered. Everything is under tg.lock; commands, texts, menu_buttons and actions are in tg.methods.
    pollers counts the long polls whose client still listens; requests, messages have .time/.at (time.monotonic).
Updates: held() collects updates and lets them go at once; preload(n, users, text) fills the queue for backlog tests;
    duplicate_updates(n), redeliver_updates(n) (again after they were confirmed), shuffle_updates(batches),
    jump_update_id(base=None) (waits until nothing is pending); expire_callbacks(), query.expire().
Faults: fault(kind, method=None, count=1, match=None, **options) -> Fault with .hits, .left, .cancel(), .wait_used().
    kind: "429" (retry_after=1, scope="chat"|"all"|"method"), "500", "502" (HTML), "reset" (RST), "hang", "body"
    (body=b"...", status=200): before the work; "malformed", "truncated", "drip" (delay=), "stall" (half an
    answer, then nothing), "lost" (rst=), "slow" (delay=): after the work was done. match(params)
    chooses requests. A fault on getUpdates of the first kind strikes the poll that waits already. release_hangs();
    offline() and online(): connections refused; drop_connections().
Limits: rate_limits=True (30/s overall, 1/s a chat with bursts of 3, 20 in any 60 s a group, edits counted); the time a
    429 named is always watched: a request that comes earlier is in offences.
"""
import argparse
import collections
import contextlib
import sys
import threading
import time

from telegram_check import Spec
from telegram_faults import Faults
from telegram_http import HttpServer
from telegram_limits import Limits
from telegram_methods import Methods
from telegram_serve import ServingBase
from telegram_world import User, World

TOKEN = "7000000001:TEST-token_of-the_interview-bot-0000"


class TelegramServer(ServingBase):
    def __init__(self, token=TOKEN, port=0, rate_limits=False, username="interview_test_bot", clock=None, seed=None,
                 limits=None):
        HttpServer.__init__(self, port)
        self.spec, self.token = Spec(), token
        self.world = World(self.spec, token, username, clock, seed)
        self.lock = self.world.lock
        self.limits, self.limits_clock = limits or Limits(rate_limits), time.monotonic
        self.faults, self.methods = Faults(self.lock), Methods(self.world, self._note)
        self.requests, self.violations, self.refusals = [], [], []
        self.counters = collections.Counter()
        self.conflicts = self.pollers_max = 0
        self.updates_delivered = 0
        self._polls = {}
        self._poll, self._current, self._active, self._last = None, None, 0, time.monotonic()
        self.released = threading.Event()
        self.user, self.group, self.supergroup = self.world.user, self.world.group, self.world.supergroup
        self.channel, self.preload, self.bot = self.world.channel, self.world.preload, self.world.bot
        self.expire_callbacks = self.world.expire_callbacks

    # Life.

    def start(self):
        self.listen()
        return self

    def stop(self):
        self.released.set()
        with self.lock:
            self.stopping = True
            self.lock.notify_all()
        self.close_all()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def offline(self):
        """Connections are refused and the existing ones are cut, until online()."""
        self.close_listener()
        self.drop_connections()

    def online(self):
        self.listen()

    # Looking.

    @property
    def sent(self):
        with self.lock:
            return list(self.world.bot_messages)

    def messages(self, chat):
        """The bot's messages in a chat that still stand, in order, as they read now."""
        chat = chat.private if isinstance(chat, User) else chat
        return [m for m in self.sent if m.chat is chat and not m.deleted]

    def wait(self, condition, timeout=5, what="the condition"):
        """Waits until condition() is true and returns its value; fails after timeout seconds."""
        deadline = time.monotonic() + timeout
        with self.lock:
            while True:
                value = condition()
                if value:
                    return value
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError("%s did not come true in %g s%s" % (what, timeout, self._story()))
                self.lock.wait(min(left, 0.25))

    def wait_for_message(self, chat, what=None, timeout=5, after=None):
        """The first message of the bot in the chat for which `what` holds: a text in it, a function, or None for any.

        after: only messages sent later than that Message, whoever wrote it and wherever."""
        chat = chat.private if isinstance(chat, User) else chat
        since = after.seq if after is not None else 0

        def found():
            return next((m for m in self.world.bot_messages if m.chat is chat and m.seq > since and not m.deleted and (
                what is None or (what(m) if callable(what) else what in m.content))), None)
        return self.wait(found, timeout, "a message with %r in %r" % (what, chat))

    def calls(self, method):
        with self.lock:
            return [r for r in self.requests if r.method.lower() == method.lower()]

    @property
    def offences(self):
        return self.limits.offences

    @property
    def unanswered(self):
        """The button presses that the bot never answered."""
        with self.lock:
            return [q for q in self.world.callbacks.values() if q.answers == 0]

    def wait_polling(self, timeout=10):
        """Waits until the bot holds a long poll."""
        self.wait(lambda: self.pollers > 0, timeout, "a long poll")

    def wait_idle(self, timeout=10, quiet=0.2):
        """Waits until every update is confirmed, the bot polls, and nothing was asked for `quiet` seconds."""
        self.wait(lambda: self.pollers > 0 and not self.world.queue.pending and not self.world.queue.ghosts and
                  self._active == 0 and time.monotonic() - self._last >= quiet, timeout, "idleness")

    def check(self, refusals=0):
        """Fails unless every request was right: the last line of a conversation test.

        refusals: how many honest refusals (400, 403, ...) the test provoked."""
        with self.lock:
            wrong = []
            for name, found in (("violations", self.violations), ("offences", self.offences),
                                ("unanswered buttons", self.unanswered),
                                ("refusals", self.refusals if len(self.refusals) != refusals else [])):
                wrong += ["%s: %s" % (name, item) for item in found]
            if len(self.refusals) < refusals:
                wrong.append("%d refusals, expected %d" % (len(self.refusals), refusals))
            if wrong:
                raise AssertionError("\n".join(wrong))

    def _story(self):
        lines = ["", "  the bot's last messages:"] + ["    %r" % m for m in self.world.bot_messages[-5:]]
        lines += ["  the last requests:"] + ["    " + repr(r)[:300] for r in self.requests[-8:]]
        lines += ["  violation: %s" % v for v in self.violations[-5:]]
        return "\n".join(lines)

    # Updates and faults.

    @contextlib.contextmanager
    def held(self):
        """Updates made inside go out together at the end."""
        with self.lock:
            self.world.queue.held = True
        try:
            yield
        finally:
            with self.lock:
                self.world.queue.held = False
                self.lock.notify_all()

    def duplicate_updates(self, count=1):
        with self.lock:
            self.world.queue.duplicate_in_batch += count

    def redeliver_updates(self, count=1):
        with self.lock:
            self.world.queue.redeliver += count

    def shuffle_updates(self, batches=1):
        with self.lock:
            self.world.queue.shuffle += batches

    def jump_update_id(self, base=None, timeout=10):
        with self.lock:
            self.wait(lambda: not self.world.queue.pending, timeout, "an empty queue")
            self.world.queue.jump(base)

    def fault(self, kind, method=None, count=1, match=None, **options):
        with self.lock:
            return self.faults.add(kind, method, count, match, **options)

    def release_hangs(self):
        self.released.set()
        self.released = threading.Event()


def main():
    """A server to talk to by hand: a line "NAME: text" on standard input is said to the bot in private."""
    parser = argparse.ArgumentParser(description="A strict Telegram Bot API server for tests")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--rate-limits", action="store_true")
    options = parser.parse_args()
    people = {}
    with TelegramServer(options.token, options.port, options.rate_limits) as server:
        print(server.url, flush=True)
        shown = threading.Thread(target=_print_sent, args=(server,), daemon=True)
        shown.start()
        for line in sys.stdin:
            name, _, text = line.strip().partition(": ")
            if name and text:
                people.setdefault(name, None)
                people[name] = people[name] or server.user(name)
                people[name].tell(text)
        while not server.stopping:  # standard input is closed: serve until killed
            time.sleep(1)


def _print_sent(server):
    done = 0
    while not server.stopping:
        with server.lock:
            server.lock.wait(1)
            new, done = server.world.bot_messages[done:], len(server.world.bot_messages)
        for message in new:
            print("%s <- %s %s" % (message.chat.json().get("first_name", message.chat.id), message.content,
                                   message.buttons or ""), flush=True)
        for text in server.violations:
            print("violation: " + text, file=sys.stderr)
        server.violations.clear()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
