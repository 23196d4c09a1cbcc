"""What the Bot API's methods do: the rules beyond the specification, in the real server's words.

A wrong=True refusal is the client's own fault whatever the state of the world (a violation); the others (blocked, not
modified, too old, ...) depend on what happened before and are only refusals.
"""
import re

import telegram_html as fmt
from telegram_check import Upload
from telegram_errors import ApiError, bad, wrong
from telegram_message import Message
from telegram_profile import Profile

CHAT_ACTIONS = ("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
                "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note")
_NOT_MODIFIED = ("message is not modified: specified new message content and reply markup are exactly the same as a "
                 "current content and reply markup of the message")


class Methods(Profile):
    """One method each, do_<name>(params); called under the world's lock. note(text) records a violation that the real
    server would swallow."""

    def __init__(self, world, note):
        Profile.__init__(self, world, note)
        self.actions = []  # (chat, action) of sendChatAction

    def supports(self, method):
        return hasattr(self, "do_" + method)

    def call(self, method, params):
        return getattr(self, "do_" + method)(params)

    # Text and markup.

    def formatted(self, text, mode, entities, limit, too_long):
        notes = []
        try:
            if mode and mode.lower() != "html":
                raise wrong("can't parse entities: unsupported parse_mode" if mode.lower() not in
                            ("markdown", "markdownv2") else "this test server reads parse_mode HTML only")
            if mode and entities:
                self.note("parse_mode and entities together: the entities are ignored")
            if mode:
                text, found, notes = fmt.parse_html(text)
            else:
                found = fmt.from_utf16(text, entities or [])
            text, found = fmt.format_text(text, found)
        except fmt.EntityError as error:
            raise wrong(str(error))
        for what in notes:
            self.note("HTML: " + what)
        if fmt.utf16_len(text) > limit:
            raise wrong(too_long)
        return text, found

    def text(self, p):
        if p["text"] == "":
            raise wrong("message text is empty")
        return self.formatted(p["text"], p.get("parse_mode"), p.get("entities"), 4096, "message is too long")

    def caption(self, p):
        if not p.get("caption"):
            return None, []
        return self.formatted(p["caption"], p.get("parse_mode"), p.get("caption_entities"), 1024,
                              "message caption is too long")

    def markup(self, markup):
        """Checks a reply markup beyond its types."""
        if markup is None:
            return None
        if "inline_keyboard" in markup:
            rows = markup["inline_keyboard"]
            if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
                raise wrong("reply markup is too long")
            if any(not row for row in rows):
                self.note("an empty row of buttons")
            for row in rows:
                for button in row:
                    self.inline_button(button)
        for row in markup.get("keyboard", []):
            for button in row:
                if not (button if isinstance(button, str) else button["text"]).strip():
                    raise wrong("can't parse keyboard button: text must be non-empty")
        for name in ("force_reply", "remove_keyboard"):
            if markup.get(name) is False:
                raise wrong("%s must be true" % name)
        return markup

    def inline_button(self, button):
        actions = [k for k in button if k not in ("text", "icon_custom_emoji_id", "style")]
        if not button["text"].strip():
            raise wrong("can't parse inline keyboard button: inline keyboard button text must be non-empty")
        if not actions:
            raise wrong("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if len(actions) > 1:
            raise wrong("can't parse inline keyboard button: more than one action (%s)" % ", ".join(actions))
        url = button.get("url")
        if url is None:
            return
        if not re.match(r"(https?://[^\s/]+\.[^\s]+|tg://\S+|ton://\S+)$", url):
            raise wrong("inline keyboard button URL '%s' is invalid: Wrong HTTP URL" % url)
        link = re.match(r"(?:https?://t\.me/|tg://resolve\?domain=)(\w+)[?&]start(?:group)?=([^&]*)", url)
        if link and link.group(1).lower() == self.world.bot.username.lower() and not re.fullmatch(
                r"[A-Za-z0-9_-]{1,64}", link.group(2)):
            self.note("a deep link payload must be 1 to 64 of [A-Za-z0-9_-]: %r" % link.group(2))

    # Messages.

    def thread(self, chat, thread_id):
        if thread_id is None:
            return None
        topic = chat.topics.get(thread_id)
        if topic is None:
            raise bad("message thread not found")
        if topic.closed and not chat.bot_is_admin():
            raise bad("TOPIC_CLOSED")
        return thread_id

    def replied(self, chat, reply):
        if reply is None:
            return None, None
        source = self.member_chat(reply["chat_id"]) if "chat_id" in reply else chat
        message = source.messages.get(reply["message_id"])
        if message is None or message.deleted or message.service and "migrate_from_chat_id" in message.service:
            if reply.get("allow_sending_without_reply"):
                return None, None
            raise bad("message to be replied not found")
        quote = reply.get("quote")
        if quote is not None:
            quote, _ = self.formatted(quote, reply.get("quote_parse_mode"), reply.get("quote_entities"), 1024,
                                      "quote is too long")
            if quote not in message.content:
                raise bad("QUOTE_TEXT_INVALID")
        return message, quote

    def send(self, p, fill, what="text messages"):
        markup = self.markup(p.get("reply_markup"))
        chat = self.open_chat(p["chat_id"], what)
        reply_to, quote = self.replied(chat, p.get("reply_parameters"))
        thread = p.get("message_thread_id")
        if thread is None and reply_to is not None and reply_to.in_topic:
            thread = reply_to.thread  # what replies into a topic stands in it
        message = Message(chat, self.world.bot, reply_to=reply_to, thread=self.thread(chat, thread), quote=quote)
        if chat.type == "channel":
            message.sender_chat = chat
        message.markup, message.protected = markup, p.get("protect_content", False)
        message.parse_mode = p.get("parse_mode")
        fill(message)
        message.place()
        self.world.bot_messages.append(message)
        self.world.lock.notify_all()
        return message

    def do_sendMessage(self, p):
        text, entities = self.text(p)

        def fill(message):
            message.text, message.entities, message.source = text, entities, p["text"]
        return self.send(p, fill).json()

    def do_sendDocument(self, p):
        caption, entities = self.caption(p)
        given = p["document"]
        if isinstance(given, str) and given not in self.world.files:
            raise wrong("wrong file identifier/HTTP URL specified")
        if isinstance(given, Upload) and not given.data:
            raise wrong("file must be non-empty")

        def fill(message):
            message.caption, message.caption_entities, message.source = caption, entities, p.get("caption")
            if isinstance(given, Upload):
                message.document = self.world.store_file(given.data, given.name, given.mime)
            else:
                file = self.world.files[given]
                message.document = {k: file[k] for k in ("file_id", "file_unique_id", "file_size")}
            message.data = self.world.files[message.document["file_id"]]["data"]
        return self.send(p, fill, "documents").json()

    def _copied(self, p):
        source = self.member_chat(p["from_chat_id"]).messages.get(p["message_id"])
        if source is None or source.deleted or source.service:
            raise bad("message to copy not found")
        return source

    def do_copyMessage(self, p):
        source = self._copied(p)

        def fill(message):
            for name in ("text", "entities", "caption", "caption_entities", "document", "data"):
                setattr(message, name, getattr(source, name))
        return {"message_id": self.send(p, fill).id}

    def do_forwardMessage(self, p):
        source = self._copied(p)

        def fill(message):
            for name in ("text", "entities", "caption", "caption_entities", "document", "data"):
                setattr(message, name, getattr(source, name))
            sender = source.sender or self.world.bot
            message.forward_origin = {"type": "user", "date": source.date, "sender_user": sender.json()}
        return self.send(p, fill).json()

    # Edits.

    def own_message(self, p):
        if "inline_message_id" in p:
            raise bad("MESSAGE_ID_INVALID")
        for name in ("chat_id", "message_id"):
            if name not in p:
                raise wrong("message identifier is not specified" if name == "message_id" else "chat_id is empty")
        chat = self.open_chat(p["chat_id"]) if self.any_chat(p["chat_id"]).type == "private" \
            else self.member_chat(p["chat_id"])
        message = chat.messages.get(p["message_id"])
        if message is None or message.deleted:
            raise bad("message to edit not found")
        if message.sender is not self.world.bot or message.service or message.forward_origin or (
                message.markup and "inline_keyboard" not in message.markup):
            raise bad("message can't be edited")
        return message

    def change(self, message, markup, **new):
        keyboard = markup if markup and markup.get("inline_keyboard") else None
        old = message.markup if message.markup and message.markup.get("inline_keyboard") else None
        if keyboard == old and all(getattr(message, name) == value for name, value in new.items()):
            raise bad(_NOT_MODIFIED)
        message.edits.append((self.world.clock(), message.content, message.html))
        for name, value in new.items():
            setattr(message, name, value)
        message.markup, message.edit_date = keyboard, int(self.world.clock())
        self.world.lock.notify_all()
        return message.json()

    def do_editMessageText(self, p):
        if "text" not in p:
            raise wrong("message text is empty")
        text, entities = self.text(p)
        markup = self.markup(p.get("reply_markup"))
        message = self.own_message(p)
        if message.document:
            raise bad("there is no text in the message to edit")
        message.source, message.parse_mode = p["text"], p.get("parse_mode")
        return self.change(message, markup, text=text, entities=entities)

    def do_editMessageCaption(self, p):
        caption, entities = self.caption(p)
        markup = self.markup(p.get("reply_markup"))
        message = self.own_message(p)
        if not message.document:
            raise bad("there is no caption in the message to edit")
        return self.change(message, markup, caption=caption, caption_entities=entities)

    def do_editMessageReplyMarkup(self, p):
        markup = self.markup(p.get("reply_markup"))
        return self.change(self.own_message(p), markup)

    def _delete(self, chat, message_id):
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad("message to delete not found")
        if message.sender is not self.world.bot and chat.type != "private" and not chat.bot_is_admin():
            raise bad("message can't be deleted")
        message.deleted = True
        self.world.lock.notify_all()

    def do_deleteMessage(self, p):
        self._delete(self.member_chat(p["chat_id"]), p["message_id"])
        return True

    def do_deleteMessages(self, p):
        chat = self.member_chat(p["chat_id"])
        if not 1 <= len(p["message_ids"]) <= 100:
            raise wrong("too many message identifiers specified")
        for message_id in p["message_ids"]:
            try:
                self._delete(chat, message_id)
            except ApiError:
                pass  # documented: what is not found is skipped
        return True

    # Answers that are no messages.

    def do_answerCallbackQuery(self, p):
        query = self.world.callbacks.get(p["callback_query_id"])
        if query is not None:
            query.answers += 1
        if query is None or query.expired or query.answer is not None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if "url" in p and not re.match(r"(https?://t\.me/|tg://)", p["url"]):
            raise wrong("URL_INVALID")
        query.answer = dict(p)
        self.world.lock.notify_all()
        return True

    def do_sendChatAction(self, p):
        if p["action"].lower() not in CHAT_ACTIONS:
            raise wrong("wrong parameter action in request")
        chat = self.open_chat(p["chat_id"])
        self.thread(chat, p.get("message_thread_id"))
        self.actions.append((chat, p["action"]))
        return True

    def do_setMessageReaction(self, p):
        reaction = p.get("reaction") or []
        chat = self.member_chat(p["chat_id"])
        message = chat.messages.get(p["message_id"])
        if message is None or message.deleted:
            raise bad("message to react not found")
        if len(reaction) > 1:
            raise wrong("REACTIONS_TOO_MANY")
        if any(r["type"] != "emoji" for r in reaction):
            raise wrong("REACTION_INVALID")
        message.reaction = [r["emoji"] for r in reaction]
        self.world.lock.notify_all()
        return True

    def do_pinChatMessage(self, p):
        chat = self.member_chat(p["chat_id"])
        message = chat.messages.get(p["message_id"])
        if message is None or message.deleted:
            raise bad("message to pin not found")
        if chat.type != "private" and not chat.bot_is_admin():
            raise bad("not enough rights to manage pinned messages in the chat")
        chat.pinned = message
        return True

    def do_unpinChatMessage(self, p):
        chat = self.member_chat(p["chat_id"])
        if chat.type != "private" and not chat.bot_is_admin():
            raise bad("not enough rights to manage pinned messages in the chat")
        chat.pinned = None
        return True

    def do_leaveChat(self, p):
        chat = self.member_chat(p["chat_id"])
        if chat.type == "private":
            raise bad("chat not found")
        chat.set_member(self.world.bot, self.world.bot, "left", service=False)
        return True
