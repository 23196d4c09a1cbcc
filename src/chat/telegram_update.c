/* Reading an Update: which kind it is, who and where, and whether it is meant for this bot. */
#include "telegram_update.h"

#include <string.h>

#include "text.h"

/* ---- fields, whatever their type may be ---- */

static int64_t number(const json_node *object, const char *key)
{
    return json_node_int(json_node_get(object, key));
}

static const char *string(const json_node *object, const char *key)
{
    return json_node_string(json_node_get(object, key));
}

static bool flag(const json_node *object, const char *key)
{
    return json_node_is_true(json_node_get(object, key));
}

static const char *digits(char *out, size_t size, int64_t n)
{
    char buffer[TEXT_INT_SIZE];

    g_strlcpy(out, text_int(n, buffer), size);
    return out;
}

/*
 * After a week of silence Telegram's numbers begin anew anywhere: a number
 * alone does not name an update. 20 bits of what it is about are put behind it.
 */
static int64_t fingerprint(int64_t id, const int64_t *about, size_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (uint64_t)about[i]) * UINT64_C(0x100000001b3) + (hash >> 29);
    return (int64_t)(((uint64_t)id & UINT64_C(0x7ffffffffff)) << 20 | (hash >> 44));
}

/* ---- who ---- */

static char *full_name(const json_node *user)
{
    const char *first = string(user, "first_name"), *last = string(user, "last_name");

    return g_strjoin(last != NULL ? " " : "", first != NULL ? first : "", last, NULL);
}

static void set_person(struct telegram_update *u, const json_node *user)
{
    g_free(u->owned_name);
    u->owned_name = full_name(user);
    u->in.user = digits(u->user, sizeof u->user, number(user, "id"));
    u->in.user_name = u->owned_name;
    u->in.lang_hint = string(user, "language_code");
}

/* A chat that speaks (an anonymous administrator, a channel) is nobody's name. */
static void set_nameless(struct telegram_update *u, const json_node *sender, bool own_chat)
{
    const char *title = string(sender, "title");

    g_free(u->owned_name);
    u->owned_name = g_strdup(title != NULL ? title : "");
    g_snprintf(u->user, sizeof u->user, "chat:%" G_GINT64_FORMAT, number(sender, "id"));
    u->in.user = u->user;
    u->in.user_name = u->owned_name;
    u->in.nameless = true;
    u->in.admin = own_chat ? ADMIN_YES : ADMIN_NO;
}

static bool set_chat(struct telegram_update *u, const json_node *chat, const json_node *person)
{
    const char *type = string(chat, "type"), *title = string(chat, "title");
    bool private = g_strcmp0(type, "private") == 0;

    if (number(chat, "id") == 0 || type == NULL || strcmp(type, "channel") == 0)
        return false;
    g_free(u->owned_title);
    u->owned_title = private ? full_name(person) : g_strdup(title != NULL ? title : "");
    u->in.chat = digits(u->chat, sizeof u->chat, number(chat, "id"));
    u->in.chat_kind = private ? CHAT_PRIVATE : CHAT_GROUP;
    u->in.chat_title = u->owned_title;
    if (private)
        u->in.admin = ADMIN_YES;
    return true;
}

static void set_thread(struct telegram_update *u, const json_node *message)
{
    int64_t thread = number(message, "message_thread_id");

    if (thread == 0 || !flag(message, "is_topic_message"))
        return;
    u->in.thread = digits(u->thread, sizeof u->thread, thread);
    u->in.in_room = true;
}

/* Who has written MESSAGE; false when it is nobody that one talks with. */
static bool set_sender(struct telegram_update *u, const json_node *message)
{
    const json_node *from = json_node_get(message, "from");
    const json_node *sender = json_node_get(message, "sender_chat");

    if (flag(message, "is_automatic_forward"))
        return false; /* the linked channel's post */
    if (json_node_is_object(sender)) {
        bool own = number(sender, "id") == number(json_node_get(message, "chat"), "id");

        set_nameless(u, sender, own);
        return true;
    }
    if (!json_node_is_object(from) || number(from, "id") == 0 || flag(from, "is_bot"))
        return false;
    set_person(u, from);
    return true;
}

/* ---- what ---- */

static bool is_name_character(char c)
{
    return g_ascii_isalnum(c) || c == '_';
}

/* Where "@name" stands in TEXT as a word of its own, NULL when it does not. */
static const char *find_mention(const char *text, const char *name)
{
    size_t n = strlen(name);

    for (const char *at = strchr(text, '@'); at != NULL; at = strchr(at + 1, '@')) {
        bool begins = at == text || !is_name_character(at[-1]);

        if (begins && g_ascii_strncasecmp(at + 1, name, n) == 0 && !is_name_character(at[1 + n]))
            return at;
    }
    return NULL;
}

/* Whether a command is ours: it names this bot, or none. *ret_named: it does. */
static bool command_is_ours(const char *text, const char *name, bool *ret_named)
{
    size_t word = strcspn(text, " \n\t");
    const char *at = memchr(text, '@', word);
    size_t n = at != NULL ? word - (size_t)(at + 1 - text) : 0;

    *ret_named = at != NULL;
    return at == NULL || (n == strlen(name) && g_ascii_strncasecmp(at + 1, name, n) == 0);
}

/* What was typed, NUL-free; NULL when it was no text. */
static const char *typed(struct telegram_update *u, const json_node *message)
{
    const json_node *text = json_node_get(message, "text");
    size_t len;

    if (text == NULL)
        text = json_node_get(message, "caption");
    if (!json_node_is_string(text))
        return NULL;
    len = json_node_length(text);
    if (strlen(json_node_string(text)) == len)
        return json_node_string(text);
    u->owned_text = g_memdup2(json_node_string(text), (gsize)len + 1);
    for (size_t i = 0; i < len; i++) {
        if (u->owned_text[i] == '\0')
            u->owned_text[i] = ' ';
    }
    return u->owned_text;
}

static void drop_mention(struct telegram_update *u, const char *text, const char *at, size_t len)
{
    char *rest = g_strdup_printf("%.*s%s", (int)(at - text), text, at + len);

    g_free(u->owned_text);
    u->owned_text = g_strstrip(rest);
    u->in.text = u->owned_text;
}

/*
 * In a group only what is meant for this bot counts, also where it sees
 * everything: commands, replies to its messages, its name.
 */
static bool meant_for_us(struct telegram_update *u, const struct telegram_me *me)
{
    const char *text = u->in.text, *mention;
    bool named = false;

    if (text[0] == '/') {
        bool ours = command_is_ours(text, me->name, &named);

        u->in.to_bot = named || u->in.chat_kind == CHAT_PRIVATE;
        return ours;
    }
    if (u->in.chat_kind == CHAT_PRIVATE)
        return true;
    mention = find_mention(text, me->name);
    if (mention != NULL) {
        u->in.to_bot = true;
        drop_mention(u, text, mention, strlen(me->name) + 1);
    }
    return mention != NULL || u->in.reply_to != NULL;
}

/* The round that a button's data speaks of ("hint:12"), 0 for none. */
static int64_t round_in(const char *data)
{
    static const char *const actions[] = {"hint:", "skip:", "again:"};

    for (size_t i = 0; data != NULL && i < G_N_ELEMENTS(actions); i++) {
        if (g_str_has_prefix(data, actions[i]))
            return g_ascii_strtoll(data + strlen(actions[i]), NULL, 10);
    }
    return 0;
}

/* The same of any button under the bot's own MESSAGE: it shows that round's question. */
static int64_t round_shown(const json_node *message)
{
    const json_node *rows =
        json_node_get(json_node_get(message, "reply_markup"), "inline_keyboard");
    int64_t round = 0;

    for (size_t i = 0; round == 0 && i < json_node_size(rows); i++) {
        const json_node *row = json_node_at(rows, i);

        for (size_t k = 0; round == 0 && k < json_node_size(row); k++)
            round = round_in(string(json_node_at(row, k), "callback_data"));
    }
    return round;
}

static void set_reply(struct telegram_update *u, const json_node *message,
                      const struct telegram_me *me)
{
    const json_node *to = json_node_get(message, "reply_to_message");

    if (number(json_node_get(to, "from"), "id") != me->id || number(to, "message_id") == 0)
        return;
    u->in.reply_to = digits(u->reply_to, sizeof u->reply_to, number(to, "message_id"));
    u->in.round_hint = round_shown(to);
}

/* "/import", with the document that belongs to it or (asking how) without. */
static bool set_import(struct telegram_update *u, const json_node *message,
                       const struct telegram_me *me)
{
    const json_node *document = json_node_get(message, "document");
    const char *text = u->in.text;
    bool named;

    if (u->in.chat_kind != CHAT_PRIVATE || !g_str_has_prefix(text, "/import") ||
        is_name_character(text[7]) || !command_is_ours(text, me->name, &named))
        return false;
    u->file_id = string(document, "file_id");
    u->file_name = u->file_id != NULL ? string(document, "file_name") : NULL;
    u->file_size = number(document, "file_size");
    return true;
}

/* Members who came or went, and groups that moved: messages without a text. */
static enum telegram_what read_service(struct telegram_update *u, const json_node *message)
{
    const json_node *left = json_node_get(message, "left_chat_member");
    const json_node *came = json_node_get(message, "new_chat_members");
    int64_t to = number(message, "migrate_to_chat_id");
    int64_t from = number(message, "migrate_from_chat_id");

    if (to != 0 || from != 0) {
        g_strlcpy(u->moved_to, u->chat, sizeof u->moved_to);
        if (to != 0)
            digits(u->moved_to, sizeof u->moved_to, to);
        else
            digits(u->chat, sizeof u->chat, from);
        return TELEGRAM_MOVED;
    }
    u->members = json_node_is_object(left) ? left : came;
    u->in.kind = json_node_is_object(left) ? EVENT_LEFT : EVENT_JOINED;
    return json_node_is_object(left) || json_node_is_array(came) ? TELEGRAM_MEMBERS
                                                                 : TELEGRAM_NOTHING;
}

/* What people send instead of words. Service messages (a pin, a new title) are none of these. */
static bool is_wordless(const json_node *message)
{
    static const char *const kinds[] = {
        "sticker", "photo",    "voice",    "video",      "video_note", "animation",
        "audio",   "document", "location", "venue",      "contact",    "poll",
        "dice",    "story",    "game",     "paid_media", "checklist"};
    bool found = false;

    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && !found; i++)
        found = json_node_is_object(json_node_get(message, kinds[i])) ||
                json_node_is_array(json_node_get(message, kinds[i]));
    return found;
}

static enum telegram_what read_message(struct telegram_update *u, const json_node *message,
                                       const struct telegram_me *me, bool edited)
{
    enum telegram_what service;

    if (!set_chat(u, json_node_get(message, "chat"), json_node_get(message, "from")))
        return TELEGRAM_NOTHING;
    service = edited ? TELEGRAM_NOTHING : read_service(u, message);
    if (service != TELEGRAM_NOTHING)
        return service;
    u->message_id = number(message, "message_id");
    u->in.kind = edited ? EVENT_EDITED : EVENT_TEXT;
    u->in.text = typed(u, message);
    if (u->in.text == NULL && !edited && is_wordless(message)) {
        u->in.kind = EVENT_WORDLESS;
        u->in.text = "";
    }
    if (u->message_id == 0 || u->in.text == NULL || !set_sender(u, message))
        return TELEGRAM_NOTHING;
    u->in.message = digits(u->message, sizeof u->message, u->message_id);
    set_thread(u, message);
    set_reply(u, message, me);
    if (!edited && set_import(u, message, me))
        return TELEGRAM_IMPORT;
    return meant_for_us(u, me) ? TELEGRAM_EVENT : TELEGRAM_NOTHING;
}

static enum telegram_what read_callback(struct telegram_update *u, const json_node *query)
{
    const json_node *message = json_node_get(query, "message");
    const json_node *from = json_node_get(query, "from");

    u->callback = string(query, "id");
    if (number(from, "id") == 0 || flag(from, "is_bot"))
        return TELEGRAM_NOTHING;
    set_person(u, from);
    if (!set_chat(u, json_node_get(message, "chat"), from))
        return TELEGRAM_NOTHING;
    u->in.kind = EVENT_BUTTON;
    u->in.text = string(query, "data");
    u->message_id = number(message, "message_id");
    u->tapped = message;
    set_thread(u, message);
    if (u->message_id != 0)
        u->in.reply_to = digits(u->reply_to, sizeof u->reply_to, u->message_id);
    u->in.round_hint = round_in(u->in.text);
    return u->in.text != NULL ? TELEGRAM_EVENT : TELEGRAM_NOTHING;
}

/* Whether somebody with this ChatMember can be in the chat and write there. */
static bool may_write(const json_node *member)
{
    const char *status = string(member, "status");

    if (g_strcmp0(status, "restricted") == 0)
        return flag(member, "is_member") && flag(member, "can_send_messages");
    return g_strcmp0(status, "member") == 0 || g_strcmp0(status, "administrator") == 0 ||
           g_strcmp0(status, "creator") == 0;
}

/* A muted bot is still there: being heard again is no reason to greet anew. */
static bool is_there(const json_node *member)
{
    return may_write(member) ||
           (g_strcmp0(string(member, "status"), "restricted") == 0 && flag(member, "is_member"));
}

/* The bot itself was added, removed, blocked, muted. */
static enum telegram_what read_own_member(struct telegram_update *u, const json_node *change)
{
    const json_node *from = json_node_get(change, "from");
    const json_node *before = json_node_get(change, "old_chat_member");
    const json_node *after = json_node_get(change, "new_chat_member");

    if (!json_node_is_object(before) || !json_node_is_object(after) || number(from, "id") == 0)
        return TELEGRAM_NOTHING;
    set_person(u, from);
    if (!set_chat(u, json_node_get(change, "chat"), from) || may_write(before) == may_write(after))
        return TELEGRAM_NOTHING;
    if (!may_write(after))
        u->in.kind = EVENT_REMOVED;
    else
        u->in.kind =
            u->in.chat_kind == CHAT_GROUP && !is_there(before) ? EVENT_ADDED : EVENT_RETURNED;
    u->in.text = "";
    return TELEGRAM_EVENT;
}

static enum telegram_what read_member(struct telegram_update *u, const json_node *change)
{
    const json_node *after = json_node_get(change, "new_chat_member");
    const json_node *user = json_node_get(after, "user");
    const char *status = string(after, "status");

    if (!set_chat(u, json_node_get(change, "chat"), user) || u->in.chat_kind != CHAT_GROUP ||
        number(user, "id") == 0 || flag(user, "is_bot"))
        return TELEGRAM_NOTHING;
    u->member_known = true;
    u->member_is_admin =
        g_strcmp0(status, "administrator") == 0 || g_strcmp0(status, "creator") == 0;
    u->in.kind = is_there(after) ? EVENT_JOINED : EVENT_LEFT;
    u->members = user;
    return TELEGRAM_MEMBERS;
}

bool telegram_update_member(struct telegram_update *u, size_t i)
{
    size_t n = json_node_is_array(u->members) ? json_node_size(u->members) : 1;
    const json_node *user =
        json_node_is_array(u->members) ? json_node_at(u->members, i) : u->members;

    if (i >= n)
        return false;
    set_person(u, user);
    u->in.text = "";
    return true;
}

static void set_number(struct telegram_update *u, const json_node *content)
{
    const int64_t about[] = {(int64_t)u->what,
                             (int64_t)u->in.kind,
                             number(json_node_get(content, "chat"), "id"),
                             number(content, "message_id"),
                             number(content, "date"),
                             number(content, "edit_date"),
                             u->callback != NULL ? (int64_t)g_str_hash(u->callback) : 0};

    u->in.update_number = fingerprint(u->id, about, G_N_ELEMENTS(about));
}

void telegram_update_read(const json_node *update, const struct telegram_me *me,
                          struct telegram_update *ret)
{
    struct telegram_update *u = ret;
    const json_node *content;

    memset(u, 0, sizeof *u);
    u->id = number(update, "update_id");
    u->in.platform = PLATFORM_TELEGRAM;
    if ((content = json_node_get(update, "message")) != NULL)
        u->what = read_message(u, content, me, false);
    else if ((content = json_node_get(update, "edited_message")) != NULL)
        u->what = read_message(u, content, me, true);
    else if ((content = json_node_get(update, "callback_query")) != NULL)
        u->what = read_callback(u, content);
    else if ((content = json_node_get(update, "my_chat_member")) != NULL)
        u->what = read_own_member(u, content);
    else if ((content = json_node_get(update, "chat_member")) != NULL)
        u->what = read_member(u, content);
    set_number(u, content);
}

void telegram_update_clear(struct telegram_update *u)
{
    g_free(u->owned_text);
    g_free(u->owned_name);
    g_free(u->owned_title);
    memset(u, 0, sizeof *u);
}
