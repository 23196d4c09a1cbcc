/*
 * One phase of a load: updates are released, delivered, acknowledged, answered, and each is timed.
 * Update i of a phase is of person (turn + i) modulo users, so the k-th message that a person gets
 * answers that person's k-th update.
 */
#ifndef INTERVIEWD_BENCH_LOAD_PHASE_H
#define INTERVIEWD_BENCH_LOAD_PHASE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PHASE_USERS = 100000 };

/*
 * What people type: short and long, right and wrong, Korean and English. Which question it answers
 * is the bot's affair; a bank of virtualization makes most of them partly right.
 */
static const char *const ANSWERS[] = {
    "하이퍼바이저가 호스트 위에서 여러 게스트 운영 체제를 실행하고 하드웨어 자원을 나누어 쓰게 "
    "합니다.",
    "컨테이너는 호스트의 커널을 공유하고 네임스페이스와 cgroup으로 격리하기 때문에 가상 머신보다 "
    "가볍고 빨리 시작됩니다. "
    "반면에 가상 머신은 게스트 운영 체제를 따로 가지므로 격리 수준이 더 높습니다.",
    "a hypervisor runs several guest operating systems on one host and shares the hardware between "
    "them",
    "전가상화는 하드웨어를 모두 에뮬레이션하고 반가상화는 게스트가 하이퍼콜을 직접 부릅니다.",
    "가상 머신 또는 인터프리터를 통해 실행되므로 플랫폼에 독립적이지만 성능이 떨어질 수 있습니다.",
    "도커는 이미지를 레이어로 쌓고 컨테이너로 실행합니다.",
    "Type 1 hypervisors run on bare metal; type 2 hypervisors run inside a host operating system. "
    "The first "
    "kind performs better because no host system stands between the guest and the hardware.",
    "호스트 시스템의 하드웨어 호환성을 확인하고 리소스 할당을 적절히 구성하며 방화벽과 보안 설정을 "
    "해야 합니다. 또한 "
    "스냅샷과 백업을 준비하고 모니터링으로 성능 병목을 찾아야 합니다.",
};
enum { N_ANSWERS = sizeof ANSWERS / sizeof ANSWERS[0] };

struct phase {
    int users;
    int64_t turn;            /* where the phase begins among the users */
    int64_t first;           /* the number of its update 0 among all */
    int64_t total, released; /* updates of the phase */
    int64_t *delivered;      /* ns, an update; 0: not yet */
    int32_t *messages;       /* a user, this phase */
    double *answers, *acks;  /* ms */
    int64_t n_answers, n_acks;
    int64_t superfluous, redelivered, bad;
    int64_t start, last_message, last_ack; /* ns */
};

static inline int phase_user(const struct phase *p, int64_t update)
{
    return (int)((p->turn + update) % p->users);
}

/* What is typed in UPDATE. */
static inline const char *phase_text(const struct phase *p, int64_t update)
{
    return ANSWERS[(p->first + update) % N_ANSWERS];
}

/* The next N updates after those of the phase before. */
static inline void phase_begin(struct phase *p, int64_t n, int64_t now)
{
    p->first += p->total;
    if (p->users > 0)
        p->turn = (p->turn + p->total) % p->users;
    p->total = n;
    p->released = 0;
    free(p->delivered);
    free(p->answers);
    free(p->acks);
    if (p->messages == NULL)
        p->messages = calloc(PHASE_USERS, sizeof *p->messages);
    p->delivered = calloc((size_t)n + 1, sizeof *p->delivered);
    p->answers = calloc((size_t)n + 1, sizeof *p->answers);
    p->acks = calloc((size_t)n + 1, sizeof *p->acks);
    memset(p->messages, 0, PHASE_USERS * sizeof *p->messages);
    p->n_answers = p->n_acks = p->superfluous = p->redelivered = p->bad = 0;
    p->start = p->last_message = p->last_ack = now;
}

static inline void phase_delivered(struct phase *p, int64_t update, int64_t now)
{
    p->redelivered += p->delivered[update] != 0;
    p->delivered[update] = now;
}

/* A message for USER: it answers the oldest update of theirs that has had none. */
static inline void phase_message(struct phase *p, int64_t user, int64_t now)
{
    p->last_message = now;
    if (user < 0 || user >= p->users) {
        p->bad++;
        return;
    }
    int64_t first = (user - p->turn % p->users + p->users) % p->users;
    int64_t update = first + (int64_t)p->messages[user] * p->users;

    p->messages[user]++;
    if (update >= p->total || p->delivered[update] == 0) {
        p->superfluous++;
        return;
    }
    p->answers[p->n_answers++] = (double)(now - p->delivered[update]) / 1e6;
}

static inline void phase_ack(struct phase *p, int64_t update, int64_t now)
{
    p->last_ack = now;
    if (p->n_acks <= p->total)
        p->acks[p->n_acks++] = (double)(now - p->delivered[update]) / 1e6;
}

/* ---- what is printed ---- */

static inline int phase_ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static inline double phase_quantile(const double *sorted, int64_t n, double q)
{
    return n > 0 ? sorted[(int64_t)(q * (double)(n - 1))] : 0;
}

/* Begins the JSON object of a phase that is over; the server prints its own fields and the end. */
static inline void phase_print(struct phase *p)
{
    qsort(p->answers, (size_t)p->n_answers, sizeof *p->answers, phase_ascending);
    qsort(p->acks, (size_t)p->n_acks, sizeof *p->acks, phase_ascending);
    printf("{\"updates\":%lld,\"answered\":%lld,\"superfluous\":%lld,\"redelivered\":%lld,"
           "\"bad\":%lld,\"seconds\":%.6f,\"p50\":%.4f,\"p99\":%.4f,\"longest\":%.4f",
           (long long)p->total, (long long)p->n_answers, (long long)p->superfluous,
           (long long)p->redelivered, (long long)p->bad, (double)(p->last_message - p->start) / 1e9,
           phase_quantile(p->answers, p->n_answers, 0.5),
           phase_quantile(p->answers, p->n_answers, 0.99),
           phase_quantile(p->answers, p->n_answers, 1));
}

/* The decimal number behind KEY in a JSON text, with or without quotes. */
static inline int64_t phase_number(const char *body, const char *key, int64_t otherwise)
{
    const char *at = strstr(body, key);

    if (at == NULL)
        return otherwise;
    at += strlen(key);
    while (*at == ' ' || *at == '"')
        at++;
    return strtoll(at, NULL, 10);
}

#endif
