/* The bot with a made transport and a made clock: who is served, the operator's daily, upkeep. */
#include <glib.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "app/bot.h"
#include "clock.h"
#include "outbox.h"

#define HOUR (3600 * INT64_C(1000))
#define DAY  (24 * HOUR)

struct place {
    char *folder, *database;
    config *config;
    struct fake_clock clock;
    bot *bot;
    struct transport transport;
    int update;
};

struct said {
    int64_t chat;
    char *text, *buttons;
};

/* The transport's memory; a test runs alone. */
static GPtrArray *said;

static void said_free(gpointer data)
{
    struct said *s = data;

    g_free(s->text);
    g_free(s->buttons);
    g_free(s);
}

static void on_send(struct transport *t, const struct send_opts *opts, const reply *r)
{
    struct said *s = g_new0(struct said, 1);
    GString *buttons = g_string_new(NULL);

    (void)t;
    s->chat = opts->chat;
    s->text = reply_plain(r, true);
    for (size_t i = 0; i < reply_button_count(r); i++) {
        const struct reply_button *b = reply_button_at(r, i);

        g_string_append_printf(buttons, "%s=%s\n", b->label,
                               b->action != NULL ? b->action : b->link);
    }
    s->buttons = g_string_free(buttons, FALSE);
    g_ptr_array_add(said, s);
}

static void on_file(struct transport *t, const struct send_opts *opts, const reply *r,
                    const char *name, const char *data, size_t len)
{
    (void)name, (void)data, (void)len;
    on_send(t, opts, r);
}

static void on_popup(struct transport *t, const char *text)
{
    (void)t, (void)text;
}

static void on_edit(struct transport *t, const reply *r)
{
    struct send_opts none = {0};

    on_send(t, &none, r);
}

static void on_refresh(struct transport *t, const struct round *round, const reply *r)
{
    (void)t, (void)round, (void)r;
}

static void on_committed(struct transport *t, bool ok)
{
    (void)t;
    g_assert_true(ok);
}

static const struct transport_ops ops = {on_send, on_file,    on_popup,
                                         on_edit, on_refresh, on_committed};

static void open_bot(struct place *p)
{
    g_autoptr(GError) error = NULL;

    p->bot = bot_new(p->config, &p->clock.clock, &error);
    g_assert_no_error(error);
    p->transport = (struct transport){&ops, PLATFORM_TELEGRAM};
    bot_add_transport(p->bot, &p->transport);
}

/* OPTIONS: "section.key=value" with '|' between. */
static void setup(struct place *p, gconstpointer options)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) all = g_strsplit(options, "|", -1);
    g_autofree char *database = NULL;

    said = g_ptr_array_new_with_free_func(said_free);
    p->folder = g_dir_make_tmp("iv-bot-XXXXXX", NULL);
    p->database = g_build_filename(p->folder, "bot.db", NULL);
    p->config = config_new();
    database = g_strconcat("bot.database=", p->database, NULL);
    config_override(p->config, database, problems);
    config_override(p->config, "bot.language=en", problems);
    for (char **o = all; *o != NULL; o++) {
        if (**o != '\0')
            config_override(p->config, *o, problems);
    }
    g_assert_cmpuint(problems->len, ==, 0);
    fake_clock_init(&p->clock, INT64_C(1800252000) * 1000, 0); /* 2027-01-18 15:00 in Seoul */
    open_bot(p);
}

static void teardown(struct place *p, gconstpointer options)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", p->folder);

    (void)options;
    bot_free(p->bot);
    config_free(p->config);
    g_assert_cmpint(system(command), ==, 0);
    g_free(p->folder);
    g_free(p->database);
    g_ptr_array_unref(said);
}

#define HAS(text, part) g_assert_nonnull(strstr((text), (part)))

static const struct said *last(void)
{
    static char none[1];
    static const struct said nothing = {0, none, none};

    return said->len > 0 ? g_ptr_array_index(said, said->len - 1) : &nothing;
}

static enum host_result hear(struct place *p, struct inbound in)
{
    struct host *host = bot_host(p->bot);
    g_autofree char *update = g_strdup_printf("update %d", p->update++);

    in.platform = PLATFORM_TELEGRAM;
    in.update = update;
    in.user_name = in.user;
    in.chat_title = in.chat;
    in.lang_hint = in.lang_hint != NULL ? in.lang_hint : "en";
    host->ops->begin(host);
    enum host_result result = host->ops->handle(host, &in);
    g_assert_true(host->ops->commit(host));
    fake_clock_advance(&p->clock, 1000);
    return result;
}

/* USER writes TEXT in CHAT: a group's id begins with '-'. Gives how many messages came of it. */
static guint say(struct place *p, const char *chat, const char *user, const char *text)
{
    guint before = said->len;
    struct inbound in = {.chat = chat,
                         .chat_kind = chat[0] == '-' ? CHAT_GROUP : CHAT_PRIVATE,
                         .user = user,
                         .kind = EVENT_TEXT,
                         .text = text,
                         .to_bot = true};

    hear(p, in);
    return said->len - before;
}

static void tick(struct place *p)
{
    struct host *host = bot_host(p->bot);

    host->ops->tick(host);
}

/* ---- who is served ---- */

static void test_everybody(struct place *p, gconstpointer data)
{
    (void)data;
    g_assert_cmpuint(say(p, "77", "77", "/start"), ==, 1);
    HAS(last()->buttons, "daily:09:00");
}

/* The language of the greeting that USER gets, whose platform speaks HINT. */
static void greeted(struct place *p, const char *user, const char *hint, const char *hello)
{
    hear(p, (struct inbound){.chat = user,
                             .user = user,
                             .kind = EVENT_TEXT,
                             .text = "/start",
                             .lang_hint = hint,
                             .to_bot = true});
    HAS(last()->text, hello);
}

static void test_language(struct place *p, gconstpointer options)
{
    const char *own = strstr(options, "language=ko") != NULL ? "안녕하세요" : "Hello";

    greeted(p, "71", "en", own);
    greeted(p, "72", "de", own);
    greeted(p, "73", "ko", "안녕하세요");
    greeted(p, "74", "ko-KR", "안녕하세요");
    greeted(p, "75", "kok", own);
}

static void test_outsiders(struct place *p, gconstpointer data)
{
    (void)data;
    g_assert_cmpuint(say(p, "-1", "5", "/help"), ==, 1); /* the named chat */
    HAS(last()->text, "What you can do");
    g_assert_cmpuint(say(p, "77", "77", "/question"), ==, 1);
    HAS(last()->text, "I only talk in chats that I was invited to");
    g_assert_cmpuint(say(p, "77", "77", "/question"), ==, 0); /* one line, and no more */
    g_assert_cmpuint(say(p, "-9", "5", "/question"), ==, 1);
    HAS(last()->text, "I only talk");
    fake_clock_advance(&p->clock, 7 * HOUR);
    g_assert_cmpuint(say(p, "77", "77", "hello?"), ==, 1); /* hours later they may have forgotten */
    for (int i = 0; i < 500; i++) { /* strangers cannot make it talk without end */
        g_autofree char *stranger = g_strdup_printf("%d", 1000 + i);

        say(p, stranger, stranger, "hi");
    }
    g_assert_cmpuint(said->len, <, 80);
    g_assert_cmpuint(say(p, "8", "8", "/help"), ==, 1); /* an administrator's private chat */
    HAS(last()->text, "What you can do");
    HAS((say(p, "5", "5", "/help"), last()->text), "What you can do"); /* a member of the group */
}

/* The link under the group's question lets a member into the private chat. */
static void test_member_by_link(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, "-1", "5", "/question");
    const char *link = strstr(last()->buttons, "=r");
    g_assert_nonnull(link);
    g_autofree char *payload = g_strndup(link + 1, strcspn(link + 1, "\n"));
    g_autofree char *start = g_strconcat("/start ", payload, NULL);
    g_autofree char *forged = g_strconcat("/start ", payload, "0", NULL);
    say(p, "66", "66", forged);
    HAS(last()->text, "I only talk");
    g_assert_cmpuint(say(p, "66", "66", start), ==, 1);
    HAS(last()->text, "the group's question");
    g_assert_cmpuint(say(p, "66", "66", "my answer is this"), ==, 2); /* to 66, and to the group */
}

static void test_operators_administrators(struct place *p, gconstpointer data)
{
    struct inbound in = {
        .chat = "-1", .chat_kind = CHAT_GROUP, .user = "5", .text = "/weekly off", .to_bot = true};

    (void)data;
    g_assert_cmpint(hear(p, in), ==, HOST_NEEDS_ADMIN); /* the platform has to be asked */
    g_assert_cmpuint(said->len, ==, 0);
    in.user = "8"; /* bot.admins */
    g_assert_cmpint(hear(p, in), ==, HOST_DONE);
    HAS(last()->text, "won't post last week's board");
}

static void test_greeting_of_a_group(struct place *p, gconstpointer data)
{
    struct inbound in = {
        .chat = "-1", .chat_kind = CHAT_GROUP, .user = "5", .kind = EVENT_ADDED, .text = ""};

    (void)data;
    hear(p, in);
    g_assert_cmpuint(said->len, ==, 1);
    HAS(last()->buttons, "daily:09:00");
}

/* ---- the operator's daily ---- */

static int dailies(void)
{
    int n = 0;

    for (guint i = 0; i < said->len; i++)
        n += strstr(((struct said *)g_ptr_array_index(said, i))->text, "Question of the day") !=
             NULL;
    return n;
}

/* Until TIME the daemon wakes when something is due. */
static void live(struct place *p, int64_t until)
{
    while (p->clock.wall < until) {
        int64_t next = bot_next_tick(p->bot) * 1000;

        p->clock.wall = CLAMP(next, p->clock.wall + 1000, until);
        tick(p);
    }
}

static void test_default_daily(struct place *p, gconstpointer data)
{
    int64_t start = p->clock.wall;

    (void)data;
    say(p, "-1", "5", "/help");
    say(p, "-2", "5", "/help"); /* not the operator's */
    live(p, start + 2 * DAY);
    g_assert_cmpint(dailies(), ==, 2);
    say(p, "-1", "8", "/daily off"); /* once set by hand, it is theirs */
    bot_free(p->bot);
    open_bot(p);
    say(p, "-1", "5", "/help");
    live(p, start + 4 * DAY);
    g_assert_cmpint(dailies(), ==, 2);
}

static void test_restart_sends_nothing_twice(struct place *p, gconstpointer data)
{
    int64_t start = p->clock.wall;

    (void)data;
    say(p, "-1", "5", "/help");
    live(p, start + 18 * HOUR + 30000); /* 09:00:30 */
    g_assert_cmpint(dailies(), ==, 1);
    for (int i = 0; i < 3; i++) {
        bot_free(p->bot);
        open_bot(p);
        tick(p);
        p->clock.wall -= 20000; /* and the clock goes back a little each time */
        tick(p);
    }
    g_assert_cmpint(dailies(), ==, 1);
}

/* ---- a thousand chats at one minute ---- */

enum { CROWD = 1000, AT_ONCE = 50 };

static void fill_crowd(struct place *p)
{
    struct host *host = bot_host(p->bot);

    host->ops->begin(host);
    for (int i = 0; i < CROWD; i++) {
        g_autofree char *ext = g_strdup_printf("%d", 10000 + i);
        g_autofree char *update = g_strdup_printf("crowd %d", i);
        struct inbound in = {.platform = PLATFORM_TELEGRAM,
                             .update = update,
                             .chat = ext,
                             .chat_title = ext,
                             .user = ext,
                             .user_name = ext,
                             .lang_hint = "en",
                             .text = "/daily 09:00"};

        g_assert_cmpint(host->ops->handle(host, &in), ==, HOST_DONE);
    }
    g_assert_true(host->ops->commit(host));
}

/* Everybody's question of one day, in the order in which they came; people talk meanwhile. */
static GArray *crowds_day(struct place *p)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(int64_t));
    guint ticks = 0, seen;

    g_ptr_array_set_size(said, 0);
    for (seen = 0; order->len < CROWD && ticks < 2 * CROWD / AT_ONCE; ticks++) {
        guint before = order->len;

        tick(p);
        for (; seen < said->len; seen++) {
            const struct said *s = g_ptr_array_index(said, seen);

            HAS(s->text, "Question of the day");
            g_array_append_val(order, s->chat);
        }
        g_assert_cmpuint(order->len - before, <=, AT_ONCE); /* then it is the people's turn */
        g_assert_cmpuint(say(p, "5", "5", "/help"), ==, 1);
        HAS(last()->text, "What you can do");
        seen = said->len;
    }
    g_assert_cmpuint(order->len, ==, CROWD);
    return order;
}

static int place_of(const GArray *order, int64_t chat)
{
    for (guint i = 0; i < order->len; i++) {
        if (g_array_index(order, int64_t, i) == chat)
            return (int)i;
    }
    return -1;
}

static void test_a_thousand_chats(struct place *p, gconstpointer data)
{
    int64_t nine = p->clock.wall + 18 * HOUR; /* tomorrow */
    int late_twice = 0;

    (void)data;
    fill_crowd(p);
    p->clock.wall = nine;
    g_autoptr(GArray) first = crowds_day(p);
    p->clock.wall = nine + DAY;
    g_autoptr(GArray) second = crowds_day(p);
    for (guint i = 0; i < first->len; i++) {
        int again = place_of(second, g_array_index(first, int64_t, i));

        g_assert_cmpint(again, >=, 0); /* everybody, each once */
        late_twice += i >= CROWD - AT_ONCE && again >= CROWD - AT_ONCE;
    }
    g_assert_cmpint(late_twice, <, AT_ONCE / 2); /* the last of one day are not the last again */
}

/* ---- upkeep ---- */

static int64_t count(struct place *p, const char *sql)
{
    sqlite3 *conn = NULL;
    sqlite3_stmt *st = NULL;

    g_assert_cmpint(sqlite3_open_v2(p->database, &conn, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(conn, sql, -1, &st, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(st), ==, SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(conn);
    return n;
}

static int64_t texts(struct place *p)
{
    return count(p, "SELECT count(*) FROM answers WHERE text<>''");
}

static void test_old_texts_go(struct place *p, gconstpointer data)
{
    int64_t start = p->clock.wall;

    (void)data;
    for (int i = 0; i < 3; i++) {
        say(p, "5", "5", "/question");
        say(p, "5", "5", "an answer of mine");
    }
    live(p, start + 29 * DAY);
    g_assert_cmpint(texts(p), ==, 3);
    live(p, start + 30 * DAY + 2 * HOUR);
    g_assert_cmpint(texts(p), ==, 0);
    say(p, "5", "5", "/score");
    HAS(last()->text, "3 answers");
}

/* Whatever the platform: that an update has been handled is remembered for some days. */
static void test_old_updates_go(struct place *p, gconstpointer data)
{
    int64_t start = p->clock.wall;

    (void)data;
    store_begin(bot_store(p->bot));
    g_assert_true(inbox_first(bot_store(p->bot), PLATFORM_SLACK, 0, "e:Ev1", start / 1000));
    g_assert_true(store_commit(bot_store(p->bot), NULL));
    live(p, start + 7 * DAY);
    g_assert_cmpint(count(p, "SELECT count(*) FROM inbox"), ==, 1);
    live(p, start + 9 * DAY + 2 * HOUR);
    g_assert_cmpint(count(p, "SELECT count(*) FROM inbox"), ==, 0);
}

static void test_goodbye_then_nothing(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, "5", "5", "/start");
    say(p, "5", "5", "/forgetme");
    say(p, "5", "5", "/forgetme yes");
    HAS(last()->text, "All erased");
    g_assert_true(store_is_forgetting(bot_store(p->bot)));
    live(p, p->clock.wall + 60000);
    g_assert_false(store_is_forgetting(bot_store(p->bot)));
    g_assert_cmpint(store_chat_id(bot_store(p->bot), PLATFORM_TELEGRAM, "5"), ==, 0);
}

#define TEST(path, options, fn) g_test_add("/bot/" path, struct place, options, setup, fn, teardown)
#define ALLOWED                 "bot.chats=-1|bot.admins=8"

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("everybody", "", test_everybody);
    TEST("language", "", test_language);
    TEST("language-ko", "bot.language=ko", test_language);
    TEST("outsiders", ALLOWED, test_outsiders);
    TEST("member-by-link", ALLOWED, test_member_by_link);
    TEST("administrators", ALLOWED, test_operators_administrators);
    TEST("greeting", "", test_greeting_of_a_group);
    TEST("daily", ALLOWED "|bot.daily=09:00", test_default_daily);
    TEST("restart", ALLOWED "|bot.daily=09:00", test_restart_sends_nothing_twice);
    TEST("thousand", "", test_a_thousand_chats);
    TEST("old-updates", "", test_old_updates_go);
    TEST("old-texts", "bot.keep_answers_days=30", test_old_texts_go);
    TEST("goodbye", "", test_goodbye_then_nothing);
    return g_test_run();
}
