"""The world behind the test server: people, chats, messages, and what the bot is told of them.

Everything here is what the people of a test do; the bot's own requests are in telegram_methods.py. All methods take the
world's lock themselves, so tests may call them from any thread.
"""
import random
import re
import threading
import time

import telegram_html as fmt
from telegram_message import SENDING, CallbackQuery, Member, Message, locked
from telegram_queue import UpdateQueue


class World:
    def __init__(self, spec, token, username="interview_test_bot", clock=None, seed=None):
        self.lock = threading.Condition(threading.RLock())
        self.world, self.spec, self.token = self, spec, token
        self.clock = clock or time.time
        self.random = random.Random(seed)
        self.queue = UpdateQueue(spec.update_types, seed)
        self.users, self.chats, self.files, self.callbacks = {}, {}, {}, {}
        self.last_ids = {"user": 7100000000, "group": 5100000000, "supergroup": 2100000000, "message": 0, "sequence": 0}
        self.bot = User(self, int(token.split(":")[0]), "Interview Bot", username=username, is_bot=True)
        self.privacy = True
        self.bot_messages = []  # in the order of sending

    def next_id(self, kind):
        self.last_ids[kind] += 1
        return self.last_ids[kind]

    @locked
    def user(self, first_name, last_name=None, username=None, language="ko", started=False, is_bot=False, id=None):
        """A new person (or another bot). started: has pressed Start before the test began."""
        user = User(self, id or self.next_id("user"), first_name, last_name, username, language, is_bot)
        user.private.bot_may_write = started
        return user

    def group(self, title, members=(), creator=None, bot=True, admin=False):
        """A basic group. bot: the bot is a member already (no update); add_bot() is the visible way."""
        return self._chat("group", title, members, creator, bot, admin)

    def supergroup(self, title, members=(), creator=None, bot=True, admin=False, forum=False, username=None):
        chat = self._chat("supergroup", title, members, creator, bot, admin)
        chat.is_forum, chat.username = forum, username
        return chat

    def channel(self, title, creator=None, bot=True, admin=True, username=None):
        chat = self._chat("channel", title, (), creator, bot, admin)
        chat.username = username
        return chat

    @locked
    def _chat(self, kind, title, members, creator, bot, admin):
        number = -self.next_id("group") if kind == "group" else -1000000000000 - self.next_id("supergroup")
        chat = Chat(self, number, kind, title=title)
        creator = creator or self.user(title + " owner")
        chat.members[creator.id] = Member(creator, "creator")
        for user in members:
            if user is not creator:
                chat.members[user.id] = Member(user, "member")
        if bot:
            chat.members[self.bot.id] = Member(self.bot, "administrator" if admin else "member")
        return chat

    def push(self, kind, payload):
        self.queue.push(kind, payload)
        self.lock.notify_all()

    def find_chat(self, chat_id):
        """By number or @username, as chat_id is given to the API; None when the bot cannot know it."""
        if isinstance(chat_id, str):
            name = chat_id.lstrip("@").lower()
            return next((c for c in self.chats.values() if c.type != "private" and c.username and
                         c.username.lower() == name), None) if chat_id.startswith("@") else None
        return self.chats.get(chat_id)

    def store_file(self, data, name, mime):
        number = len(self.files)
        file = {"file_id": "BQACAgUAAx%08dInterview%s" % (number, "AgADBQ"), "file_unique_id": "AgAD%08d" % number,
                "file_size": len(data)}
        ending = name.rsplit(".", 1)[-1] if "." in name else "bin"
        self.files[file["file_id"]] = dict(file, file_path="documents/file_%d.%s" % (number, ending), data=data)
        return dict(file, file_name=name, mime_type=mime)

    @locked
    def preload(self, count, users=500, text=None):
        """Puts count private messages into the queue cheaply, users taking turns. text(i, user) -> str."""
        people = [self.user("User %d" % i, started=True) for i in range(users)]
        for i in range(count):
            user = people[i % users]
            user.private.receive(Message(user.private, user, text=text(i, user) if text else "answer %d" % i))
        return people

    @locked
    def expire_callbacks(self):
        """From now on every button press so far is too old to be answered."""
        for query in self.callbacks.values():
            query.expired = True


class User:
    """A person of the test, or a bot."""

    def __init__(self, world, id, first_name, last_name=None, username=None, language=None, is_bot=False):
        self.world, self.id, self.first_name, self.last_name = world, id, first_name, last_name
        self.username, self.language, self.is_bot = username, language, is_bot
        self.blocked = self.deactivated = False
        world.users[id] = self
        self.private = Chat(world, id, "private", user=self)

    def __repr__(self):
        return "<User %s %d>" % (self.first_name, self.id)

    def json(self):
        data = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name, value in (("last_name", self.last_name), ("username", self.username),
                            ("language_code", None if self.is_bot else self.language)):
            if value:
                data[name] = value
        return data

    # What a person types.

    @locked
    def say(self, chat, text, reply_to=None, thread=None, html=False, anonymous=False, as_channel=None, quote=None,
            forwarded_from=None):
        """Sends a text to a chat (a Chat, or a User for the private chat). Returns the Message.

        thread: a Topic. anonymous: as an anonymous administrator. as_channel: in the name of a channel.
        html: the text is HTML, for typed formatting. quote: a part of reply_to that is quoted."""
        chat = chat.private if isinstance(chat, User) else chat
        entities = []
        if html:
            text, entities, _ = fmt.parse_html(text)
        message = Message(chat, self, text=text, entities=entities, reply_to=reply_to,
                          thread=thread.id if thread else None, quote=quote)
        member = chat.members.get(self.id)
        if as_channel is not None:
            message.sender_chat = as_channel
        elif anonymous or (member is not None and member.anonymous):
            message.sender_chat = chat
        if forwarded_from is not None:
            message.forward_origin = {"type": "user", "date": message.date, "sender_user": forwarded_from.json()}
        return chat.receive(message)

    def tell(self, text, **kwargs):
        """Says something to the bot in private."""
        return self.say(self.private, text, **kwargs)

    def start(self, payload=""):
        """Presses Start, with a deep link's payload if there is one."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,64}", payload):
            raise AssertionError("a deep link payload must be up to 64 of [A-Za-z0-9_-]: %r" % payload)
        if self.blocked:
            self.unblock()
        return self.tell("/start " + payload if payload else "/start")

    @locked
    def edit(self, message, text):
        message.text, message.entities = fmt.format_text(text, [])
        if message.document:
            message.caption, message.caption_entities, message.text, message.entities = (
                message.text, message.entities, None, [])
        message.edit_date = int(self.world.clock())
        message.chat.deliver(message, edited=True)
        return message

    @locked
    def delete(self, message):
        """Bots are told nothing of it."""
        message.deleted = True

    @locked
    def send_document(self, chat, data, name, caption=None, mime="text/markdown", reply_to=None, thread=None):
        chat = chat.private if isinstance(chat, User) else chat
        message = Message(chat, self, reply_to=reply_to, thread=thread.id if thread else None)
        message.document = self.world.store_file(data, name, mime)
        if caption:
            message.caption, message.caption_entities = fmt.format_text(caption, [])
        return chat.receive(message)

    @locked
    def send_media(self, chat, kind, caption=None, reply_to=None, album=None):
        """Sends a picture, a voice, a sticker or a place. album: the number that messages of one album share."""
        chat = chat.private if isinstance(chat, User) else chat
        message = Message(chat, self, reply_to=reply_to)
        message.media = dict(telegram_media(kind))
        if album is not None:
            message.media["media_group_id"] = str(album)
        if caption:
            message.caption, message.caption_entities = fmt.format_text(caption, [])
        return chat.receive(message)

    # Buttons.

    @locked
    def press(self, message, button, force=False):
        """Presses an inline button, named by its label or its callback data (or a function of the button).

        A deep link to the bot opens the private chat and presses Start. Returns the CallbackQuery, or the Message of
        the Start. Fails when there is no such button. force: sends the data as a client with an old keyboard would."""
        found = None if force else message.button(button)
        if found is not None and "url" in found:
            link = re.fullmatch(r"(?:https?://t\.me/|tg://resolve\?domain=)(\w+)(?:[?&]start=([A-Za-z0-9_-]{1,64}))?",
                                found["url"])
            if not link or link.group(1).lower() != self.world.bot.username.lower():
                raise AssertionError("not a link to the bot: %s" % found["url"])
            return self.start(link.group(2) or "")
        data = button if force else found.get("callback_data")
        if data is None:
            raise AssertionError("that button has no callback data: %r" % (found,))
        query = CallbackQuery(self, message, data)
        self.world.callbacks[query.id] = query
        self.world.push("callback_query", query.json())
        return query

    @locked
    def react(self, message, emoji):
        old = message.user_reactions.get(self.id, [])
        new = message.user_reactions[self.id] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        if message.chat.bot_is_admin():
            self.world.push("message_reaction", {
                "chat": message.chat.json(), "message_id": message.id, "user": self.json(),
                "date": int(self.world.clock()), "old_reaction": old, "new_reaction": new})

    # Coming and going.

    def block(self):
        """Blocks the bot."""
        self._set_blocked(True)

    def unblock(self):
        self._set_blocked(False)

    @locked
    def _set_blocked(self, blocked):
        if self.blocked == blocked:
            return
        old = Member(self.world.bot, "kicked" if self.blocked else "member")
        self.blocked = blocked
        self.private.member_update(self, old, Member(self.world.bot, "kicked" if blocked else "member"))

    def join(self, chat):
        chat.set_member(self, self, "member")

    def leave(self, chat):
        chat.set_member(self, self, "left")


def telegram_media(kind):
    """The fields of a message of that kind."""
    file = {"file_id": "BQACAgUAAxkBAAInterview", "file_unique_id": "AgADmedia"}
    return {"photo": {"photo": [dict(file, width=90, height=67), dict(file, width=800, height=600)]},
            "voice": {"voice": dict(file, duration=3)},
            "sticker": {"sticker": dict(file, type="regular", width=512, height=512, is_animated=False,
                                        is_video=False, emoji="\U0001f44d")},
            "location": {"location": {"latitude": 37.5665, "longitude": 126.978}}}[kind]


class Topic:
    def __init__(self, chat, message, name):
        self.chat, self.id, self.name, self.header, self.closed = chat, message.id, name, message, False


class Chat:
    def __init__(self, world, id, type, title=None, user=None):
        self.world, self.id, self.type, self.title, self.user = world, id, type, title, user
        self.username, self.is_forum, self.migrated_to = (user.username if user else None), False, None
        self.members, self.messages, self.topics, self.last_message_id = {}, {}, {}, 0
        self.bot_may_write = False  # private: the user has written to the bot
        self.everyone_may_write = True
        self.pinned = None
        self.linked_channel = None
        world.chats[id] = self

    def __repr__(self):
        return "<Chat %s %d>" % (self.type, self.id)

    def json(self):
        if self.user is not None:
            data = {k: v for k, v in self.user.json().items() if k not in ("is_bot", "language_code")}
        else:
            data = {"id": self.id, "title": self.title}
            if self.username:
                data["username"] = self.username
            if self.is_forum:
                data["is_forum"] = True
        return dict(data, type=self.type)

    def next_message_id(self):
        if self.type in ("private", "group"):  # one numbering over all of a bot's small chats
            return self.world.next_id("message")
        self.last_message_id += 1
        return self.last_message_id

    def bot_member(self):
        return self.members.get(self.world.bot.id)

    def bot_is_admin(self):
        member = self.bot_member()
        return member is not None and member.status in ("administrator", "creator")

    # Messages.

    @locked
    def receive(self, message, service=False):
        """A message of a person (or a service message) arrives in the chat."""
        if self.migrated_to:
            raise AssertionError("this group became %r" % self.migrated_to)
        if self.type in ("group", "supergroup") and not service and not message.sender_chat and message.sender:
            member = self.members.get(message.sender.id)
            if member is None or not member.present():
                raise AssertionError("%r is no member of %r" % (message.sender, self))
            if member.status == "restricted" and not member.permissions["can_send_messages"]:
                raise AssertionError("%r is muted in %r" % (message.sender, self))
        if self.type == "private" and not message.sender.is_bot:
            self.bot_may_write = True
        message.place()
        self.deliver(message)
        return message

    def deliver(self, message, edited=False):
        message.seen = message.seen or self.bot_sees(message)
        if message.seen:
            kind = "channel_post" if self.type == "channel" else "message"
            self.world.push(("edited_" if edited else "") + kind, message.json())

    def bot_sees(self, message):
        """Membership, other bots, and privacy mode."""
        bot = self.world.bot
        if self.type == "private":
            return not self.user.blocked
        member = self.bot_member()
        if member is None or not member.present():
            return False
        if message.service or self.type == "channel":
            return True
        if message.sender is not None and message.sender.is_bot:
            return False  # a bot never hears another one
        if self.bot_is_admin() or not self.world.privacy:
            return True
        if message.reply_to is not None and (message.reply_to.sender is bot or message.reply_to.for_bot):
            return True
        command = re.match(r"/[A-Za-z0-9_]+(?:@(\w+))?(?![\w@])", message.text or message.caption or "")
        if command and (command.group(1) or bot.username).lower() == bot.username.lower():
            message.for_bot = True
            return True
        return False

    @locked
    def post(self, text, by=None):
        """A post in a channel."""
        message = Message(self, None, text=text)
        message.sender_chat = self
        return self.receive(message)

    @locked
    def linked_post(self, channel, text):
        """A channel's post forwarded by itself into its discussion group."""
        message = Message(self, None, text=text)
        message.sender_chat, message.automatic_forward = channel, True
        message.forward_origin = {"type": "channel", "date": message.date, "chat": channel.json(), "message_id": 1}
        return self.receive(message)

    @locked
    def topic(self, name, by=None):
        """A new forum topic; give it to say(thread=...)."""
        creator = by or next(m.user for m in self.members.values() if m.status == "creator")
        message = Message(self, creator)
        message.service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message.id = self.next_message_id()
        message.thread, message.in_topic = message.id, True
        self.messages[message.id] = message
        topic = self.topics[message.id] = Topic(self, message, name)
        self.deliver(message)
        return topic

    # Members.

    @locked
    def set_member(self, user, by, status, change=None, service=True):
        """Changes a membership with all the updates that come of it."""
        bot = self.world.bot
        old = self.members.get(user.id) or Member(user, "left")
        new = Member(user, status)
        if change:
            change(new)
        was = old.present()
        if user is bot and was and not new.present():
            message = self._service(by, {"left_chat_member": user.json()}, place_only=True)
        self.members[user.id] = new
        if user is bot:
            self.member_update(by, old, new)
        elif self.bot_is_admin():
            self.member_update(by, old, new, kind="chat_member")
        if service and self.type in ("group", "supergroup"):
            if not was and new.present():
                self._service(by, {"new_chat_members": [user.json()]})
            elif was and not new.present() and user is not bot:
                self._service(by, {"left_chat_member": user.json()})
            elif was and not new.present():
                self.world.push("message", message.json())

    def _service(self, by, content, place_only=False):
        message = Message(self, by)
        message.service = content
        if place_only:
            message.place()
            return message
        return self.receive(message, service=True)

    def member_update(self, by, old, new, kind="my_chat_member"):
        self.world.push(kind, {"chat": self.json(), "from": by.json(), "date": int(self.world.clock()),
                               "old_chat_member": old.json(self), "new_chat_member": new.json(self)})

    def owner(self):
        return next(m.user for m in self.members.values() if m.status == "creator")

    def add(self, user, by=None):
        self.set_member(user, by or self.owner(), "member")

    def remove(self, user, by=None, ban=False):
        self.set_member(user, by or self.owner(), "kicked" if ban else "left")

    def promote(self, user, by=None, anonymous=False, title=None, **rights):
        def change(member):
            member.anonymous, member.title = anonymous, title
            member.rights.update(rights)
        self.set_member(user, by or self.owner(), "administrator", change)

    def demote(self, user, by=None):
        self.set_member(user, by or self.owner(), "member")

    def mute(self, user, by=None):
        """May no longer write. In a basic group that is done by the chat's permissions, for all at once."""
        self._mute(user, by, True)

    def unmute(self, user, by=None):
        self._mute(user, by, False)

    def _mute(self, user, by, muted):
        if self.type == "group":
            self.everyone_may_write = not muted
            return

        def change(member):
            member.permissions.update(dict.fromkeys(SENDING, not muted))
        self.set_member(user, by or self.owner(), "restricted" if muted else "member", change)

    def add_bot(self, by=None, admin=False):
        self.set_member(self.world.bot, by or self.owner(), "administrator" if admin else "member")

    def remove_bot(self, by=None, ban=True):
        self.set_member(self.world.bot, by or self.owner(), "kicked" if ban else "left")

    def promote_bot(self, by=None, **rights):
        self.promote(self.world.bot, by, **rights)

    def demote_bot(self, by=None):
        self.demote(self.world.bot, by)

    def mute_bot(self, by=None):
        self.mute(self.world.bot, by)

    def unmute_bot(self, by=None):
        self.unmute(self.world.bot, by)

    @locked
    def rename(self, title, by=None):
        self.title = title
        self._service(by or self.owner(), {"new_chat_title": title})

    @locked
    def migrate(self, by=None):
        """The group becomes a supergroup with another id. Returns the new Chat."""
        if self.type != "group":
            raise AssertionError("only a basic group becomes a supergroup")
        by = by or self.owner()
        new = Chat(self.world, -1000000000000 - self.world.next_id("supergroup"), "supergroup", title=self.title)
        for member in self.members.values():
            fresh = new.members[member.user.id] = Member(member.user, member.status)
            fresh.anonymous, fresh.rights = member.anonymous, member.rights
        self._service(by, {"migrate_to_chat_id": new.id})
        self.migrated_to = new
        message = Message(new, by)
        message.sender_chat, message.service = new, {"migrate_from_chat_id": self.id}
        new.receive(message, service=True)
        return new
