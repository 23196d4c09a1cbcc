/* One reused easy handle of the HTTP client: its options, its callbacks, its errors. */
#include <string.h>

#include "http_internal.h"
#include "net_internal.h"

enum {
    MAX_HEADER_BYTES = 64 << 10, /* of one answer, 1xx answers included */
    KEEP_BUFFER = 16 << 10,      /* a larger buffer is given back after its request */
};

/* ---- libcurl's callbacks: none of them may touch the multi ---- */

static size_t on_body(char *bytes, size_t size, size_t n, void *data)
{
    struct http_channel *ch = data;
    n *= size;
    if (n > ch->max_answer - ch->answer->len) {
        ch->too_big = true;
        return 0;
    }
    ch->heard_at = loop_now(ch->loop);
    g_string_append_len(ch->answer, bytes, (gssize)n);
    return n;
}

static size_t on_header(char *bytes, size_t size, size_t n, void *data)
{
    (void)bytes;
    struct http_channel *ch = data;
    n *= size;
    bool first = ch->header_bytes == 0;
    ch->header_bytes += n;
    if (ch->header_bytes > MAX_HEADER_BYTES) {
        ch->too_big = true;
        return 0;
    }
    ch->heard_at = loop_now(ch->loop);
    if (first && ch->connected)
        ch->on_progress(ch->call); /* from now on another patience holds */
    return n;
}

/* The connection stands and the request is about to be written to it. */
static int on_connected(void *data, char *ip, char *local_ip, int port, int local_port)
{
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    struct http_channel *ch = data;
    ch->connected = true;
    ch->heard_at = loop_now(ch->loop);
    ch->on_progress(ch->call);
    return CURL_PREREQFUNC_OK;
}

/* ---- the handle ---- */

static void set_callbacks(struct http_channel *ch)
{
    CURL *easy = ch->transfer.easy;
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, ch);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, ch);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, ch);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, ch->detail);
}

/* What never changes is set once in the life of a handle: curl_easy_reset() and a new one cost
 * more. */
static void set_options(struct http_channel *ch)
{
    CURL *easy = ch->transfer.easy;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* do not wait for a hung resolver thread */
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    net_set_tls(easy);
    net_set_tcp(easy);
    net_set_proxy(easy);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    /* What is sent is small, and each handle keeps such a buffer: 64 KB unless told. */
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16L << 10);
    set_callbacks(ch);
}

struct http_channel *http_channel_new(loop *l)
{
    struct http_channel *ch = g_new0(struct http_channel, 1);
    ch->loop = l;
    ch->transfer.easy = curl_easy_init();
    if (ch->transfer.easy == NULL)
        g_error("out of memory"); /* as GLib itself does */
    ch->url = g_string_new(NULL);
    ch->header_lines = g_string_new(NULL);
    ch->answer = g_string_new(NULL);
    set_options(ch);
    return ch;
}

void http_channel_free(struct http_channel *ch)
{
    if (ch == NULL)
        return;
    curl_easy_cleanup(ch->transfer.easy);
    curl_url_cleanup(ch->parts);
    curl_slist_free_all(ch->headers);
    g_string_free(ch->url, TRUE);
    g_string_free(ch->header_lines, TRUE);
    g_string_free(ch->answer, TRUE);
    g_free(ch);
}

/* ---- one request ---- */

bool http_url_usable(const char *url)
{
    return g_ascii_strncasecmp(url, "http://", 7) == 0 ||
           g_ascii_strncasecmp(url, "https://", 8) == 0;
}

/* Given a URL as text, libcurl would take it apart and put it together again for every request. */
static void set_parts(struct http_channel *ch, const char *url)
{
    CURLU *parts = curl_url();

    if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK) {
        curl_url_cleanup(parts);
        parts = NULL;
    }
    curl_easy_setopt(ch->transfer.easy, CURLOPT_URL, parts == NULL ? url : NULL);
    curl_easy_setopt(ch->transfer.easy, CURLOPT_CURLU, parts);
    curl_url_cleanup(ch->parts);
    ch->parts = parts;
}

static void set_url(struct http_channel *ch, const GString *url)
{
    if (g_string_equal(ch->url, url))
        return;
    g_string_assign(ch->url, url->str);
    set_parts(ch, url->str);
    /* Wait for the first TLS connection to tell whether it can carry many; plain ones never can. */
    long wait = g_ascii_strncasecmp(url->str, "https:", 6) == 0 ? 1L : 0L;
    curl_easy_setopt(ch->transfer.easy, CURLOPT_PIPEWAIT, wait);
}

static void set_headers(struct http_channel *ch, const GString *lines)
{
    if (ch->headers != NULL && g_string_equal(ch->header_lines, lines))
        return;
    g_string_assign(ch->header_lines, lines->str);
    curl_slist_free_all(ch->headers);
    /* No "Expect: 100-continue": it costs a round trip, and a timer of libcurl's. */
    ch->headers = curl_slist_append(NULL, "Expect:");
    /* Cheaper than CURLOPT_USERAGENT, which is formatted twice for each request. */
    ch->headers = curl_slist_append(ch->headers, "User-Agent: interviewd");
    g_auto(GStrv) list = g_strsplit(lines->str, "\n", -1);
    for (size_t i = 0; list[i] != NULL; i++) {
        if (list[i][0] != '\0')
            ch->headers = curl_slist_append(ch->headers, list[i]);
    }
    curl_easy_setopt(ch->transfer.easy, CURLOPT_HTTPHEADER, ch->headers);
}

static void set_body(struct http_channel *ch, const GString *body)
{
    CURL *easy = ch->transfer.easy;
    if ((body != NULL) != ch->post)
        curl_easy_setopt(easy, body != NULL ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
    ch->post = body != NULL;
    if (body == NULL)
        return;
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body->str); /* not copied by libcurl */
}

void http_channel_prepare(struct http_channel *ch, const GString *url, const GString *header_lines,
                          const GString *body)
{
    set_url(ch, url);
    set_headers(ch, header_lines);
    set_body(ch, body);
    g_string_truncate(ch->answer, 0);
    ch->header_bytes = 0;
    ch->uploaded = 0;
    ch->connected = ch->too_big = false;
    ch->detail[0] = '\0';
}

void http_shrink(GString **buffer)
{
    if ((*buffer)->allocated_len > KEEP_BUFFER) {
        g_string_free(*buffer, TRUE);
        *buffer = g_string_new(NULL);
    }
}

void http_channel_rest(struct http_channel *ch)
{
    ch->call = NULL;
    http_shrink(&ch->answer);
}

void http_channel_note_upload(struct http_channel *ch)
{
    curl_off_t sent = 0;
    curl_easy_getinfo(ch->transfer.easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    if (sent > ch->uploaded)
        ch->heard_at = loop_now(ch->loop);
    ch->uploaded = sent;
}

/* ---- how it ended ---- */

enum http_outcome http_channel_outcome(const struct http_channel *ch, CURLcode code)
{
    if (code == CURLE_OK)
        return HTTP_ANSWERED;
    if (ch->too_big)
        return HTTP_TOO_BIG;
    if (ch->connected)
        return HTTP_LOST;
    bool unusable = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
    return unusable ? HTTP_REFUSED : HTTP_UNREACHABLE;
}

/* Whether TEXT shows anything of URL that may be secret: all but scheme, host and port. */
static bool quotes_url(const char *text, const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host != NULL ? strpbrk(host + 3, "/?#") : NULL;
    bool has_user = host != NULL && strchr(host, '@') != NULL;
    g_auto(GStrv) parts = g_strsplit_set(has_user || path == NULL ? url : path, "/?&=#@:", -1);
    for (size_t i = 0; parts[i] != NULL; i++) {
        if (strlen(parts[i]) >= 4 && strstr(text, parts[i]) != NULL)
            return true;
    }
    return false;
}

const char *http_channel_error(const struct http_channel *ch, CURLcode code)
{
    if (ch->too_big)
        return "the answer is too big";
    if (ch->detail[0] == '\0' || quotes_url(ch->detail, ch->url->str))
        return curl_easy_strerror(code);
    return ch->detail;
}
