/* /forgetme and /export: a person's own data. */
#include <string.h>

#include "iv.h"

/* Said twice, so that a slip of the thumb erases nothing. */
void iv_cmd_forgetme(struct iv *iv, const char *arg)
{
    static const char *const no[] = {"no", "아니", "아니오", "아니요", "취소", "cancel", NULL};
    bool sure = strcmp(arg, "yes") == 0 || strcmp(arg, "네") == 0 || strcmp(arg, "예") == 0;

    if (!iv_private(iv)) {
        reply_say(iv->r, "forget.private-only", "");
        reply_button_link(iv->r, "button.private", "forgetme", false);
        return;
    }
    if (g_strv_contains(no, arg)) {
        iv->user->asked_forget = false;
        BOOK(iv, put_user, iv->user);
        reply_say(iv->r, "forget.kept", "");
        return;
    }
    if (!sure || !iv->user->asked_forget) {
        iv->user->asked_forget = true;
        BOOK(iv, put_user, iv->user);
        reply_say(iv->r, "forget.ask", "");
        reply_button(iv->r, "button.forget-yes", "forgetme:yes", true);
        return;
    }
    BOOK(iv, forget, iv->user->id);
    iv->forgotten = true;
    reply_say(iv->r, "forget.done", "");
}

void iv_cmd_export(struct iv *iv, const char *arg)
{
    struct send_opts opts = {.chat = iv->chat->id};
    g_autofree char *json = NULL;

    (void)arg;
    if (!iv_private(iv)) {
        reply_say(iv->r, "export.private-only", "");
        reply_button_link(iv->r, "button.private", "export", false);
        return;
    }
    json = BOOK(iv, export, iv->user->id);
    reply *r = reply_new(iv->in->cat, iv->chat->lang);
    reply_say(r, "export.caption", "");
    BOOK(iv, send_file, &opts, r, "interviewd-export.json", json, strlen(json));
    reply_free(r);
}
