/* What a URL points at, judged by the parser that will connect to it (libcurl's). */
#ifndef INTERVIEWD_NET_H
#define INTERVIEWD_NET_H

#include <stdbool.h>

/* Whether the host is this machine: localhost, 127.0.0.0/8 or [::1]. False for what is not a URL.
 */
bool url_is_loopback(const char *url);
/* Whether the scheme is encrypted: https or wss. */
bool url_is_encrypted(const char *url);

#endif
