/* The host of the adapters: what they bring goes to the interview, what it says to them. */
#include <string.h>

#include "bot_internal.h"
#include "fault.h"
#include "log.h"
#include "outbox.h"
#include "status.h"
#include "text.h"

#define TITLE_CELLS 60

/* ---- messages out: to the adapter of the chat's platform ---- */

static void sink_send(void *ctx, enum platform platform, const struct send_opts *opts,
                      const reply *r)
{
    struct transport *t = ((bot *)ctx)->transports[platform];

    if (t != NULL) /* a platform that is switched off now: its chats hear nothing */
        t->ops->send(t, opts, r);
}

static void sink_send_file(void *ctx, enum platform platform, const struct send_opts *opts,
                           const reply *r, const char *name, const char *data, size_t len)
{
    struct transport *t = ((bot *)ctx)->transports[platform];

    if (t != NULL)
        t->ops->send_file(t, opts, r, name, data, len);
}

static void sink_popup(void *ctx, const char *text)
{
    bot *b = ctx;
    struct transport *t = b->transports[b->answering];

    t->ops->popup(t, text);
}

static void sink_edit(void *ctx, const reply *r)
{
    bot *b = ctx;
    struct transport *t = b->transports[b->answering];

    t->ops->edit(t, r);
}

static void sink_refresh(void *ctx, enum platform platform, const struct round *round,
                         const reply *r)
{
    struct transport *t = ((bot *)ctx)->transports[platform];

    if (t != NULL)
        t->ops->refresh(t, round, r);
}

struct store_sink bot_sink(bot *b)
{
    return (struct store_sink){sink_send, sink_send_file, sink_popup, sink_edit, sink_refresh, b};
}

/* ---- events in ---- */

void bot_begin(struct host *h)
{
    store_begin(bot_of(h)->store);
}

bool bot_commit(struct host *h)
{
    bot *b = bot_of(h);
    const char *platform = b->transports[b->answering] != NULL ? status_platform(b->answering) : "";
    g_autoptr(GError) error = NULL;
    bool ok;

    fault_point("before-commit", platform);
    ok = store_commit(b->store, &error);
    fault_point("after-commit", platform);

    if (!ok)
        log_error("%s", error->message);
    for (int i = 0; i < PLATFORMS; i++) {
        if (b->transports[i] != NULL)
            b->transports[i]->ops->committed(b->transports[i], ok);
    }
    if (ok && b->on_commit != NULL)
        b->on_commit(b->on_commit_data);
    return ok;
}

/* TAG: "ko", "ko-KR", "ko_KR"; "kok" is Konkani. */
static bool is_korean(const char *tag)
{
    return g_str_has_prefix(tag, "ko") && strchr("-_", tag[2]) != NULL;
}

/*
 * A chat speaks the operator's language, and Korean with who has set the platform to Korean. Not
 * English with who has set it to English: many do whose group, and whose bank, is Korean.
 */
static struct chat defaults_for(const bot *b, const struct inbound *in)
{
    struct chat c = b->defaults;

    if (in->lang_hint != NULL && is_korean(in->lang_hint))
        c.lang = LANG_KO;
    if (in->zone_hint != NULL)
        c.zone = (char *)(uintptr_t)in->zone_hint; /* only read */
    return c;
}

static int64_t round_of(bot *b, const struct chat *chat, const struct inbound *in)
{
    struct book *book = store_book(b->store);
    int64_t id = in->reply_to != NULL ? store_post_round(b->store, chat->id, in->reply_to) : 0;
    struct round round;

    /* An answer may overtake the platform's word that the question has been posted. */
    if (id == 0 && in->round_hint != 0 && book->ops->round(book, in->round_hint, &round) &&
        round.chat == chat->id)
        id = in->round_hint;
    return id;
}

void bot_default_daily(bot *b, struct chat *chat, const char *ext, int64_t now)
{
    const char *daily = config_text(b->config, OPT_DAILY);

    if (daily[0] != '\0' && access_names_chat(b->access, ext))
        interview_default_daily(b->interview, store_book(b->store), chat, daily, now);
}

/* In a stranger's group only what was meant for the bot gets an answer. */
static bool wants_an_answer(const struct inbound *in)
{
    if (in->kind != EVENT_TEXT)
        return in->kind == EVENT_ADDED;
    return in->chat_kind == CHAT_PRIVATE || in->to_bot || in->text[0] == '/';
}

/* One polite line to who is not served; nothing of what they wrote is kept. */
static void refuse(bot *b, const struct inbound *in, int64_t now)
{
    struct chat defaults = defaults_for(b, in), chat = {0};
    struct transport *t = b->transports[in->platform];

    if (t == NULL || !wants_an_answer(in) || !access_may_refuse(b->access, in->chat, now) ||
        !store_chat(b->store, in->platform, in->chat, in->chat_kind, "", &defaults, now, &chat))
        return;
    reply *r = reply_new(b->catalog, chat.lang);
    struct send_opts opts = {.chat = chat.id};
    reply_say(r, "access.closed", "");
    t->ops->send(t, &opts, r);
    reply_free(r);
    chat_clear(&chat);
}

/* At one's own terminal there is nobody to be a bad neighbour to. */
static int answers_a_minute(const bot *b, enum platform p)
{
    bool unlimited = p == PLATFORM_TERMINAL ||
                     (p == PLATFORM_TELEGRAM && config_switch(b->config, OPT_TELEGRAM_UNLIMITED));

    return unlimited ? 0 : (int)config_number(b->config, OPT_ANSWERS_PER_MINUTE);
}

/* How long what the platform has said of an administrator is believed, in seconds. */
#define ADMIN_BELIEVED 600

/* The interview's answer, with what is remembered of the person's rights when it asks for them. */
static enum handled ask_interview(bot *b, struct event *event)
{
    struct book *book = store_book(b->store);
    enum handled handled = interview_handle(b->interview, book, event);

    if (handled != HANDLED_NEEDS_ADMIN)
        return handled;
    event->admin =
        admin_get(b->store, event->chat->id, event->user->id, event->now - ADMIN_BELIEVED);
    return event->admin != ADMIN_UNKNOWN ? interview_handle(b->interview, book, event) : handled;
}

static enum host_result handle_in(bot *b, const struct inbound *in, int64_t now)
{
    enum handled handled = HANDLED;
    g_autofree char *name = text_clean_line(in->user_name, strlen(in->user_name));
    g_autofree char *title = text_clean_line(in->chat_title, strlen(in->chat_title));
    g_autofree char *short_title = text_cut(title, TITLE_CELLS);
    g_autofree char *text = text_clean(in->text, strlen(in->text));
    struct chat defaults = defaults_for(b, in), chat = {0};
    struct user user = {0};

    if (store_chat(b->store, in->platform, in->chat, in->chat_kind, short_title, &defaults, now,
                   &chat) &&
        store_user(b->store, in->platform, in->user, name, now, &user)) {
        struct event event = {
            .kind = in->kind,
            .chat = &chat,
            .user = &user,
            .text = text,
            .raw = in->text,
            .round = round_of(b, &chat, in),
            .message = in->message,
            .thread = in->thread,
            .now = now,
            .seed = (uint64_t)now,
            .answers_a_minute = answers_a_minute(b, in->platform),
            .admin = access_is_admin(b->access, in->user) ? ADMIN_YES : in->admin,
            .in_room = in->in_room,
            .nameless = in->nameless,
            .bare_commands = in->bare_commands,
            .is_answer = in->is_answer,
            .personal = in->personal,
            .no_spoilers = in->no_spoilers,
            .to_bot = in->to_bot,
        };

        bot_default_daily(b, &chat, in->chat, now);
        handled = ask_interview(b, &event);
    }
    chat_clear(&chat);
    user_clear(&user);
    return handled == HANDLED ? HOST_DONE : HOST_NEEDS_ADMIN;
}

static void host_alive(struct host *h, enum platform p)
{
    bot *b = bot_of(h);

    b->last_ok[p] = clock_wall_ms(b->clock) / 1000;
}

static enum host_result host_handle(struct host *h, const struct inbound *in)
{
    bot *b = bot_of(h);
    int64_t now = clock_wall_ms(b->clock) / 1000;

    b->answering = in->platform;
    host_alive(h, in->platform);
    if ((in->update_number != 0 || in->update != NULL) &&
        !inbox_first(b->store, in->platform, in->update_number, in->update, now))
        return HOST_SEEN;
    if (!access_allows(b->access, b->store, in)) {
        refuse(b, in, now);
        return HOST_DONE;
    }
    enum host_result result = handle_in(b, in, now);
    bot_hurry_goodbyes(b, now);
    return result;
}

const struct host_ops bot_host_ops = {
    .begin = bot_begin,
    .handle = host_handle,
    .tick = bot_tick,
    .commit = bot_commit,
    .alive = host_alive,
};
