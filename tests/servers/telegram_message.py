"""Messages, button presses and memberships: what the people and the bot of a test leave behind in a chat."""
import time

import telegram_html as fmt

ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
_RIGHTS = ("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
           "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
           "can_delete_stories")
SENDING = ("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
            "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
            "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag")
_PERMISSIONS = SENDING + ("can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics")


def locked(method):
    def call(self, *args, **kwargs):
        with self.world.lock:
            return method(self, *args, **kwargs)
    call.__name__, call.__doc__ = method.__name__, method.__doc__
    return call


class Member:
    def __init__(self, user, status):
        self.user, self.status, self.anonymous, self.title = user, status, False, None
        self.rights = dict.fromkeys(_RIGHTS, status == "creator")
        self.rights.update(can_manage_chat=True, can_delete_messages=True, can_pin_messages=True)
        self.permissions = dict.fromkeys(_PERMISSIONS, True)

    def present(self):
        return self.status in ("creator", "administrator", "member", "restricted")

    def json(self, chat):
        data = {"user": self.user.json(), "status": self.status}
        if self.status in ("creator", "administrator"):
            data["is_anonymous"] = self.anonymous
            if self.title:
                data["custom_title"] = self.title
        if self.status == "administrator":
            data["can_be_edited"] = False
            data.update({name: self.rights.get(name, False) for name in _RIGHTS})
            if chat.type == "channel":
                data.update(can_post_messages=True, can_edit_messages=True)
            else:
                data["can_pin_messages"] = self.rights.get("can_pin_messages", False)
            if chat.type == "supergroup":
                data["can_manage_topics"] = self.rights.get("can_manage_topics", False)
        elif self.status == "restricted":
            data.update(is_member=True, until_date=0, **self.permissions)
        elif self.status == "kicked":
            data["until_date"] = 0
        return data


class Message:
    def __init__(self, chat, sender, text=None, entities=(), reply_to=None, thread=None, quote=None):
        self.world, self.chat, self.sender, self.sender_chat = chat.world, chat, sender, None
        self.id, self.seq, self.date, self.edit_date = None, 0, int(chat.world.clock()), None
        self.at = time.monotonic()
        self.text, self.entities = fmt.format_text(text, list(entities)) if text is not None else (None, [])
        self.caption, self.caption_entities, self.document, self.data = None, [], None, None
        self.reply_to, self.thread, self.in_topic, self.quote = reply_to, thread, False, quote
        self.service, self.forward_origin, self.automatic_forward = None, None, False
        self.media = {}  # what is no text and no document
        self.markup, self.source, self.parse_mode = None, None, None
        self.edits, self.deleted, self.for_bot, self.seen = [], False, False, False
        self.reaction, self.user_reactions, self.protected = [], {}, False

    def __repr__(self):
        return "<Message %d in %d: %r>" % (self.id or 0, self.chat.id, (self.content or str(self.service))[:60])

    def place(self):
        """Gives the message its number and its thread."""
        chat = self.chat
        self.id = chat.next_message_id()
        self.seq = self.world.next_id("sequence")
        if chat.is_forum:
            if self.thread is None and self.reply_to is not None and self.reply_to.in_topic:
                self.thread = self.reply_to.thread
            self.in_topic = self.thread is not None
            if self.in_topic and self.reply_to is None:
                self.reply_to = chat.topics[self.thread].header  # as every message in a topic has it
        elif chat.type == "supergroup" and self.reply_to is not None and self.thread is None:
            # A plain supergroup numbers reply threads too, without is_topic_message: not to be echoed.
            self.thread = self.reply_to.thread or self.reply_to.id
        chat.messages[self.id] = self

    def json(self, inner=False):
        data = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        if self.automatic_forward:
            data.update({"from": TELEGRAM, "is_automatic_forward": True, "sender_chat": self.sender_chat.json()})
        elif self.sender_chat is not None:
            data["sender_chat"] = self.sender_chat.json()
            if self.chat.type != "channel":
                data["from"] = ANONYMOUS if self.sender_chat is self.chat else CHANNEL_BOT
        elif self.sender is not None:
            data["from"] = self.sender.json()
        if self.thread is not None:
            data["message_thread_id"] = self.thread
            if self.in_topic:
                data["is_topic_message"] = True
        if self.reply_to is not None and not inner and not self.reply_to.deleted:
            if self.reply_to.chat is self.chat:
                data["reply_to_message"] = self.reply_to.json(inner=True)
            if self.quote:
                at = fmt.utf16_len((self.reply_to.content or "").partition(self.quote)[0])
                data["quote"] = {"text": self.quote, "position": at, "is_manual": True}
        for name, value in (("edit_date", self.edit_date), ("forward_origin", self.forward_origin),
                            ("text", self.text), ("entities", self.entities), ("document", self.document),
                            ("caption", self.caption), ("caption_entities", self.caption_entities)):
            if value:
                data[name] = value
        if self.markup and "inline_keyboard" in self.markup:
            data["reply_markup"] = self.markup
        if self.protected:
            data["has_protected_content"] = True
        data.update(self.media)
        data.update(self.service or {})
        return data

    # What a test looks at.

    @property
    def content(self):
        """The text, or the caption of a document."""
        return self.text if self.text is not None else (self.caption or "")

    @property
    def html(self):
        return fmt.to_html(self.content, self.entities or self.caption_entities)

    @property
    def visible(self):
        """The text that can be read without tapping a spoiler."""
        return fmt.visible_text(self.content, self.entities or self.caption_entities)

    @property
    def keyboard(self):
        return (self.markup or {}).get("inline_keyboard", [])

    @property
    def buttons(self):
        """The labels, row by row."""
        return [[b["text"] for b in row] for row in self.keyboard]

    @property
    def force_reply(self):
        return self.markup if self.markup and "force_reply" in self.markup else None

    def button(self, wanted):
        """The button with this label or callback data, or for which wanted(button) is true; fails if there is none."""
        for row in self.keyboard:
            for b in row:
                if wanted(b) if callable(wanted) else wanted in (b["text"], b.get("callback_data")):
                    return b
        raise AssertionError("no button %r in %r, which has %r" % (wanted, self, self.buttons))


class CallbackQuery:
    """One press of a button."""

    def __init__(self, user, message, data):
        self.world, self.user, self.message, self.data = user.world, user, message, data
        self.id = str(self.world.random.randrange(1 << 60, 1 << 62))
        self.answer, self.expired, self.answers = None, False, 0

    def json(self):
        message = self.message
        shown = ({"chat": message.chat.json(), "message_id": message.id, "date": 0} if message.deleted
                 else message.json())
        return {"id": self.id, "from": self.user.json(), "message": shown,
                "chat_instance": str(abs(message.chat.id) * 7919), "data": self.data}

    @locked
    def expire(self):
        self.expired = True

    def wait_answer(self, timeout=5):
        """The parameters of the bot's answerCallbackQuery; fails when none came in time."""
        deadline = time.monotonic() + timeout
        with self.world.lock:
            while self.answer is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError("the press of %r was not answered" % self.data)
                self.world.lock.wait(left)
            return self.answer
