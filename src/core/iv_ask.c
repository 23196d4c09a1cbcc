/* Choosing and asking: /question, /topics, /today, /practice. */
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "iv.h"
#include "text.h"

/* ---- choosing ---- */

/* A chat keeps its own order of unseen questions: the seed of a chat does not change. */
static uint64_t chat_seed(const struct iv *iv)
{
    return (uint64_t)iv->chat->id * UINT64_C(0x9E3779B97F4A7C15);
}

static bool topic_is_switched_off(const struct chat *chat, const char *name)
{
    g_auto(GStrv) off = g_strsplit(chat->topics_off, "\n", -1);

    return g_strv_contains((const char *const *)off, name);
}

static bool topic_is_off(const struct chat *chat, const struct question *q)
{
    g_auto(GStrv) off = g_strsplit(chat->topics_off, "\n", -1);

    for (size_t i = 0; i < q->n_topics; i++) {
        if (g_strv_contains((const char *const *)off, q->topics[i]))
            return true;
    }
    return false;
}

/* QUESTIONS without those of topics that the chat has switched off; all when none is left. *new* */
static GArray *without_topics_off(const struct iv *iv, GArray *questions)
{
    const bank *b = iv_bank_get(iv->in->bank);
    g_autoptr(GArray) on = NULL;

    if (iv->chat->topics_off[0] == '\0')
        return g_array_ref(questions);
    on = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (guint i = 0; i < questions->len; i++) {
        size_t index = g_array_index(questions, size_t, i);

        if (!topic_is_off(iv->chat, bank_at(b, index)))
            g_array_append_val(on, index);
    }
    return on->len > 0 ? g_steal_pointer(&on) : g_array_ref(questions);
}

/* All askable questions of the chat's topics. *new* */
static GArray *all_questions(const struct iv *iv)
{
    g_autoptr(GArray) all = iv_bank_askable(iv->in->bank);

    return without_topics_off(iv, all);
}

bool iv_any_topic_on(const struct iv *iv)
{
    const bank *b = iv_bank_get(iv->in->bank);

    for (size_t i = 0; i < bank_size(b); i++) {
        if (bank_at(b, i)->n_answers > 0 && !topic_is_off(iv->chat, bank_at(b, i)))
            return true;
    }
    return false;
}

/* QUESTIONS (indexes into the bank) with what the chat has done with them. *new* */
static GArray *past_of(struct iv *iv, const GArray *questions)
{
    g_autoptr(GArray) asked = BOOK(iv, asked, iv->chat->id);
    GArray *out = g_array_sized_new(FALSE, TRUE, sizeof(struct choose_item), questions->len);

    for (guint i = 0; i < questions->len; i++) {
        size_t index = g_array_index(questions, size_t, i);
        const struct asked *a = asked_find(asked, iv_bank_key(iv->in->bank, index));
        struct choose_item item = {.id = iv_bank_hash(iv->in->bank, index)};

        if (a != NULL) {
            item.pass = a->pass;
            item.last_day = zone_day(iv->zone, a->last);
            item.last = a->last_round;
            item.score_sum = a->score_sum;
            item.answers = a->answers;
        }
        g_array_append_val(out, item);
    }
    return out;
}

/* The next one of QUESTIONS for this chat, and its turn; NULL when there is none. */
static const struct question *choose(struct iv *iv, const GArray *questions)
{
    g_autoptr(GArray) items = past_of(iv, questions);
    size_t at = choose_next((const void *)items->data, items->len, chat_seed(iv), &iv->pass);

    if (at == CHOOSE_NONE)
        return NULL;
    return bank_at(iv_bank_get(iv->in->bank), g_array_index(questions, size_t, at));
}

/* ---- opening ---- */

/* OPENS: when the round begins for everybody; now, except of a /today before its time. */
static void open_round(struct iv *iv, const struct question *q, struct round *round, int64_t opens)
{
    round->chat = iv->chat->id;
    round->question = iv_bank_key(iv->in->bank, bank_index(iv_bank_get(iv->in->bank), q));
    round->opened = iv->now;
    round->pass = iv->pass;
    /* What one asks for in private stays open until the next: nobody waits for it to close. */
    if (!iv_private(iv) || round->kind == ROUND_DAILY)
        round->closes = iv_round_closes(iv, opens);
    round->id = BOOK(iv, new_round, round);
    if (!iv_private(iv))
        BOOK(iv, round, round->id, round); /* with its token, for the link under a group's post */
    if (!iv_private(iv) && iv->chat->next_due == 0 && iv->ev != NULL) {
        iv_reschedule(iv); /* a group has a week's board from its first question on */
        BOOK(iv, put_chat, iv->chat);
    }
    if (iv_private(iv) && iv->ev != NULL)
        iv_set_seat_round(iv, round->id);
    iv_say_post(iv, q, round);
}

void iv_open(struct iv *iv, const struct question *q, enum round_kind kind)
{
    struct round round = {.kind = kind, .day = iv->today, .minute = -1};

    open_round(iv, q, &round, iv->now);
}

void iv_open_daily(struct iv *iv, const struct question *q, const struct schedule_due *due)
{
    struct round round = {.kind = ROUND_DAILY, .day = due->day, .minute = due->minute};

    open_round(iv, q, &round, due->at);
    iv_reschedule(iv); /* a reminder may be due before it closes */
}

void iv_say_post(struct iv *iv, const struct question *q, const struct round *round)
{
    reply_newline(iv->r, 2);
    iv_show_post(iv, iv->chat, iv->r, q, round);
    iv->post_of = round->id;
}

static void offer_choices(struct iv *iv, const char *wanted, const GPtrArray *choices)
{
    g_autofree char *said = iv_echo(wanted);

    reply_say(iv->r, "topic.several", "wanted=%s", said);
    for (guint i = 0; i < choices->len && i < CHOICES_MOST; i++) {
        const char *name = g_ptr_array_index(choices, i);
        g_autofree char *action = g_strdup_printf("ask:%s", name);

        reply_newline(iv->r, 1);
        reply_say(iv->r, "topic.choice", "topic=%s", name);
        if (strlen(action) <= ACTION_SIZE)
            reply_button_text(iv->r, name, action, true);
    }
    if (choices->len > CHOICES_MOST)
        reply_say(iv->r, "topic.more", "n=%d", (int)choices->len - CHOICES_MOST);
}

static void say_topics(struct iv *iv)
{
    const GArray *topics = iv_bank_topics(iv->in->bank);

    for (guint i = 0; i < topics->len; i++) {
        const struct iv_topic *t = &g_array_index(topics, struct iv_topic, i);
        g_autofree char *indent = g_strnfill((gsize)t->depth * 2, ' ');

        reply_newline(iv->r, 1);
        reply_text(iv->r, REPLY_PLAIN, indent);
        reply_say(iv->r,
                  topic_is_switched_off(iv->chat, t->name) ? "topics.line-off" : "topics.line",
                  "topic=%s n=%zu", t->name, t->count);
    }
    reply_newline(iv->r, 1);
}

/* The outer topics that are on, to be tapped. */
static void offer_topics(struct iv *iv)
{
    const GArray *topics = iv_bank_topics(iv->in->bank);
    int shown = 0;

    for (guint i = 0; i < topics->len && shown < CHOICES_MOST; i++) {
        const struct iv_topic *t = &g_array_index(topics, struct iv_topic, i);
        g_autofree char *action = g_strdup_printf("ask:%s", t->name);

        if (t->depth == 0 && !topic_is_switched_off(iv->chat, t->name) &&
            strlen(action) <= ACTION_SIZE)
            reply_button_text(iv->r, t->name, action, shown++ % 2 == 0);
    }
}

/*
 * The questions that WANTED means ("" for all), *new*; NULL when none or
 * several topics were meant, which has then been said.
 */
static GArray *wanted_questions(struct iv *iv, const char *wanted)
{
    g_autoptr(GArray) found = NULL;
    g_autoptr(GPtrArray) choices = NULL;
    const char *name = NULL;

    if (wanted[0] == '\0')
        return all_questions(iv);
    iv_bank_match(iv->in->bank, iv->in->lex, wanted, &found, &name, &choices);
    if (found->len > 0)
        return g_steal_pointer(&found);
    if (choices->len > 0) {
        offer_choices(iv, wanted, choices);
        iv_wait_for(iv, WAITING_TOPIC);
    } else {
        g_autofree char *said = iv_echo(wanted);

        reply_say(iv->r, "topic.none", "wanted=%s", said);
        say_topics(iv);
        offer_topics(iv);
    }
    return NULL;
}

/* The questions of all topics that WANTED may mean, *new*. */
static GArray *like(const struct iv *iv, const char *wanted)
{
    g_autoptr(GArray) questions = NULL;
    g_autoptr(GPtrArray) choices = NULL;
    const char *name = NULL;

    iv_bank_match(iv->in->bank, iv->in->lex, wanted, &questions, &name, &choices);
    for (guint i = 0; i < choices->len; i++)
        iv_bank_add_topic(iv->in->bank, g_ptr_array_index(choices, i), questions);
    return g_steal_pointer(&questions);
}

const struct question *iv_choose_for(struct iv *iv, const char *wanted)
{
    g_autoptr(GArray) questions = NULL;

    if (wanted[0] != '\0') {
        g_autoptr(GArray) all = like(iv, wanted);

        questions = without_topics_off(iv, all);
    }
    if (questions == NULL || questions->len == 0) {
        g_clear_pointer(&questions, g_array_unref);
        questions = all_questions(iv);
    }
    return choose(iv, questions);
}

/* ---- commands ---- */

void iv_cmd_question(struct iv *iv, const char *arg)
{
    g_autoptr(GArray) questions = wanted_questions(iv, arg);
    const struct question *q = questions != NULL ? choose(iv, questions) : NULL;

    if (questions != NULL && q == NULL)
        reply_say(iv->r, "bank.empty", "");
    if (q == NULL)
        return;
    iv->seat.practice_left = 0; /* a question asked by hand ends a practice */
    iv_open(iv, q, ROUND_ASKED);
}

void iv_cmd_topics(struct iv *iv, const char *arg)
{
    if (iv_topic_switch(iv, arg))
        return;
    reply_say(iv->r, "topics.head", "");
    say_topics(iv);
    reply_say(iv->r, "topics.how", "");
    offer_topics(iv);
}

/* Today's question; before it has come, the scheduled one that this person has still to answer. */
static bool todays_round(struct iv *iv, struct round *ret)
{
    if (BOOK(iv, daily, iv->chat->id, iv->today, ret))
        return true;
    return iv->chat->schedule[0] != '\0' && iv_open_daily_of(iv, ret) &&
           BOOK(iv, entry, ret->id, iv->user->id).attempts == 0;
}

/* Opens today's question before its time: the schedule will post the same one. */
static void open_today(struct iv *iv)
{
    struct schedule s = {0};
    struct schedule_due due = {.at = iv->now, .day = iv->today, .minute = -1}, next;
    const struct question *q;

    schedule_parse(iv->chat->schedule, &s);
    bool comes = schedule_next(&s, iv->zone, iv->now, &next) && next.day == iv->today;
    if (comes)
        due.at = next.at;
    q = iv_choose_for(iv, comes ? s.entry[next.entry].topic : "");
    if (q == NULL) {
        reply_say(iv->r, "bank.empty", "");
        return;
    }
    iv_open_daily(iv, q, &due);
    if (schedule_is_quiet(&s, iv->today)) /* who asks all the same binds nobody else */
        BOOK(iv, put_quiet, iv->chat->id, iv->today, true);
    BOOK(iv, put_chat, iv->chat);
}

void iv_cmd_today(struct iv *iv, const char *arg)
{
    struct round round;
    const struct question *q = NULL;

    (void)arg;
    if (todays_round(iv, &round))
        q = iv_bank_question(iv->in->bank, round.question);
    if (q == NULL) {
        open_today(iv);
        return;
    }
    if (iv_private(iv))
        iv_set_seat_round(iv, round.id);
    iv_say_post(iv, q, &round);
}

/* Splits "[N] [TOPIC]" or "[TOPIC] [N]": people type either order. */
static int practice_count(const char *arg, char **ret_topic)
{
    g_auto(GStrv) words = g_strsplit_set(arg, " \t\n", -1);
    GString *topic = g_string_new(NULL);
    int n = 0;

    for (char **w = words; *w != NULL; w++) {
        char *end = NULL;
        long value = strtol(*w, &end, 10);
        bool number = end != *w && (*end == '\0' || strcmp(end, "개") == 0 ||
                                    strcmp(end, "문제") == 0 || strcmp(end, "번") == 0);

        if (n == 0 && number && value != 0) {
            n = (int)CLAMP(value, 1, PRACTICE_MOST);
        } else if (**w != '\0') {
            g_string_append(topic, topic->len > 0 ? " " : "");
            g_string_append(topic, *w);
        }
    }
    *ret_topic = g_string_free(topic, FALSE);
    return n != 0 ? n : PRACTICE_DEFAULT;
}

void iv_cmd_practice(struct iv *iv, const char *arg)
{
    g_autofree char *topic = NULL;
    int wanted = practice_count(arg, &topic), n;

    if (!iv_private(iv)) {
        reply_say(iv->r, "practice.private-only", "");
        reply_button_link(iv->r, "button.private", "practice", false);
        return;
    }
    g_autoptr(GArray) questions = wanted_questions(iv, topic);
    if (questions == NULL)
        return;
    /* Several come round again; one that was picked would be asked twice in a row. */
    n = questions->len == 1 && topic[0] != '\0' ? 1 : wanted;
    g_free(iv->seat.practice_topic);
    iv->seat.practice_topic = g_steal_pointer(&topic);
    iv->seat.practice_total = iv->seat.practice_left = n;
    iv->seat.practice_done = iv->seat.practice_sum = 0;
    iv->seat_changed = true;
    reply_say(iv->r, n < wanted ? "practice.begin-one" : "practice.begin", "n=%d", n);
    iv_practice_next(iv);
}

static void practice_summary(struct iv *iv)
{
    struct seat *s = &iv->seat;

    reply_newline(iv->r, 2);
    if (s->practice_done == 0)
        reply_say(iv->r, "practice.end-none", "");
    else
        reply_say(iv->r, "practice.end", "n=%d mean=%d", s->practice_done,
                  (s->practice_sum + s->practice_done / 2) / s->practice_done);
    reply_button(iv->r, "button.practice", "practice", false);
    reply_button(iv->r, "button.score", "score", false);
    s->practice_left = 0;
    iv_set_seat_round(iv, 0);
}

void iv_practice_next(struct iv *iv)
{
    g_autoptr(GArray) questions = NULL;
    const struct question *q = NULL;

    if (iv->seat.practice_left > 0)
        questions = wanted_questions(iv, iv->seat.practice_topic);
    if (questions != NULL)
        q = choose(iv, questions);
    if (q == NULL) {
        practice_summary(iv);
        return;
    }
    iv->seat.practice_left--;
    iv_open(iv, q, ROUND_PRACTICE);
}

void iv_cmd_stop(struct iv *iv, const char *arg)
{
    (void)arg;
    if (iv->seat.practice_total == 0 || iv->seat.round == 0) {
        reply_say(iv->r, "practice.none", "");
        return;
    }
    practice_summary(iv);
    iv->seat.practice_total = 0;
}
