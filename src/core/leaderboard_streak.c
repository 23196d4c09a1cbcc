/* Streaks of local days, with freezes. */
#include "leaderboard.h"

static void answered(struct streak *s)
{
    s->current++;
    s->best = MAX(s->best, s->current);
    s->earned = s->current % STREAK_EARN_DAYS == 0 && s->freezes < STREAK_MAX_FREEZES;
    s->freezes += s->earned;
    s->bridged = s->spent_since;
    s->spent_since = 0;
    s->broken = 0;
}

static void missed(struct streak *s, int64_t day)
{
    if (s->current == 0)
        return;
    if (s->freezes > 0) {
        s->freezes--;
        s->spent++;
        s->spent_since++;
        s->last_spent = day;
        return;
    }
    s->broken = s->current;
    s->current = 0;
    s->spent_since = 0;
    s->bridged = 0;
    s->earned = false;
}

void streak_add(struct streak *s, const struct streak_day *day)
{
    if (day->answered)
        answered(s);
    else if (day->asked && !day->quiet)
        missed(s, day->day);
}

struct streak streak_of(const struct streak_day *days, size_t n, int64_t today, bool *ret_at_risk)
{
    struct streak s = {0};
    bool at_risk = false;
    for (size_t i = 0; i < n && days[i].day <= today; i++) {
        if (days[i].day < today || days[i].answered)
            streak_add(&s, &days[i]);
        else
            at_risk = days[i].asked && !days[i].quiet && s.current > 0;
    }
    if (ret_at_risk != NULL)
        *ret_at_risk = at_risk;
    return s;
}
