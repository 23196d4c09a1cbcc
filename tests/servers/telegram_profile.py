"""The Bot API's methods that ask (chats, members, files) and those that set the bot's own profile and webhook."""
import re

from telegram_errors import ApiError, bad, wrong
from telegram_message import SENDING, Member


class Profile:
    """The lower half of Methods: finding chats, asking, the bot's profile."""

    def __init__(self, world, note):
        self.world, self.note = world, note
        self.commands, self.texts, self.menu_buttons = {}, {}, {}
        self.webhook = ""

    # Finding chats.

    def any_chat(self, chat_id):
        if isinstance(chat_id, str) and re.fullmatch(r"-?[0-9]+", chat_id):
            self.note("a numeric chat_id as a String")
            chat_id = int(chat_id)
        chat = self.world.find_chat(chat_id)
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to.id)
        return chat

    def member_chat(self, chat_id):
        """A chat that the bot may look at."""
        chat = self.any_chat(chat_id)
        if chat.type == "private":
            return chat
        member = chat.bot_member()
        if member is None:
            raise bad("chat not found")
        if member.status == "kicked":
            raise ApiError(403, "bot was kicked from the %s chat" % chat.type)
        if not member.present():
            raise ApiError(403, "bot is not a member of the %s chat" % chat.type)
        return chat

    def open_chat(self, chat_id, what="text messages"):
        """A chat that the bot may write to."""
        chat = self.member_chat(chat_id)
        if chat.type == "private":
            if chat.user.deactivated:
                raise ApiError(403, "user is deactivated")
            if chat.user.is_bot:
                raise ApiError(403, "bot can't send messages to bots")
            if not chat.bot_may_write:
                raise ApiError(403, "bot can't initiate conversation with a user")
            if chat.user.blocked:
                raise ApiError(403, "bot was blocked by the user")
            return chat
        member = chat.bot_member()
        if chat.type == "channel" and not chat.bot_is_admin():
            raise bad("need administrator rights in the channel chat")
        if not chat.bot_is_admin() and (not chat.everyone_may_write or (
                member.status == "restricted" and not member.permissions["can_send_messages"])):
            raise bad("not enough rights to send %s to the chat" % what)
        return chat

    # Asking.

    def do_getMe(self, p):
        return dict(self.world.bot.json(), can_join_groups=True, can_read_all_group_messages=not self.world.privacy,
                    supports_guest_queries=False, supports_inline_queries=False, can_connect_to_business=False,
                    has_main_web_app=False, has_topics_enabled=False, allows_users_to_create_topics=False,
                    can_manage_bots=False, supports_join_request_queries=False)

    def do_getChat(self, p):
        chat = self.member_chat(p["chat_id"])
        data = dict(chat.json(), accent_color_id=1, max_reaction_count=11, accepted_gift_types={
            "unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False, "premium_subscription": False,
            "gifts_from_channels": False})
        if chat.type in ("group", "supergroup"):
            data["permissions"] = dict.fromkeys(SENDING + ("can_change_info", "can_invite_users", "can_pin_messages",
                                                           "can_manage_topics"), chat.everyone_may_write)
        return data

    def do_getChatMember(self, p):
        chat = self.member_chat(p["chat_id"])
        user = self.world.users.get(p["user_id"])
        if user is None:
            raise bad("member not found" if p["user_id"] > 0 else "invalid user_id specified")
        if chat.type == "private":
            if user not in (chat.user, self.world.bot):
                raise bad("member not found")
            return Member(user, "member").json(chat)
        return (chat.members.get(user.id) or Member(user, "left")).json(chat)

    def do_getChatAdministrators(self, p):
        chat = self.member_chat(p["chat_id"])
        if chat.type == "private":
            raise bad("there are no administrators in the private chat")
        return [m.json(chat) for m in chat.members.values() if m.status in ("creator", "administrator")
                and (not m.user.is_bot or m.user is self.world.bot)]

    def do_getChatMemberCount(self, p):
        chat = self.member_chat(p["chat_id"])
        return 2 if chat.type == "private" else sum(m.present() for m in chat.members.values())

    def do_getFile(self, p):
        file = self.world.files.get(p["file_id"])
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if file["file_size"] > 20 * 1024 * 1024:
            raise bad("file is too big")
        return {k: v for k, v in file.items() if k != "data"}

    def do_getUserProfilePhotos(self, p):
        if p["user_id"] not in self.world.users:
            raise bad("user not found")
        return {"total_count": 0, "photos": []}

    # The bot's own profile.

    def language(self, p):
        code = p.get("language_code", "")
        if not re.fullmatch(r"([a-z]{2})?", code):
            raise wrong("invalid language code specified")
        return code

    def scope(self, p):
        """The key of a command scope."""
        scope = p.get("scope") or {"type": "default"}
        kind = scope["type"]
        if "chat_id" not in scope:
            return kind
        chat = self.member_chat(scope["chat_id"])
        if chat.type == "channel" or (chat.type == "private" and kind != "chat"):
            raise wrong("can't use specified scope in %s chats" % ("private" if chat.type == "private" else "channel"))
        return (kind, chat.id, scope.get("user_id"))

    def do_setMyCommands(self, p):
        scope, language = self.scope(p), self.language(p)
        if len(p["commands"]) > 100:
            raise wrong("BOT_COMMANDS_TOO_MUCH")
        for item in p["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", item["command"]):
                raise wrong("BOT_COMMAND_INVALID")
            if not item["description"].strip():
                raise wrong("command description must be non-empty")
        if len({item["command"] for item in p["commands"]}) != len(p["commands"]):
            self.note("a command twice in one list")
        self.commands[scope, language] = p["commands"]
        if not p["commands"]:
            del self.commands[scope, language]
        return True

    def do_getMyCommands(self, p):
        return self.commands.get((self.scope(p), self.language(p)), [])

    def do_deleteMyCommands(self, p):
        self.commands.pop((self.scope(p), self.language(p)), None)
        return True

    def _set_text(self, name, p):
        self.texts[name, self.language(p)] = p.get(name, "")
        return True

    def _get_text(self, name, p):
        code = self.language(p)
        return {name: self.texts.get((name, code)) or self.texts.get((name, ""), "")}

    def do_setMyName(self, p):
        return self._set_text("name", p)

    def do_getMyName(self, p):
        return {"name": self._get_text("name", p)["name"] or self.world.bot.first_name}

    def do_setMyDescription(self, p):
        return self._set_text("description", p)

    def do_getMyDescription(self, p):
        return self._get_text("description", p)

    def do_setMyShortDescription(self, p):
        return self._set_text("short_description", p)

    def do_getMyShortDescription(self, p):
        return self._get_text("short_description", p)

    def _menu_chat(self, p):
        if "chat_id" not in p:
            return None
        chat = self.any_chat(p["chat_id"])
        if chat.type != "private":
            raise bad("chat not found")
        return chat.id

    def do_setChatMenuButton(self, p):
        self.menu_buttons[self._menu_chat(p)] = p.get("menu_button", {"type": "default"})
        return True

    def do_getChatMenuButton(self, p):
        return self.menu_buttons.get(self._menu_chat(p)) or self.menu_buttons.get(None, {"type": "commands"})

    # Webhook (kept, never called).

    def do_setWebhook(self, p):
        if p["url"] and not re.match(r"https://[^\s/]+", p["url"]):
            raise wrong("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = p["url"]
        self.world.queue.set_allowed(p.get("allowed_updates"))
        if p.get("drop_pending_updates"):
            self.world.queue.pending.clear()
        self.world.lock.notify_all()
        return True

    def do_deleteWebhook(self, p):
        self.webhook = ""
        if p.get("drop_pending_updates"):
            self.world.queue.pending.clear()
        return True

    def do_getWebhookInfo(self, p):
        info = {"url": self.webhook, "has_custom_certificate": False,
                "pending_update_count": len(self.world.queue.pending)}
        if self.webhook:
            info["max_connections"] = 40
        if self.world.queue.allowed is not None:
            info["allowed_updates"] = self.world.queue.allowed
        return info
