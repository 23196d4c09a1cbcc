/*
 * Three people with a private chat each and two groups try at random whatever the bot lets them do,
 * and a judge who knows nothing of the code watches what it says and what is stored:
 *
 *   - points rise only by a first attempt, in time, at a round that ranks; nothing else moves them,
 *     and nothing takes them away;
 *   - not by who was told the model answer in private since the round opened, and not in a group's
 *     round within a day before either; not by another's earlier words, nor by one's own again;
 *   - one question brings one person at most 100 in a chat;
 *   - a day has at most three on-demand answers that rank, however the zones hop;
 *   - every board is what the stored answers say, members who left out of it;
 *   - the two books agree: the same dice give the same points.
 */
#include <glib.h>
#include <string.h>

#include "../support/world.h"
#include "zone.h"

#define HOUR   3600
#define DAY    86400
#define START  1800000000
#define PEOPLE 3
#define GROUPS 2
#define CHATS  (GROUPS + PEOPLE)

struct judge {
    struct world *w;
    GRand *dice;
    int64_t now;
    int64_t user[PEOPLE], chat[CHATS]; /* the groups, then everybody's private chat */
    bool left[GROUPS][PEOPLE];
    int64_t told_at[PEOPLE][WORLD_QUESTIONS + 1]; /* the model answer in one's private chat */
    guint seen;                                   /* of w->told */
    GPtrArray *said[GROUPS];                      /* answers given to a group's questions */
    GArray *ranked[CHATS][PEOPLE];                /* times of on-demand answers that ranked */
    bool quotes; /* the next message holds old words of one's own or of what one missed */
    int64_t last_round;
    int first_gains;
    GString *log;
};

static int roll(struct judge *j, int n)
{
    return g_rand_int_range(j->dice, 0, n);
}

static int64_t points(struct judge *j, int chat, int person)
{
    return world_total(j->w, j->chat[chat], j->user[person]).points;
}

/* What everybody has everywhere. */
struct purse {
    int64_t of[CHATS][PEOPLE];
};

static struct purse purse(struct judge *j)
{
    struct purse p;

    for (int c = 0; c < CHATS; c++)
        for (int u = 0; u < PEOPLE; u++)
            p.of[c][u] = points(j, c, u);
    return p;
}

/* Looks at what was said: posts, and model answers that stand in a private chat. */
static void look(struct judge *j)
{
    for (; j->seen < j->w->told->len; j->seen++) {
        const struct told *t = g_ptr_array_index(j->w->told, j->seen);

        if (t->post_of != 0)
            j->last_round = MAX(j->last_round, t->post_of);
        for (int u = 0; u < PEOPLE; u++) {
            if (t->chat != j->chat[GROUPS + u])
                continue;
            for (int q = 1; q <= WORLD_QUESTIONS; q++) {
                if (!j->quotes && strstr(t->text, world_things[q - 1][2]) != NULL)
                    j->told_at[u][q] = j->now;
            }
        }
    }
    j->quotes = false;
}

/* Nothing of BEFORE has changed, but for one person in one chat, who may have gained. */
static int64_t gained(struct judge *j, const struct purse *before, int chat, int person)
{
    struct purse after = purse(j);
    int64_t gain = 0;

    for (int c = 0; c < CHATS; c++) {
        for (int u = 0; u < PEOPLE; u++) {
            if (c == chat && u == person)
                gain = after.of[c][u] - before->of[c][u];
            else
                g_assert_cmpint(after.of[c][u], ==, before->of[c][u]);
        }
    }
    g_assert_cmpint(gain, >=, 0);
    g_assert_cmpint(gain, <=, 100);
    return gain;
}

static void idle_event(struct judge *j, int chat, int person, struct event e)
{
    struct purse before = purse(j);

    e.now = j->now += 1 + roll(j, 60);
    e.admin = ADMIN_YES;
    world_event(j->w, j->chat[chat], j->user[person], e);
    look(j);
    g_assert_cmpint(gained(j, &before, -1, -1), ==, 0);
}

static void idle_text(struct judge *j, int chat, int person, const char *text)
{
    j->quotes =
        strcmp(text, "/export") == 0 || strcmp(text, "/why") == 0 || strcmp(text, "/score") == 0;
    idle_event(j, chat, person, (struct event){.kind = EVENT_TEXT, .text = text});
}

/* ---- answering ---- */

static int chat_of(const struct judge *j, int64_t id)
{
    for (int c = 0; c < CHATS; c++) {
        if (j->chat[c] == id)
            return c;
    }
    return -1;
}

/* TEXT as an answer to QUESTION, *new*. */
static char *as_answer(int64_t question, const char *text)
{
    return g_strdup_printf("%lld %s", (long long)question, text);
}

static bool said_before(const struct judge *j, int group, int64_t question, const char *text)
{
    g_autofree char *whole = as_answer(question, text);

    for (guint i = 0; i < j->said[group]->len; i++) {
        if (strcmp(g_ptr_array_index(j->said[group], i), whole) == 0)
            return true;
    }
    return false;
}

/* What may be typed: some words of the model, all of it, what somebody said, or nonsense. */
static char *some_text(struct judge *j, const struct round *r, int chat)
{
    const char *model = world_things[r->question - 1][2];
    g_auto(GStrv) words = g_strsplit(model, " ", -1);
    g_autoptr(GString) out = g_string_new(NULL);

    if (roll(j, 6) == 0)
        return g_strdup(model);
    if (chat < GROUPS && j->said[chat]->len > 0 && roll(j, 4) == 0)
        return g_strdup(
            strchr(g_ptr_array_index(j->said[chat], (guint)roll(j, (int)j->said[chat]->len)), ' ') +
            1);
    if (roll(j, 6) == 0)
        return g_strdup("I do not know");
    for (guint i = 0; words[i] != NULL; i++) {
        if (roll(j, 3) > 0)
            g_string_append_printf(out, "%s ", words[i]);
    }
    g_string_append(out, "I say");
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Why this answer may not bring anything, as far as somebody can tell who only watches. */
static const char *bar(struct judge *j, const struct round *r, int chat, int person,
                       const char *text)
{
    int64_t told = j->told_at[person][r->question];
    int64_t since = r->opened - (chat < GROUPS ? DAY : 0);

    if (r->kind == ROUND_PRACTICE)
        return "practice";
    if (r->closed != 0 || (r->closes != 0 && j->now >= r->closes))
        return "late";
    if (j->w->book->ops->entry(j->w->book, r->id, j->user[person]).attempts > 0)
        return "again";
    if (told != 0 && told >= since)
        return "told";
    if (chat < GROUPS && strlen(text) > 40 && said_before(j, chat, r->question, text))
        return "copied";
    return NULL;
}

/* PERSON answers R, in its chat or in private by the link. */
static void answer(struct judge *j, const struct round *r, int person, bool by_link)
{
    int chat = chat_of(j, r->chat), place = by_link ? GROUPS + person : chat;
    g_autofree char *text = some_text(j, r, chat);
    struct event e = {.kind = EVENT_TEXT, .text = text, .admin = ADMIN_YES};

    if (by_link) {
        g_autofree char *link =
            g_strdup_printf("/start r%lld-%llx", (long long)r->id, (unsigned long long)r->token);
        idle_text(j, place, person, link);
    } else {
        e.round = r->id;
    }
    struct purse before = purse(j);
    e.now = j->now += 1 + roll(j, 60);
    struct round now = world_round(j->w, r->id);
    const char *why_not = bar(j, &now, chat, person, text);
    world_event(j->w, j->chat[place], j->user[person], e);
    int64_t gain = gained(j, &before, chat, person);
    if (why_not != NULL && gain > 0)
        g_test_message("%s, and yet +%lld for: %s", why_not, (long long)gain, text);
    if (why_not != NULL)
        g_assert_cmpint(gain, ==, 0);
    j->first_gains += gain > 0 ? 1 : 0;
    if (gain > 0 && r->kind == ROUND_ASKED)
        g_array_append_val(j->ranked[chat][person], j->now);
    if (chat < GROUPS)
        g_ptr_array_add(j->said[chat], as_answer(r->question, text));
    g_string_append_printf(j->log, "%d %d %lld +%lld\n", chat, person, (long long)r->id,
                           (long long)gain);
    look(j);
}

static void answer_something(struct judge *j)
{
    int person = roll(j, PEOPLE);
    struct round r;

    if (j->last_round == 0)
        return;
    int64_t recent = j->last_round - roll(j, 6);
    int64_t id = recent > 0 && roll(j, 4) > 0 ? recent : 1 + roll(j, (int)j->last_round);
    r = world_round(j->w, id);
    int chat = chat_of(j, r.chat);
    if (chat >= GROUPS && chat != GROUPS + person) /* another's private chat */
        person = chat - GROUPS;
    answer(j, &r, person, chat < GROUPS && roll(j, 3) == 0);
}

/* ---- everything else ---- */

static const char *const asks[] = {"/question",   "/question Fruit", "/question apple", "/today",
                                   "/practice 2", "/question gold",  "/practice 1 tide"};

static const char *const moves[] = {"/skip",        "/hint", "/again",  "/why",   "/score",
                                    "/leaderboard", "/stop", "/export", "/topics"};

static const char *const settings[] = {"/timezone UTC",
                                       "/timezone Kiritimati",
                                       "/timezone Pago Pago",
                                       "/timezone Lord Howe",
                                       "/lang ko",
                                       "/lang en",
                                       "/reveal now",
                                       "/reveal close",
                                       "/reveal spoiler",
                                       "/reveal private",
                                       "/close 2h",
                                       "/close off",
                                       "/daily 09:00",
                                       "/daily 9:00 21:00",
                                       "/daily off",
                                       "/holiday today",
                                       "/pause 2 days",
                                       "/pause off",
                                       "/topics off Metal",
                                       "/topics on Metal",
                                       "/anonymous on",
                                       "/anonymous off",
                                       "/share on",
                                       "/weekly off",
                                       "/holiday tomorrow",
                                       "/holiday off",
                                       "/weekly on"};

static void come_or_go(struct judge *j)
{
    int group = roll(j, GROUPS), person = roll(j, PEOPLE);

    j->left[group][person] = roll(j, 2) == 0;
    idle_event(
        j, group, person,
        (struct event){.kind = j->left[group][person] ? EVENT_LEFT : EVENT_JOINED, .text = ""});
}

static void let_time_pass(struct judge *j)
{
    struct purse before = purse(j);

    j->now += roll(j, 8) == 0 ? -(int64_t)roll(j, 2 * HOUR) : roll(j, 10 * HOUR);
    for (int c = 0; c < CHATS; c++)
        world_tick(j->w, j->chat[c], j->now);
    look(j);
    g_assert_cmpint(gained(j, &before, -1, -1), ==, 0);
}

static void tap(struct judge *j, int chat, int person)
{
    static const char *const taps[] = {"hint", "skip", "again", "set:weekly:off"};
    struct event e = {.kind = EVENT_BUTTON, .text = taps[roll(j, (int)G_N_ELEMENTS(taps))]};

    if (j->last_round == 0)
        return;
    e.round = 1 + roll(j, (int)j->last_round);
    if (world_round(j->w, e.round).chat == j->chat[chat])
        idle_event(j, chat, person, e);
}

static void act(struct judge *j)
{
    int person = roll(j, PEOPLE);
    int chat = roll(j, 2) == 0 ? roll(j, GROUPS) : GROUPS + person;

    switch (roll(j, 20)) {
    case 0:
    case 1:
    case 2:
        idle_text(j, chat, person, asks[roll(j, (int)G_N_ELEMENTS(asks))]);
        break;
    case 3:
        idle_text(j, chat, person, moves[roll(j, (int)G_N_ELEMENTS(moves))]);
        break;
    case 4:
        idle_text(j, chat, person, settings[roll(j, (int)G_N_ELEMENTS(settings))]);
        break;
    case 5:
        tap(j, chat, person);
        break;
    case 6:
        come_or_go(j);
        break;
    case 7:
        idle_event(j, chat, person,
                   (struct event){.kind = EVENT_EDITED,
                                  .text = world_things[roll(j, WORLD_QUESTIONS)][2],
                                  .round = j->last_round});
        break;
    case 8:
    case 9:
        let_time_pass(j);
        break;
    default:
        answer_something(j);
    }
    /* Who has written is a member again. */
    for (int g = 0; g < GROUPS; g++) {
        for (int u = 0; u < PEOPLE; u++) {
            struct seat seat = {0};

            if (j->w->book->ops->seat(j->w->book, j->chat[g], j->user[u], &seat))
                j->left[g][u] = seat.left;
            seat_clear(&seat);
        }
    }
}

/* ---- the judgement ---- */

static int64_t held(struct judge *j, int chat, int person, int64_t question)
{
    return j->w->book->ops->held(j->w->book, j->chat[chat], j->user[person], question).points;
}

static void check_sums(struct judge *j)
{
    for (int c = 0; c < CHATS; c++) {
        g_autoptr(GArray) board =
            j->w->book->ops->board(j->w->book, j->chat[c], DATE_MIN, DATE_MAX);

        for (int u = 0; u < PEOPLE; u++) {
            int64_t sum = 0, shown = -1;

            for (int q = 1; q <= WORLD_QUESTIONS; q++) {
                g_assert_cmpint(held(j, c, u, q), <=, 100);
                sum += held(j, c, u, q);
            }
            g_assert_cmpint(points(j, c, u), ==, sum);
            for (guint i = 0; i < board->len; i++) {
                const struct standing *s = &g_array_index(board, struct standing, i);

                if (s->user == j->user[u])
                    shown = s->tally.points;
            }
            if (c < GROUPS && j->left[c][u])
                g_assert_cmpint(shown, ==, -1);
            else if (sum > 0)
                g_assert_cmpint(shown, ==, sum);
        }
    }
}

/* At most three a local day, of which a day and a night of hopping touch at most four. */
static void check_on_demand(struct judge *j)
{
    for (int c = 0; c < CHATS; c++) {
        for (int u = 0; u < PEOPLE; u++) {
            const GArray *times = j->ranked[c][u];

            for (guint i = 0; i < times->len; i++) {
                guint within = 0;

                for (guint k = 0; k < times->len; k++) {
                    int64_t apart =
                        g_array_index(times, int64_t, k) - g_array_index(times, int64_t, i);

                    within += apart >= 0 && apart < 12 * HOUR ? 1 : 0;
                }
                g_assert_cmpuint(within, <=, 6);
            }
        }
    }
}

static void judge_init(struct judge *j, bool in_store, guint32 seed)
{
    static const char *const names[PEOPLE] = {"Kim", "Lee", "Park"};

    *j = (struct judge){.w = world_new(in_store),
                        .dice = g_rand_new_with_seed(seed),
                        .now = START,
                        .log = g_string_new(NULL)};
    for (int u = 0; u < PEOPLE; u++)
        j->user[u] = world_user(j->w, names[u]);
    for (int c = 0; c < CHATS; c++) {
        j->chat[c] = world_chat(j->w, c < GROUPS ? CHAT_GROUP : CHAT_PRIVATE, "Asia/Seoul");
        for (int u = 0; u < PEOPLE; u++)
            j->ranked[c][u] = g_array_new(FALSE, FALSE, sizeof(int64_t));
    }
    for (int g = 0; g < GROUPS; g++)
        j->said[g] = g_ptr_array_new_with_free_func(g_free);
}

static void judge_clear(struct judge *j)
{
    for (int c = 0; c < CHATS; c++)
        for (int u = 0; u < PEOPLE; u++)
            g_array_unref(j->ranked[c][u]);
    for (int g = 0; g < GROUPS; g++)
        g_ptr_array_unref(j->said[g]);
    g_rand_free(j->dice);
    g_string_free(j->log, TRUE);
    world_free(j->w);
}

/* What happened, *new*. */
static char *history(bool in_store, guint32 seed, int acts)
{
    struct judge j;

    judge_init(&j, in_store, seed);
    for (int i = 0; i < acts; i++) {
        act(&j);
        if (i % 50 == 0)
            check_sums(&j);
        if (i % 200 == 100)
            world_restart(j.w);
    }
    check_sums(&j);
    check_on_demand(&j);
    g_assert_cmpint(j.first_gains, >, 20); /* it was worth watching */
    char *log = g_strdup(j.log->str);
    judge_clear(&j);
    return log;
}

static void test_adversary(void)
{
    for (guint32 seed = 1; seed <= 4; seed++) {
        g_autofree char *in_memory = history(false, seed, 900);
        g_autofree char *in_store = history(true, seed, 900);

        g_test_message("seed %u", seed);
        g_assert_cmpstr(in_memory, ==, in_store);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/adversary/points", test_adversary);
    return g_test_run();
}
