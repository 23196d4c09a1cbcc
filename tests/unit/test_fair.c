/* The rules of ranking, one by one and under random histories. */
#include "fair.h"

#include <glib.h>
#include <string.h>

/* ---- each rule ---- */

#define FIRST .attempt = 1, .on_demand_limit = 3

static const struct {
    const char *name;
    struct fair_answer answer;
    enum fair_reason reason;
    int points;
    bool marked;
} rules[] = {
    {"full", {FIRST, .score = 85}, FAIR_FULL, 85, false},
    {"one hint", {FIRST, .score = 85, .hints = 1}, FAIR_HINTS, 75, false},
    {"more hints than score", {FIRST, .score = 15, .hints = 2}, FAIR_ZERO, 0, false},
    {"absurd hints", {FIRST, .score = 100, .hints = 1 << 30}, FAIR_ZERO, 0, false},
    {"zero", {FIRST, .score = 0}, FAIR_ZERO, 0, false},
    {"above the scale", {FIRST, .score = 250}, FAIR_FULL, 100, false},
    {"below the scale", {FIRST, .score = -5}, FAIR_ZERO, 0, false},
    {"better than before", {FIRST, .score = 90, .held = 60}, FAIR_IMPROVED, 30, false},
    {"better but for the hint",
     {FIRST, .score = 70, .held = 60, .hints = 1},
     FAIR_NO_BETTER,
     0,
     false},
    {"as good as before", {FIRST, .score = 60, .held = 60}, FAIR_NO_BETTER, 0, false},
    {"worse than before", {FIRST, .score = 20, .held = 60}, FAIR_NO_BETTER, 0, false},
    {"full before", {FIRST, .score = 100, .held = 100}, FAIR_NO_BETTER, 0, false},
    {"held more than there is", {FIRST, .score = 100, .held = 170}, FAIR_NO_BETTER, 0, false},
    {"same as own", {FIRST, .score = 90, .held = 60, .same_as_own = true}, FAIR_SAME_OWN, 0, true},
    {"same as another's", {FIRST, .score = 90, .same_as_other = true}, FAIR_SAME_OTHER, 0, true},
    {"the model, hidden", {FIRST, .score = 100, .same_as_model = true}, FAIR_FULL, 100, false},
    {"the model, to be seen",
     {FIRST, .score = 100, .same_as_model = true, .could_see_model = true},
     FAIR_SAME_MODEL,
     0,
     true},
    {"own words, model to be seen",
     {FIRST, .score = 80, .could_see_model = true},
     FAIR_FULL,
     80,
     false},
    {"seen", {FIRST, .score = 100, .seen_model = true}, FAIR_SEEN, 0, false},
    {"second attempt", {.attempt = 2, .score = 100, .on_demand_limit = 3}, FAIR_AGAIN, 0, false},
    {"late", {FIRST, .score = 100, .closed = true}, FAIR_LATE, 0, false},
    {"late second", {.attempt = 2, .score = 100, .closed = true}, FAIR_LATE, 0, false},
    {"edited", {FIRST, .score = 100, .edited = true}, FAIR_EDITED, 0, false},
    {"third on demand",
     {FIRST, .score = 100, .on_demand = true, .on_demand_before = 2},
     FAIR_FULL,
     100,
     false},
    {"fourth on demand",
     {FIRST, .score = 100, .on_demand = true, .on_demand_before = 3},
     FAIR_OVER_LIMIT,
     0,
     false},
    {"daily after three on demand",
     {FIRST, .score = 100, .on_demand_before = 3},
     FAIR_FULL,
     100,
     false},
    {"none on demand", {.attempt = 1, .score = 100, .on_demand = true}, FAIR_OVER_LIMIT, 0, false},
    {"practice", {FIRST, .score = 100, .practice = true}, FAIR_PRACTICE, 0, false},
    {"practice copied",
     {FIRST, .score = 100, .practice = true, .same_as_other = true},
     FAIR_PRACTICE,
     0,
     false},
    {"nameless", {FIRST, .score = 100, .nameless = true}, FAIR_NAMELESS, 0, false},
};

static void test_rules(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        struct fair_result r = fair_points(&rules[i].answer);
        g_test_message("%s", rules[i].name);
        g_assert_cmpstr(fair_reason_name(r.reason), ==, fair_reason_name(rules[i].reason));
        g_assert_cmpint(r.points, ==, rules[i].points);
        g_assert_cmpint(r.marked, ==, rules[i].marked);
        g_assert_cmpint(r.ranked, >=, r.points);
    }
}

static void test_names(void)
{
    for (int i = 0; i < FAIR_N_REASONS; i++) {
        enum fair_reason back = FAIR_N_REASONS;
        g_assert_true(fair_reason_parse(fair_reason_name((enum fair_reason)i), &back));
        g_assert_cmpint(back, ==, i);
        g_assert_true(g_str_has_prefix(fair_reason_key((enum fair_reason)i), "fair."));
        for (int j = 0; j < i; j++)
            g_assert_cmpstr(fair_reason_key((enum fair_reason)i), !=,
                            fair_reason_key((enum fair_reason)j));
    }
    enum fair_reason unused;
    g_assert_false(fair_reason_parse("no such", &unused));
    g_assert_cmpint(fair_on_demand_left(0, 3), ==, 3);
    g_assert_cmpint(fair_on_demand_left(5, 3), ==, 0);
}

/* ---- random histories ---- */

enum { USERS = 4, QUESTIONS = 3, ROUNDS = 60, ACTIONS = 600, TEXTS = 6 };

/* A chat as simply as it can be: what the store would tell fair_points is kept here. */
struct world {
    GRand *rand;
    int held[USERS][QUESTIONS];
    int best[USERS][QUESTIONS];         /* best score less hints of a first attempt in time */
    int top[USERS][QUESTIONS];          /* best score at all */
    bool used[USERS][QUESTIONS][TEXTS]; /* texts sent to the question before */
    int on_demand[USERS];
    struct {
        int question;
        bool closed, practice, on_demand;
        int attempts[USERS], hints[USERS];
        bool seen[USERS];
        bool texts[TEXTS]; /* sent in this round by anyone, earlier */
    } round;
};

static int pick(struct world *w, int n)
{
    return g_rand_int_range(w->rand, 0, n);
}

static void open_round(struct world *w)
{
    memset(&w->round, 0, sizeof w->round);
    w->round.question = pick(w, QUESTIONS);
    w->round.practice = pick(w, 5) == 0;
    w->round.on_demand = pick(w, 3) == 0;
    if (pick(w, 6) == 0) /* a new day, or a day that a change of the time zone made new */
        memset(w->on_demand, 0, sizeof w->on_demand);
}

static void send_answer(struct world *w)
{
    int u = pick(w, USERS), q = w->round.question, text = pick(w, TEXTS);
    bool edited = pick(w, 8) == 0;
    struct fair_answer a = {
        .score = pick(w, 121) - 10,
        .hints = w->round.hints[u],
        .attempt = ++w->round.attempts[u],
        .held = w->held[u][q],
        .practice = w->round.practice,
        .on_demand = w->round.on_demand,
        .on_demand_before = w->on_demand[u],
        .on_demand_limit = 2,
        .edited = edited,
        .closed = w->round.closed,
        .seen_model = w->round.seen[u],
        .same_as_own = w->used[u][q][text],
        .same_as_other = w->round.texts[text],
    };
    struct fair_result r = fair_points(&a);
    /* Each single answer... */
    g_assert_cmpint(r.points, >=, 0);
    g_assert_cmpint(r.points, <=, FAIR_MAX);
    if (edited || a.attempt > 1 || a.closed || a.seen_model || a.practice || a.same_as_own)
        g_assert_cmpint(r.points, ==, 0);
    /* ...and the sum. */
    w->held[u][q] += r.points;
    w->best[u][q] = MAX(w->best[u][q], r.ranked);
    w->top[u][q] = MAX(w->top[u][q], a.score);
    g_assert_cmpint(w->held[u][q], <=, FAIR_MAX);
    g_assert_cmpint(w->held[u][q], ==, w->best[u][q]);
    g_assert_cmpint(w->held[u][q], <=, w->top[u][q] > 0 ? w->top[u][q] : 0);
    w->used[u][q][text] = w->round.texts[text] = true;
    w->on_demand[u] += w->round.on_demand && a.attempt == 1;
    w->round.seen[u] |= pick(w, 2) == 0; /* the reply shows the model, as in private */
}

static void act(struct world *w)
{
    switch (pick(w, 12)) {
    case 0:
        open_round(w);
        break;
    case 1:
        w->round.closed = true;
        break;
    case 2:
        w->round.hints[pick(w, USERS)]++;
        break;
    case 3:
        w->round.seen[pick(w, USERS)] = true; /* /skip, a deep link */
        break;
    default: /* leaving, joining, settings and zones change nothing that fair_points is told */
        send_answer(w);
    }
}

static void test_random_histories(void)
{
    for (guint32 seed = 0; seed < 200; seed++) {
        struct world w = {.rand = g_rand_new_with_seed(seed)};
        open_round(&w);
        for (int i = 0; i < ACTIONS; i++)
            act(&w);
        g_rand_free(w.rand);
    }
}

/* Never more than one honest 100 for the best strategy of any length: try them all on few values.
 */
static void test_all_short_histories(void)
{
    static const int scores[] = {0, 35, 70, 100};
    for (int code = 0; code < 4 * 4 * 4 * 4 * 4; code++) {
        int held = 0, best = 0, rest = code;
        for (int k = 0; k < 5; k++, rest /= 4) {
            struct fair_answer a = {FIRST, .score = scores[rest % 4], .held = held, .hints = k % 2};
            struct fair_result r = fair_points(&a);
            held += r.points;
            best = MAX(best, MAX(0, a.score - 10 * a.hints));
            g_assert_cmpint(held, ==, best);
        }
    }
}

/* ---- likeness ---- */

static const char model[] =
    "하이퍼바이저는 하나의 물리 서버에서 여러 가상 머신을 실행하고 관리하는 소프트웨어이며, "
    "하드웨어 위에서 바로 도는 Type 1과 운영체제 위에서 도는 Type 2로 나뉜다.";

static bool copied(const char *a, const char *b)
{
    fair_print *x = fair_print_new(a), *y = fair_print_new(b);
    bool same = fair_copied(x, y);
    g_assert_cmpint(same, ==, fair_copied(y, x));
    g_assert_cmpint(fair_likeness(x, y), ==, fair_likeness(y, x));
    g_assert_cmpint(fair_likeness(x, x), ==, 100);
    fair_print_free(x);
    fair_print_free(y);
    return same;
}

static void test_alike(void)
{
    g_assert_true(copied(model, model));
    /* layout, case, width, punctuation, a word more or less */
    g_assert_true(copied(model,
                         "하이퍼바이저는 하나의 물리 서버에서 여러 가상 머신을 실행하고 관리하는 "
                         "소프트웨어이며\n\n- 하드웨어 위에서 바로 도는 ＴＹＰＥ 1과\n- 운영체제 "
                         "위에서 도는 type 2로 나뉜다!!"));
    g_assert_true(
        copied(model, "제 생각에 하이퍼바이저는 하나의 물리 서버에서 여러 가상 머신을 실행하고 "
                      "관리하는 소프트웨어이며, 하드웨어 위에서 바로 도는 Type 1과 운영체제 위에서 "
                      "도는 Type 2로 나뉩니다."));
    /* the same thing in one's own words */
    g_assert_false(copied(model,
                          "물리 서버 한 대를 나눠 여러 VM을 돌리게 해 주는 프로그램입니다. "
                          "베어메탈에 바로 설치되는 1형과 호스트 OS 위에 설치되는 2형이 있어요."));
    /* short answers are alike by nature */
    g_assert_false(copied("하이퍼바이저", "하이퍼바이저"));
    g_assert_false(copied("", ""));
    g_assert_false(copied(
        "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂",
        "🙂"));
    g_assert_false(copied("\xff\xfe", "\xff"));
}

static void test_contains(void)
{
    g_autofree char *padded = g_strconcat("제가 알기로는 이렇습니다. ", model,
                                          " 그 밖에도 여러 가지가 있겠지만 지금 생각나는 것은 "
                                          "이 정도이고, 나머지는 더 찾아보고 말씀드리겠습니다. "
                                          "질문이 어려워서 시간이 조금 걸렸네요.",
                                          NULL);
    g_assert_true(copied(padded, model));
    fair_print *x = fair_print_new(padded), *y = fair_print_new(model);
    g_assert_cmpint(fair_likeness(x, y), <,
                    FAIR_ALIKE_LONGER); /* which is why there is this rule */
    fair_print_free(x);
    fair_print_free(y);
    /* a short sentence that both know by heart is no copy */
    g_assert_false(copied(padded, "하나의 물리 서버에서 여러 가상 머신을 실행하고 관리하는"));
}

/* The longer the text, the more words may be exchanged before it is another one. */
static void test_copies_by_length(void)
{
    /* 118 letters; of a page's length five words of thirty do not make it one's own */
    static const char page[] =
        "프로세스는 실행 중인 프로그램으로 운영체제로부터 독립된 주소 공간을 할당받는다. "
        "스레드는 프로세스 안에서 실행되는 흐름의 단위로, 스택만 따로 가지고 코드와 데이터와 힙은 "
        "함께 쓴다. 그래서 전환이 가볍고 통신이 쉽지만, 하나가 잘못되면 같은 프로세스의 스레드가 "
        "모두 죽는다.";
    g_assert_true(
        copied(page, "프로세스는 돌고 있는 프로그램으로 운영체제로부터 독립된 메모리를 "
                     "할당받는다. 스레드는 프로세스 안에서 실행되는 흐름의 단위로, 스택만 각자 "
                     "가지고 코드와 데이터와 힙은 같이 쓴다. 그래서 전환이 가볍고 통신이 쉽지만, "
                     "하나가 망가지면 같은 프로세스의 스레드가 모두 죽는다."));
    /* half of it, as it stands */
    g_assert_true(copied(page,
                         "스레드는 프로세스 안에서 실행되는 흐름의 단위로, 스택만 따로 가지고 "
                         "코드와 데이터와 힙은 함께 쓴다. 그래서 전환이 가볍고 통신이 쉽지만, "
                         "하나가 잘못되면"));
    /* what everybody has learnt by heart from the same page, each with a word of their own */
    g_assert_false(
        copied("프로세스는 운영체제로부터 자원을 할당받는 작업의 단위이고, 스레드는 "
               "프로세스가 할당받은 자원을 이용하는 실행의 단위이며 CPU가 처리하는 작업의 "
               "단위이다.",
               "프로세스는 운영체제로부터 자원을 할당 받은 작업의 단위이고 스레드는 "
               "프로세스가 할당받은 자원을 이용하는 실행 흐름의 단위입니다"));
}

static void test_alike_own(void)
{
    fair_print *a = fair_print_new("TCP는 연결 지향"), *b = fair_print_new("tcp는  연결-지향!"),
               *c = fair_print_new("UDP는 연결 지향"), *none = fair_print_new("");
    g_assert_true(fair_alike_own(a, b));
    g_assert_false(fair_alike_own(a, c));
    g_assert_false(fair_alike_own(a, none));
    g_assert_true(fair_alike_own(none, none));
    fair_print_free(a);
    fair_print_free(b);
    fair_print_free(c);
    fair_print_free(none);
    fair_print_free(NULL);
}

static void test_long_texts(void)
{
    GString *a = g_string_new(NULL), *b = g_string_new(NULL);
    for (int i = 0; i < 4000; i++) {
        g_string_append_printf(a, "낱말%d ", i * 7 % 1013);
        g_string_append_printf(b, "낱말%d ", (i + (i % 50 == 0)) * 7 % 1013);
    }
    g_assert_true(copied(a->str, b->str));
    g_string_truncate(b, b->len / 3); /* an excerpt is copied as well */
    while (b->len > 0 && !g_utf8_validate(b->str, -1, NULL))
        g_string_truncate(b, b->len - 1);
    g_assert_true(copied(a->str, b->str));
    g_string_truncate(b, 0);
    for (int i = 0; i < 4000; i++)
        g_string_append_printf(b, "다른 말%d ", i * 11 % 1013);
    g_assert_false(copied(a->str, b->str));
    g_string_free(a, TRUE);
    g_string_free(b, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/fair/rules", test_rules);
    g_test_add_func("/fair/names", test_names);
    g_test_add_func("/fair/random-histories", test_random_histories);
    g_test_add_func("/fair/all-short-histories", test_all_short_histories);
    g_test_add_func("/fair/alike", test_alike);
    g_test_add_func("/fair/contains", test_contains);
    g_test_add_func("/fair/copies-by-length", test_copies_by_length);
    g_test_add_func("/fair/alike-own", test_alike_own);
    g_test_add_func("/fair/long-texts", test_long_texts);
    return g_test_run();
}
