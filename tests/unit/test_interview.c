/* The interview over the book in memory: whole conversations without any I/O. */
#include <glib.h>
#include <string.h>

#include "../support/memory_book.h"
#include "interview.h"

/* A bank of its own: no test knows the texts of data/. */
static const char markdown[] =
    "# Fruit\n"
    "<details><summary>What is an apple?</summary>\n\n"
    "An apple is a round fruit that grows on trees.\n\nIt has seeds in a core.\n\n</details>\n\n"
    "<details><summary>What is a banana?</summary>\n\n"
    "A banana is a long yellow fruit with a peel.\n\n</details>\n\n"
    "# Metal\n"
    "<details><summary>What is iron?</summary>\n\n"
    "Iron is a magnetic metal that rusts in wet air.\n\n</details>\n";

struct world {
    catalog *cat;
    lexicon *lex;
    interview *in;
    struct memory_book *m;
    struct chat *chat;
    struct user *user;
    int64_t now;
    int limit; /* answers a minute */
};

static void setup(struct world *w, gconstpointer kind)
{
    struct interview_options options = {.asks_ranked_a_day = 3};
    bank_builder *builder = bank_builder_new();
    int64_t keys[] = {11, 12, 13};

    w->cat = catalog_new();
    w->lex = lexicon_new();
    lexicon_finish(w->lex);
    w->in = interview_new(w->cat, w->lex, &options);
    bank_builder_add(builder, "test.md", NULL, 0, "test", markdown, strlen(markdown));
    interview_take_bank(w->in, bank_builder_finish(builder), keys);
    g_assert_cmpuint(bank_size(interview_bank(w->in)), ==, 3);
    w->m = memory_book_new();
    w->chat = memory_book_chat(w->m, (enum chat_kind)GPOINTER_TO_INT(kind));
    w->user = memory_book_user(w->m, "Kim");
    w->now = 1800000000;
}

static void teardown(struct world *w, gconstpointer kind)
{
    (void)kind;
    interview_free(w->in);
    lexicon_free(w->lex);
    catalog_free(w->cat);
    memory_book_free(w->m);
}

static void event(struct world *w, struct user *who, enum event_kind kind, const char *text,
                  int64_t round)
{
    struct event e = {.kind = kind,
                      .chat = w->chat,
                      .user = who,
                      .text = text,
                      .round = round,
                      .now = w->now,
                      .answers_a_minute = w->limit,
                      .admin = ADMIN_YES};

    w->now += 10;
    g_assert_cmpint(interview_handle(w->in, &w->m->book, &e), ==, HANDLED);
}

static const char *say(struct world *w, const char *text)
{
    event(w, w->user, EVENT_TEXT, text, 0);
    return memory_book_last(w->m)->text;
}

#define HAS(text, part)   g_assert_nonnull(strstr((text), (part)))
#define LACKS(text, part) g_assert_null(strstr((text), (part)))

/* The model answer of what was asked last. */
static const char *right_answer(const char *post)
{
    if (strstr(post, "apple") != NULL)
        return "An apple is a round fruit that grows on trees.\n\nIt has seeds in a core.";
    if (strstr(post, "banana") != NULL)
        return "A banana is a long yellow fruit with a peel.";
    return "Iron is a magnetic metal that rusts in wet air.";
}

static void test_ask_and_answer(struct world *w, gconstpointer data)
{
    (void)data;
    const char *post = say(w, "/question metal");
    HAS(post, "What is iron?");
    g_assert_cmpint(memory_book_last(w->m)->opts.post_of, ==, 1);
    const char *result = say(w, "Iron is a magnetic metal that rusts in wet air.");
    HAS(result, "100/100");
    HAS(result, "Model answer");
    HAS(result, "Iron is a magnetic metal");
    HAS(say(w, "/score"), "100 points");
    HAS(say(w, "/leaderboard"), "Kim — 100");
    HAS(say(w, "hello?"), "No question is open");
}

/* The third answer within a minute: graded, stored and ranked, but explained in one line. */
static void test_too_fast(struct world *w, gconstpointer data)
{
    (void)data;
    w->limit = 2;
    for (int i = 0; i < 2; i++)
        HAS(say(w, right_answer(say(w, "/question"))), "Model answer");
    const char *brief = say(w, right_answer(say(w, "/question")));
    HAS(brief, "100");
    LACKS(brief, "Model answer");
    g_assert_null(strchr(brief, '\n'));
    g_assert_cmpuint(w->m->answers->len, ==, 3);
    HAS(say(w, "/score"), "300 points");
    HAS(say(w, "/why"), "100");
    w->now += 60;
    say(w, "/question metal");
    HAS(say(w, "no idea about it"), "Model answer");
}

static void test_whole_bank_before_a_repeat(struct world *w, gconstpointer data)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    (void)data;
    for (int i = 0; i < 3; i++)
        g_assert_true(g_hash_table_add(seen, g_strdup(say(w, "/question"))));
    g_assert_false(g_hash_table_add(seen, g_strdup(say(w, "/question"))));
}

static void test_topics(struct world *w, gconstpointer data)
{
    (void)data;
    const char *topics = say(w, "/topics");
    HAS(topics, "Fruit — 2 questions");
    HAS(topics, "Metal — 1 question");
    HAS(say(w, "/topic FRUI"), "What is a");
    HAS(say(w, "/question rusts"), "What is iron?"); /* a word of an answer */
    HAS(say(w, "/question zebra"), "no topic or question like \"zebra\"");
    HAS(say(w, "/question zebra"), "Fruit");
}

static void test_practice_in_one_message(struct world *w, gconstpointer data)
{
    (void)data;
    const char *post = say(w, "/practice 2");
    guint before = w->m->said->len;
    HAS(post, "Practice 1/2");
    post = say(w, right_answer(post));
    g_assert_cmpuint(w->m->said->len, ==, before + 1);
    HAS(post, "100/100");
    HAS(post, "Practice 2/2");
    post = say(w, "no idea at all");
    HAS(post, "Practice done! 2 questions, mean 50");
    HAS(say(w, "/score"), "0 points · 2 answers"); /* practice ranks for nothing */
    HAS(say(w, "/stop"), "not practising");
}

/* One that matches is asked once: nobody wants the same question twice in a row. */
static void test_practice_of_one(struct world *w, gconstpointer data)
{
    (void)data;
    const char *post = say(w, "/practice 2 metal");
    HAS(post, "There is only one question");
    HAS(post, "Practice 1/1");
    post = say(w, right_answer(post));
    HAS(post, "Practice done! 1 question, mean 100");
    LACKS(post, "What is iron?");
    post = say(w, "/practice 3 fruit"); /* two go on from the first again */
    LACKS(post, "only");
    HAS(post, "Practice 1/3");
}

static void test_stop_ends_practice(struct world *w, gconstpointer data)
{
    (void)data;
    say(w, "/practice 5");
    HAS(say(w, "/stop"), "Practice ended");
    HAS(say(w, "something"), "No question is open");
}

static void test_hints_cost(struct world *w, gconstpointer data)
{
    (void)data;
    say(w, "/question metal");
    HAS(say(w, "/hint"), "10 points off");
    HAS(say(w, "/hint"), "last hint"); /* one key point, one hint */
    HAS(say(w, right_answer("iron")), "+90");
    g_assert_cmpint(g_array_index(w->m->answers, struct kept_answer, 0).a.points, ==, 90);
}

static void test_again_teaches(struct world *w, gconstpointer data)
{
    (void)data;
    HAS(say(w, "/again"), "nothing to repeat");
    say(w, "/question metal");
    say(w, "I don't know");
    HAS(say(w, "/again"), "What is iron?");
    HAS(say(w, right_answer("iron")), "The first answer counts");
    HAS(say(w, "/score"), "0 points · 1 answer");
}

static void test_skip_shows_and_forfeits(struct world *w, gconstpointer data)
{
    (void)data;
    say(w, "/question metal");
    HAS(say(w, "/skip"), "Iron is a magnetic metal");
    say(w, "/again");
    HAS(say(w, right_answer("iron")), "You had seen the model answer");
}

static void test_on_demand_limit(struct world *w, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 3; i++)
        say(w, right_answer(say(w, "/question")));
    HAS(say(w, "/score"), "300 points");
    say(w, "/question metal");
    HAS(say(w, "Iron is a metal, magnetic, and it rusts when the air is wet"),
        "this one is practice");
    HAS(say(w, "/score"), "300 points");
}

static void test_today_is_the_same_for_all(struct world *w, gconstpointer data)
{
    struct user *lee = memory_book_user(w->m, "Lee");

    (void)data;
    g_autofree char *first = g_strdup(say(w, "/today"));
    HAS(first, "Question of the day");
    event(w, lee, EVENT_TEXT, "/today", 0);
    HAS(memory_book_last(w->m)->text, strstr(first, "What"));
    say(w, "/today");
    g_assert_cmpstr(memory_book_last(w->m)->text, ==, first);
    g_assert_cmpuint(w->m->rounds->len, ==, 1);
}

static void test_what_is_mistyped_gets_help(struct world *w, gconstpointer data)
{
    g_autofree char *long_text = g_strnfill(20000, 'x');

    (void)data;
    HAS(say(w, "/quesiton"), "Did you mean /question?");
    HAS(say(w, "/ㅋㅋㅋㅋㅋㅋ"), "/help");
    HAS(say(w, "/leaderboard soonish"), "Choose today, week, month or all");
    HAS(say(w, "/lang klingon"), "I don't speak");
    say(w, "/question metal");
    HAS(say(w, long_text), "/100");
    say(w, "/question metal");
    HAS(say(w, "😀😀😀"), "0/100");
    say(w, "/question metal");
    HAS(say(w, ""), "0/100");
}

static void test_language(struct world *w, gconstpointer data)
{
    (void)data;
    HAS(say(w, "/lang ko"), "한국어");
    HAS(say(w, "/질문"), "답을 그냥 쓰시면");
    HAS(say(w, "/언어 english"), "English");
}

/* ---- groups ---- */

static const struct said *answer_in_group(struct world *w, struct user *who, const char *text)
{
    event(w, who, EVENT_TEXT, text, 1);
    return memory_book_last(w->m);
}

/* Before the reveal no sentence of the model answer stands unhidden. */
static void test_group_does_not_spoil(struct world *w, gconstpointer data)
{
    static const enum reveal_mode modes[] = {REVEAL_SPOILER, REVEAL_PRIVATE, REVEAL_CLOSE};

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
        w->chat->reveal = modes[i];
        event(w, w->user, EVENT_TEXT, "/question metal", 0);
        event(w, w->user, EVENT_TEXT, "it is a metal and magnetic", (int64_t)i + 1);
        const struct said *said = memory_book_last(w->m);
        LACKS(said->visible, "rusts in wet air");
        HAS(said->visible, "/100");
        g_assert_true((strstr(said->text, "rusts in wet air") != NULL) ==
                      (modes[i] == REVEAL_SPOILER));
    }
    w->chat->reveal = REVEAL_NOW;
    event(w, w->user, EVENT_TEXT, "/question metal", 0);
    event(w, w->user, EVENT_TEXT, "metal", 4);
    HAS(memory_book_last(w->m)->visible, "rusts in wet air");
}

static void test_group_each_gets_a_reply(struct world *w, gconstpointer data)
{
    struct user *lee = memory_book_user(w->m, "Lee");

    (void)data;
    event(w, w->user, EVENT_TEXT, "/question metal", 0);
    HAS(memory_book_last(w->m)->buttons, "=r1");
    HAS(answer_in_group(w, w->user, right_answer("iron"))->visible, "100/100");
    HAS(answer_in_group(w, lee, "something magnetic, I think")->visible, "/100");
    g_assert_cmpint(w->m->refreshed, ==, 2);
    /* The same words as another member: marked, not ranked. */
    struct user *park = memory_book_user(w->m, "Park");
    HAS(answer_in_group(w, park, right_answer("iron"))->visible, "does not count for the board");
}

static void test_group_answered_in_private(struct world *w, gconstpointer data)
{
    struct chat *group = w->chat;
    struct chat *private = memory_book_chat(w->m, CHAT_PRIVATE);

    (void)data;
    event(w, w->user, EVENT_TEXT, "/question metal", 0);
    w->chat = private;
    HAS(say(w, "/start r1-1eef"), "What is iron?");
    guint before = w->m->said->len;
    say(w, right_answer("iron"));
    g_assert_cmpuint(w->m->said->len, ==, before + 2);
    const struct said *told = g_ptr_array_index(w->m->said, before);
    g_assert_cmpint(told->opts.chat, ==, group->id);
    HAS(told->text, "Kim answered in private: 100");
    LACKS(told->text, "rusts");
    HAS(memory_book_last(w->m)->text, "Iron is a magnetic");
    w->chat = group;
    event(w, w->user, EVENT_TEXT, "/leaderboard", 0);
    HAS(memory_book_last(w->m)->text, "Kim — 100");
}

static void test_group_hint_is_for_who_taps(struct world *w, gconstpointer data)
{
    (void)data;
    event(w, w->user, EVENT_TEXT, "/question metal", 0);
    guint before = w->m->said->len;
    event(w, w->user, EVENT_BUTTON, "hint:1", 1);
    g_assert_cmpuint(w->m->said->len, ==, before);
    g_assert_nonnull(w->m->popup);
    HAS(w->m->popup, "Hint 1");
}

/* Buttons of a question that is over stay in the chat: they must not reach for what is open now. */
static void test_buttons_of_an_answered_question(struct world *w, gconstpointer data)
{
    (void)data;
    say(w, "/question metal");
    HAS(say(w, right_answer("iron")), "+100");
    for (const char *const *tap = (const char *const[]){"hint:1", "skip:1", NULL}; *tap; tap++) {
        event(w, w->user, EVENT_BUTTON, *tap, 1);
        const char *said = memory_book_last(w->m)->text;
        HAS(said, "over");
        LACKS(said, "no points");
        LACKS(said, "rusts");
        LACKS(said, "points off");
        HAS(said, "go on to the next?");
    }
    const char *post = say(w, "/question fruit");
    event(w, w->user, EVENT_BUTTON, "skip:1", 1);
    LACKS(memory_book_last(w->m)->text, "next?"); /* which would take this one's place */
    HAS(say(w, right_answer(post)), "100/100");   /* it is still open */
    say(w, "/again");                             /* one's own second try has its hints */
    HAS(say(w, "/hint"), "Hint 1");
}

/* Of two questions that wait, skipping the older one leaves the newer one open. */
static void test_skip_of_an_older_question(struct world *w, gconstpointer data)
{
    (void)data;
    say(w, "/question metal");
    const char *post = say(w, "/question fruit");
    g_autofree char *right = g_strdup(right_answer(post));
    event(w, w->user, EVENT_BUTTON, "skip:1", 1);
    HAS(memory_book_last(w->m)->text, "rusts");
    HAS(say(w, right), "100/100");
}

static void test_buttons_without_meaning(struct world *w, gconstpointer data)
{
    (void)data;
    event(w, w->user, EVENT_BUTTON, "", 0);
    event(w, w->user, EVENT_BUTTON, "nonsense:99999999999999999999", 0);
    HAS(memory_book_last(w->m)->text, "no longer works");
}

/* A link to "my" model answer is no way into a round of a group that one has nothing to do with. */
static void test_group_no_entry_by_number(struct world *w, gconstpointer data)
{
    struct user *eve = memory_book_user(w->m, "Eve");

    (void)data;
    event(w, w->user, EVENT_TEXT, "/question metal", 0);
    w->chat = memory_book_chat(w->m, CHAT_PRIVATE);
    event(w, eve, EVENT_TEXT, "/start m1", 0);
    LACKS(memory_book_last(w->m)->text, "iron");
    event(w, eve, EVENT_TEXT, right_answer("iron"), 0);
    HAS(memory_book_last(w->m)->text, "No question is open");
    g_assert_cmpuint(w->m->answers->len, ==, 0);
}

/* A typed hint would be read by all and paid for by one. */
static void test_group_typed_hint(struct world *w, gconstpointer data)
{
    (void)data;
    event(w, w->user, EVENT_TEXT, "/question metal", 0);
    event(w, w->user, EVENT_TEXT, "/hint", 0);
    LACKS(memory_book_last(w->m)->text, "○");
    g_assert_cmpuint(w->m->entries->len, ==, 0);
}

/* The choice after a bare /lang is the command still: for administrators. */
static void test_group_language_by_a_member(struct world *w, gconstpointer data)
{
    struct event e = {.kind = EVENT_TEXT,
                      .chat = w->chat,
                      .user = w->user,
                      .text = "/lang",
                      .now = w->now,
                      .admin = ADMIN_NO};

    (void)data;
    interview_handle(w->in, &w->m->book, &e);
    e.text = "ko";
    e.to_bot = true;
    interview_handle(w->in, &w->m->book, &e);
    g_assert_cmpint(w->chat->lang, ==, LANG_EN);
    HAS(memory_book_last(w->m)->text, "administrators");
}

#define PRIVATE(path, fn)                                                                          \
    g_test_add("/interview/" path, struct world, GINT_TO_POINTER(CHAT_PRIVATE), setup, fn, teardown)
#define GROUP(path, fn)                                                                            \
    g_test_add("/interview/" path, struct world, GINT_TO_POINTER(CHAT_GROUP), setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    PRIVATE("ask-and-answer", test_ask_and_answer);
    PRIVATE("too-fast", test_too_fast);
    PRIVATE("whole-bank", test_whole_bank_before_a_repeat);
    PRIVATE("topics", test_topics);
    PRIVATE("practice", test_practice_in_one_message);
    PRIVATE("practice of one", test_practice_of_one);
    PRIVATE("buttons of an answered question", test_buttons_of_an_answered_question);
    PRIVATE("skip of an older question", test_skip_of_an_older_question);
    PRIVATE("stop", test_stop_ends_practice);
    PRIVATE("hints", test_hints_cost);
    PRIVATE("again", test_again_teaches);
    PRIVATE("skip", test_skip_shows_and_forfeits);
    PRIVATE("on-demand", test_on_demand_limit);
    PRIVATE("today", test_today_is_the_same_for_all);
    PRIVATE("mistyped", test_what_is_mistyped_gets_help);
    PRIVATE("language", test_language);
    PRIVATE("buttons", test_buttons_without_meaning);
    GROUP("group/no-spoiling", test_group_does_not_spoil);
    GROUP("group/replies", test_group_each_gets_a_reply);
    GROUP("group/private", test_group_answered_in_private);
    GROUP("group/hint", test_group_hint_is_for_who_taps);
    GROUP("group/no-entry", test_group_no_entry_by_number);
    GROUP("group/typed-hint", test_group_typed_hint);
    GROUP("group/language", test_group_language_by_a_member);
    return g_test_run();
}
