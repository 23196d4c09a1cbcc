/* Shared by the files of zone: the table of a zone and the names that people type. */
#ifndef INTERVIEWD_BASE_ZONE_INTERNAL_H
#define INTERVIEWD_BASE_ZONE_INTERNAL_H

#include "zone.h"

/* Offsets hold from their start to the next one's; the first start is INT64_MIN. */
struct zone {
    char *name;
    size_t n;
    int64_t *start;
    int *offset;
};

struct zones {
    char *dir;           /* where the system keeps its zones */
    GHashTable *by_name; /* name -> zone */
    GPtrArray *names;    /* canonical names of the system's list, sorted; NULL until asked for */
};

/* Reads one zone from the system's database, *new*; NULL when there is none of that name. */
zone *zone_read(const char *name);
/* A zone of one offset in seconds, *new*. */
zone *zone_fixed(const char *name, int offset);
void zone_free(zone *z);

/* A typed alias: `typed` squeezed (lower case, letters and digits only) -> a canonical name. */
struct zone_alias {
    const char *typed;
    const char *name;
};
extern const struct zone_alias zone_aliases[]; /* ends with a NULL */

#endif
