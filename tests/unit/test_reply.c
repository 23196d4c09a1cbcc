/* The catalogue's little template language, and messages as runs. */
#include <glib.h>
#include <string.h>

#include "catalog.h"
#include "command.h"
#include "core/iv.h"
#include "reply.h"
#include "text.h"

static void test_languages_are_complete(void);

static catalog *cat;

static void miss(const char *key, const char *text, void *other)
{
    (void)text;
    if (!catalog_has(cat, *(enum lang *)other, key)) {
        g_test_message("%s has no text for %s", lang_code(*(enum lang *)other), key);
        g_test_fail();
    }
}

static void test_languages_are_complete(void)
{
    enum lang en = LANG_EN, ko = LANG_KO;

    catalog_each(cat, LANG_KO, miss, &en);
    catalog_each(cat, LANG_EN, miss, &ko);
}

/* Only arguments are cleaned when a text is said. */
static void check_clean(const char *key, const char *text, void *ctx)
{
    (void)ctx;
    if (!g_utf8_validate(text, -1, NULL) || !text_is_clean(text, strlen(text))) {
        g_test_message("%s holds what no screen may get", key);
        g_test_fail();
    }
}

static void test_texts_are_clean(void)
{
    catalog_each(cat, LANG_KO, check_clean, NULL);
    catalog_each(cat, LANG_EN, check_clean, NULL);
}

/* The bot speaks as to a friend: nowhere in the style of a notice board. */
static void check_voice(const char *key, const char *text, void *ctx)
{
    static const char *const stiff[] = {"니다", "십시오", "시오.", "시기 바랍"};

    (void)ctx;
    for (size_t i = 0; i < G_N_ELEMENTS(stiff); i++) {
        if (strstr(text, stiff[i]) != NULL) {
            g_test_message("%s is stiff: %s", key, text);
            g_test_fail();
        }
    }
}

static void test_korean_has_one_voice(void)
{
    catalog_each(cat, LANG_KO, check_voice, NULL);
}

/* The names between braces that are arguments: letters only. */
static void collect_arguments(const char *text, GHashTable *out)
{
    for (const char *p = strchr(text, '{'); p != NULL; p = strchr(p + 1, '{')) {
        size_t n = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz");

        if (n > 0 && (p[1 + n] == '}' || p[1 + n] == '?'))
            g_hash_table_add(out, g_strndup(p + 1, n));
    }
}

/* A text may leave an argument out in one language, but may not ask for one that the other lacks
 * altogether: that is a misspelt name. */
static void check_arguments(const char *key, const char *text, void *ctx)
{
    g_autoptr(GHashTable) here = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter it;
    gpointer name;

    (void)ctx;
    collect_arguments(text, here);
    collect_arguments(catalog_text(cat, LANG_EN, key), there);
    g_hash_table_iter_init(&it, here);
    while (g_hash_table_iter_next(&it, &name, NULL)) {
        if (!g_hash_table_contains(there, name)) {
            g_test_message("%s: {%s} stands only in Korean", key, (char *)name);
            g_test_fail();
        }
    }
}

static void test_arguments_agree(void)
{
    catalog_each(cat, LANG_KO, check_arguments, NULL);
}

/* Keys that are put together at run time from a prefix and a name. */
static const char *const families[] = {"problem.",  "deduction.", "fair.", "help.",
                                       "schedule.", "zone.",      NULL};

static bool in_family(const char *key)
{
    for (size_t i = 0; families[i] != NULL; i++) {
        if (g_str_has_prefix(key, families[i]))
            return true;
    }
    return false;
}

static void check_used(const char *key, const char *text, void *sources)
{
    g_autofree char *literal = g_strdup_printf("\"%s\"", key);

    (void)text;
    if (!in_family(key) && strstr(sources, literal) == NULL) {
        g_test_message("no source uses %s", key);
        g_test_fail();
    }
}

static void read_sources(const char *folder, GString *out)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *text = NULL;

        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            read_sources(path, out);
        else if (g_file_get_contents(path, &text, NULL, NULL))
            g_string_append(out, text);
    }
}

static void test_every_key_is_used(void)
{
    g_autofree char *src = g_test_build_filename(G_TEST_DIST, "src", NULL);
    g_autoptr(GString) sources = g_string_new(NULL);

    read_sources(src, sources);
    catalog_each(cat, LANG_KO, check_used, sources->str);
}

static void test_every_command_has_help(void)
{
    for (const struct command_row *row = command_table; row->name != NULL; row++) {
        g_autofree char *key = g_strconcat("help.", row->name, NULL);

        if (row->in_help)
            g_assert_true(catalog_has(cat, LANG_KO, key));
    }
}

static void check_plain(reply *r, const char *want)
{
    g_autofree char *got = reply_plain(r, true);

    g_assert_cmpstr(got, ==, want);
    reply_free(r);
}

static void test_particles_and_plurals(void)
{
    reply *r = reply_new(cat, LANG_KO);

    reply_say(r, "command.unknown", "word=%s", "커널");
    g_autofree char *first = reply_plain(r, true);
    g_assert_true(g_str_has_prefix(first, "커널은 "));
    reply_free(r);
    r = reply_new(cat, LANG_EN);
    reply_say(r, "post.counter", "n=%d mean=%d", 1, 50);
    check_plain(r, "✍️ 1 answer · mean 50");
    r = reply_new(cat, LANG_EN);
    reply_say(r, "post.counter", "n=%d mean=%d", 2, 50);
    check_plain(r, "✍️ 2 answers · mean 50");
}

/* What a person typed is never parsed: it stands there to the letter. */
static void test_arguments_are_not_parsed(void)
{
    reply *r = reply_new(cat, LANG_EN);

    reply_say(r, "topic.choice", "topic=%s", "*bold* `code` {n} {은/는} \\");
    g_assert_cmpuint(reply_run_count(r), ==, 1);
    g_assert_cmpuint(reply_run_at(r, 0)->style, ==, REPLY_PLAIN);
    check_plain(r, "• *bold* `code` {n} {은/는} \\");
}

static void test_styles(void)
{
    reply *r = reply_new(cat, LANG_EN);

    reply_say(r, "practice.end", "n=%d mean=%d", 3, 70);
    g_assert_cmpuint(reply_run_count(r), ==, 3);
    g_assert_cmpuint(reply_run_at(r, 1)->style, ==, REPLY_BOLD);
    g_assert_cmpstr(reply_run_at(r, 1)->text, ==, "70");
    reply_free(r);
}

static void test_newlines_and_hidden(void)
{
    reply *r = reply_new(cat, LANG_EN);

    reply_newline(r, 2); /* none at the start */
    reply_text(r, REPLY_PLAIN, "a");
    reply_newline(r, 2);
    reply_newline(r, 1);
    reply_text(r, REPLY_HIDDEN, "secret");
    g_autofree char *visible = reply_plain(r, false);
    g_assert_cmpstr(visible, ==, "a\n\n");
    check_plain(r, "a\n\nsecret");
}

/* The runs keep their text while their common buffer grows, and what is unclean gets cleaned. */
static void test_long_messages(void)
{
    reply *r = reply_new(cat, LANG_EN);
    enum { RUNS = 3000 };

    for (int i = 0; i < RUNS; i++) {
        char text[32];

        g_snprintf(text, sizeof text, "%d\033\xE2\x80\xAE!", i);
        reply_text(r, i % 2 == 0 ? REPLY_BOLD : REPLY_ITALIC, text);
    }
    g_assert_cmpuint(reply_run_count(r), ==, RUNS);
    for (int i = 0; i < RUNS; i++) {
        const struct reply_run *run = reply_run_at(r, (size_t)i);
        g_autofree char *want = g_strdup_printf("%d!", i);

        g_assert_cmpstr(run->text, ==, want);
        g_assert_cmpuint(run->len, ==, strlen(want));
        g_assert_cmpuint(run->style, ==, i % 2 == 0 ? REPLY_BOLD : REPLY_ITALIC);
    }
    reply_free(r);
}

/* A point is covered by words; what nobody has to have lived through is not missed. */
static void test_results(void)
{
    static const char *const words[] = {"KVM"};
    static const struct grade_point points[] = {
        {.text = "said",
         .weight = 40,
         .earned = 40,
         .cover = GRADE_COVERED,
         .words = words,
         .n_words = 1},
        {.text = "wordless", .weight = 30, .earned = 25, .cover = GRADE_COVERED},
        {.text = "missed",
         .weight = 30,
         .earned = 2,
         .cover = GRADE_MISSED,
         .words = words,
         .n_words = 1}};
    struct grade_result g = {.score = 65, .points = points, .n_points = G_N_ELEMENTS(points)};
    reply *r = reply_new(cat, LANG_EN);

    iv_show_result(r, &g, REPLY_PLAIN);
    g_autofree char *fact = reply_plain(r, true);
    g_assert_nonnull(strstr(fact, "Covered — said"));
    g_assert_nonnull(strstr(fact, "Partly — wordless"));
    g_assert_nonnull(strstr(fact, "Missed — missed"));
    const char *quoted = strstr(fact, "KVM");
    g_assert_nonnull(quoted);
    g_assert_null(strstr(quoted + 1, "KVM")); /* a word that did not suffice contradicts ❌ */
    reply_free(r);
    r = reply_new(cat, LANG_EN);
    g.open_ended = true;
    iv_show_result(r, &g, REPLY_PLAIN);
    g_autofree char *own = reply_plain(r, true);
    g_assert_nonnull(strstr(own, "Covered — said"));
    g_assert_null(strstr(own, "issed"));
    g_assert_null(strstr(own, "wordless"));
    reply_free(r);
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    cat = catalog_new();
    g_test_add_func("/catalog/complete", test_languages_are_complete);
    g_test_add_func("/catalog/clean", test_texts_are_clean);
    g_test_add_func("/catalog/voice", test_korean_has_one_voice);
    g_test_add_func("/catalog/arguments", test_arguments_agree);
    g_test_add_func("/catalog/used", test_every_key_is_used);
    g_test_add_func("/catalog/help", test_every_command_has_help);
    g_test_add_func("/reply/results", test_results);
    g_test_add_func("/reply/particles", test_particles_and_plurals);
    g_test_add_func("/reply/not-parsed", test_arguments_are_not_parsed);
    g_test_add_func("/reply/styles", test_styles);
    g_test_add_func("/reply/newlines", test_newlines_and_hidden);
    g_test_add_func("/reply/long", test_long_messages);
    status = g_test_run();
    catalog_free(cat);
    return status;
}
