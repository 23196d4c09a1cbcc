/*
 * The schema. STORE_SCHEMA_N takes user_version N - 1 to N, and is never edited
 * after a release: add another one.
 */
#ifndef INTERVIEWD_CHAT_STORE_SCHEMA_H
#define INTERVIEWD_CHAT_STORE_SCHEMA_H

#define STORE_SCHEMA_1                                                                             \
    /* A person, on whatever platforms. /forgetme leaves a random id, name '', and no account. */  \
    "CREATE TABLE users("                                                                          \
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL, anonymous INTEGER NOT NULL DEFAULT 0,"           \
    " share INTEGER NOT NULL DEFAULT 0,"                                                            \
    " asked_forget INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL) STRICT;"                  \
    /* Who that person is on a platform (1 terminal, 2 Telegram, 3 Slack), by its own id. */       \
    "CREATE TABLE accounts("                                                                       \
    " platform INTEGER NOT NULL, ext TEXT NOT NULL, user INTEGER NOT NULL REFERENCES users(id),"   \
    " PRIMARY KEY(platform, ext)) STRICT, WITHOUT ROWID;"                                          \
    "CREATE INDEX accounts_user ON accounts(user);"                                                \
    /* A chat; its settings are columns: each update reads one row. schedule: see schedule.h. */   \
    "CREATE TABLE chats("                                                                          \
    " id INTEGER PRIMARY KEY, platform INTEGER NOT NULL, ext TEXT NOT NULL,"                       \
    " kind INTEGER NOT NULL, title TEXT NOT NULL, lang INTEGER NOT NULL, zone TEXT NOT NULL,"      \
    " reveal INTEGER NOT NULL DEFAULT 1, schedule TEXT NOT NULL DEFAULT '',"                       \
    " topics_off TEXT NOT NULL DEFAULT '', weekly INTEGER NOT NULL DEFAULT 1,"                     \
    " reminder INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0,"                         \
    " close_hours INTEGER NOT NULL DEFAULT 0,"                                                     \
    " fired TEXT NOT NULL DEFAULT '',"                                                              \
    " last_weekly INTEGER NOT NULL DEFAULT 0, next_due INTEGER NOT NULL DEFAULT 0,"                \
    " created INTEGER NOT NULL, UNIQUE(platform, ext)) STRICT;"                                    \
    "CREATE INDEX chats_due ON chats(next_due) WHERE next_due > 0;"                                \
    /* Private chats of people who were forgotten: their ids go when the goodbye has been sent. */ \
    "CREATE TABLE forgotten(chat INTEGER PRIMARY KEY REFERENCES chats(id)) STRICT;"                \
    /* Questions by the bank's identity, so that history outlives a bank. */                       \
    "CREATE TABLE questions("                                                                      \
    " id INTEGER PRIMARY KEY, ext TEXT NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;"               \
    /* A person's place in a chat, with the totals of all time (derived from answers). */          \
    "CREATE TABLE members("                                                                        \
    " chat INTEGER NOT NULL REFERENCES chats(id), user INTEGER NOT NULL REFERENCES users(id),"     \
    " left_at INTEGER NOT NULL DEFAULT 0, round INTEGER NOT NULL DEFAULT 0,"                       \
    " last_round INTEGER NOT NULL DEFAULT 0, last_answer INTEGER NOT NULL DEFAULT 0,"              \
    " waiting INTEGER NOT NULL DEFAULT 0,"                                                         \
    " practice_left INTEGER NOT NULL DEFAULT 0, practice_total INTEGER NOT NULL DEFAULT 0,"        \
    " practice_done INTEGER NOT NULL DEFAULT 0, practice_sum INTEGER NOT NULL DEFAULT 0,"          \
    " practice_topic TEXT NOT NULL DEFAULT '', points INTEGER NOT NULL DEFAULT 0,"                 \
    " answers INTEGER NOT NULL DEFAULT 0, score_sum INTEGER NOT NULL DEFAULT 0,"                   \
    " reached_at INTEGER NOT NULL DEFAULT 0,"                                                      \
    /* Of private chats joined by /link: the chat that keeps the sums and answers; 0: this one. */ \
    " history INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(chat, user)) STRICT, WITHOUT ROWID;"         \
    "CREATE INDEX members_user ON members(user);"                                                  \
    "CREATE INDEX members_history ON members(chat) WHERE history<>0;"                              \
    /* Codes of /link that still work. */                                                          \
    "CREATE TABLE links("                                                                          \
    " code TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES users(id),"                          \
    " expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;"                                            \
    /* Questions seen: what a chat has done with each. */                                          \
    "CREATE TABLE asked("                                                                          \
    " chat INTEGER NOT NULL REFERENCES chats(id), question INTEGER NOT NULL"                       \
    " REFERENCES questions(id), last INTEGER NOT NULL, round INTEGER NOT NULL, pass INTEGER NOT NULL,"                     \
    " answers INTEGER NOT NULL DEFAULT 0, score_sum INTEGER NOT NULL DEFAULT 0,"                   \
    " PRIMARY KEY(chat, question)) STRICT, WITHOUT ROWID;"                                         \
    /* A question asked in a chat. kind: 0 on demand, 1 daily, 2 practice. */                      \
    "CREATE TABLE rounds("                                                                         \
    " id INTEGER PRIMARY KEY, chat INTEGER NOT NULL REFERENCES chats(id),"                         \
    " question INTEGER NOT NULL REFERENCES questions(id), kind INTEGER NOT NULL,"                  \
    " asker INTEGER NOT NULL, opened INTEGER NOT NULL, closes INTEGER NOT NULL,"                   \
    " closed INTEGER NOT NULL DEFAULT 0, revealed INTEGER NOT NULL DEFAULT 0,"                     \
    " day INTEGER NOT NULL, minute INTEGER NOT NULL, answers INTEGER NOT NULL DEFAULT 0,"          \
    " score_sum INTEGER NOT NULL DEFAULT 0, reminded INTEGER NOT NULL DEFAULT 0,"       \
    " token INTEGER NOT NULL DEFAULT (random() & 0xffffffffffff)) STRICT;"          \
    "CREATE INDEX rounds_daily ON rounds(chat, day, kind) WHERE kind = 1;"                               \
    "CREATE INDEX rounds_question ON rounds(chat, question);"                                      \
    "CREATE INDEX rounds_asker ON rounds(asker) WHERE asker > 0;"                                  \
    "CREATE INDEX rounds_open ON rounds(chat, opened) WHERE closed = 0 AND closes > 0;"            \
    "CREATE INDEX rounds_closing ON rounds(closes) WHERE closed = 0 AND closes > 0;"               \
    "CREATE TABLE entries("                                                                        \
    " round INTEGER NOT NULL REFERENCES rounds(id), user INTEGER NOT NULL REFERENCES users(id),"   \
    " question INTEGER NOT NULL, hints INTEGER NOT NULL, revealed INTEGER NOT NULL,"               \
    " PRIMARY KEY(round, user)) STRICT, WITHOUT ROWID;"                                            \
    "CREATE INDEX entries_shown ON entries(user, question, revealed);"                             \
    /* Everything that was answered. points: the grading as JSON; ranked: what it added to the */  \
    /* board; reason: of fair.h; day: the local day in the chat at that time. */                   \
    "CREATE TABLE answers("                                                                        \
    " id INTEGER PRIMARY KEY, round INTEGER NOT NULL REFERENCES rounds(id),"                       \
    " chat INTEGER NOT NULL REFERENCES chats(id), user INTEGER NOT NULL REFERENCES users(id),"     \
    " question INTEGER NOT NULL REFERENCES questions(id), attempt INTEGER NOT NULL,"               \
    " text TEXT NOT NULL, score INTEGER NOT NULL, points TEXT NOT NULL,"                           \
    " ranked INTEGER NOT NULL, reason TEXT NOT NULL, copied INTEGER NOT NULL,"                     \
    " hints INTEGER NOT NULL, late INTEGER NOT NULL, day INTEGER NOT NULL, at INTEGER NOT NULL,"   \
    /* of a first attempt: the day that it keeps a streak on */                                    \
    " streak_day INTEGER,"                                                                         \
    " message TEXT) STRICT;"                                                                       \
    "CREATE INDEX answers_round ON answers(round, user);"                                          \
    "CREATE INDEX answers_held ON answers(chat, user, question);"                                  \
    "CREATE INDEX answers_streak ON answers(chat, user, streak_day)"                               \
    " WHERE streak_day IS NOT NULL;"                                                               \
    "CREATE INDEX answers_kept ON answers(at) WHERE text<>'';"                                     \
    /* A person's sums a local day (derived from answers; a test recomputes them). */              \
    "CREATE TABLE tallies("                                                                        \
    " chat INTEGER NOT NULL, day INTEGER NOT NULL, user INTEGER NOT NULL,"                         \
    " points INTEGER NOT NULL, answers INTEGER NOT NULL, score_sum INTEGER NOT NULL,"              \
    " on_demand INTEGER NOT NULL, on_demand_at INTEGER NOT NULL DEFAULT 0,"                                \
    " PRIMARY KEY(chat, day, user)) STRICT, WITHOUT ROWID;"                                        \
    "CREATE INDEX tallies_user ON tallies(chat, user, day);"                                       \
    /* Which message on a platform shows which round's question. */                                \
    "CREATE TABLE posts("                                                                          \
    " chat INTEGER NOT NULL REFERENCES chats(id), message TEXT NOT NULL,"                          \
    " round INTEGER NOT NULL REFERENCES rounds(id), main INTEGER NOT NULL,"                        \
    " PRIMARY KEY(chat, message)) STRICT, WITHOUT ROWID;"                                          \
    "CREATE INDEX posts_main ON posts(round) WHERE main = 1;"                                      \
    /* Updates that have been handled, by the platform's own id: nothing is handled twice. */      \
    "CREATE TABLE inbox("                                                                          \
    " platform INTEGER NOT NULL, ext ANY NOT NULL, at INTEGER NOT NULL,"                           \
    " PRIMARY KEY(platform, ext)) STRICT, WITHOUT ROWID;"                                          \
    "CREATE INDEX inbox_at ON inbox(at);"                                                          \
    /* Messages that have been decided and not yet sent. lane, kind, body: see outbox.h. main: the */ \
    /* part of a post that carries the buttons. key: a later row with it replaces this one. */     \
    /* person: whom it is about, so that /forgetme finds it. */                                    \
    "CREATE TABLE outbox("                                                                         \
    " id INTEGER PRIMARY KEY, platform INTEGER NOT NULL, chat INTEGER NOT NULL,"                   \
    " lane INTEGER NOT NULL, kind INTEGER NOT NULL, body TEXT NOT NULL, round INTEGER NOT NULL,"   \
    " main INTEGER NOT NULL, person INTEGER NOT NULL DEFAULT 0, key TEXT,"                         \
    " created INTEGER NOT NULL) STRICT;"                                                           \
    "CREATE UNIQUE INDEX outbox_key ON outbox(platform, key) WHERE key IS NOT NULL;"               \
    /* Rows of the outbox that are done with. Noting a number is cheap, deleting a message is not: */ \
    /* they are deleted many at a time. */                                                         \
    "CREATE TABLE sent(id INTEGER PRIMARY KEY) STRICT;"                                            \
    /* What the platform has refused for good, for a month: to find out why, not to send again. */ \
    "CREATE TABLE refused("                                                                        \
    " id INTEGER PRIMARY KEY, platform INTEGER NOT NULL, chat INTEGER NOT NULL,"                   \
    " kind INTEGER NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL) STRICT;"                      \
    /* Updates that wait for an answer of the platform (does this person administer the chat?). */ \
    "CREATE TABLE waiting("                                                                        \
    " id INTEGER PRIMARY KEY, platform INTEGER NOT NULL, body TEXT NOT NULL,"                      \
    " at INTEGER NOT NULL) STRICT;"                                                                \
    /* Where a transport stands: Telegram's offset, and when it was stored. */                     \
    "CREATE TABLE transports("                                                                     \
    " platform INTEGER PRIMARY KEY, offset INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;"                                                           \
    /* What the platform said of who administers a chat, for some minutes. */                      \
    "CREATE TABLE admins("                                                                         \
    " chat INTEGER NOT NULL, user INTEGER NOT NULL, admin INTEGER NOT NULL, at INTEGER NOT NULL,"  \
    " PRIMARY KEY(chat, user)) STRICT, WITHOUT ROWID;"

/*
 * daemon: the one daemon, which it is and when it gave its last sign of life
 * (stopped 0: it runs, or died). liveness: when a platform last did what it was
 * asked. The indexes: for limits.answers_per_minute, which is kept in memory
 * since schema 3.
 */
#define STORE_SCHEMA_2                                                                             \
    "CREATE TABLE daemon("                                                                         \
    " id INTEGER PRIMARY KEY CHECK(id=1), version TEXT NOT NULL, started INTEGER NOT NULL,"        \
    " alive INTEGER NOT NULL, stopped INTEGER NOT NULL, bank INTEGER NOT NULL) STRICT;"            \
    "CREATE TABLE liveness("                                                                       \
    " platform INTEGER PRIMARY KEY, last_ok INTEGER NOT NULL) STRICT;"                             \
    "CREATE INDEX answers_recent ON answers(user, at);"                                            \
    "CREATE INDEX answers_busy ON answers(chat, at);"

/* What every answer writes, made less. */
#define STORE_SCHEMA_3                                                                             \
    "DROP INDEX answers_recent;"                                                                   \
    "DROP INDEX answers_busy;"                                                                     \
    /* Nobody reads who asked, so it is not kept: the column is 0 from now on. */                  \
    "UPDATE rounds SET asker=0 WHERE asker>0;"                                                     \
    "DROP INDEX rounds_asker;"                                                                     \
    /* When the reply to an answer showed its author the model answer unhidden, 0: it did not. */  \
    /* Then no row of entries is needed for it. */                                                 \
    "ALTER TABLE answers ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;"                             \
    /* A message that has been sent leaves its row for the next one to write over: id is a slot, */ \
    /* seq the number and the order; below 0: sent, the slot is free. */                           \
    "ALTER TABLE outbox ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;"                                \
    "DELETE FROM outbox WHERE id IN (SELECT id FROM sent);"                                        \
    "UPDATE outbox SET seq=id;"                                                                    \
    "DROP TABLE sent;"                                                                             \
    "DROP INDEX answers_held;"                                                                     \
    "CREATE INDEX answers_held ON answers(user, question, chat);"           \
    /* Old updates and old texts are found by walking, now and then. */                                \
    "DROP INDEX inbox_at;"                                                                         \
    "DROP INDEX answers_kept;"

/*
 * Which messages have been sent is one short list (seq is no longer turned
 * negative): writing it is cheaper than touching their rows, each of which is
 * about a page. It may name numbers that are no more.
 */
#define STORE_SCHEMA_4                                                                             \
    "DELETE FROM outbox WHERE seq<0;"                                                              \
    "CREATE TABLE outbox_sent("                                                                    \
    " id INTEGER PRIMARY KEY CHECK(id=1), seqs TEXT NOT NULL) STRICT;"                             \
    "INSERT INTO outbox_sent VALUES(1, '[]');"                                                     \
    "CREATE VIEW sent AS SELECT value AS seq FROM outbox_sent o, json_each(o.seqs) WHERE o.id=1;"  \
    "CREATE VIEW unsent AS SELECT * FROM outbox WHERE seq NOT IN (SELECT seq FROM sent);"

/*
 * What every answer writes, made less again: the texts of its key points are
 * kept once for all answers of a sheet (store_sheet.c); one index of a person's
 * answers, with the days of a streak in it; a round of practice, which nobody
 * else ever answers, is looked up by its number alone.
 */
#define STORE_SCHEMA_5                                                                             \
    /* points: the texts, as JSON. */                                                              \
    "CREATE TABLE sheets("                                                                         \
    " id INTEGER PRIMARY KEY, question INTEGER NOT NULL REFERENCES questions(id),"                 \
    " points TEXT NOT NULL) STRICT;"                                                               \
    "CREATE INDEX sheets_question ON sheets(question);"                                            \
    "ALTER TABLE answers ADD COLUMN sheet INTEGER REFERENCES sheets(id);"                          \
    "CREATE TEMP TABLE texts AS SELECT a.id AS answer, a.question,"                                \
    " json_group_array(json_extract(p.value, '$.text')) AS points,"                                \
    " json_group_array(json_remove(p.value, '$.text')) AS rest"                                    \
    " FROM answers a, json_each(CASE json_valid(a.points) WHEN 1 THEN a.points ELSE '{}' END,"     \
    " '$.points') p GROUP BY a.id;"                                                                \
    "INSERT INTO sheets(question, points) SELECT DISTINCT question, points FROM texts;"            \
    "UPDATE answers SET sheet=s.id, points=json_set(answers.points, '$.points', json(t.rest))"     \
    " FROM temp.texts t JOIN sheets s ON s.question=t.question AND s.points=t.points"              \
    " WHERE t.answer=answers.id;"                                                                  \
    "DROP TABLE temp.texts;" /* Of a daily: its day is quiet, so no streak waits for it. */        \
    "ALTER TABLE rounds ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;"                              \
    "DROP INDEX answers_streak;"                                                                   \
    "DROP INDEX answers_held;"                                                                     \
    "CREATE INDEX answers_held ON answers(user, question, chat, streak_day);"                      \
    "DROP INDEX rounds_question;"                                                                  \
    "CREATE INDEX rounds_question ON rounds(chat, question) WHERE kind <> 2;"

#endif
