/* Judgements about URLs. Own parsing could disagree with libcurl's about the host, so it is asked.
 */
#include "net.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <glib.h>

/* A *new* part of URL, freed with curl_free(), or NULL. */
static char *url_part(const char *url, CURLUPart part)
{
    char *text = NULL;
    CURLU *u = curl_url();
    if (u != NULL && curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
        curl_url_get(u, part, &text, 0);
    curl_url_cleanup(u);
    return text;
}

bool url_is_loopback(const char *url)
{
    char *host = url_part(url, CURLUPART_HOST);
    if (host == NULL)
        return false;
    struct in_addr v4;
    bool yes = g_ascii_strcasecmp(host, "localhost") == 0 || g_str_equal(host, "[::1]") ||
               (inet_pton(AF_INET, host, &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127);
    curl_free(host);
    return yes;
}

bool url_is_encrypted(const char *url)
{
    char *scheme = url_part(url, CURLUPART_SCHEME);
    bool yes = scheme != NULL &&
               (g_ascii_strcasecmp(scheme, "https") == 0 || g_ascii_strcasecmp(scheme, "wss") == 0);
    curl_free(scheme);
    return yes;
}
