/* Alias tables: what is found, what is not, and what check reports. */
#include <glib.h>
#include <string.h>

#include "app/cmd_grade.h"
#include "core/lexicon_internal.h"
#include "embed.h"

static lexicon *lexicon_of(const char *table)
{
    lexicon *lex = lexicon_new();
    lexicon_add(lex, "test.tsv", table, strlen(table));
    lexicon_finish(lex);
    return lex;
}

static void assert_same(const lexicon *lex, const char *a, const char *b, bool same)
{
    if (lexicon_same(lex, a, b) != same) {
        g_autofree char *ka = lexicon_key(lex, a);
        g_autofree char *kb = lexicon_key(lex, b);
        g_test_message("%s: %s, %s: %s", a, ka, b, kb);
        g_test_fail();
    }
}

static void test_forms(void)
{
    lexicon *lex = lexicon_of("vm\t가상 머신\tvm\tvirtual machine\n"
                              "os\t운영체제\tos\toperating system\n"
                              "speed+\t빠르다\tfast\nspeed-\t느리다\tslow\n");
    assert_same(lex, "가상머신", "Virtual Machines", true);
    assert_same(lex, "VM", "가상 머신", true);
    assert_same(lex, "운영 체제", "operating-system", true);
    assert_same(lex, "빨라", "fast", true); /* a dictionary form conjugates */
    assert_same(lex, "빠른", "느린", false);
    assert_same(lex, "host", "os", false); /* not inside a word */
    g_assert_cmpuint(lexicon_problem_count(lex), ==, 0);
    lexicon_free(lex);
}

static void test_problems(void)
{
    lexicon *lex = lexicon_of("# comment\n"
                              "a\t하나\tone\n"
                              "b\t둘\tone\n"
                              "\n"
                              "c\t셋\t\t넷\n"
                              "d\n"
                              "e\t\xff\n"
                              "f\t여섯!\n");
    static const struct {
        const char *key;
        int line;
    } want[] = {{"alias-twice", 3},   {"alias-empty-line", 4}, {"alias-empty-cell", 5},
                {"alias-no-form", 6}, {"alias-not-utf8", 7},   {"alias-bad-form", 8}};
    g_assert_cmpuint(lexicon_problem_count(lex), ==, G_N_ELEMENTS(want));
    for (size_t i = 0; i < lexicon_problem_count(lex) && i < G_N_ELEMENTS(want); i++) {
        const struct lexicon_problem *p = lexicon_problem_at(lex, i);
        g_assert_cmpstr(p->key, ==, want[i].key);
        g_assert_cmpint(p->line, ==, want[i].line);
        g_assert_cmpstr(p->file, ==, "test.tsv");
    }
    assert_same(lex, "one", "하나", true); /* the first concept of a form wins */
    assert_same(lex, "셋", "넷", true);
    lexicon_free(lex);
}

static void test_extension(void)
{
    lexicon *lex = lexicon_new();
    lexicon_add(lex, "a.tsv", "db\t데이터베이스\n", strlen("db\t데이터베이스\n"));
    lexicon_add(lex, "b.tsv", "db\t디비\tdatabase", strlen("db\t디비\tdatabase"));
    lexicon_finish(lex);
    assert_same(lex, "디비", "데이터베이스", true);
    lexicon_add(lex, "late.tsv", "db\t창고\n", strlen("db\t창고\n"));
    assert_same(lex, "창고", "디비", false); /* finished */
    lexicon_free(lex);
    lexicon_free(NULL);
}

/* The tables that are compiled in: every problem in them is a mistake of ours. */
static void test_embedded(void)
{
    lexicon *lex = lexicon_new();
    add_embedded_tables(lex);
    lexicon_finish(lex);
    for (size_t i = 0; i < lexicon_problem_count(lex); i++) {
        const struct lexicon_problem *p = lexicon_problem_at(lex, i);
        g_test_message("%s:%d: %s %s", p->file, p->line, p->key, p->arg != NULL ? p->arg : "");
    }
    g_assert_cmpuint(lexicon_problem_count(lex), ==, 0);
    assert_same(lex, "hypervisor", "하이퍼바이저", true);
    assert_same(lex, "hypervisor", "컨테이너", false);
    lexicon_free(lex);
}

/* The image that the build made is what compiling the tables makes, and can be used as it. */
static void test_image(void)
{
    lexicon *compiled = lexicon_new(), *embedded = embedded_lexicon();
    g_autoptr(GByteArray) image = g_byte_array_new();
    size_t len = 0;
    const char *built = embed_get("lexicon.image", &len);

    add_embedded_tables(compiled);
    lexicon_finish(compiled);
    lexicon_image(compiled, image);
    g_assert_cmpuint(image->len, ==, len);
    g_assert_true(image->len == len && memcmp(image->data, built, len) == 0);
    assert_same(embedded, "hypervisor", "하이퍼바이저", true);
    assert_same(embedded, "hypervisor", "컨테이너", false);
    lexicon_add(embedded, "late.tsv", "hypervisor\t창고\n", strlen("hypervisor\t창고\n"));
    assert_same(embedded, "창고", "hypervisor", false); /* finished */
    lexicon_free(compiled);
    lexicon_free(embedded);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/lexicon/forms", test_forms);
    g_test_add_func("/lexicon/problems", test_problems);
    g_test_add_func("/lexicon/extension", test_extension);
    g_test_add_func("/lexicon/embedded", test_embedded);
    g_test_add_func("/lexicon/image", test_image);
    return g_test_run();
}
