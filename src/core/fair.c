/* The rules of ranking. */
#include "fair.h"

#include <string.h>

static const struct {
    const char *name, *key;
} reasons[FAIR_N_REASONS] = {
    [FAIR_FULL] = {"full", "fair.full"},
    [FAIR_HINTS] = {"hints", "fair.hints"},
    [FAIR_IMPROVED] = {"improved", "fair.improved"},
    [FAIR_NO_BETTER] = {"no-better", "fair.no-better"},
    [FAIR_ZERO] = {"zero", "fair.zero"},
    [FAIR_SAME_OWN] = {"same-own", "fair.same-own"},
    [FAIR_SAME_OTHER] = {"same-other", "fair.same-other"},
    [FAIR_SAME_MODEL] = {"same-model", "fair.same-model"},
    [FAIR_SEEN] = {"seen", "fair.seen"},
    [FAIR_AGAIN] = {"again", "fair.again"},
    [FAIR_LATE] = {"late", "fair.late"},
    [FAIR_EDITED] = {"edited", "fair.edited"},
    [FAIR_OVER_LIMIT] = {"over-limit", "fair.over-limit"},
    [FAIR_PRACTICE] = {"practice", "fair.practice"},
    [FAIR_NAMELESS] = {"nameless", "fair.nameless"},
};

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* Why the answer cannot rank at all; FAIR_FULL when it can. */
static enum fair_reason bar_to_ranking(const struct fair_answer *a)
{
    if (a->nameless)
        return FAIR_NAMELESS;
    if (a->practice)
        return FAIR_PRACTICE;
    if (a->on_demand && fair_on_demand_left(a->on_demand_before, a->on_demand_limit) == 0)
        return FAIR_OVER_LIMIT;
    if (a->edited)
        return FAIR_EDITED;
    if (a->closed)
        return FAIR_LATE;
    if (a->attempt > 1)
        return FAIR_AGAIN;
    if (a->seen_model)
        return FAIR_SEEN;
    if (a->same_as_model && a->could_see_model)
        return FAIR_SAME_MODEL;
    if (a->same_as_other)
        return FAIR_SAME_OTHER;
    if (a->same_as_own)
        return FAIR_SAME_OWN;
    return FAIR_FULL;
}

static enum fair_reason worth(int ranked, int held, bool hints)
{
    if (ranked == 0)
        return FAIR_ZERO;
    if (ranked <= held)
        return FAIR_NO_BETTER;
    if (held > 0)
        return FAIR_IMPROVED;
    return hints ? FAIR_HINTS : FAIR_FULL;
}

struct fair_result fair_points(const struct fair_answer *a)
{
    enum fair_reason bar = bar_to_ranking(a);
    if (bar != FAIR_FULL)
        return (struct fair_result){.reason = bar,
                                    .marked = bar == FAIR_SAME_MODEL || bar == FAIR_SAME_OTHER ||
                                              bar == FAIR_SAME_OWN};
    int held = clamp(a->held, 0, FAIR_MAX);
    int hints = clamp(a->hints, 0, FAIR_MAX / FAIR_HINT_COST);
    int ranked = clamp(clamp(a->score, 0, FAIR_MAX) - hints * FAIR_HINT_COST, 0, FAIR_MAX);
    return (struct fair_result){.points = ranked > held ? ranked - held : 0,
                                .ranked = ranked,
                                .reason = worth(ranked, held, hints > 0)};
}

const char *fair_reason_key(enum fair_reason reason)
{
    return reasons[reason].key;
}

const char *fair_reason_name(enum fair_reason reason)
{
    return reasons[reason].name;
}

bool fair_reason_parse(const char *name, enum fair_reason *ret_reason)
{
    for (int i = 0; i < FAIR_N_REASONS; i++) {
        if (strcmp(reasons[i].name, name) == 0) {
            *ret_reason = (enum fair_reason)i;
            return true;
        }
    }
    return false;
}

int fair_on_demand_left(int before, int limit)
{
    return before < 0 ? limit : before < limit ? limit - before : 0;
}
