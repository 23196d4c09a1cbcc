/* Markdown as a run of events. */
#ifndef INTERVIEWD_BANK_MARKDOWN_H
#define INTERVIEWD_BANK_MARKDOWN_H

#include "bank_event.h"
#include "bank_source.h"

/* Appends the events of SRC to EVENTS. Linear in the text's length. */
void markdown_read(const struct source *src, struct events *events);

#endif
