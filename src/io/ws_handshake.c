/* The opening handshake of a WebSocket: the request, and a strict look at the answer. */
#include "ws_handshake.h"

#include <stdbool.h>
#include <string.h>

/* RFC 6455, 1.3. */
static const char GUID[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

char *ws_handshake_key(const uint8_t nonce[WS_NONCE_LEN])
{
    return g_base64_encode(nonce, WS_NONCE_LEN);
}

char *ws_handshake_request(const char *host, const char *target, const char *key)
{
    return g_strdup_printf("GET %s HTTP/1.1\r\n"
                           "Host: %s\r\n"
                           "Upgrade: websocket\r\n"
                           "Connection: Upgrade\r\n"
                           "Sec-WebSocket-Key: %s\r\n"
                           "Sec-WebSocket-Version: 13\r\n"
                           "User-Agent: interviewd\r\n"
                           "\r\n",
                           target, host, key);
}

static char *accept_for(const char *key)
{
    uint8_t digest[20];
    gsize len = sizeof digest;
    g_autoptr(GChecksum) sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sha1, (const guchar *)key, -1);
    g_checksum_update(sha1, (const guchar *)GUID, sizeof GUID - 1);
    g_checksum_get_digest(sha1, digest, &len);
    return g_base64_encode(digest, len);
}

/* What the header lines have said so far. */
struct answer {
    bool upgrade, connection, accept;
    const char *complaint;
};

/* Whether the comma-separated LIST holds TOKEN, in any case. */
static bool has_token(const char *list, const char *token)
{
    g_auto(GStrv) parts = g_strsplit(list, ",", -1);
    for (size_t i = 0; parts[i] != NULL; i++) {
        if (g_ascii_strcasecmp(g_strstrip(parts[i]), token) == 0)
            return true;
    }
    return false;
}

static void read_field(struct answer *a, const char *name, const char *value, const char *accept)
{
    if (g_ascii_strcasecmp(name, "Upgrade") == 0) {
        a->upgrade = g_ascii_strcasecmp(value, "websocket") == 0;
    } else if (g_ascii_strcasecmp(name, "Connection") == 0) {
        a->connection = a->connection || has_token(value, "Upgrade");
    } else if (g_ascii_strcasecmp(name, "Sec-WebSocket-Accept") == 0) {
        if (a->accept || strcmp(value, accept) != 0)
            a->complaint = "a wrong Sec-WebSocket-Accept";
        a->accept = true;
    } else if (g_ascii_strcasecmp(name, "Sec-WebSocket-Extensions") == 0 ||
               g_ascii_strcasecmp(name, "Sec-WebSocket-Protocol") == 0) {
        if (value[0] != '\0')
            a->complaint = "an extension or a protocol that was not offered";
    }
}

/* "HTTP/1.1 101 ..." gives 101; -1 for anything that is not a status line. */
static int read_status(const char *line)
{
    if (strncmp(line, "HTTP/1.1 ", 9) != 0)
        return -1;
    const char *d = line + 9;
    for (int i = 0; i < 3; i++) {
        if (!g_ascii_isdigit(d[i]))
            return -1;
    }
    if (d[3] != ' ' && d[3] != '\0')
        return -1;
    return (d[0] - '0') * 100 + (d[1] - '0') * 10 + (d[2] - '0');
}

static bool is_field_name(const char *name)
{
    if (name[0] == '\0')
        return false;
    for (; *name != '\0'; name++) {
        if (!g_ascii_isalnum(*name) && strchr("!#$%&'*+-.^_`|~", *name) == NULL)
            return false;
    }
    return true;
}

static const char *read_fields(char **lines, const char *key)
{
    struct answer a = {0};
    g_autofree char *accept = accept_for(key);
    for (size_t i = 1; lines[i] != NULL; i++) {
        char *colon = strchr(lines[i], ':');
        if (colon == NULL || strpbrk(lines[i], "\r\n") != NULL)
            return "a malformed header line";
        *colon = '\0';
        if (!is_field_name(lines[i]))
            return "a malformed header line";
        read_field(&a, lines[i], g_strstrip(colon + 1), accept);
        if (a.complaint != NULL)
            return a.complaint;
    }
    if (!a.upgrade || !a.connection)
        return "no upgrade to websocket";
    return a.accept ? NULL : "no Sec-WebSocket-Accept";
}

static enum ws_handshake_result bad(char **ret_error, char *text)
{
    *ret_error = text;
    return WS_HANDSHAKE_BAD;
}

static enum ws_handshake_result judge(const char *head, size_t len, const char *key,
                                      int *ret_status, char **ret_error)
{
    if (memchr(head, '\0', len) != NULL)
        return bad(ret_error, g_strdup("the handshake was answered with a NUL byte"));
    g_autofree char *text = g_strndup(head, len);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    int status = read_status(lines[0]);
    if (status < 0)
        return bad(ret_error, g_strdup("the handshake was not answered in HTTP/1.1"));
    *ret_status = status;
    if (status != 101)
        return bad(ret_error, g_strdup_printf("the handshake was answered with status %d", status));
    const char *complaint = read_fields(lines, key);
    if (complaint != NULL)
        return bad(ret_error, g_strdup_printf("the answer to the handshake has %s", complaint));
    return WS_HANDSHAKE_DONE;
}

enum ws_handshake_result ws_handshake_read(const char *bytes, size_t len, const char *key,
                                           size_t *ret_used, int *ret_status, char **ret_error)
{
    static const char start[] = "HTTP/1.1 ";
    *ret_status = 0;
    if (memcmp(bytes, start, MIN(len, sizeof start - 1)) != 0)
        return bad(ret_error, g_strdup("the handshake was not answered in HTTP/1.1"));
    const char *end = memmem(bytes, len, "\r\n\r\n", 4);
    if (end == NULL && len < WS_MAX_HEAD)
        return WS_HANDSHAKE_MORE;
    if (end == NULL || end + 4 - bytes > WS_MAX_HEAD)
        return bad(ret_error, g_strdup("the answer to the handshake is too long"));
    *ret_used = (size_t)(end + 4 - bytes);
    return judge(bytes, (size_t)(end - bytes), key, ret_status, ret_error);
}
