#!/usr/bin/env python3
"""check --online against the strict servers: tokens that work, that do not, scopes that are missing. No token shows. TAP."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "servers"), os.path.join(HERE, "..", "support")]
from kept import keep  # noqa: E402
from slack_server import BOT_SCOPES, SlackServer  # noqa: E402
from telegram_server import TelegramServer  # noqa: E402

BINARY = os.environ["INTERVIEWD"]
ROOT = os.environ.get("TEST_SOURCE", os.getcwd())


def need(condition, what):
    if not condition:
        raise AssertionError(what)


def run(*options, **tokens):
    words = [w for o in options for w in ("-o", o)]
    done = subprocess.run([BINARY, *words, "-o", "log.level=debug", "check", "--online"], env=dict(os.environ, **tokens),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    keep(done.stdout)
    text = done.stdout.decode()
    for token in tokens.values():
        need(token not in text, "a token shows: " + text)
    return done.returncode, text


def nothing_to_ask():
    code, text = run()
    need(code == 1 and "INTERVIEWD_TELEGRAM_TOKEN" in text, text)


def telegram_works():
    with TelegramServer() as tg:
        code, text = run("telegram.api_url=" + tg.url, INTERVIEWD_TELEGRAM_TOKEN=tg.token)
        need(code == 0 and "@interview_test_bot" in text, text)
        tg.check()


def telegram_refused():
    with TelegramServer() as tg:
        code, text = run("telegram.api_url=" + tg.url, INTERVIEWD_TELEGRAM_TOKEN="7000000009:wrong-token-of-nobody")
        need(code == 1 and "BotFather" in text, text)


def telegram_unreachable():
    code, text = run("telegram.api_url=http://127.0.0.1:1", INTERVIEWD_TELEGRAM_TOKEN="7000000009:some-token-of-somebody")
    need(code == 1 and "not reached" in text, text)


def slack_works():
    with SlackServer() as slack:
        code, text = run("slack.api_url=" + slack.api_url, INTERVIEWD_SLACK_BOT_TOKEN=slack.bot_token,
                         INTERVIEWD_SLACK_APP_TOKEN=slack.app_token)
        need(code == 0 and "the bot token works" in text and "Socket Mode is on" in text, text)


def slack_lacks_scopes():
    with SlackServer(bot_scopes=[s for s in BOT_SCOPES if s not in ("chat:write", "im:history")]) as slack:
        code, text = run("slack.api_url=" + slack.api_url, INTERVIEWD_SLACK_BOT_TOKEN=slack.bot_token,
                         INTERVIEWD_SLACK_APP_TOKEN=slack.app_token)
        need(code == 1 and re.search(r"scopes are missing: chat:write, im:history\.", text), text)


def slack_refused_and_half():
    with SlackServer() as slack:
        code, text = run("slack.api_url=" + slack.api_url, INTERVIEWD_SLACK_BOT_TOKEN="xoxb-1-2-nobodys-token")
        need(code == 1 and "bot token is refused" in text and "app-level token (xapp-" in text, text)


def what_is_no_token_is_said_to_be_none():
    with TelegramServer() as tg, SlackServer() as slack:
        for wrong in (slack.bot_token, "7654321", "7000000009:with a space", "7000000009:", "7000000009:x/../y"):
            code, text = run("telegram.api_url=" + tg.url, INTERVIEWD_TELEGRAM_TOKEN=wrong)
            need(code == 1 and "no token of Telegram's" in text and "BotFather" in text, text)
        code, text = run("slack.api_url=" + slack.api_url, INTERVIEWD_SLACK_BOT_TOKEN=slack.app_token,
                         INTERVIEWD_SLACK_APP_TOKEN=slack.bot_token)
        need(code == 1 and text.count("swapped") == 2 and "works" not in text and "scopes" not in text, text)


def trouble_of_the_platform_is_not_the_tokens():
    with TelegramServer() as tg, SlackServer() as slack:
        tokens = dict(INTERVIEWD_TELEGRAM_TOKEN=tg.token, INTERVIEWD_SLACK_BOT_TOKEN=slack.bot_token,
                      INTERVIEWD_SLACK_APP_TOKEN=slack.app_token)
        for kind, slacks in (("500", dict(kind="error", error="internal_error")), ("429", dict(kind="429"))):
            tg.fault(kind)
            for method in ("auth.test", "apps.connections.open"):
                slack.fail(method=method, **slacks)
            code, text = run("telegram.api_url=" + tg.url, "slack.api_url=" + slack.api_url, **tokens)
            need(code == 1 and text.count("Try again") == 3 and "refused" not in text, text)


def what_the_platform_says_does_nothing_to_the_terminal():
    """Its texts, and a proxy's that tells our URL."""
    with TelegramServer() as tg, SlackServer() as slack:
        said = '{"ok":false,"description":"\\u001b[31mno\\u202e\\n%s"}' % tg.token
        tg.fault("body", "getMe", body=said.encode(), status=502)
        slack.fail("error", "auth.test", error="\x1b[31mno\u202e\n%s" % slack.bot_token)
        code, text = run("telegram.api_url=" + tg.url, "slack.api_url=" + slack.api_url, INTERVIEWD_TELEGRAM_TOKEN=tg.token,
                         INTERVIEWD_SLACK_BOT_TOKEN=slack.bot_token, INTERVIEWD_SLACK_APP_TOKEN=slack.app_token)
        need(code == 1 and "\x1b" not in text and "\u202e" not in text and text.count("[redacted]") == 2, repr(text))


def scopes_are_the_manifests():
    manifest = os.path.join(ROOT, "config", "slack-manifest.yaml")
    if not os.path.exists(manifest):
        return "no manifest"
    with open(manifest, encoding="utf-8") as f:
        wanted = set(re.findall(r"^ +- ([a-z_]+:[a-z]+|commands)\b", f.read(), re.M))
    with open(os.path.join(ROOT, "src", "app", "check_online.c"), encoding="utf-8") as f:
        listed = set(re.findall(r'"([a-z_]+:[a-z]+|commands)"', f.read().split("slack_scopes[] = {")[1].split("}")[0]))
    need(wanted == listed, "manifest %s, check %s" % (sorted(wanted - listed), sorted(listed - wanted)))
    return None


TESTS = [nothing_to_ask, telegram_works, telegram_refused, telegram_unreachable, slack_works, slack_lacks_scopes,
         slack_refused_and_half, what_is_no_token_is_said_to_be_none,
         trouble_of_the_platform_is_not_the_tokens, what_the_platform_says_does_nothing_to_the_terminal,
         scopes_are_the_manifests]

print("1..%d" % len(TESTS))
for number, test in enumerate(TESTS, 1):
    title = test.__name__.replace("_", " ")
    try:
        skip = test()
        print("ok %d - %s%s" % (number, title, " # SKIP " + skip if skip else ""))
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        print("not ok %d - %s\n%s" % (number, title, "\n".join("# " + x for x in str(error).splitlines())))
