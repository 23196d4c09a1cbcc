/* Options that every connection of the program shares. */
#ifndef INTERVIEWD_NET_INTERNAL_H
#define INTERVIEWD_NET_INTERNAL_H

#include <curl/curl.h>

/* TLS 1.2 or later, always verified; $SSL_CERT_FILE replaces the system's authorities, as
 * elsewhere. */
void net_set_tls(CURL *easy);
/* Keep-alive, no delay, and a dead path noticed by the kernel instead of by a timer. */
void net_set_tcp(CURL *easy);
/* No proxy where the environment names none: libcurl would look for one at every request. */
void net_set_proxy(CURL *easy);

#endif
