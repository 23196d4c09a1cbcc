/* The small switches of a chat or a person. */
#include <string.h>

#include "iv.h"

static const char *const reveal_words[] = {
    [REVEAL_NOW] = "now",
    [REVEAL_SPOILER] = "spoiler",
    [REVEAL_PRIVATE] = "private",
    [REVEAL_CLOSE] = "close",
};
static const char *const reveal_keys[] = {
    [REVEAL_NOW] = "reveal.now",
    [REVEAL_SPOILER] = "reveal.spoiler",
    [REVEAL_PRIVATE] = "reveal.private",
    [REVEAL_CLOSE] = "reveal.close",
};

static bool parse_reveal(const char *word, enum reveal_mode *ret)
{
    static const char *const korean[] = {"바로", "가림", "따로", "마감"};

    for (size_t i = 0; i < G_N_ELEMENTS(reveal_words); i++) {
        if (g_ascii_strcasecmp(word, reveal_words[i]) == 0 || strcmp(word, korean[i]) == 0) {
            *ret = (enum reveal_mode)i;
            return true;
        }
    }
    return false;
}

/* "on", "켜기"...; false when WORD is neither on nor off. */
static bool parse_on_off(const char *word, bool *ret_on)
{
    static const char *const on[] = {"on", "yes", "켜기", "켜",   "켜줘", "켜 줘", "켬",
                                     "네", "응",  "예",   "할래", "하기", "시작",  NULL};
    static const char *const off[] = {"off",    "no",   "끄기", "꺼",      "꺼줘", "꺼 줘", "끔",
                                      "아니요", "아니", "해제", "안 할래", "그만", "취소",  NULL};
    g_autofree char *lower = g_ascii_strdown(word, -1);

    *ret_on = g_strv_contains(on, lower);
    return *ret_on || g_strv_contains(off, lower);
}

static const char *text_of(const struct iv *iv, const char *key)
{
    return catalog_text(iv->in->cat, iv->chat->lang, key);
}

const char *iv_on_off(const struct iv *iv, bool on)
{
    return text_of(iv, on ? "settings.on" : "settings.off");
}

const char *iv_reveal_text(const struct iv *iv, enum reveal_mode mode)
{
    if (mode == REVEAL_SPOILER && iv->ev->no_spoilers)
        return text_of(iv, "reveal.answered");
    return text_of(iv, reveal_keys[mode]);
}

const char *iv_reveal_word(enum reveal_mode mode)
{
    return reveal_words[mode];
}

/* ---- /reveal ---- */

void iv_cmd_reveal(struct iv *iv, const char *arg)
{
    enum reveal_mode mode;

    if (iv_private(iv)) {
        reply_say(iv->r, "reveal.group-only", "");
        return;
    }
    if (!parse_reveal(arg, &mode)) {
        reply_say(iv->r, "reveal.ask", "now=%s", iv_reveal_text(iv, iv->chat->reveal));
        for (size_t i = 0; i < G_N_ELEMENTS(reveal_words); i++) {
            g_autofree char *action = g_strconcat("reveal:", reveal_words[i], NULL);

            reply_newline(iv->r, 1);
            reply_say(iv->r, "reveal.choice", "word=%s what=%s", reveal_words[i],
                      iv_reveal_text(iv, (enum reveal_mode)i));
            reply_button_text(iv->r, iv_reveal_text(iv, (enum reveal_mode)i), action, true);
        }
        return;
    }
    iv->chat->reveal = mode;
    BOOK(iv, put_chat, iv->chat);
    reply_say(iv->r, "reveal.set", "what=%s", iv_reveal_text(iv, mode));
}

/* ---- switches ---- */

/* Reads ARG into *WHICH and says how it stands; true when it was set. WORD: how it is typed. */
static bool set_switch(struct iv *iv, const char *arg, bool *which, const char *word,
                       const char *on_key, const char *off_key)
{
    bool on, set = parse_on_off(arg, &on);

    if (set)
        *which = on;
    reply_say(iv->r, *which ? on_key : off_key, "");
    if (!set) {
        reply_newline(iv->r, 1);
        reply_say(iv->r, "settings.how-switch", "word=%s", word);
    }
    return set;
}

void iv_cmd_share(struct iv *iv, const char *arg)
{
    if (set_switch(iv, arg, &iv->user->share, "share", "share.on", "share.off"))
        BOOK(iv, put_user, iv->user);
}

void iv_cmd_anonymous(struct iv *iv, const char *arg)
{
    if (set_switch(iv, arg, &iv->user->anonymous, "anonymous", "anonymous.on", "anonymous.off"))
        BOOK(iv, put_user, iv->user);
}

void iv_cmd_weekly(struct iv *iv, const char *arg)
{
    if (iv_private(iv)) {
        reply_say(iv->r, "weekly.group-only", "");
        return;
    }
    if (set_switch(iv, arg, &iv->chat->weekly, "weekly", "weekly.on", "weekly.off")) {
        iv_reschedule(iv);
        BOOK(iv, put_chat, iv->chat);
    }
}

void iv_cmd_reminder(struct iv *iv, const char *arg)
{
    if (!iv_private(iv)) {
        reply_say(iv->r, "reminder.private-only", "");
        return;
    }
    if (set_switch(iv, arg, &iv->chat->reminder, "reminder", "reminder.on", "reminder.off")) {
        iv_reschedule(iv);
        BOOK(iv, put_chat, iv->chat);
    }
}

/* ---- topics on and off ---- */

/* "빼줘" and "넣어줘" too: so the help says it. */
static bool parse_in_or_out(const char *word, bool *ret_on)
{
    static const char *const in[] = {"넣기", "넣어", "넣어줘", "다시", "추가", NULL};
    static const char *const out[] = {"빼기", "빼", "빼줘", "빼고", "제외", "삭제", NULL};

    if (parse_on_off(word, ret_on))
        return true;
    *ret_on = g_strv_contains(in, word);
    return *ret_on || g_strv_contains(out, word);
}

/* All of them, on: there is nothing to ask from when all are off. */
static bool put_all_on(struct iv *iv, const char *wanted, bool on)
{
    static const char *const all[] = {"전부", "모두", "다", "전체", "all", "everything", NULL};

    if (!on || !g_strv_contains(all, wanted))
        return false;
    g_free(iv->chat->topics_off);
    iv->chat->topics_off = g_strdup("");
    BOOK(iv, put_chat, iv->chat);
    reply_say(iv->r, "topics.all-on", "");
    return true;
}

/* The topic that ARG puts in or out, "on 가상화" and "가상화 off" alike: *new*, NULL when it does
 * neither. */
static char *switched_topic(const char *arg, bool *ret_on)
{
    g_auto(GStrv) words = g_strsplit(arg, " ", 2);
    const char *last = strrchr(arg, ' ');

    if (words[0] != NULL && words[1] != NULL && parse_in_or_out(words[0], ret_on))
        return g_strstrip(g_strdup(words[1]));
    if (last != NULL && parse_in_or_out(last + 1, ret_on))
        return g_strstrip(g_strndup(arg, (gsize)(last - arg)));
    return NULL;
}

bool iv_is_topic_switch(const char *arg)
{
    bool on;
    g_autofree char *topic = switched_topic(arg, &on);

    return topic != NULL;
}

bool iv_topic_switch(struct iv *iv, const char *arg)
{
    g_autoptr(GArray) found = NULL;
    g_autoptr(GPtrArray) choices = NULL;
    const char *name = NULL;
    bool on;
    g_autofree char *wanted = switched_topic(arg, &on);

    if (wanted == NULL)
        return false;
    if (put_all_on(iv, wanted, on))
        return true;
    iv_bank_match(iv->in->bank, iv->in->lex, wanted, &found, &name, &choices);
    if (name == NULL) {
        g_autofree char *said = iv_echo(wanted);

        reply_say(iv->r, choices->len > 0 ? "topics.which" : "topics.unknown", "wanted=%s", said);
        return true;
    }
    iv_topics_put(iv->chat, name, on);
    BOOK(iv, put_chat, iv->chat);
    reply_say(iv->r, on ? "topics.on" : "topics.off", "topic=%s", name);
    if (!on && !iv_any_topic_on(iv)) {
        reply_newline(iv->r, 1);
        reply_say(iv->r, "topics.all-off", "");
    }
    return true;
}

void iv_topics_put(struct chat *chat, const char *name, bool on)
{
    g_auto(GStrv) old = g_strsplit(chat->topics_off, "\n", -1);
    GString *fresh = g_string_new(NULL);

    for (char **t = old; *t != NULL; t++) {
        if (**t != '\0' && strcmp(*t, name) != 0)
            g_string_append_printf(fresh, "%s%s", fresh->len > 0 ? "\n" : "", *t);
    }
    if (!on)
        g_string_append_printf(fresh, "%s%s", fresh->len > 0 ? "\n" : "", name);
    g_free(chat->topics_off);
    chat->topics_off = g_string_free(fresh, FALSE);
}
