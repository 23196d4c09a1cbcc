/*
 * Sheets: the texts of the key points that answers were graded by, kept once
 * for all the answers of that sheet. They are most of a grading, and outlive
 * the bank that they came from. The one in use of each question and model
 * answer is remembered.
 */
#include <string.h>

#include "gstr.h"
#include "json_out.h"
#include "store_internal.h"

#define SHEETS_MOST 256 /* remembered: beyond it all are forgotten, which is simple and rare */

struct sheet {
    int64_t question; /* with the model answer's number the key */
    size_t model;
    int64_t id;
    char **texts; /* one for each point, NULL behind the last */
};

static guint sheet_hash(gconstpointer key)
{
    const struct sheet *s = key;

    return (guint)((uint64_t)s->question * UINT64_C(0x9E3779B97F4A7C15) >> 32) ^ (guint)s->model;
}

static gboolean sheet_equal(gconstpointer a, gconstpointer b)
{
    const struct sheet *x = a, *y = b;

    return x->question == y->question && x->model == y->model;
}

static void sheet_free(gpointer data)
{
    struct sheet *s = data;

    g_strfreev(s->texts);
    g_free(s);
}

GHashTable *store_sheets_new(void)
{
    return g_hash_table_new_full(sheet_hash, sheet_equal, NULL, sheet_free);
}

static bool has_texts_of(const struct sheet *s, const struct grade_result *g)
{
    for (size_t i = 0; i < g->n_points; i++) {
        if (s->texts[i] == NULL || strcmp(s->texts[i], g->points[i].text) != 0)
            return false;
    }
    return s->texts[g->n_points] == NULL;
}

/* As it stands in the database. *new* */
static char *print(const struct grade_result *g)
{
    GString *out = g_string_sized_new(512);

    g_string_append_c(out, '[');
    for (size_t i = 0; i < g->n_points; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        json_out_string(out, g->points[i].text);
    }
    g_string_append_c(out, ']');
    return g_string_free(out, FALSE);
}

static int64_t row_of(db *d, int64_t question, const struct grade_result *g)
{
    g_autofree char *points = print(g);

    db_query(d, ST_SHEET_FIND, "is", question, points);
    int64_t id = store_one_int(d, ST_SHEET_FIND, 0);
    if (id != 0)
        return id;
    db_run(d, ST_SHEET_ADD, "is", question, points);
    return db_last_id(d);
}

static struct sheet *remember(store *s, int64_t question, const struct grade_result *g)
{
    struct sheet *sheet = g_new(struct sheet, 1);

    *sheet = (struct sheet){question, g->model, row_of(s->db, question, g),
                            g_new0(char *, g->n_points + 1)};
    for (size_t i = 0; i < g->n_points; i++)
        sheet->texts[i] = g_strdup(g->points[i].text);
    if (g_hash_table_size(s->cache.sheets) >= SHEETS_MOST)
        g_hash_table_remove_all(s->cache.sheets);
    g_hash_table_replace(s->cache.sheets, sheet, sheet);
    return sheet;
}

int64_t store_sheet_of(store *s, int64_t question, const struct grade_result *g)
{
    const struct sheet key = {.question = question, .model = g->model};
    const struct sheet *known = g_hash_table_lookup(s->cache.sheets, &key);

    if (known == NULL || !has_texts_of(known, g))
        known = remember(s, question, g);
    return known->id;
}
