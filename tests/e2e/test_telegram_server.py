#!/usr/bin/env python3
"""The strict Telegram server itself: every rule refuses, every fault does what it says. Prints TAP."""
import http.client
import json
import os
import socket
import sys
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from telegram_html import format_text, parse_html, to_html, visible_text, EntityError  # noqa: E402
from telegram_server import TelegramServer  # noqa: E402

TESTS = []


def test(function):
    TESTS.append(function)
    return function


def equal(got, wanted, what=""):
    if got != wanted:
        raise AssertionError("%s: got %r, wanted %r" % (what or "value", got, wanted))


class Client:
    """A plain client: every call a new connection unless one is kept."""

    def __init__(self, server):
        self.server = server

    def raw(self, path, body=None, kind=None, verb=None, timeout=20):
        request = urllib.request.Request(self.server.url + path, data=body, method=verb,
                                         headers={"Content-Type": kind} if kind else {})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def __call__(self, method, timeout=20, **params):
        """A request as JSON; returns the whole answer."""
        status, body = self.raw("/bot%s/%s" % (self.server.token, method), json.dumps(params).encode(),
                                "application/json", timeout=timeout)
        answer = json.loads(body)
        equal(status, 200 if answer["ok"] else answer["error_code"], "HTTP status")
        return answer

    def ok(self, method, **params):
        answer = self(method, **params)
        if not answer["ok"]:
            raise AssertionError("%s refused: %s" % (method, answer))
        return answer["result"]

    def refused(self, code, description, method, **params):
        answer = self(method, **params)
        if answer["ok"]:
            raise AssertionError("%s %r was not refused" % (method, params))
        equal(answer["error_code"], code, "code of %r" % answer["description"])
        if description not in answer["description"]:
            raise AssertionError("%r is not in %r" % (description, answer["description"]))
        return answer

    def violated(self, description, method, **params):
        """Refused with 400, and recorded as the client's fault."""
        before = len(self.server.violations)
        self.refused(400, description, method, **params)
        if len(self.server.violations) == before:
            raise AssertionError("%s %r was not recorded as a violation" % (method, params))

    def noted(self, what, method, **params):
        """Accepted, as by the real server, but recorded."""
        self.ok(method, **params)
        if not any(what in v for v in self.server.violations):
            raise AssertionError("no violation with %r in %r" % (what, self.server.violations))

    def clean(self):
        equal(self.server.violations, [], "violations")


def form(params):
    return urllib.parse.urlencode(params).encode()


def in_background(function, *args, **kwargs):
    box = {}

    def run():
        try:
            box["value"] = function(*args, **kwargs)
        except Exception as error:  # the test looks at it
            box["error"] = error
    box["thread"] = threading.Thread(target=run, daemon=True)
    box["thread"].start()
    return box


def wait_thread(box, timeout=10):
    box["thread"].join(timeout)
    if box["thread"].is_alive():
        raise AssertionError("still running")
    return box


# HTTP and addresses.

@test
def every_way_of_passing_parameters(tg, bot):
    kim = tg.user("Kim", started=True)
    path = "/bot%s/sendMessage" % tg.token
    ways = [(path + "?" + urllib.parse.urlencode({"chat_id": kim.id, "text": "a 한글"}), None, None),
            (path, form({"chat_id": kim.id, "text": "b 한글"}), "application/x-www-form-urlencoded"),
            (path.replace("sendMessage", "SENDmessage"), json.dumps({"chat_id": kim.id, "text": "c 한글"}).encode(),
             "application/json"),
            (path, ("--X\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n%d\r\n--X\r\nContent-Disposition: "
                    "form-data; name=\"text\"\r\n\r\nd 한글\r\n--X--\r\n" % kim.id).encode(),
             "multipart/form-data; boundary=X")]
    for url, body, kind in ways:
        status, answer = bot.raw(url, body, kind)
        equal(status, 200, url)
        equal(json.loads(answer)["result"]["chat"]["id"], kim.id)
    equal([m.text for m in tg.messages(kim)], ["a 한글", "b 한글", "c 한글", "d 한글"])
    bot.clean()


@test
def keep_alive_and_connection_counts(tg, bot):
    connection = http.client.HTTPConnection("127.0.0.1", tg.port)
    for _ in range(5):
        connection.request("POST", "/bot%s/getMe" % tg.token)
        equal(json.loads(connection.getresponse().read())["result"]["username"], "interview_test_bot")
    equal(tg.connections_total, 1)
    others = [socket.create_connection(("127.0.0.1", tg.port)) for _ in range(3)]
    tg.wait(lambda: tg.connections_max == 4, what="four connections")
    for other in others:
        other.close()
    tg.wait(lambda: tg.connections_now == 1, what="one connection")


@test
def tokens_and_paths(tg, bot):
    for path, code, description in (("/bot1:wrong/getMe", 401, "Unauthorized"), ("/botnonsense/getMe", 404, "Not Found"),
                                    ("/nothing", 404, "Not Found"), ("/bot%s/noSuchMethod" % tg.token, 404,
                                                                     "Not Found: method not found")):
        status, body = bot.raw(path)
        equal((status, json.loads(body)), (code, {"ok": False, "error_code": code, "description": description}), path)
    equal(len(tg.violations), 1)
    equal(len(tg.refusals), 4)


@test
def expect_continue_and_chunks(tg, bot):
    kim = tg.user("Kim", started=True)
    sock = socket.create_connection(("127.0.0.1", tg.port))
    body = json.dumps({"chat_id": kim.id, "text": "x"}).encode()
    head = "POST /bot%s/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" % tg.token
    sock.sendall((head + "Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)).encode())
    equal(sock.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
    sock.sendall(body)
    equal(sock.recv(15), b"HTTP/1.1 200 OK")
    while b'"text":"x"' not in sock.recv(65536):
        pass
    sock.sendall((head + "Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body)).encode() + body + b"\r\n0\r\n\r\n")
    equal(sock.recv(15), b"HTTP/1.1 200 OK")
    equal(len(tg.messages(kim)), 2)


# The specification.

@test
def specification_is_enforced(tg, bot):
    kim = tg.user("Kim", started=True)
    button = {"text": "a", "callback_data": "x"}
    cases = [("unknown parameter", dict(chat_id=kim.id, text="x", reply_to_message_id=4)),
             ("message text is empty", dict(chat_id=kim.id)),
             ("chat_id is empty", dict(text="x")),
             ("expected Integer", dict(chat_id=kim.id, text="x", message_thread_id="4")),
             ("expected Boolean", dict(chat_id=kim.id, text="x", disable_notification="true")),
             ("expected String", dict(chat_id=kim.id, text=4)),
             ("unknown field of InlineKeyboardButton",
              dict(chat_id=kim.id, text="x", reply_markup={"inline_keyboard": [[dict(button, data="x")]]})),
             ("missing required field", dict(chat_id=kim.id, text="x",
                                             reply_markup={"inline_keyboard": [[{"callback_data": "x"}]]})),
             ("expected an Array", dict(chat_id=kim.id, text="x", reply_markup={"inline_keyboard": [button]})),
             ("unknown field", dict(chat_id=kim.id, text="x",
                                    reply_markup={"inline_keyboard": [[button]], "force_reply": True})),
             ("can't parse reply keyboard markup JSON object", dict(chat_id=kim.id, text="x", reply_markup="{")),
             ("expected Integer", dict(chat_id=kim.id, text="x", reply_parameters={"message_id": "1"})),
             ("52 bits", dict(chat_id=1 << 60, text="x"))]
    for description, params in cases:
        bot.violated(description, "sendMessage", **params)
    bot.violated("allowed values", "setMyCommands", commands=[], scope={"type": "nowhere"}) if False else None
    bot.violated("wrong value", "setMyCommands", commands=[], scope={"type": "nowhere"})
    bot.violated("missing", "setMyCommands", commands=[{"command": "a"}])
    bot.violated("does not implement", "sendDice", chat_id=kim.id)
    equal(tg.messages(kim), [])


@test
def forms_are_typed_too(tg, bot):
    kim = tg.user("Kim", started=True)
    path = "/bot%s/sendMessage" % tg.token

    def post(**params):
        return json.loads(bot.raw(path, form(params), "application/x-www-form-urlencoded")[1])
    equal(post(chat_id=kim.id, text="x", disable_notification="true", reply_markup='{"force_reply":true}')["ok"], True)
    bot.clean()
    equal(post(chat_id=kim.id, text="x", disable_notification="yes")["ok"], False)
    equal(post(chat_id=kim.id, text="x", message_thread_id="one")["ok"], False)
    equal(post(chat_id=kim.id, text="x", reply_markup="[]")["ok"], False)
    status, body = bot.raw(path + "?chat_id=%d" % kim.id, form({"chat_id": kim.id, "text": "x"}),
                           "application/x-www-form-urlencoded")
    equal("given twice" in tg.violations[-1], True)
    equal(json.loads(bot.raw(path, b"chat_id=%d&text=%%ff" % kim.id, "application/x-www-form-urlencoded")[1])
          ["description"], "Bad Request: strings must be encoded in UTF-8")
    equal(json.loads(bot.raw(path, b"{", "application/json")[1])["error_code"], 400)


# Text.

@test
def html_is_parsed_as_by_telegram(tg, bot):
    good = [("<b>a</b> &lt;&amp;&gt;&quot; <i>나</i>", "a <&>\" 나", [("bold", 0, 1), ("italic", 7, 1)]),
            ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
            ("<pre><code class=\"language-c\">int a;</code></pre>", "int a;", [("pre", 0, 6)]),
            ("<span class=\"tg-spoiler\">s</span> <tg-spoiler>t</tg-spoiler>", "s t", [("spoiler", 0, 1), ("spoiler", 2, 1)]),
            ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
            ("<a href='https://e.org/?a=1&amp;b'>l</a>", "l", [("text_link", 0, 1)]),
            ("<a href=\"tg://user?id=5\">u</a>", "u", [("text_mention", 0, 1)]),
            ("<blockquote><pre>c</pre></blockquote>", "c", [("blockquote", 0, 1), ("pre", 0, 1)]),
            ("<b><i>x</i></b>", "x", [("bold", 0, 1), ("italic", 0, 1)]), ("&#44032;&#x1F600;", "가😀", []),
            ("  <b>x</b>\n", "x", [("bold", 0, 1)]), ("/go@bot #tag", "/go@bot #tag", [("bot_command", 0, 7), ("hashtag", 8, 4)])]
    for source, text, entities in good:
        plain, found, notes = parse_html(source)
        equal(notes, [], source)
        got, found = format_text(plain, found)
        equal((got, [(e["type"], e["offset"], e["length"]) for e in found]), (text, entities), source)
        again, found2, _ = parse_html(to_html(got, found))
        equal(format_text(again, found2), (got, found), "written and read again: " + source)
    for source, what in (("<b>x", "Can't find end tag corresponding to start tag \"b\""), ("</b>", "Unexpected end tag"),
                         ("<b><i>x</b></i>", "Unmatched end tag at byte offset 7"), ("<p>x</p>", "Unsupported start tag \"p\""),
                         ("<br>", "Unsupported start tag"), ("<span>x</span>", "must have class"), ("<b", "Unclosed start tag"),
                         ("<b>x</b", "Unclosed end tag"), ("a < b", "Unsupported start tag \"\""),
                         ("<a href=x?y>z</a>", "Unexpected end of name token"), ("<a =x>z</a>", "Empty attribute name"),
                         ("<tg-emoji emoji-id=\"x\">z</tg-emoji>", "Invalid custom emoji"), ("가<p>", "byte offset 3"),
                         ("&#xD800;", "surrogate")):
        try:
            parse_html(source)
        except EntityError as error:
            equal(what in str(error), True, "%s: %s" % (source, error))
        else:
            raise AssertionError("accepted " + source)


@test
def entities_that_cannot_stand_are_dropped(tg, bot):
    kim = tg.user("Kim", started=True)
    bot.noted("inside spoiler", "sendMessage", chat_id=kim.id, parse_mode="HTML",
              text="<tg-spoiler>secret <code>code</code> more</tg-spoiler>")
    message = tg.messages(kim)[-1]
    equal(message.visible, "code ")  # the code is cut out of the spoiler: everybody reads it
    bot.noted("inside a blockquote", "sendMessage", chat_id=kim.id, parse_mode="HTML",
              text="<blockquote>a <blockquote>b</blockquote></blockquote>")
    equal(tg.messages(kim)[-1].html, "<blockquote>a b</blockquote>")
    for source, what in (("<code><b>x</b></code>", "inside pre or code"), ("<a href=\"https://e.org\"><code>x</code></a>", "inside text_link"),
                         ("a & b", "unescaped '&'"), ("a > b", "unescaped '>'"), ("&nbsp;x", "unescaped '&'"),
                         ("<b class=\"x\">y</b>", "is ignored"), ("<a href=\"nonsense\">y</a>", "is no URL")):
        tg.violations.clear()
        bot.noted(what, "sendMessage", chat_id=kim.id, parse_mode="HTML", text=source)
    equal(visible_text("a😀b", [{"type": "spoiler", "offset": 1, "length": 2}]), "ab")


@test
def text_limits(tg, bot):
    kim = tg.user("Kim", started=True)
    bot.ok("sendMessage", chat_id=kim.id, text="<b>" + "😀" * 2048 + "</b>", parse_mode="HTML")
    bot.clean()
    bot.violated("message is too long", "sendMessage", chat_id=kim.id, text="😀" * 2048 + "x")
    bot.violated("message text is empty", "sendMessage", chat_id=kim.id, text="")
    bot.violated("message must be non-empty", "sendMessage", chat_id=kim.id, text=" \n<b> </b>", parse_mode="HTML")
    bot.violated("can't parse entities: Unsupported start tag \"x\" at byte offset 0", "sendMessage", chat_id=kim.id,
                 text="<x>", parse_mode="HTML")
    bot.violated("unsupported parse_mode", "sendMessage", chat_id=kim.id, text="x", parse_mode="XML")
    bot.ok("sendMessage", chat_id=kim.id, text="😀b", entities=[{"type": "bold", "offset": 2, "length": 1}])
    equal(tg.messages(kim)[-1].html, "😀<b>b</b>")
    bot.violated("middle of a UTF-16 symbol", "sendMessage", chat_id=kim.id, text="😀b",
                 entities=[{"type": "bold", "offset": 1, "length": 2}])
    equal(len(tg.messages(kim)), 2)


# Markup.

@test
def keyboards(tg, bot):
    kim = tg.user("Kim", started=True)

    def send(*buttons):
        return dict(chat_id=kim.id, text="x", reply_markup={"inline_keyboard": [list(buttons)]})
    bot.ok("sendMessage", **send({"text": "가", "callback_data": "가" * 21}, {"text": "u", "url": "https://t.me/x"}))
    bot.clean()
    bot.violated("BUTTON_DATA_INVALID", "sendMessage", **send({"text": "a", "callback_data": "가" * 22}))
    bot.violated("BUTTON_DATA_INVALID", "sendMessage", **send({"text": "a", "callback_data": ""}))
    bot.violated("Text buttons are unallowed", "sendMessage", **send({"text": "a"}))
    bot.violated("more than one action", "sendMessage", **send({"text": "a", "callback_data": "x", "url": "https://e.org"}))
    bot.violated("text must be non-empty", "sendMessage", **send({"text": " ", "callback_data": "x"}))
    bot.violated("Wrong HTTP URL", "sendMessage", **send({"text": "a", "url": "nowhere"}))
    bot.violated("wrong value", "sendMessage", **send({"text": "a", "callback_data": "x", "style": "pink"}))
    bot.violated("too long", "sendMessage", **send(*[{"text": "a", "callback_data": "x"}] * 9))
    bot.violated("length of reply_markup", "sendMessage", chat_id=kim.id, text="x",
                 reply_markup={"force_reply": True, "input_field_placeholder": "가" * 65})
    bot.violated("must be true", "sendMessage", chat_id=kim.id, text="x", reply_markup={"force_reply": False})
    bot.ok("sendMessage", chat_id=kim.id, text="x", reply_markup={"force_reply": True, "selective": True,
                                                                  "input_field_placeholder": "가" * 64})
    equal(tg.messages(kim)[-1].force_reply["selective"], True)
    bot.noted("deep link payload", "sendMessage", **send({"text": "a", "url": "https://t.me/interview_test_bot?start=a.b"}))
    bot.noted("empty row", "sendMessage", chat_id=kim.id, text="x", reply_markup={"inline_keyboard": [[]]})


# Who may be written to.

@test
def forbidden_and_missing_chats(tg, bot):
    kim, lee = tg.user("Kim", started=True), tg.user("Lee")
    robot = tg.user("Robot", is_bot=True)
    bot.refused(400, "chat not found", "sendMessage", chat_id=123, text="x")
    bot.refused(400, "chat not found", "sendMessage", chat_id="@nobody", text="x")
    bot.refused(403, "Forbidden: bot can't initiate conversation with a user", "sendMessage", chat_id=lee.id, text="x")
    bot.refused(403, "Forbidden: bot can't send messages to bots", "sendMessage", chat_id=robot.id, text="x")
    kim.block()
    bot.refused(403, "Forbidden: bot was blocked by the user", "sendMessage", chat_id=kim.id, text="x")
    kim.start()
    bot.ok("sendMessage", chat_id=kim.id, text="x")
    kim.deactivated = True
    bot.refused(403, "Forbidden: user is deactivated", "sendMessage", chat_id=kim.id, text="x")
    bot.clean()
    equal(len(tg.refusals), 6)


@test
def groups_that_the_bot_left(tg, bot):
    for make, kind in ((tg.group, "group"), (tg.supergroup, "supergroup"), (tg.channel, "channel")):
        chat = make("G")
        bot.ok("sendMessage", chat_id=chat.id, text="x")
        chat.remove_bot()
        bot.refused(403, "Forbidden: bot was kicked from the %s chat" % kind, "sendMessage", chat_id=chat.id, text="x")
        chat.remove_bot(ban=False)
        bot.refused(403, "Forbidden: bot is not a member of the %s chat" % kind, "sendMessage", chat_id=chat.id, text="x")
        chat.add_bot(admin=True)
        bot.ok("sendMessage", chat_id=chat.id, text="y")
        bot.ok("leaveChat", chat_id=chat.id)
        bot.refused(403, "is not a member", "sendMessage", chat_id=chat.id, text="x")
    channel = tg.channel("C", admin=False)
    bot.refused(400, "need administrator rights in the channel chat", "sendMessage", chat_id=channel.id, text="x")
    bot.clean()


@test
def muted(tg, bot):
    for chat in (tg.group("G"), tg.supergroup("S")):
        chat.mute_bot()
        bot.refused(400, "not enough rights to send text messages to the chat", "sendMessage", chat_id=chat.id, text="x")
        chat.unmute_bot()
        bot.ok("sendMessage", chat_id=chat.id, text="x")


@test
def migration(tg, bot):
    kim = tg.user("Kim")
    group = tg.group("G", [kim])
    old = bot.ok("sendMessage", chat_id=group.id, text="x")
    new = group.migrate()
    answer = bot.refused(400, "group chat was upgraded to a supergroup chat", "sendMessage", chat_id=group.id, text="x")
    equal(answer["parameters"], {"migrate_to_chat_id": new.id})
    bot.refused(400, "upgraded", "editMessageText", chat_id=group.id, message_id=old["message_id"], text="y")
    bot.ok("sendMessage", chat_id=new.id, text="x")
    updates = bot.ok("getUpdates")
    equal([u["message"].get("migrate_to_chat_id") or u["message"].get("migrate_from_chat_id") for u in updates],
          [new.id, group.id])
    kim.say(new, "/go")
    equal(new.id < -1000000000000, True)


@test
def forum_topics(tg, bot):
    kim = tg.user("Kim")
    forum, plain = tg.supergroup("F", [kim], forum=True), tg.supergroup("P", [kim])
    topic = forum.topic("DB", kim)
    bot.ok("sendMessage", chat_id=forum.id, text="x")
    sent = bot.ok("sendMessage", chat_id=forum.id, message_thread_id=topic.id, text="x")
    equal((sent["message_thread_id"], sent["is_topic_message"]), (topic.id, True))
    bot.refused(400, "message thread not found", "sendMessage", chat_id=forum.id, message_thread_id=999, text="x")
    bot.refused(400, "message thread not found", "sendMessage", chat_id=plain.id, message_thread_id=1, text="x")
    topic.closed = True
    bot.refused(400, "TOPIC_CLOSED", "sendMessage", chat_id=forum.id, message_thread_id=topic.id, text="x")
    topic.closed = False
    reply = bot.ok("sendMessage", chat_id=forum.id, text="x", reply_parameters={"message_id": sent["message_id"]})
    equal(reply["message_thread_id"], topic.id)
    kim.say(forum, "/go", thread=topic)
    first = kim.say(plain, "/a")
    kim.say(plain, "/b", reply_to=first)
    updates = [u["message"] for u in bot.ok("getUpdates")]
    equal([(m.get("message_thread_id"), m.get("is_topic_message")) for m in updates],
          [(topic.id, True), (topic.id, True), (None, None), (first.id, None)])
    equal("forum_topic_created" in updates[1]["reply_to_message"], True)
    bot.clean()


# Replies and edits.

@test
def replies(tg, bot):
    kim = tg.user("Kim", started=True)
    asked = kim.tell("hello there")
    sent = bot.ok("sendMessage", chat_id=kim.id, text="x", reply_parameters={"message_id": asked.id, "quote": "there"})
    equal((sent["reply_to_message"]["text"], sent["quote"]["position"]), ("hello there", 6))
    equal("reply_to_message" in sent["reply_to_message"], False)
    bot.refused(400, "message to be replied not found", "sendMessage", chat_id=kim.id, text="x", reply_parameters={"message_id": 999})
    bot.ok("sendMessage", chat_id=kim.id, text="x", reply_parameters={"message_id": 999, "allow_sending_without_reply": True})
    kim.delete(asked)
    bot.refused(400, "replied not found", "sendMessage", chat_id=kim.id, text="x", reply_parameters={"message_id": asked.id})
    bot.refused(400, "QUOTE_TEXT_INVALID", "sendMessage", chat_id=kim.id, text="x",
                reply_parameters={"message_id": sent["message_id"], "quote": "nowhere"})
    bot.clean()


@test
def edits(tg, bot):
    kim = tg.user("Kim", started=True)
    typed = kim.tell("mine")
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}
    m = bot.ok("sendMessage", chat_id=kim.id, text="<b>x</b>", parse_mode="HTML", reply_markup=markup)
    at = dict(chat_id=kim.id, message_id=m["message_id"])
    bot.refused(400, "message is not modified: specified new message content and reply markup are exactly the same",
                "editMessageText", text="<strong>x</strong>", parse_mode="HTML", reply_markup=markup, **at)
    equal("edit_date" in bot.ok("editMessageText", text="x", reply_markup=markup, **at), True)
    bot.refused(400, "not modified", "editMessageReplyMarkup", reply_markup=markup, **at)
    equal("reply_markup" in bot.ok("editMessageText", text="x", **at), False)
    bot.ok("editMessageReplyMarkup", reply_markup=markup, **at)
    message = tg.messages(kim)[0]
    equal(([e[2] for e in message.edits], message.text, message.buttons), (["<b>x</b>", "x", "x"], "x", [["a"]]))
    bot.refused(400, "message to edit not found", "editMessageText", chat_id=kim.id, message_id=99999, text="x")
    bot.refused(400, "message can't be edited", "editMessageText", chat_id=kim.id, message_id=typed.id, text="x")
    forced = bot.ok("sendMessage", chat_id=kim.id, text="x", reply_markup={"force_reply": True})
    bot.refused(400, "message can't be edited", "editMessageText", chat_id=kim.id, message_id=forced["message_id"], text="y")
    bot.clean()
    bot.violated("message identifier is not specified", "editMessageText", chat_id=kim.id, text="x")
    bot.violated("unknown field", "editMessageText", text="y", reply_markup={"force_reply": True}, **at)
    bot.ok("deleteMessage", **at)
    bot.refused(400, "message to delete not found", "deleteMessage", **at)
    bot.refused(400, "message to edit not found", "editMessageText", text="z", **at)


@test
def callbacks(tg, bot):
    kim = tg.user("Kim", started=True)
    bot.ok("sendMessage", chat_id=kim.id, text="x", reply_markup={"inline_keyboard": [[
        {"text": "다음", "callback_data": "next"}, {"text": "link", "url": "https://t.me/interview_test_bot?start=q1"}]]})
    message = tg.wait_for_message(kim)
    query = kim.press(message, "다음")
    update = bot.ok("getUpdates")[-1]["callback_query"]
    equal((update["data"], update["from"]["id"], update["message"]["message_id"]), ("next", kim.id, message.id))
    equal(update["message"]["reply_markup"]["inline_keyboard"][0][0]["text"], "다음")
    equal(tg.unanswered, [query])
    bot.violated("MESSAGE_TOO_LONG", "answerCallbackQuery", callback_query_id=update["id"], text="가" * 201)
    bot.ok("answerCallbackQuery", callback_query_id=update["id"], text="가" * 200)
    equal(query.wait_answer()["text"], "가" * 200)
    old = "query is too old and response timeout expired or query ID is invalid"
    bot.refused(400, old, "answerCallbackQuery", callback_query_id=update["id"])
    bot.refused(400, old, "answerCallbackQuery", callback_query_id="12345")
    late = kim.press(message, "next")
    late.expire()
    bot.refused(400, old, "answerCallbackQuery", callback_query_id=late.id)
    try:
        kim.press(message, "nothing")
    except AssertionError:
        pass
    else:
        raise AssertionError("pressed a button that is not there")
    equal(kim.press(message, "link").text, "/start q1")
    equal(kim.press(message, "gone", force=True).data, "gone")
    bot.ok("deleteMessage", chat_id=kim.id, message_id=message.id)
    kim.press(message, "next")
    equal(bot.ok("getUpdates")[-1]["callback_query"]["message"]["date"], 0)


# Files, reactions, members, commands.

@test
def documents(tg, bot):
    kim = tg.user("Kim", started=True)
    data = "# 질문\r\n".encode() + bytes(range(256))
    kim.send_document(kim, data, "문제.md", caption="/import now")
    message = bot.ok("getUpdates")[-1]["message"]
    equal((message["document"]["file_name"], message["caption_entities"][0]["type"]), ("문제.md", "bot_command"))
    file = bot.ok("getFile", file_id=message["document"]["file_id"])
    equal(bot.raw("/file/bot%s/%s" % (tg.token, file["file_path"])), (200, data))
    equal(bot.raw("/file/bot%s/documents/none" % tg.token)[0], 404)
    bot.refused(400, "wrong file_id or the file is temporarily unavailable", "getFile", file_id="x")
    body = (b"--XyZ\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n%d\r\n--XyZ\r\nContent-Disposition: form-data; "
            b"name=\"document\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n" % kim.id) + data + b"\r\n--XyZ--\r\n"
    status, answer = bot.raw("/bot%s/sendDocument" % tg.token, body, "multipart/form-data; boundary=XyZ")
    equal(status, 200, answer)
    equal(tg.messages(kim)[-1].data, data)
    bot.ok("sendDocument", chat_id=kim.id, document=message["document"]["file_id"], caption="c" * 1024)
    bot.clean()
    bot.violated("message caption is too long", "sendDocument", chat_id=kim.id, document=message["document"]["file_id"], caption="c" * 1025)
    bot.violated("wrong file identifier", "sendDocument", chat_id=kim.id, document="nothing")


@test
def reactions(tg, bot):
    kim = tg.user("Kim", started=True)
    message = kim.tell("answer")
    at = dict(chat_id=kim.id, message_id=message.id)
    bot.ok("setMessageReaction", reaction=[{"type": "emoji", "emoji": "🔥"}], **at)
    equal(message.reaction, ["🔥"])
    bot.ok("setMessageReaction", reaction=[], **at)
    bot.violated("REACTION_INVALID", "setMessageReaction", reaction=[{"type": "emoji", "emoji": "✅"}], **at)
    bot.violated("REACTIONS_TOO_MANY", "setMessageReaction", reaction=[{"type": "emoji", "emoji": "🔥"}, {"type": "emoji", "emoji": "👏"}], **at)
    bot.refused(400, "message to react not found", "setMessageReaction", chat_id=kim.id, message_id=999)


@test
def members(tg, bot):
    kim, lee = tg.user("Kim"), tg.user("Lee")
    group = tg.supergroup("G", [kim], creator=lee)
    group.promote(kim, title="boss")
    admins = bot.ok("getChatAdministrators", chat_id=group.id)
    equal([(a["user"]["first_name"], a["status"]) for a in admins], [("Kim", "administrator"), ("Lee", "creator")][::-1])
    equal(bot.ok("getChatMember", chat_id=group.id, user_id=kim.id)["custom_title"], "boss")
    kim.leave(group)
    equal(bot.ok("getChatMember", chat_id=group.id, user_id=kim.id)["status"], "left")
    bot.refused(400, "member not found", "getChatMember", chat_id=group.id, user_id=5)
    bot.refused(400, "no administrators in the private chat", "getChatAdministrators", chat_id=kim.id)
    equal(bot.ok("getChat", chat_id=group.id)["title"], "G")
    equal(bot.ok("getChatMemberCount", chat_id=group.id), 2)
    for user in tg.world.users.values():
        equal(tg.spec.check_object("User", user.json()), [])
    for member in group.members.values():
        equal(tg.spec.check_object("ChatMember", member.json(group)), [])


@test
def commands(tg, bot):
    group = tg.supergroup("G")
    good = [{"command": "quiz", "description": "문제"}]
    for scope in ({"type": "default"}, {"type": "all_private_chats"}, {"type": "all_group_chats"},
                  {"type": "all_chat_administrators"}, {"type": "chat", "chat_id": group.id},
                  {"type": "chat_administrators", "chat_id": group.id}):
        bot.ok("setMyCommands", commands=good, scope=scope, language_code="ko")
        equal(bot.ok("getMyCommands", scope=scope, language_code="ko"), good)
        equal(bot.ok("getMyCommands", scope=scope), [])
    bot.ok("deleteMyCommands", language_code="ko")
    equal(bot.ok("getMyCommands", language_code="ko"), [])
    bot.clean()
    for name in ("Quiz", "문제", "a-b", "a" * 33, "/quiz", ""):
        bot.violated("Bad Request", "setMyCommands", commands=[{"command": name, "description": "x"}])
    bot.violated("description must be non-empty", "setMyCommands", commands=[{"command": "a", "description": ""}])
    bot.violated("must not exceed 256", "setMyCommands", commands=[{"command": "a", "description": "x" * 257}])
    bot.violated("BOT_COMMANDS_TOO_MUCH", "setMyCommands", commands=[{"command": "c%d" % i, "description": "x"} for i in range(101)])
    bot.violated("invalid language code", "setMyCommands", commands=good, language_code="kor")
    bot.refused(400, "chat not found", "setMyCommands", commands=good, scope={"type": "chat", "chat_id": 5})
    bot.ok("setMyDescription", description="안녕", language_code="ko")
    equal(bot.ok("getMyDescription", language_code="ko"), {"description": "안녕"})
    bot.violated("wrong parameter action", "sendChatAction", chat_id=group.id, action="thinking")
    bot.ok("sendChatAction", chat_id=group.id, action="typing")


# What the bot is told.

@test
def privacy_mode(tg, bot):
    kim, lee = tg.user("Kim"), tg.user("Lee")
    robot = tg.user("Robot", is_bot=True)
    group = tg.group("G", [kim, lee, robot])
    sent = bot.ok("sendMessage", chat_id=group.id, text="question")
    question = tg.messages(group)[0]
    kim.say(group, "chatter")
    command = kim.say(group, "/quiz")
    kim.say(group, "/quiz@interview_test_bot")
    kim.say(group, "/quiz@other_bot")
    kim.say(group, "answer", reply_to=question)
    other = lee.say(group, "aside")
    kim.say(group, "to lee", reply_to=other)
    lee.say(group, "under a command", reply_to=command)
    robot.say(group, "/quiz")
    lee.leave(group)
    seen = [u["message"].get("text", "service") for u in bot.ok("getUpdates")]
    equal(seen, ["/quiz", "/quiz@interview_test_bot", "answer", "under a command", "service"])
    equal(sent["message_id"], question.id)
    group.promote_bot()
    kim.say(group, "chatter")
    equal([k for u in bot.ok("getUpdates")[-2:] for k in u if k != "update_id"], ["my_chat_member", "message"])


@test
def every_update_has_its_fields(tg, bot):
    kim, lee = tg.user("Kim", "Min", "kimmin"), tg.user("Lee", language="en")
    bot.ok("getUpdates", allowed_updates=tg.spec.update_types)
    group, forum, channel = tg.group("G", [kim]), tg.supergroup("F", [kim], forum=True), tg.channel("C", kim)
    topic = forum.topic("T")
    for chat in (group, forum):
        chat.add_bot(admin=True)
        chat.add(lee)
        chat.mute(lee)
        chat.unmute(lee)
        lee.leave(chat)
        chat.promote(kim, anonymous=True)
        kim.say(chat, "/quiz@interview_test_bot 가😀 https://e.org @kimmin #tag", thread=topic if chat is forum else None)
        chat.demote(kim)
        kim.edit(kim.say(chat, "<b>/x</b>", html=True), "/y")
        kim.say(chat, "channel speaks", as_channel=channel)
        chat.linked_post(channel, "linked")
        chat.rename("H")
    kim.say(group, "fwd", forwarded_from=lee)
    post = channel.post("news")
    kim.edit(post, "news 2")
    kim.start("payload-1")
    bot.ok("sendMessage", chat_id=kim.id, text="x", reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]})
    kim.press(tg.messages(kim)[-1], "a")
    kim.react(tg.messages(kim)[-1], "🔥")
    kim.send_document(forum, b"x", "a.md", "/import", thread=topic)
    kim.block()
    kim.unblock()
    group.remove_bot()
    group.add_bot()
    group.migrate()
    updates = bot.ok("getUpdates")
    for update in updates:
        equal(tg.spec.check_object("Update", update), [], json.dumps(update)[:400])
    kinds = {k for u in updates for k in u if k != "update_id"}
    equal(kinds, {"message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member", "chat_member"})
    anonymous = [u["message"] for u in updates if u.get("message", {}).get("from", {}).get("username") == "GroupAnonymousBot"]
    equal(anonymous[0]["sender_chat"]["id"], group.id)
    equal([e["type"] for e in anonymous[0]["entities"]], ["bot_command", "url", "mention", "hashtag"])
    equal(anonymous[0]["entities"][1]["offset"], 29)
    for result in ("getMe", "getWebhookInfo"):
        equal(tg.spec.check_object({"getMe": "User"}.get(result, "WebhookInfo"), bot.ok(result)), [])
    equal(tg.spec.check_object("ChatFullInfo", bot.ok("getChat", chat_id=forum.id)), [])
    for message in tg.sent:
        equal(tg.spec.check_object("Message", message.json()), [])


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
    box = in_background(bot.ok, "getUpdates", timeout=30) if False else in_background(
        lambda: json.loads(bot.raw("/bot%s/getUpdates?timeout=30" % tg.token, timeout=40)[1]))
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
def webhook_excludes_polling(tg, bot):
    poll = in_background(lambda: json.loads(bot.raw("/bot%s/getUpdates?timeout=30" % tg.token, timeout=40)[1]))
    tg.wait_polling()
    bot.ok("setWebhook", url="https://example.org/hook")
    equal(wait_thread(poll)["value"]["description"], "Conflict: terminated by setWebhook request")
    equal(bot.ok("getWebhookInfo")["url"], "https://example.org/hook")
    bot.refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", "getUpdates")
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

class Clock:
    def __init__(self):
        self.now = 1000.0


@test
def rate_limits(tg, bot):
    from telegram_limits import Limits
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
    tg.limits.enabled = True
    kim = tg.user("Kim", started=True)
    for _ in range(3):
        bot.ok("sendMessage", chat_id=kim.id, text="x")
    answer = bot.refused(429, "Too Many Requests: retry after 1", "sendMessage", chat_id=kim.id, text="x")
    equal(answer["parameters"], {"retry_after": 1})
    equal((tg.offences, tg.violations, tg.refusals), ([], [], []))
    bot.refused(429, "retry after 1", "sendMessage", chat_id=kim.id, text="x")
    equal(len(tg.offences), 1)
    time.sleep(1.05)
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
    tg.fault("drip", "sendMessage", delay=0.0005)
    equal(json.loads(send()[1])["ok"], True)
    tg.fault("slow", "sendMessage", delay=0.01)
    equal(json.loads(send()[1])["ok"], True)
    equal([m.text for m in tg.messages(kim)], ["m1", "m2", "m3", "m4", "m5", "m6"])


@test
def fault_429_is_watched(tg, bot):
    kim, lee = tg.user("Kim", started=True), tg.user("Lee", started=True)
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
    time.sleep(1.05)
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
    bot.ok("sendMessage", chat_id=kim.id, text="x", reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]})
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
    import subprocess
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


def main():
    chosen = [t for t in TESTS if len(sys.argv) < 2 or sys.argv[1] in t.__name__]
    print("1..%d" % len(chosen), flush=True)
    failed = 0
    for number, function in enumerate(chosen, 1):
        tg = TelegramServer(seed=number).start()
        try:
            function(tg, Client(tg))
            print("ok %d - %s" % (number, function.__name__.replace("_", " ")), flush=True)
        except Exception:
            failed += 1
            print("not ok %d - %s" % (number, function.__name__.replace("_", " ")))
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
        finally:
            tg.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
