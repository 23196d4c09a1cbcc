#!/usr/bin/env python3
"""The strict Telegram server itself: getUpdates, limits, and every fault does what it says. Prints TAP."""
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from telegram_client import equal, in_background, run, wait_thread  # noqa: E402
from telegram_limits import Limits  # noqa: E402

TESTS = []


def test(function):
    TESTS.append(function)
    return function


# getUpdates.

@test
def offsets_confirm(tg, bot):
    kim = tg.user("Kim", started=True)
    for i in range(5):
        kim.tell(str(i))
    ids = [u["update_id"] for u in bot.ok("getUpdates")]
    equal(ids, list(range(ids[0], ids[0] + 5)))
    equal([u["update_id"] for u in bot.ok("getUpdates", limit=2)], ids[:2])
    equal([u["update_id"] for u in bot.ok("getUpdates", offset=ids[2])], ids[2:])
    equal([u["update_id"] for u in bot.ok("getUpdates", offset=0)], ids[2:])
    equal([u["update_id"] for u in bot.ok("getUpdates", offset=ids[4] + 1000)], ids[2:])  # far in the future: ignored
    equal([u["update_id"] for u in bot.ok("getUpdates", offset=-1)], ids[4:])
    equal([u["update_id"] for u in bot.ok("getUpdates")], ids[4:])
    equal(bot.ok("getUpdates", offset=ids[4] + 1), [])
    equal(bot.ok("getUpdates"), [])
    bot.clean()
    bot.noted("not between 1 and 100", "getUpdates", limit=101)


@test
def allowed_updates(tg, bot):
    kim = tg.user("Kim", started=True)
    kim.tell("x")
    bot.ok("getUpdates", allowed_updates=["callback_query"])
    kim.tell("unseen")
    bot.ok("getUpdates")  # left out: the setting stays
    kim.tell("unseen")
    equal(len(bot.ok("getUpdates", allowed_updates=[])), 1)
    kim.tell("seen")
    equal([u["message"]["text"] for u in bot.ok("getUpdates")], ["x", "seen"])
    bot.clean()
    bot.noted("no update type", "getUpdates", allowed_updates=["messages"])


@test
def long_poll_wakes(tg, bot):
    kim = tg.user("Kim", started=True)
    box = in_background(lambda: json.loads(bot.raw("/bot%s/getUpdates?timeout=30" % tg.token, timeout=40)[1]))
    tg.wait_polling()
    kim.tell("x")
    equal(wait_thread(box)["value"]["result"][0]["message"]["text"], "x")
    equal(tg.pollers_max, 1)


@test
def a_second_poll_ends_the_first(tg, bot):
    path = "/bot%s/getUpdates?timeout=30" % tg.token
    first = in_background(lambda: json.loads(bot.raw(path, timeout=40)[1]))
    tg.wait_polling()
    second = in_background(lambda: json.loads(bot.raw(path, timeout=40)[1]))
    answer = wait_thread(first)["value"]
    equal((answer["error_code"], answer["description"]), (409, "Conflict: terminated by other getUpdates request; make "
                                                               "sure that only one bot instance is running"))
    equal(tg.conflicts, 1)
    tg.user("Kim").start()
    equal(len(wait_thread(second)["value"]["result"]), 1)


@test
def a_client_that_went_away_does_not_poll(tg, bot):
    sock = socket.create_connection(("127.0.0.1", tg.port))
    sock.sendall(b"GET /bot%s/getUpdates?timeout=30 HTTP/1.1\r\nHost: x\r\n\r\n" % tg.token.encode())
    tg.wait_polling()
    sock.close()
    tg.wait(lambda: tg.pollers == 0, what="no poller")
    box = in_background(lambda: json.loads(bot.raw("/bot%s/getUpdates?timeout=30" % tg.token, timeout=40)[1]))
    tg.wait_polling()
    tg.user("Kim").start()
    equal(len(wait_thread(box)["value"]["result"]), 1)
    equal((tg.conflicts, tg.refusals), (0, []))


@test
def webhook_excludes_polling(tg, bot):
    poll = in_background(lambda: json.loads(bot.raw("/bot%s/getUpdates?timeout=30" % tg.token, timeout=40)[1]))
    tg.wait_polling()
    bot.ok("setWebhook", url="https://example.org/hook")
    equal(wait_thread(poll)["value"]["description"], "Conflict: terminated by setWebhook request")
    equal(bot.ok("getWebhookInfo")["url"], "https://example.org/hook")
    bot.refused(409, "Conflict: can't use getUpdates method while webhook is active; "
                     "use deleteWebhook to delete the webhook first", "getUpdates")
    bot.ok("deleteWebhook")
    equal(bot.ok("getUpdates"), [])


@test
def update_faults(tg, bot):
    kim = tg.user("Kim", started=True)
    tg.duplicate_updates(1)
    kim.tell("a")
    batch = bot.ok("getUpdates")
    equal([u["message"]["text"] for u in batch], ["a", "a"])
    equal(batch[0], batch[1])
    tg.redeliver_updates(1)
    again = bot.ok("getUpdates", offset=batch[0]["update_id"] + 1)
    equal(again, batch[:1])
    equal(bot.ok("getUpdates", offset=batch[0]["update_id"] + 1), [])
    tg.shuffle_updates(1)
    with tg.held():
        for i in range(6):
            kim.tell(str(i))
        equal(bot.ok("getUpdates"), [])
    mixed = [u["update_id"] for u in bot.ok("getUpdates")]
    equal((mixed == sorted(mixed), len(mixed)), (False, 6))
    bot.ok("getUpdates", offset=max(mixed) + 1)
    tg.jump_update_id()
    kim.tell("after the jump")
    new = bot.ok("getUpdates", offset=max(mixed) + 1)
    equal((new[0]["message"]["text"], new[0]["update_id"] < max(mixed) - 1000), ("after the jump", True))


@test
def bulk(tg, bot):
    people = tg.preload(5000, users=500, text=lambda i, user: "answer %d" % i)
    equal(len(people), 500)
    offset, seen = 0, []
    while True:
        batch = bot.ok("getUpdates", offset=offset)
        if not batch:
            break
        seen += [u["message"]["text"] for u in batch]
        offset = batch[-1]["update_id"] + 1
    equal(seen, ["answer %d" % i for i in range(5000)])


# Limits.

@test
def rate_limits(tg, bot):
    limits = Limits(True)
    equal([limits.admit("sendMessage", 5, 10.0) for _ in range(4)], [0, 0, 0, 1])
    equal(limits.waiting("sendMessage", 5, 10.5), 1)
    equal(len(limits.offences), 1)
    equal(limits.waiting("sendMessage", 6, 10.5), 0)
    equal(limits.waiting("answerCallbackQuery", None, 10.5), 0)
    equal((limits.waiting("sendMessage", 5, 11.0), limits.admit("sendMessage", 5, 11.0)), (0, 0))
    limits = Limits(True)
    equal([limits.admit("sendMessage", i, 10.0) for i in range(31)], [0] * 30 + [1])
    equal(limits.admit("answerCallbackQuery", None, 10.0), 0)
    equal((limits.waiting("editMessageText", 77, 10.5), limits.throttled), (1, 1))
    limits = Limits(True)
    equal([limits.admit("editMessageText", -7, 10.0 + 2 * i) for i in range(21)], [0] * 20 + [20])
    equal(limits.admit("sendMessage", -8, 50.0), 0)


@test
def rate_limits_over_http(tg, bot):
    now = [100.0]
    tg.limits.enabled, tg.limits_clock = True, lambda: now[0]
    kim = tg.user("Kim", started=True)
    for _ in range(3):
        bot.ok("sendMessage", chat_id=kim.id, text="x")
    answer = bot.refused(429, "Too Many Requests: retry after 1", "sendMessage", chat_id=kim.id, text="x")
    equal(answer["parameters"], {"retry_after": 1})
    equal((tg.offences, tg.violations, tg.refusals), ([], [], []))
    bot.refused(429, "retry after 1", "sendMessage", chat_id=kim.id, text="x")
    equal(len(tg.offences), 1)
    now[0] += 1
    bot.ok("sendMessage", chat_id=kim.id, text="x")
    equal(len(tg.offences), 1)


# Faults.

@test
def faults_before_the_work(tg, bot):
    kim = tg.user("Kim", started=True)
    path, body = "/bot%s/sendMessage" % tg.token, json.dumps({"chat_id": kim.id, "text": "x"}).encode()
    tg.fault("500", "sendMessage")
    bot.refused(500, "Internal Server Error", "sendMessage", chat_id=kim.id, text="x")
    tg.fault("502", "sendMessage")
    status, page = bot.raw(path, body, "application/json")
    equal((status, page[:6]), (502, b"<html>"))
    tg.fault("body", "sendMessage", body=b'{"ok":true}')
    equal(bot.raw(path, body, "application/json"), (200, b'{"ok":true}'))
    tg.fault("reset", "sendMessage")
    try:
        bot.raw(path, body, "application/json")
    except OSError as error:
        cause = getattr(error, "reason", error)
        equal(isinstance(cause, ConnectionResetError), True, repr(error))
    else:
        raise AssertionError("no reset")
    fault = tg.fault("hang", "sendMessage")
    box = in_background(bot.raw, path, body, "application/json", timeout=30)
    fault.wait_used()
    box["thread"].join(0.3)
    equal(box["thread"].is_alive(), True)
    tg.release_hangs()
    equal("error" in wait_thread(box), True)
    equal((tg.messages(kim), tg.violations, tg.refusals), ([], [], []))


@test
def faults_after_the_work(tg, bot):
    kim = tg.user("Kim", started=True)
    path = "/bot%s/sendMessage" % tg.token
    text = {"n": 0}

    def send(timeout=20):
        text["n"] += 1
        return bot.raw(path, json.dumps({"chat_id": kim.id, "text": "m%d" % text["n"]}).encode(), "application/json",
                       timeout=timeout)

    def fails(kinds):
        try:
            send()
        except kinds:
            return
        raise AssertionError("no error")
    tg.fault("malformed", "sendMessage")
    status, body = send()
    try:
        json.loads(body)
    except ValueError:
        pass
    else:
        raise AssertionError("that is JSON: %r" % body)
    tg.fault("truncated", "sendMessage")
    fails(http.client.IncompleteRead)
    tg.fault("lost", "sendMessage")
    fails((http.client.RemoteDisconnected, urllib.error.URLError))
    tg.fault("lost", "sendMessage", rst=True)
    fails((ConnectionResetError, urllib.error.URLError))
    stall = tg.fault("stall", "sendMessage")
    box = in_background(send, 30)
    stall.wait_used()
    box["thread"].join(0.2)
    equal(box["thread"].is_alive(), True)
    tg.release_hangs()
    equal(isinstance(wait_thread(box)["error"], http.client.IncompleteRead), True)
    tg.fault("drip", "sendMessage", delay=0.0005)
    equal(json.loads(send()[1])["ok"], True)
    tg.fault("slow", "sendMessage", delay=0.01)
    equal(json.loads(send()[1])["ok"], True)
    equal([m.text for m in tg.messages(kim)], ["m1", "m2", "m3", "m4", "m5", "m6", "m7"])


@test
def fault_429_is_watched(tg, bot):
    kim, lee = tg.user("Kim", started=True), tg.user("Lee", started=True)
    now = [100.0]
    tg.limits_clock = lambda: now[0]
    tg.fault("429", "sendMessage", retry_after=1)
    answer = bot.refused(429, "retry after 1", "sendMessage", chat_id=kim.id, text="x")
    equal(answer["parameters"], {"retry_after": 1})
    bot.ok("sendMessage", chat_id=lee.id, text="x")
    equal(tg.offences, [])
    bot.refused(429, "retry after", "editMessageText", chat_id=kim.id, message_id=1, text="x")
    equal(len(tg.offences), 1)
    tg.fault("429", "getUpdates", retry_after=1)
    bot.refused(429, "retry after 1", "getUpdates")
    bot.refused(429, "retry after 1", "getUpdates")
    equal(len(tg.offences), 2)
    now[0] += 1
    equal(bot.ok("getUpdates"), [])
    tg.fault("429", "sendMessage", retry_after=30, scope="all")
    bot.refused(429, "retry after 30", "sendMessage", chat_id=kim.id, text="x")
    bot.refused(429, "retry after 30", "sendMessage", chat_id=lee.id, text="x")
    equal((len(tg.offences), len(tg.sent)), (3, 1))


@test
def faults_choose_their_requests(tg, bot):
    kim, lee = tg.user("Kim", started=True), tg.user("Lee", started=True)
    fault = tg.fault("500", ["sendMessage", "editMessageText"], count=2, match=lambda p: p["chat_id"] == kim.id)
    bot.ok("sendMessage", chat_id=lee.id, text="x")
    for _ in range(2):
        bot.refused(500, "", "sendMessage", chat_id=kim.id, text="x")
    bot.ok("sendMessage", chat_id=kim.id, text="x")
    equal((fault.hits, fault.left), (2, 0))
    cancelled = tg.fault("500")
    cancelled.cancel()
    bot.ok("getMe")
    later = tg.fault("500", "sendMessage")
    tg.limits.penalty("all", 30, tg.limits_clock())
    bot.refused(429, "retry after 30", "sendMessage", chat_id=kim.id, text="x")  # impatience uses up no fault
    equal((later.hits, len(tg.offences)), (0, 1))


@test
def a_fault_strikes_the_waiting_poll(tg, bot):
    path = "/bot%s/getUpdates?timeout=30" % tg.token
    box = in_background(bot.raw, path, timeout=40)
    tg.wait_polling()
    tg.fault("502", "getUpdates")
    equal(wait_thread(box)["value"][0], 502)
    tg.fault("malformed", "getUpdates")
    box = in_background(bot.raw, path, timeout=40)
    tg.wait_polling()
    tg.user("Kim").start()
    equal(wait_thread(box)["value"][0], 200)
    equal(len(bot.ok("getUpdates")), 1)  # not confirmed, so not lost


@test
def going_offline(tg, bot):
    tg.offline()
    try:
        bot.raw("/bot%s/getMe" % tg.token)
    except urllib.error.URLError as error:
        equal(isinstance(error.reason, ConnectionRefusedError), True)
    else:
        raise AssertionError("still there")
    tg.online()
    bot.ok("getMe")


# The test interface.

@test
def check_tells_everything(tg, bot):
    kim = tg.user("Kim", started=True)
    tg.check()
    bot.ok("sendMessage", chat_id=kim.id, text="x", reply_markup={"inline_keyboard": [[{"text": "a",
                                                                                        "callback_data": "x"}]]})
    query = kim.press(tg.messages(kim)[0], "a")

    def failing(**kwargs):
        try:
            tg.check(**kwargs)
        except AssertionError:
            return
        raise AssertionError("check() found nothing")
    failing()
    bot.ok("answerCallbackQuery", callback_query_id=query.id)
    tg.check()
    bot.refused(400, "", "sendMessage", chat_id=5, text="x")
    failing()
    tg.check(refusals=1)
    bot.violated("", "sendMessage", chat_id=kim.id)
    failing(refusals=2)


@test
def waiting(tg, bot):
    kim = tg.user("Kim", started=True)
    box = in_background(tg.wait_for_message, kim, "late", 10)
    bot.ok("sendMessage", chat_id=kim.id, text="too late?")
    wait_thread(box)
    asked = kim.tell("more")
    box = in_background(tg.wait_for_message, kim, None, 10, after=asked)
    bot.ok("sendMessage", chat_id=kim.id, text="yes")
    equal(wait_thread(box)["value"].text, "yes")
    try:
        tg.wait_for_message(kim, "never", timeout=0.05)
    except AssertionError as error:
        equal("never" in str(error), True)
    else:
        raise AssertionError("found what is not there")
    stop = threading.Event()

    def poll():
        offset = 0
        while not stop.is_set():
            answer = json.loads(bot.raw("/bot%s/getUpdates?timeout=30&offset=%d" % (tg.token, offset), timeout=40)[1])
            for update in answer["result"]:
                offset = update["update_id"] + 1
    box = in_background(poll)
    tg.wait_idle()
    kim.tell("x")
    tg.wait_idle()
    stop.set()
    kim.tell("end")
    wait_thread(box)
    equal(tg.counters["getUpdates"], 3)
    equal([r.method for r in tg.calls("sendMessage")], ["sendMessage"] * 2)


@test
def as_a_command(tg, bot):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers", "telegram_server.py")
    child = subprocess.Popen([sys.executable, path, "--port", "0", "--token", "5:abc"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    try:
        url = child.stdout.readline().strip()
        with urllib.request.urlopen(url + "/bot5:abc/getMe", timeout=10) as answer:
            equal(json.loads(answer.read())["result"]["id"], 5)
        child.stdin.write("Kim: hello\n")
        child.stdin.flush()
        with urllib.request.urlopen(url + "/bot5:abc/getUpdates?timeout=10", timeout=20) as answer:
            equal(json.loads(answer.read())["result"][0]["message"]["text"], "hello")
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


if __name__ == "__main__":
    sys.exit(run(TESTS))
