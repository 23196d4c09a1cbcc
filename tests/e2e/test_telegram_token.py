#!/usr/bin/env python3
"""Tokens that Telegram does not know, or never gave: what the bot says, and that it ends. Prints TAP."""
import sys

from telegram_bot import Bot, equal, run

TESTS = []


def test(function):
    TESTS.append(function)
    return function


@test
def a_bad_token_ends_it_with_advice(tg, place):
    for token in ("7000000001:WRONG-token_of-nobody-0000000000000", "nonsense"):
        with Bot(tg, place, token=token).start(wait=False) as bot:  # one that goes on is not left behind
            assert bot.wait_end() != 0
        assert "check INTERVIEWD_TELEGRAM_TOKEN" in bot.log, bot.log
        assert token not in bot.log
        assert len(tg.refusals) <= 2, tg.refusals
    path = place.write("token", "7000000001:WRONG-token_of-nobody-0000000000000\n")
    with Bot(tg, place, "telegram.token_file=" + path, env={"INTERVIEWD_TELEGRAM_TOKEN": None}).start(wait=False) as bot:
        assert bot.wait_end() != 0
    assert "check " in bot.log and path in bot.log, bot.log


@test
def a_token_revoked_while_it_runs_ends_it_too(tg, place):
    """Whichever request hears of it first: the poll, or a message."""
    for method in ("getUpdates", "sendMessage", "getChatMember"):
        kim = tg.user("Kim", language="ko")
        group = tg.supergroup("Study", members=[kim])
        bot = Bot(tg, place).start()
        said = b'{"ok":false,"error_code":401,"description":"Unauthorized"}'
        tg.fault("body", method, body=said, status=401)
        kim.say(group, "/weekly off" if method == "getChatMember" else "/help")
        assert bot.wait_end() != 0
        assert "check INTERVIEWD_TELEGRAM_TOKEN" in bot.log, bot.log
        with tg.lock:
            tg.world.queue.pending.clear()


@test
def what_cannot_be_a_token_is_named_before_the_network(tg, place):
    """Telegram's own server takes one form only; with another server it is just said."""
    where = "telegram.api_url=https://api.telegram.org"
    for token, why in (("nonsense", "no colon"), ("bot7000000001:AAF-secret_x", 'begins with "bot"'), ("7000000001:", "behind"),
                       ('"7000000001:AAF-secret_x"', "quotes"), ("7000000001:AAF secret_x", "space"),
                       ("secretname:AAF-secret_x", "no number"), ("7000000001:AAF/secret_x", "character"),
                       ("xoxb-7000000001-secret", "Slack")):
        with Bot(tg, place, where, token=token).start(wait=False) as bot:
            assert bot.wait_end() != 0
        assert "INTERVIEWD_TELEGRAM_TOKEN" in bot.log and why in bot.log and "BotFather" in bot.log, (token, bot.log)
        assert "secret" not in bot.log and token not in bot.log, bot.log
    path = place.write("token", "nonsense")
    with Bot(tg, place, where, "telegram.token_file=" + path, env={"INTERVIEWD_TELEGRAM_TOKEN": None}).start(wait=False) as bot:
        assert bot.wait_end() != 0
    assert path in bot.log and "no colon" in bot.log, bot.log
    equal(tg.refusals, [])
    tg.offline()
    with Bot(tg, place, token="nonsense").start(wait=False) as bot:
        bot.wait_log("cannot be fetched")
        assert "no colon" in bot.log, bot.log
    tg.online()


if __name__ == "__main__":
    sys.exit(run(TESTS))
