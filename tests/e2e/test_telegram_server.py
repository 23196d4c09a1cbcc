#!/usr/bin/env python3
"""The strict Telegram server itself: every rule refuses, and the bot hears what Telegram would tell. TAP."""
import http.client
import json
import os
import socket
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from telegram_client import equal, form, run  # noqa: E402
from telegram_html import EntityError, format_text, parse_html, to_html, visible_text  # noqa: E402

TESTS = []


def test(function):
    TESTS.append(function)
    return function


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
    for path, code, description in (("/bot1:wrong/getMe", 401, "Unauthorized"), ("/botnonsense/getMe", 404,
                                                                                 "Not Found"),
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
            ("<span class=\"tg-spoiler\">s</span> <tg-spoiler>t</tg-spoiler>", "s t", [("spoiler", 0, 1), ("spoiler",
                                                                                                           2, 1)]),
            ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
            ("<a href='https://e.org/?a=1&amp;b'>l</a>", "l", [("text_link", 0, 1)]),
            ("<a href=\"tg://user?id=5\">u</a>", "u", [("text_mention", 0, 1)]),
            ("<blockquote><pre>c</pre></blockquote>", "c", [("blockquote", 0, 1), ("pre", 0, 1)]),
            ("<b><i>x</i></b>", "x", [("bold", 0, 1), ("italic", 0, 1)]), ("&#44032;&#x1F600;", "가😀", []),
            ("  <b>x</b>\n", "x", [("bold", 0, 1)]), ("/go@bot #tag", "/go@bot #tag", [("bot_command", 0, 7),
                                                                                       ("hashtag", 8, 4)])]
    for source, text, entities in good:
        plain, found, notes = parse_html(source)
        equal(notes, [], source)
        got, found = format_text(plain, found)
        equal((got, [(e["type"], e["offset"], e["length"]) for e in found]), (text, entities), source)
        again, found2, _ = parse_html(to_html(got, found))
        equal(format_text(again, found2), (got, found), "written and read again: " + source)
    for source, what in (("<b>x", "Can't find end tag corresponding to start tag \"b\""), ("</b>",
                                                                                           "Unexpected end tag"),
                         ("<b><i>x</b></i>", "Unmatched end tag at byte offset 7"), ("<p>x</p>",
                                                                                     "Unsupported start tag \"p\""),
                         ("<br>", "Unsupported start tag"), ("<span>x</span>", "must have class"),
                         ("<b", "Unclosed start tag"),
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
    for source, what in (("<code><b>x</b></code>", "inside pre or code"),
                         ("<a href=\"https://e.org\"><code>x</code></a>", "inside text_link"),
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
    bot.violated("more than one action", "sendMessage", **send({"text": "a", "callback_data": "x",
                                                                "url": "https://e.org"}))
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
    bot.noted("deep link payload", "sendMessage", **send({"text": "a",
                                                          "url": "https://t.me/interview_test_bot?start=a.b"}))
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
        bot.refused(403, "Forbidden: bot is not a member of the %s chat" % kind, "sendMessage", chat_id=chat.id,
                    text="x")
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
        bot.refused(400, "not enough rights to send text messages to the chat", "sendMessage", chat_id=chat.id,
                    text="x")
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
    equal(bot.ok("getUpdates")[-1]["message"]["chat"]["id"], new.id)


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
    bot.refused(400, "message to be replied not found", "sendMessage", chat_id=kim.id, text="x",
                reply_parameters={"message_id": 999})
    bot.ok("sendMessage", chat_id=kim.id, text="x", reply_parameters={"message_id": 999,
                                                                      "allow_sending_without_reply": True})
    kim.delete(asked)
    bot.refused(400, "replied not found", "sendMessage", chat_id=kim.id, text="x",
                reply_parameters={"message_id": asked.id})
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
    bot.refused(400, "message can't be edited", "editMessageText", chat_id=kim.id, message_id=forced["message_id"],
                text="y")
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
    body = (b"--XyZ\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n%d\r\n--XyZ\r\n"
            b"Content-Disposition: form-data; name=\"document\"; filename=\"a.txt\"\r\n"
            b"Content-Type: text/plain\r\n\r\n" % kim.id) + data + b"\r\n--XyZ--\r\n"
    status, answer = bot.raw("/bot%s/sendDocument" % tg.token, body, "multipart/form-data; boundary=XyZ")
    equal(status, 200, answer)
    equal(tg.messages(kim)[-1].data, data)
    bot.ok("sendDocument", chat_id=kim.id, document=message["document"]["file_id"], caption="c" * 1024)
    bot.clean()
    bot.violated("message caption is too long", "sendDocument", chat_id=kim.id,
                 document=message["document"]["file_id"], caption="c" * 1025)
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
    bot.violated("REACTIONS_TOO_MANY", "setMessageReaction", reaction=[{"type": "emoji", "emoji": "🔥"},
                                                                       {"type": "emoji", "emoji": "👏"}], **at)
    bot.refused(400, "message to react not found", "setMessageReaction", chat_id=kim.id, message_id=999)


@test
def members(tg, bot):
    kim, lee = tg.user("Kim"), tg.user("Lee")
    group = tg.supergroup("G", [kim], creator=lee)
    group.promote(kim, title="boss")
    admins = bot.ok("getChatAdministrators", chat_id=group.id)
    equal([(a["user"]["first_name"], a["status"]) for a in admins], [("Kim", "administrator"), ("Lee",
                                                                                                "creator")][::-1])
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
    bot.violated("BOT_COMMANDS_TOO_MUCH", "setMyCommands", commands=[{"command": "c%d" % i,
                                                                      "description": "x"} for i in range(101)])
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
    bot.ok("sendMessage", chat_id=kim.id, text="x", reply_markup={"inline_keyboard": [[{"text": "a",
                                                                                        "callback_data": "x"}]]})
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
    equal(kinds, {"message", "edited_message", "channel_post", "edited_channel_post", "callback_query",
                  "my_chat_member", "chat_member"})
    anonymous = [u["message"] for u in updates if u.get("message", {}).get("from",
                                                                           {}).get("username") == "GroupAnonymousBot"]
    equal(anonymous[0]["sender_chat"]["id"], group.id)
    equal([e["type"] for e in anonymous[0]["entities"]], ["bot_command", "url", "mention", "hashtag"])
    equal(anonymous[0]["entities"][1]["offset"], 29)
    for result in ("getMe", "getWebhookInfo"):
        equal(tg.spec.check_object({"getMe": "User"}.get(result, "WebhookInfo"), bot.ok(result)), [])
    equal(tg.spec.check_object("ChatFullInfo", bot.ok("getChat", chat_id=forum.id)), [])
    for message in tg.sent:
        equal(tg.spec.check_object("Message", message.json()), [])


if __name__ == "__main__":
    sys.exit(run(TESTS))
