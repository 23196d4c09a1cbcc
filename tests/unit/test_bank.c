/* The bank: identities, twins, look-up, the house format. */
#include "bank.h"
#include "embed.h"

#include <glib.h>
#include <string.h>

static bank *read_text(const char *file, const char *text)
{
    bank_builder *b = bank_builder_new();

    bank_builder_add(b, file, NULL, 0, "fallback", text, strlen(text));
    return bank_builder_finish(b);
}

/* The id of the only question of TEXT: a *new* string. */
static char *id_of(const char *file, const char *text)
{
    bank *all = read_text(file, text);
    char *id = NULL;

    g_assert_cmpuint(bank_size(all), ==, 1);
    if (bank_size(all) == 1)
        id = g_strdup(bank_at(all, 0)->id);
    bank_free(all);
    return id;
}

static void assert_same_id(const char *a, const char *b, bool same)
{
    char *x = id_of("a.md", a), *y = id_of("other/b.md", b);

    if (same)
        g_assert_cmpstr(x, ==, y);
    else
        g_assert_cmpstr(x, !=, y);
    g_free(x);
    g_free(y);
}

#define BLOCK(q, a) "<details>\n<summary>" q "</summary>\n\n" a "\n\n</details>\n\n"
#define LABELLED(q, context)                                                                       \
    "### " q "\n\n" context "\n\n<details><summary>Answer</summary>\n\nYes.\n\n</details>\n"

static void test_seed(void)
{
    size_t len, answers = 0, notes = 0, code = 0;
    const char *text = embed_get("virtualization.md", &len);
    bank_builder *b = bank_builder_new();
    bank *all;

    g_assert_nonnull(text);
    bank_builder_add(b, "virtualization.md", NULL, 0, "virtualization", text, len);
    all = bank_builder_finish(b);
    g_assert_cmpuint(bank_size(all), ==, 12);
    for (size_t i = 0; i < bank_size(all); i++) {
        const struct question *q = bank_at(all, i);
        answers += q->n_answers;
        notes += q->n_notes;
        g_assert_cmpstr(q->topic, ==, bank_at(all, 0)->topic);
        for (size_t k = 0; k < q->n_answers; k++)
            for (size_t p = 0; p < q->answers[k].n_parts; p++)
                code += q->answers[k].parts[p].code ? 1 : 0;
    }
    g_assert_cmpuint(answers, ==, 15);
    g_assert_cmpuint(notes, ==, 4);
    g_assert_cmpuint(code, ==, 0);
    g_assert_null(strchr(bank_at(all, 0)->topic, '['));
    g_assert_cmpuint(bank_problem_count(all), ==, 0);
    bank_free(all);
}

/* The marks of the only answer of TEXT, with bars between them. */
static void assert_marks(const char *text, const char *marks)
{
    bank *all = read_text("a.md", text);
    GString *got = g_string_new(NULL);

    g_assert_cmpuint(bank_size(all), ==, 1);
    const struct bank_answer *a = bank_at(all, 0)->answers;
    for (size_t i = 0; i < a->n_marked; i++)
        g_string_append_printf(got, "%s%s", i > 0 ? "|" : "", a->marked[i]);
    g_assert_cmpstr(got->str, ==, marks);
    g_string_free(got, TRUE);
    bank_free(all);
}

/* Bold words mark key points; bold headings and labels are no more than that. */
static void test_marks(void)
{
    assert_marks(BLOCK("Q?", "It is **connectionless** and has a **checksum**: small."),
                 "connectionless|checksum");
    assert_marks(BLOCK("Q?", "- [ ] one\n- [x] two"), "one|two");
    assert_marks(BLOCK("Q?", "- **one**\n- **two**"), "one|two");
    assert_marks(BLOCK("Q?", "**장점**\n\n빠르다.\n\n**단점**\n- 비싸다."), "");
    assert_marks(BLOCK("Q?", "**장점:** 빠르다.\n\n- **단점** : 비싸다."), "");
    assert_marks(BLOCK("Q?", "- **장점**\n  - 빠르다.\n- **단점**\n  - 비싸다."), "");
    assert_marks(BLOCK("Q?", "#### **장점**\n빠르다."), "");
    assert_marks(BLOCK("Q?", "**장점:**\n- [ ] 빠르다."), "장점:|빠르다.");
}

static void test_id_ignores(void)
{
    assert_same_id(BLOCK("What is a lock?", "A."),
                   "# Other topic\n\n" BLOCK("what is  a LOCK", "B."), true);
    assert_same_id(BLOCK("What is a lock?", "A."), BLOCK("<b>What</b> is a `lock`? ✅", "A."), true);
    assert_same_id(BLOCK("What is a lock?", "A."),
                   "### 12. What is a lock?\n\n" BLOCK("Answer", "A."), true);
    assert_same_id(BLOCK("락이란?", "A."), BLOCK("락 이란", "A."), true);
    assert_same_id(BLOCK("What is a lock?", "A."), BLOCK("What is a latch?", "A."), false);
}

static void test_id_has_context(void)
{
    assert_same_id(LABELLED("What is printed?", "```js\n1 == '1'\n```"),
                   LABELLED("What is printed?", "```js\n1 === '1'\n```"), false);
    assert_same_id(LABELLED("What is printed?", "```js\n1 == '1'\n```"),
                   LABELLED("What is printed", "```js\n  1 ==   '1'\n```"), true);
    assert_same_id(LABELLED("Which one?", "- A: one\n- B: two"),
                   LABELLED("Which one?", "- A: one\n- B: three"), false);
}

/* The ids of the twins with the answers "one" and "two" in TEXT. */
static void twin_ids(const char *text, char **ret_one, char **ret_two)
{
    bank *all = read_text("t.md", text);

    *ret_one = *ret_two = NULL;
    for (size_t i = 0; i < bank_size(all); i++) {
        const struct question *q = bank_at(all, i);
        if (strcmp(q->answers[0].text, "one") == 0)
            *ret_one = g_strdup(q->id);
        if (strcmp(q->answers[0].text, "two") == 0)
            *ret_two = g_strdup(q->id);
    }
    bank_free(all);
}

static void test_twins(void)
{
    char *a1, *a2, *b1, *b2;
    bank *all = read_text("t.md", BLOCK("Same?", "one") BLOCK("Same?", "two"));

    g_assert_cmpuint(bank_problem_count(all), ==, 1);
    g_assert_cmpstr(bank_problem_at(all, 0)->key, ==, "twin");
    bank_free(all);
    twin_ids(BLOCK("Same?", "one") BLOCK("Same?", "two"), &a1, &a2);
    twin_ids(BLOCK("Same?", "two") "# Moved\n\n" BLOCK("Same?", "one"), &b1, &b2);
    g_assert_cmpstr(a1, !=, a2);
    g_assert_cmpstr(a1, ==, b1);
    g_assert_cmpstr(a2, ==, b2);
    g_free(a1);
    g_free(a2);
    g_free(b1);
    g_free(b2);
}

static void test_find(void)
{
    bank *all = read_text("f.md", BLOCK("First?", "1") BLOCK("Second?", "2"));
    const struct question *q = bank_at(all, 1);
    char *prefix = g_strndup(q->id, 6);

    g_assert_true(bank_find(all, q->id) == q);
    g_assert_true(bank_find(all, prefix) == q);
    g_assert_cmpuint(bank_index(all, q), ==, 1);
    g_assert_null(bank_find(all, "zzzzzz"));
    prefix[3] = '\0';
    g_assert_null(bank_find(all, prefix));
    g_free(prefix);
    bank_free(all);
}

static void test_empty(void)
{
    bank *all = read_text("e.md", "");

    g_assert_cmpuint(bank_size(all), ==, 0);
    g_assert_null(bank_find(all, "0000"));
    bank_free(all);
    bank_free(NULL);
    bank_builder_free(NULL);
    bank_builder_free(bank_builder_new());
}

/* 200,000 blocks, nested or never closed: all read, none lost, nothing recursive. */
static void flood(const char *unit, const char *tail, size_t questions)
{
    GString *text = g_string_new(NULL);
    bank *all;

    for (int i = 0; i < 200000; i++)
        g_string_append(text, unit);
    for (int i = 0; i < 200000 && tail != NULL; i++)
        g_string_append(text, tail);
    all = read_text("flood.md", text->str);
    g_assert_cmpuint(bank_size(all), ==, questions);
    bank_free(all);
    g_string_free(text, TRUE);
}

static void test_floods(void)
{
    flood("<details>\n", "</details>\n", 0);
    flood("<details><summary>q?</summary>\n\n", NULL, 200000);
    flood("<details><summary>Deeper?</summary>\n\nx\n\n", "</details>\n\n", 200000);
    flood("</details>\n\n", NULL, 0);
    flood("- ", NULL, 0);
    flood("![[]()", NULL, 0);
}

static void test_mega_line(void)
{
    GString *text = g_string_new("<details><summary>Long?</summary>\n\n");
    bank *all;

    for (int i = 0; i < 400000; i++)
        g_string_append(text, "word ");
    g_string_append(text, "\n\n</details>\n");
    all = read_text("mega.md", text->str);
    g_assert_cmpuint(bank_size(all), ==, 1);
    if (bank_size(all) == 1)
        g_assert_cmpuint(strlen(bank_at(all, 0)->answers[0].text), ==, 400000 * 5 - 1);
    bank_free(all);
    g_string_free(text, TRUE);
}

/* A text that is larger than what is parsed at once (bank_markdown.c). */
static GString *large(const char *first, const char *unit, const char *last)
{
    GString *text = g_string_new(first);

    while (text->len < 700 * 1024)
        g_string_append(text, unit);
    return g_string_append(text, last);
}

/* Where one stretch ends and the next begins, nothing changes: neither lines nor questions. */
static void test_stretches(void)
{
    GString *text = large("", BLOCK("What is it?", "An answer.\n\n- one\n- two"), "");
    bank *all = read_text("large.md", text->str);
    size_t n = bank_size(all), each = strlen(BLOCK("What is it?", "An answer.\n\n- one\n- two"));

    g_assert_cmpuint(n, ==, text->len / each);
    for (size_t i = 0; i < n; i++) {
        const struct question *q = bank_at(all, i);
        g_assert_cmpint(q->line, ==, 2 + (int)i * 10);
        g_assert_cmpuint(q->n_answers, ==, 1);
        g_assert_cmpstr(q->answers[0].text, ==, "An answer.\n- one\n- two");
    }
    bank_free(all);
    g_string_free(text, TRUE);
}

/* Code, a comment and a link's definition reach over the places where a stretch might end. */
static void test_stretches_span(void)
{
    GString *text = large("<details>\n<summary>Long?</summary>\n\n```\n", "x\n\n# no heading\n",
                          "```\n\n</details>\n\n" BLOCK("Short?", "Yes."));
    bank *all = read_text("code.md", text->str);

    g_assert_cmpuint(bank_size(all), ==, 2);
    g_assert_cmpuint(bank_at(all, 0)->answers[0].n_parts, ==, 1);
    g_assert_cmpuint(strlen(bank_at(all, 0)->answers[0].text), >, 700 * 1000);
    bank_free(all);
    g_string_free(text, TRUE);

    text = large("<!-- hidden\n", BLOCK("Hidden?", "No.") "# no heading\n",
                 "-->\n\n" BLOCK("Shown?", "Yes."));
    all = read_text("comment.md", text->str);
    g_assert_cmpuint(bank_size(all), ==, 1);
    g_assert_cmpstr(bank_at(all, 0)->text, ==, "Shown?");
    bank_free(all);
    g_string_free(text, TRUE);

    text = large(BLOCK("First?", "See [the manual][m]."), BLOCK("Next?", "Yes."),
                 "[m]: https://example.org/m\n");
    all = read_text("links.md", text->str);
    g_assert_cmpstr(bank_at(all, 0)->answers[0].text, ==, "See the manual.");
    bank_free(all);
    g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/bank/seed", test_seed);
    g_test_add_func("/bank/marks", test_marks);
    g_test_add_func("/bank/id-ignores", test_id_ignores);
    g_test_add_func("/bank/id-has-context", test_id_has_context);
    g_test_add_func("/bank/twins", test_twins);
    g_test_add_func("/bank/find", test_find);
    g_test_add_func("/bank/empty", test_empty);
    g_test_add_func("/bank/floods", test_floods);
    g_test_add_func("/bank/stretches", test_stretches);
    g_test_add_func("/bank/stretches-span", test_stretches_span);
    g_test_add_func("/bank/mega-line", test_mega_line);
    return g_test_run();
}
