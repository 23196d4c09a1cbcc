/* /link: one person on two platforms becomes one, by a code made here and typed there. */
#include "iv.h"

/* Long enough to change the app, too short to be guessed or found later. */
#define LINK_SECONDS (10 * 60)

static void give_code(struct iv *iv)
{
    g_autofree char *code = BOOK(iv, link_code, iv->user->id, iv->now + LINK_SECONDS);

    reply_say(iv->r, "link.code", "code=%s minutes=%d", code, LINK_SECONDS / 60);
}

/* People type what they see: in small letters, with or without the hyphen. */
static char *plain_code(const char *typed)
{
    GString *out = g_string_new(NULL);

    for (; *typed != '\0'; typed++) {
        if (g_ascii_isalnum(*typed))
            g_string_append_c(out, g_ascii_toupper(*typed));
    }
    return g_string_free(out, FALSE);
}

/* The event goes on as that of USER, whose seat here may have come from the other account. */
static void go_on_as(struct iv *iv, int64_t user)
{
    struct user now = {0};

    if (BOOK(iv, user, user, &now)) {
        user_clear(iv->user);
        *iv->user = now;
    }
    seat_clear(&iv->seat);
    iv->seat = (struct seat){0};
    BOOK(iv, seat, iv->chat->id, user, &iv->seat);
}

void iv_cmd_link(struct iv *iv, const char *arg)
{
    g_autofree char *code = plain_code(arg);
    int64_t user = 0;

    if (!iv_private(iv)) { /* everybody in a group could type the code first */
        reply_say(iv->r, "link.private-only", "");
        reply_button_link(iv->r, "button.private", "link", false);
        return;
    }
    if (arg[0] == '\0') {
        give_code(iv);
        return;
    }
    /* Whose first words these are has no seat yet, without which this chat is not known as theirs.
     */
    if (iv->seat_changed)
        BOOK(iv, put_seat, iv->chat->id, iv->user->id, &iv->seat);
    switch (BOOK(iv, link, iv->user->id, code, iv->now, &user)) {
    case LINK_DONE:
        reply_say(iv->r, "link.done", "");
        reply_button(iv->r, "button.score", "score", true);
        go_on_as(iv, user);
        break;
    case LINK_SELF:
        reply_say(iv->r, "link.self", "");
        break;
    case LINK_UNKNOWN:
        reply_say(iv->r, "link.unknown", "");
        break;
    }
}
