/* Judgements about URLs. Own parsing could disagree with libcurl's about the host, so it is asked.
 */
#include "net.h"

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net_internal.h"

enum { DEAD_PATH_MS = 30000 }; /* unacknowledged bytes that old mark a connection as dead */

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

/*
 * A path that swallows packets: the kernel gives up for us, without a wake-up.
 * It matters most with HTTP/2, where a request that timed out leaves its
 * connection in use for the next one.
 */
static int on_socket(void *data, curl_socket_t fd, curlsocktype purpose)
{
    (void)data, (void)purpose;
    unsigned int limit = DEAD_PATH_MS;
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
    return CURL_SOCKOPT_OK;
}

void net_set_tcp(CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket);
}

void net_set_tls(CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    const char *authorities = g_getenv("SSL_CERT_FILE");
    if (authorities != NULL && authorities[0] != '\0')
        curl_easy_setopt(easy, CURLOPT_CAINFO, authorities);
}

void net_set_proxy(CURL *easy)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_getenv(names[i]) != NULL)
            return;
    }
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
}
