/* Asking the platforms whether the tokens are good for what the program does with them. */
#ifndef INTERVIEWD_APP_CHECK_ONLINE_H
#define INTERVIEWD_APP_CHECK_ONLINE_H

struct config;

/* Prints what was found for each platform with a token; gives the number of problems. */
int check_online(const struct config *c);

#endif
