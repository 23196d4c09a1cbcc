/*
 * Every SQL statement of the program, and the schema. STORE_STATEMENTS is a
 * table of (name, SQL); STORE_MIGRATIONS[i] takes user_version i to i + 1 and
 * is never edited after a release: add another one.
 */
#ifndef INTERVIEWD_CHAT_STORE_SQL_H
#define INTERVIEWD_CHAT_STORE_SQL_H

#define STORE_SCHEMA_1                                                                             \
    /* A person, on whatever platforms. After /forgetme name is '' and no account points here. */  \
    "CREATE TABLE users("                                                                          \
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL, anonymous INTEGER NOT NULL DEFAULT 0,"           \
    " share INTEGER NOT NULL DEFAULT 0, reminder INTEGER NOT NULL DEFAULT 0,"                      \
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
    " gone INTEGER NOT NULL DEFAULT 0, last_tick INTEGER NOT NULL DEFAULT 0,"                      \
    " last_weekly INTEGER NOT NULL DEFAULT 0, next_due INTEGER NOT NULL DEFAULT 0,"                \
    " created INTEGER NOT NULL, UNIQUE(platform, ext)) STRICT;"                                    \
    "CREATE INDEX chats_due ON chats(next_due) WHERE next_due > 0;"                                \
    /* Questions by the bank's identity, so that history outlives a bank. */                       \
    "CREATE TABLE questions("                                                                      \
    " id INTEGER PRIMARY KEY, ext TEXT NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;"               \
    /* A person's place in a chat, with the totals of all time (derived from answers). */          \
    "CREATE TABLE members("                                                                        \
    " chat INTEGER NOT NULL REFERENCES chats(id), user INTEGER NOT NULL REFERENCES users(id),"     \
    " left_at INTEGER NOT NULL DEFAULT 0, round INTEGER NOT NULL DEFAULT 0,"                       \
    " last_round INTEGER NOT NULL DEFAULT 0, last_answer INTEGER NOT NULL DEFAULT 0,"              \
    " practice_left INTEGER NOT NULL DEFAULT 0, practice_total INTEGER NOT NULL DEFAULT 0,"        \
    " practice_done INTEGER NOT NULL DEFAULT 0, practice_sum INTEGER NOT NULL DEFAULT 0,"          \
    " practice_topic TEXT NOT NULL DEFAULT '', points INTEGER NOT NULL DEFAULT 0,"                 \
    " answers INTEGER NOT NULL DEFAULT 0, score_sum INTEGER NOT NULL DEFAULT 0,"                   \
    " reached_at INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(chat, user)) STRICT, WITHOUT ROWID;"      \
    "CREATE INDEX members_user ON members(user);"                                                  \
    /* Questions seen: what a chat has done with each. */                                          \
    "CREATE TABLE asked("                                                                          \
    " chat INTEGER NOT NULL REFERENCES chats(id), question INTEGER NOT NULL"                       \
    " REFERENCES questions(id), last INTEGER NOT NULL, pass INTEGER NOT NULL,"                     \
    " answers INTEGER NOT NULL DEFAULT 0, score_sum INTEGER NOT NULL DEFAULT 0,"                   \
    " PRIMARY KEY(chat, question)) STRICT, WITHOUT ROWID;"                                         \
    /* A question asked in a chat. kind: 0 on demand, 1 daily, 2 practice. */                      \
    "CREATE TABLE rounds("                                                                         \
    " id INTEGER PRIMARY KEY, chat INTEGER NOT NULL REFERENCES chats(id),"                         \
    " question INTEGER NOT NULL REFERENCES questions(id), kind INTEGER NOT NULL,"                  \
    " asker INTEGER NOT NULL, opened INTEGER NOT NULL, closes INTEGER NOT NULL,"                   \
    " closed INTEGER NOT NULL DEFAULT 0, revealed INTEGER NOT NULL DEFAULT 0,"                     \
    " day INTEGER NOT NULL, minute INTEGER NOT NULL, answers INTEGER NOT NULL DEFAULT 0,"          \
    " score_sum INTEGER NOT NULL DEFAULT 0) STRICT;"                                               \
    "CREATE INDEX rounds_daily ON rounds(chat, day) WHERE kind = 1;"                               \
    "CREATE INDEX rounds_open ON rounds(chat, opened) WHERE closed = 0 AND closes > 0;"            \
    "CREATE INDEX rounds_closing ON rounds(closes) WHERE closed = 0 AND closes > 0;"               \
    "CREATE TABLE entries("                                                                        \
    " round INTEGER NOT NULL REFERENCES rounds(id), user INTEGER NOT NULL REFERENCES users(id),"   \
    " hints INTEGER NOT NULL, revealed INTEGER NOT NULL, PRIMARY KEY(round, user))"                \
    " STRICT, WITHOUT ROWID;"                                                                      \
    /* Everything that was answered. points: the grading as JSON; ranked: what it added to the */  \
    /* board; reason: of fair.h; day: the local day in the chat at that time. */                   \
    "CREATE TABLE answers("                                                                        \
    " id INTEGER PRIMARY KEY, round INTEGER NOT NULL REFERENCES rounds(id),"                       \
    " chat INTEGER NOT NULL REFERENCES chats(id), user INTEGER NOT NULL REFERENCES users(id),"     \
    " question INTEGER NOT NULL REFERENCES questions(id), attempt INTEGER NOT NULL,"               \
    " text TEXT NOT NULL, score INTEGER NOT NULL, points TEXT NOT NULL,"                           \
    " ranked INTEGER NOT NULL, reason TEXT NOT NULL, copied INTEGER NOT NULL,"                     \
    " hints INTEGER NOT NULL, late INTEGER NOT NULL, day INTEGER NOT NULL, at INTEGER NOT NULL,"   \
    " message TEXT) STRICT;"                                                                       \
    "CREATE INDEX answers_round ON answers(round, user);"                                          \
    "CREATE INDEX answers_held ON answers(chat, user, question);"                                  \
    /* A person's sums a local day (derived from answers; a test recomputes them). */              \
    "CREATE TABLE tallies("                                                                        \
    " chat INTEGER NOT NULL, day INTEGER NOT NULL, user INTEGER NOT NULL,"                         \
    " points INTEGER NOT NULL, answers INTEGER NOT NULL, score_sum INTEGER NOT NULL,"              \
    " on_demand INTEGER NOT NULL, PRIMARY KEY(chat, day, user)) STRICT, WITHOUT ROWID;"            \
    "CREATE INDEX tallies_user ON tallies(chat, user, day);"                                       \
    /* Which message on a platform shows which round's question. */                                \
    "CREATE TABLE posts("                                                                          \
    " chat INTEGER NOT NULL REFERENCES chats(id), message TEXT NOT NULL,"                          \
    " round INTEGER NOT NULL REFERENCES rounds(id), main INTEGER NOT NULL,"                        \
    " PRIMARY KEY(chat, message)) STRICT, WITHOUT ROWID;"                                          \
    "CREATE INDEX posts_round ON posts(round);"                                                    \
    /* Updates that have been handled, by the platform's own id: nothing is handled twice. */      \
    "CREATE TABLE inbox("                                                                          \
    " platform INTEGER NOT NULL, ext ANY NOT NULL, at INTEGER NOT NULL,"                           \
    " PRIMARY KEY(platform, ext)) STRICT, WITHOUT ROWID;"                                          \
    "CREATE INDEX inbox_at ON inbox(at);"                                                          \
    /* Messages that have been decided and not yet sent. lane 0: to a person, 1: broadcast. */     \
    /* message: what an edit or callback is about; key: a later row with it replaces this one. */  \
    "CREATE TABLE outbox("                                                                         \
    " id INTEGER PRIMARY KEY, platform INTEGER NOT NULL, chat INTEGER NOT NULL,"                   \
    " lane INTEGER NOT NULL, kind INTEGER NOT NULL, body TEXT NOT NULL, round INTEGER NOT NULL,"   \
    " key TEXT, due INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,"                           \
    " created INTEGER NOT NULL) STRICT;"                                                           \
    "CREATE UNIQUE INDEX outbox_key ON outbox(platform, key) WHERE key IS NOT NULL;"               \
    /* Where a transport stands: Telegram's offset, and when each last worked. */                  \
    "CREATE TABLE transports("                                                                     \
    " platform INTEGER PRIMARY KEY, offset INTEGER NOT NULL, offset_at INTEGER NOT NULL,"          \
    " last_ok INTEGER NOT NULL) STRICT;"                                                           \
    /* What the platform said of who administers a chat, for some minutes. */                      \
    "CREATE TABLE admins("                                                                         \
    " chat INTEGER NOT NULL, user INTEGER NOT NULL, admin INTEGER NOT NULL, at INTEGER NOT NULL,"  \
    " PRIMARY KEY(chat, user)) STRICT, WITHOUT ROWID;"

#define STORE_STATEMENTS(X)                                                                        \
    /* people and chats */                                                                         \
    X(ACCOUNT_GET, "SELECT user FROM accounts WHERE platform=? AND ext=?")                         \
    X(ACCOUNT_ADD, "INSERT INTO accounts(platform, ext, user) VALUES(?,?,?)")                      \
    X(USER_ADD, "INSERT INTO users(name, created) VALUES(?,?)")                                    \
    X(USER_GET, "SELECT id, name, anonymous, share, reminder, asked_forget FROM users WHERE id=?") \
    X(USER_PUT, "UPDATE users SET name=?2, anonymous=?3, share=?4, reminder=?5, asked_forget=?6"   \
                " WHERE id=?1")                                                                    \
    X(CHAT_FIND, "SELECT id FROM chats WHERE platform=? AND ext=?")                                \
    X(CHAT_ADD, "INSERT INTO chats(platform, ext, kind, title, lang, zone, created)"               \
                " VALUES(?,?,?,?,?,?,?)")                                                          \
    X(CHAT_GET, "SELECT id, kind, title, lang, zone, reveal, schedule, topics_off, weekly, gone,"  \
                " last_tick, last_weekly FROM chats WHERE id=?")                                   \
    X(CHAT_PUT, "UPDATE chats SET kind=?2, title=?3, lang=?4, zone=?5, reveal=?6, schedule=?7,"    \
                " topics_off=?8, weekly=?9, gone=?10, last_tick=?11, last_weekly=?12 WHERE id=?1") \
    X(CHAT_PLATFORM, "SELECT platform, ext FROM chats WHERE id=?")                                 \
    X(SEAT_GET, "SELECT left_at, round, last_round, practice_left, practice_total, practice_done," \
                " practice_sum, practice_topic FROM members WHERE chat=? AND user=?")              \
    X(SEAT_PUT, "INSERT INTO members(chat, user, left_at, round, last_round, practice_left,"       \
                " practice_total, practice_done, practice_sum, practice_topic)"                    \
                " VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(chat, user) DO UPDATE SET"               \
                " left_at=excluded.left_at, round=excluded.round, last_round=excluded.last_round," \
                " practice_left=excluded.practice_left, practice_total=excluded.practice_total,"   \
                " practice_done=excluded.practice_done, practice_sum=excluded.practice_sum,"       \
                " practice_topic=excluded.practice_topic")                                         \
    X(POST_ROUND, "SELECT round FROM posts WHERE chat=? AND message=?")                            \
    /* questions */                                                                                \
    X(QUESTION_FIND, "SELECT id FROM questions WHERE ext=?")                                       \
    X(QUESTION_ADD, "INSERT INTO questions(ext, text) VALUES(?,?)")                                \
    X(ASKED_ALL, "SELECT question, last, pass, answers, score_sum FROM asked WHERE chat=?")        \
    X(ASKED_PUT, "INSERT INTO asked(chat, question, last, pass) VALUES(?,?,?,?)"                   \
                 " ON CONFLICT(chat, question) DO UPDATE SET last=excluded.last,"                  \
                 " pass=excluded.pass")                                                            \
    X(ASKED_ANSWERED, "UPDATE asked SET answers=answers+1, score_sum=score_sum+?3"                 \
                      " WHERE chat=?1 AND question=?2")                                            \
    /* rounds */                                                                                   \
    X(ROUND_ADD, "INSERT INTO rounds(chat, question, kind, asker, opened, closes, day, minute)"    \
                 " VALUES(?,?,?,?,?,?,?,?)")                                                       \
    X(ROUND_GET, "SELECT id, chat, question, kind, asker, opened, closes, closed, revealed, day,"  \
                 " minute, answers, score_sum FROM rounds WHERE id=?")                             \
    X(ROUND_DAILY, "SELECT id, chat, question, kind, asker, opened, closes, closed, revealed,"     \
                   " day, minute, answers, score_sum FROM rounds"                                  \
                   " WHERE chat=? AND day=? AND kind=1 ORDER BY id DESC LIMIT 1")                  \
    X(ROUND_OPEN, "SELECT id, chat, question, kind, asker, opened, closes, closed, revealed, day," \
                  " minute, answers, score_sum FROM rounds"                                        \
                  " WHERE chat=? AND closed=0 AND closes>0 ORDER BY opened DESC, id DESC LIMIT 1") \
    X(ROUND_PUT, "UPDATE rounds SET closes=?2, closed=?3, revealed=?4, minute=?5, answers=?6,"     \
                 " score_sum=?7 WHERE id=?1")                                                      \
    X(QUESTION_DAYS, "SELECT DISTINCT day FROM rounds WHERE chat=? AND kind=1 ORDER BY day")       \
    X(ENTRY_GET, "SELECT hints, revealed FROM entries WHERE round=? AND user=?")                   \
    X(ENTRY_PUT, "INSERT INTO entries(round, user, hints, revealed) VALUES(?,?,?,?)"               \
                 " ON CONFLICT(round, user) DO UPDATE SET hints=excluded.hints,"                   \
                 " revealed=excluded.revealed")                                                    \
    /* answers */                                                                                  \
    X(ANSWER_ADD, "INSERT INTO answers(round, chat, user, question, attempt, text, score, points," \
                  " ranked, reason, copied, hints, late, day, at, message)"                        \
                  " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")                                      \
    X(ATTEMPTS, "SELECT count(*) FROM answers WHERE round=? AND user=?")                           \
    X(HELD, "SELECT count(*), sum(ranked), max(score) FROM answers"                                \
            " WHERE chat=? AND user=? AND question=?")                                             \
    X(OWN_TEXTS, "SELECT text FROM answers WHERE chat=? AND user=? AND question=?"                 \
                 " ORDER BY id DESC LIMIT 50")                                                     \
    X(ROUND_ANSWERS, "SELECT id, user, attempt, text, score, ranked, copied, late, at"             \
                     " FROM answers WHERE round=? ORDER BY id")                                    \
    X(RESULT_LAST, "SELECT a.id, a.round, a.question, a.attempt, a.text, a.score, a.points,"       \
                   " a.ranked, a.at FROM members m JOIN answers a ON a.id=m.last_answer"           \
                   " WHERE m.chat=? AND m.user=?")                                                 \
    X(RESULT_ROUND, "SELECT id, round, question, attempt, text, score, points, ranked, at"         \
                    " FROM answers WHERE round=? AND user=? ORDER BY id DESC LIMIT 1")             \
    X(BY_QUESTION, "SELECT question, sum(ranked), count(*), sum(score) FROM answers"               \
                   " WHERE chat=? AND user=? AND attempt=1 GROUP BY question")                     \
    X(MISSED, "SELECT a.question, json_extract(p.value, '$.text') AS t, count(*) AS n"             \
              " FROM (SELECT question, points FROM answers WHERE chat=?1 AND user=?2"              \
              "  ORDER BY id DESC LIMIT 200) a, json_each(a.points, '$.points') p"                 \
              " WHERE json_extract(p.value, '$.earned')=0 GROUP BY a.question, t"                  \
              " ORDER BY n DESC, a.question, t LIMIT ?3")                                          \
    /* sums */                                                                                     \
    X(TOTALS_ADD, "UPDATE members SET points=points+?3, answers=answers+?4,"                       \
                  " score_sum=score_sum+?5, last_answer=?6,"                                       \
                  " reached_at=CASE WHEN ?3>0 THEN ?7 ELSE reached_at END"                         \
                  " WHERE chat=?1 AND user=?2")                                                    \
    X(TALLY_ADD, "INSERT INTO tallies(chat, day, user, points, answers, score_sum, on_demand)"     \
                 " VALUES(?,?,?,?,?,?,?) ON CONFLICT(chat, day, user) DO UPDATE SET"               \
                 " points=points+excluded.points, answers=answers+excluded.answers,"               \
                 " score_sum=score_sum+excluded.score_sum,"                                        \
                 " on_demand=on_demand+excluded.on_demand")                                        \
    X(RANKED_TODAY, "SELECT on_demand FROM tallies WHERE chat=? AND day=? AND user=?")             \
    X(TOTALS, "SELECT points, answers, score_sum FROM members WHERE chat=? AND user=?")            \
    X(DAYS, "SELECT day, points, answers, score_sum FROM tallies"                                  \
            " WHERE chat=? AND user=? ORDER BY day")                                               \
    X(BOARD_ALL_TIME, "SELECT m.user, u.name, u.anonymous, m.points, m.answers, m.score_sum,"      \
                      " m.reached_at FROM members m JOIN users u ON u.id=m.user"                   \
                      " WHERE m.chat=? AND m.left_at=0 AND m.answers>0")                           \
    X(BOARD_DAYS, "SELECT t.user, u.name, u.anonymous, sum(t.points), sum(t.answers),"             \
                  " sum(t.score_sum), m.reached_at FROM tallies t"                                 \
                  " JOIN members m ON m.chat=t.chat AND m.user=t.user"                             \
                  " JOIN users u ON u.id=t.user"                                                   \
                  " WHERE t.chat=? AND t.day>=? AND t.day<? AND m.left_at=0 GROUP BY t.user")

#endif
