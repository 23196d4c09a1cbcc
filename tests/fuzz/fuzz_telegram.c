/* Any bytes as Telegram's answer to getUpdates: never a crash, and what comes out can be handled.
 */
#include <stdlib.h>
#include <string.h>

#include "chat/telegram_update.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static bool is_id(const char *id)
{
    return id[0] == '-' || g_ascii_isdigit(id[0]) || g_str_has_prefix(id, "chat:");
}

/* What the host relies on of an event. */
static void check_inbound(const struct inbound *in)
{
    check(in->platform == PLATFORM_TELEGRAM);
    check(in->chat != NULL && is_id(in->chat) && in->chat_title != NULL);
    check(in->user != NULL && is_id(in->user) && in->user_name != NULL);
    check(in->text != NULL);
    check(in->reply_to == NULL || is_id(in->reply_to));
    check(in->thread == NULL || is_id(in->thread));
}

static void check_update(struct telegram_update *u)
{
    switch (u->what) {
    case TELEGRAM_EVENT:
    case TELEGRAM_IMPORT:
        check_inbound(&u->in);
        check(u->file_name == NULL || u->file_id != NULL);
        break;
    case TELEGRAM_MEMBERS:
        for (size_t i = 0; telegram_update_member(u, i); i++)
            check_inbound(&u->in);
        break;
    case TELEGRAM_MOVED:
        check(is_id(u->in.chat) && is_id(u->moved_to));
        break;
    case TELEGRAM_NOTHING:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct telegram_me me = {777, (char[]){"quiz_bot"}};
    json_view *view = json_view_new((const char *)data, size);
    const json_node *root = json_view_root(view);
    const json_node *all = json_node_is_object(root) ? json_node_get(root, "result") : root;

    for (size_t i = 0; i < json_node_size(all); i++) {
        struct telegram_update u;

        telegram_update_read(json_node_at(all, i), &me, &u);
        check_update(&u);
        telegram_update_clear(&u);
    }
    json_view_free(view);
    return 0;
}
