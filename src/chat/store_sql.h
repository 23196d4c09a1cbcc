/*
 * Every SQL statement of the program, and the schema. STORE_STATEMENTS is a
 * table of (name, SQL); STORE_MIGRATIONS[i] takes user_version i to i + 1 and
 * is never edited after a release: add another one.
 */
#ifndef INTERVIEWD_CHAT_STORE_SQL_H
#define INTERVIEWD_CHAT_STORE_SQL_H

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

#define STORE_STATEMENTS(X)                                                                        \
    /* people and chats */                                                                         \
    X(ACCOUNT_GET, "SELECT user FROM accounts WHERE platform=? AND ext=?")                         \
    X(ACCOUNT_ADD, "INSERT INTO accounts(platform, ext, user) VALUES(?,?,?)")                      \
    X(ACCOUNT_GROUPS, "SELECT c.ext FROM accounts a JOIN members m ON m.user=a.user"               \
                      " JOIN chats c ON c.id=m.chat WHERE a.platform=? AND a.ext=?"                \
                      " AND c.kind=1 AND m.left_at=0")                                             \
    X(USER_ADD, "INSERT INTO users(id, name, created)"                                             \
                " SELECT coalesce(max(id),0)+1, ?, ? FROM users WHERE id<(1<<52)")                 \
    X(USER_GET, "SELECT id, name, anonymous, share, asked_forget FROM users WHERE id=?")           \
    X(USER_PUT, "UPDATE users SET name=?2, anonymous=?3, share=?4, asked_forget=?5"                \
                " WHERE id=?1")                                                                    \
    X(CHAT_FIND, "SELECT id FROM chats WHERE platform=? AND ext=?")                                \
    X(CHAT_ADD, "INSERT INTO chats(platform, ext, kind, title, lang, zone, created)"               \
                " VALUES(?,?,?,?,?,?,?)")                                                          \
    X(CHAT_GET, "SELECT id, kind, title, lang, zone, reveal, schedule, topics_off, weekly, gone,"  \
                " reminder, fired, last_weekly, next_due, close_hours FROM chats WHERE id=?")      \
    X(CHAT_PUT, "UPDATE chats SET kind=?2, title=?3, lang=?4, zone=?5, reveal=?6, schedule=?7,"    \
                " topics_off=?8, weekly=?9, gone=?10, reminder=?11, fired=?12,"                    \
                " last_weekly=?13, next_due=?14, close_hours=?15 WHERE id=?1")                     \
    X(CHAT_PLATFORM, "SELECT platform, ext FROM chats WHERE id=?")                                 \
    X(SEAT_GET, "SELECT left_at, round, last_round, practice_left, practice_total, practice_done," \
                " practice_sum, practice_topic, waiting FROM members WHERE chat=? AND user=?")     \
    X(SEAT_PUT, "INSERT INTO members(chat, user, left_at, round, last_round, practice_left,"       \
                " practice_total, practice_done, practice_sum, practice_topic, waiting)"           \
                " VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(chat, user) DO UPDATE SET"             \
                " left_at=excluded.left_at, round=excluded.round, last_round=excluded.last_round," \
                " practice_left=excluded.practice_left, practice_total=excluded.practice_total,"   \
                " practice_done=excluded.practice_done, practice_sum=excluded.practice_sum,"       \
                " practice_topic=excluded.practice_topic, waiting=excluded.waiting")               \
    X(SEAT_ENSURE, "INSERT OR IGNORE INTO members(chat, user) VALUES(?,?)")                        \
    X(POST_ROUND, "SELECT round FROM posts WHERE chat=? AND message=?")                            \
    /* questions */                                                                                \
    X(QUESTION_FIND, "SELECT id FROM questions WHERE ext=?")                                       \
    X(QUESTION_ADD, "INSERT INTO questions(ext, text) VALUES(?,?)")                                \
    X(ASKED_ALL, "SELECT question, last, round, pass, answers, score_sum FROM asked WHERE chat=?") \
    X(ASKED_PUT, "INSERT INTO asked(chat, question, last, round, pass) VALUES(?,?,?,?,?)"          \
                 " ON CONFLICT(chat, question) DO UPDATE SET last=excluded.last,"                  \
                 " round=excluded.round, pass=excluded.pass")                                      \
    X(ASKED_ANSWERED, "UPDATE asked SET answers=answers+1, score_sum=score_sum+?3"                 \
                      " WHERE chat=?1 AND question=?2")                                            \
    /* rounds */                                                                                   \
    X(ROUND_ADD, "INSERT INTO rounds(chat, question, kind, asker, opened, closes, day, minute)"    \
                 " VALUES(?,?,?,?,?,?,?,?)")                                                       \
    X(ROUND_GET, "SELECT id, chat, question, kind, asker, opened, closes, closed, revealed, day,"  \
                 " minute, answers, score_sum, reminded, token FROM rounds WHERE id=?")            \
    X(ROUND_DAILY, "SELECT id, chat, question, kind, asker, opened, closes, closed, revealed,"     \
                   " day, minute, answers, score_sum, reminded, token FROM rounds"                 \
                   " WHERE chat=? AND day=? AND kind=1 ORDER BY id DESC LIMIT 1")                  \
    X(ROUND_OPEN, "SELECT id, chat, question, kind, asker, opened, closes, closed, revealed, day," \
                  " minute, answers, score_sum, reminded, token FROM rounds"                       \
                  " WHERE chat=? AND closed=0 AND closes>0 ORDER BY opened DESC, id DESC LIMIT 1") \
    X(ROUND_PUT, "UPDATE rounds SET closes=?2, closed=?3, revealed=?4, minute=?5, answers=?6,"     \
                 " score_sum=?7, reminded=?8 WHERE id=?1")                                         \
    X(QUESTION_DAYS, "SELECT DISTINCT day FROM rounds WHERE chat=? AND kind=1 ORDER BY day")       \
    X(ROUNDS_CLOSING, "SELECT id FROM rounds WHERE chat=?1 AND closed=0 AND closes>0"              \
                      " AND closes<=?2 ORDER BY opened")                                           \
    X(ROUND_MISSED, "SELECT a.question, json_extract(p.value, '$.text') AS t, count(*) AS n"       \
                    " FROM answers a, json_each(a.points, '$.points') p"                           \
                    " WHERE a.round=? AND a.attempt=1 AND json_extract(p.value, '$.earned')=0"     \
                    " GROUP BY t ORDER BY n DESC, t LIMIT 1")                                      \
    /* ?: a bit for each platform that is on: the others' chats wait */                            \
    /* the longest due first; those of one minute in another order every day (?4), so that nobody  \
       is always the last of a thousand */                                                         \
    X(DUE_CHATS, "SELECT chat FROM (SELECT id AS chat, next_due AS t FROM chats"                   \
                 "  WHERE next_due>0 AND next_due<=?1 AND gone=0 AND (?3>>platform)&1"             \
                 " UNION ALL SELECT r.chat, r.closes FROM rounds r JOIN chats c ON c.id=r.chat"    \
                 "  WHERE r.closed=0 AND r.closes>0 AND r.closes<=?1 AND (?3>>c.platform)&1)"      \
                 " GROUP BY chat ORDER BY min(t)/60, (chat*40503+?4*7919)%65537, chat LIMIT ?2")   \
    X(NEXT_DUE, "SELECT min(t) FROM (SELECT * FROM (SELECT next_due AS t FROM chats"               \
                " WHERE next_due>0 AND gone=0 AND (?1>>platform)&1 ORDER BY next_due LIMIT 1)"     \
                " UNION ALL SELECT * FROM (SELECT r.closes FROM rounds r"                          \
                " JOIN chats c ON c.id=r.chat WHERE r.closed=0 AND r.closes>0"                     \
                " AND (?1>>c.platform)&1 ORDER BY r.closes LIMIT 1))")                             \
    X(MEMBERS, "SELECT user FROM members WHERE chat=? AND (left_at=0 OR ?) ORDER BY user")         \
    X(ENTRY_GET, "SELECT hints, revealed FROM entries WHERE round=? AND user=?")                   \
    X(ENTRY_PUT, "INSERT INTO entries(round, user, question, hints, revealed)"                     \
                 " SELECT ?1, ?2, question, ?3, ?4 FROM rounds WHERE id=?1"                        \
                 " ON CONFLICT(round, user) DO UPDATE SET hints=excluded.hints,"                   \
                 " revealed=excluded.revealed")                                                    \
    /* answers */                                                                                  \
    X(ANSWER_ADD, "INSERT INTO answers(round, chat, user, question, attempt, text, score, points," \
                  " ranked, reason, copied, hints, late, day, at, message, streak_day)"            \
                  " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,"                \
                  " CASE WHEN ?5=1 THEN ?17 END)")                                                 \
    X(ANYONE_SHOWN, "SELECT 1 FROM entries WHERE round=? AND revealed>0 LIMIT 1")                  \
    X(SHOWN, "SELECT max(revealed) FROM entries WHERE user=? AND question=?")                      \
    X(ASKED_BEFORE, "SELECT 1 FROM rounds WHERE chat=? AND question=? AND id<? LIMIT 1")           \
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
    /* a person's own affairs */                                                                   \
    X(EXPORT_ANSWERS, "SELECT c.title, q.text, a.attempt, a.text, a.score, a.ranked, a.reason,"    \
                      " a.hints, a.at, a.points FROM answers a JOIN chats c ON c.id=a.chat"        \
                      " JOIN questions q ON q.id=a.question WHERE a.user=? ORDER BY a.id")         \
    X(EXPORT_ACCOUNTS, "SELECT platform, ext FROM accounts WHERE user=? ORDER BY platform, ext")   \
    X(EXPORT_SEATS, "SELECT c.title, c.kind, m.points, m.answers, m.score_sum FROM members m"      \
                    " JOIN chats c ON c.id=m.chat WHERE m.user=? ORDER BY m.chat")                 \
    /* /forgetme: ?1 the person, ?2 the random number that the scores stay under. Users' own       \
       numbers count up below 2^52, so that the random ones lie above and neither tells the other. \
     */                                                                                            \
    X(FORGET_NUMBER, "SELECT (1<<52) + (random() & ((1<<52)-1))")                                  \
    X(FORGET_REPLIES, "DELETE FROM outbox WHERE person=?1")                                        \
    X(FORGET_NAMED, "DELETE FROM outbox WHERE chat IN (SELECT chat FROM members WHERE user=?1)"    \
                    " AND EXISTS (SELECT 1 FROM users u WHERE u.id=?1 AND length(u.name)>1"        \
                    "  AND instr(outbox.body, u.name)>0)")                                         \
    X(FORGET_POSTS, "DELETE FROM posts WHERE chat IN (SELECT m.chat FROM members m"                \
                    " JOIN chats c ON c.id=m.chat WHERE m.user=?1 AND c.kind=0)")                  \
    X(FORGET_CHATS, "INSERT OR IGNORE INTO forgotten SELECT m.chat FROM members m"                 \
                    " JOIN chats c ON c.id=m.chat WHERE m.user=?1 AND c.kind=0")                   \
    X(FORGET_TITLES, "UPDATE chats SET title='', schedule='', fired='', topics_off='', next_due=0" \
                     " WHERE id IN (SELECT chat FROM forgotten)")                                  \
    X(FORGET_USER_ADD, "INSERT INTO users(id, name, anonymous, created) VALUES(?2,'',1,0*?1)")     \
    X(FORGET_TALLIES, "UPDATE tallies SET user=?2 WHERE user=?1"                                   \
                      " AND chat IN (SELECT chat FROM members WHERE user=?1)")                     \
    X(FORGET_ANSWERS, "UPDATE answers SET user=?2, text='', message=NULL,"                         \
                      " points='{\"model\":0,\"points\":[],\"deductions\":[]}' WHERE user=?1")     \
    X(FORGET_ENTRIES, "UPDATE entries SET user=?2 WHERE user=?1")                                  \
    X(FORGET_ROUNDS, "UPDATE rounds SET asker=?2 WHERE asker=?1 AND asker>0")                      \
    /* In a private chat nobody is left to see the old scores. */                                  \
    X(FORGET_SEATS, "UPDATE members SET user=?2, round=0, last_round=0, practice_left=0,"          \
                    " practice_total=0, practice_topic='',"                                        \
                    " left_at=max(left_at, chat IN (SELECT chat FROM forgotten)) WHERE user=?1")   \
    X(FORGET_ACCOUNTS, "DELETE FROM accounts WHERE user=?1")                                       \
    X(FORGET_ADMINS, "DELETE FROM admins WHERE user=?1")                                           \
    X(FORGET_USER, "DELETE FROM users WHERE id=?1")                                                \
    /* The goodbye still wants the chat's id: it goes when nothing waits to be sent there. */      \
    X(FORGOTTEN_ANY, "SELECT 1 FROM forgotten LIMIT 1")                                            \
    X(FORGOTTEN_IDS, "UPDATE chats SET ext='forgotten '||id, gone=1 WHERE id IN"                   \
                     " (SELECT f.chat FROM forgotten f"                                            \
                     "  WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.chat=f.chat))")           \
    X(FORGOTTEN_DONE, "DELETE FROM forgotten WHERE NOT EXISTS"                                     \
                      " (SELECT 1 FROM outbox o WHERE o.chat=forgotten.chat)")                     \
    X(FORGOTTEN_BACK, "DELETE FROM forgotten WHERE chat=?")                                        \
    X(ERASE_TEXTS, "UPDATE answers SET text='',"                                                   \
                   " points='{\"model\":0,\"points\":[],\"deductions\":[]}'"                       \
                   " WHERE id IN (SELECT id FROM answers WHERE at<?1 AND text<>'' LIMIT 200)")     \
    /* joining accounts (store_link.c) */                                                          \
    X(LINK_ADD, "INSERT INTO links(code, user, expires) VALUES(?,?,?)")                            \
    X(LINK_GET, "SELECT user FROM links WHERE code=? AND expires>?")                               \
    X(LINK_DROP, "DELETE FROM links WHERE user=?")                                                 \
    X(LINK_DROP_OLD, "DELETE FROM links WHERE expires<=?")                                         \
    X(HISTORY, "SELECT history FROM members WHERE chat=? AND user=?")                              \
    X(HISTORY_PUT, "UPDATE members SET history=?3, points=0, answers=0, score_sum=0,"              \
                   " last_answer=0, reached_at=0 WHERE chat=?1 AND user=?2")                       \
    X(LINK_CHATS, "SELECT m.chat, c.kind, m.user, m.history FROM members m"                        \
                  " JOIN chats c ON c.id=m.chat WHERE m.user IN (?,?) ORDER BY m.chat, m.user")    \
    X(LINK_ANSWERS, "SELECT id, round, chat, user, question, attempt, score, ranked"               \
                    " FROM answers WHERE chat=? AND user=? ORDER BY id")                           \
    X(LINK_ANSWER_PUT, "UPDATE answers SET chat=?2, user=?3, attempt=?4, ranked=?5 WHERE id=?1")   \
    X(LINK_ROUND_LESS, "UPDATE rounds SET answers=answers-1, score_sum=score_sum-?2"               \
                       " WHERE id=?1 AND answers>0")                                               \
    X(LINK_TALLY_ADD, "INSERT INTO tallies(chat, day, user, points, answers, score_sum,"           \
                      " on_demand) SELECT ?3, day, ?4, 0, 0, 0, on_demand FROM tallies"            \
                      " WHERE chat=?1 AND user=?2 ON CONFLICT(chat, day, user) DO UPDATE SET"      \
                      " on_demand=on_demand+excluded.on_demand")                                   \
    X(LINK_TALLY_DROP, "DELETE FROM tallies WHERE chat=? AND user=?")                              \
    X(LINK_TALLY_ZERO, "UPDATE tallies SET points=0, answers=0, score_sum=0"                       \
                       " WHERE chat=? AND user=?")                                                 \
    X(LINK_TALLY_FILL,                                                                             \
      "INSERT INTO tallies(chat, day, user, points, answers, score_sum,"                           \
      " on_demand) SELECT chat, day, user, sum(ranked), sum(attempt=1),"                           \
      " sum(CASE attempt WHEN 1 THEN score ELSE 0 END), 0 FROM answers"                            \
      " WHERE chat=? AND user=? GROUP BY day HAVING sum(ranked)>0 OR sum(attempt=1)>0"             \
      " ON CONFLICT(chat, day, user) DO UPDATE SET points=excluded.points,"                        \
      " answers=excluded.answers, score_sum=excluded.score_sum")                                   \
    X(LINK_TOTALS, "UPDATE members SET (points, answers, score_sum, last_answer, reached_at)="     \
                   " (SELECT coalesce(sum(ranked),0), coalesce(sum(attempt=1),0),"                 \
                   " coalesce(sum(CASE attempt WHEN 1 THEN score ELSE 0 END),0),"                  \
                   " coalesce(max(id),0), coalesce(max(CASE WHEN ranked>0 THEN at END),0)"         \
                   " FROM answers WHERE chat=?1 AND user=?2) WHERE chat=?1 AND user=?2")           \
    X(LINK_SEATS, "UPDATE OR IGNORE members SET user=?2 WHERE user=?1")                            \
    X(LINK_SEATS_DROP, "DELETE FROM members WHERE user=?")                                         \
    X(LINK_ENTRIES, "INSERT INTO entries(round, user, question, hints, revealed)"                  \
                    " SELECT round, ?2, question, hints, revealed FROM entries WHERE user=?1"      \
                    " ON CONFLICT(round, user) DO UPDATE SET hints=max(hints, excluded.hints),"    \
                    " revealed=CASE WHEN revealed=0 OR excluded.revealed=0"                        \
                    " THEN max(revealed, excluded.revealed)"                                       \
                    " ELSE min(revealed, excluded.revealed) END")                                  \
    X(LINK_ENTRIES_DROP, "DELETE FROM entries WHERE user=?")                                       \
    X(LINK_ACCOUNTS, "UPDATE accounts SET user=?2 WHERE user=?1")                                  \
    X(LINK_ROUNDS, "UPDATE rounds SET asker=?2 WHERE asker=?1 AND asker>0")                        \
    X(LINK_OUTBOX, "UPDATE outbox SET person=?2 WHERE person=?1")                                  \
    X(LINK_USER_BLANK, "UPDATE users SET name='' WHERE id=?")                                      \
    X(LINK_USER, "UPDATE users SET anonymous=max(anonymous, (SELECT anonymous FROM users"          \
                 " WHERE id=?1)), share=min(share, (SELECT share FROM users WHERE id=?1))"         \
                 " WHERE id=?2")                                                                   \
    /* the board of a private chat whose sums are kept by another one */                           \
    X(JOINED, "SELECT 1 FROM members WHERE chat=? AND history<>0 LIMIT 1")                         \
    X(BOARD_JOINED_ALL, "SELECT m.user, u.name, u.anonymous, h.points, h.answers, h.score_sum,"    \
                        " h.reached_at FROM members m JOIN users u ON u.id=m.user"                 \
                        " JOIN members h ON h.user=m.user AND"                                     \
                        " h.chat=CASE m.history WHEN 0 THEN m.chat ELSE m.history END"             \
                        " WHERE m.chat=? AND m.left_at=0 AND h.answers>0")                         \
    X(BOARD_JOINED_DAYS,                                                                           \
      "SELECT m.user, u.name, u.anonymous, sum(t.points), sum(t.answers),"                         \
      " sum(t.score_sum), h.reached_at FROM members m"                                             \
      " JOIN users u ON u.id=m.user JOIN members h ON h.user=m.user AND"                           \
      " h.chat=CASE m.history WHEN 0 THEN m.chat ELSE m.history END"                               \
      " JOIN tallies t ON t.chat=h.chat AND t.user=m.user"                                         \
      " WHERE m.chat=? AND t.day>=? AND t.day<? AND m.left_at=0 GROUP BY m.user")                  \
    /* Slack's own (store_slack.c) */                                                              \
    X(POST_FIND, "SELECT p.round FROM posts p JOIN chats c ON c.id=p.chat"                         \
                 " WHERE c.platform=? AND c.ext=? AND p.message=?")                                \
    X(ACCOUNT_NAME, "SELECT u.name FROM accounts a JOIN users u ON u.id=a.user"                    \
                    " WHERE a.platform=? AND a.ext=?")                                             \
    X(CHATS_OF,                                                                                    \
      "SELECT c.ext FROM accounts a JOIN members m ON m.user=a.user"                               \
      " JOIN chats c ON c.id=m.chat WHERE a.platform=?1 AND a.ext=?2 AND c.platform=?1"            \
      " AND c.gone=0 AND m.left_at=0 AND m.answers>0 ORDER BY m.reached_at DESC LIMIT 5")          \
    /* sums */                                                                                     \
    X(TOTALS_ADD, "UPDATE members SET points=points+?3, answers=answers+?4,"                       \
                  " score_sum=score_sum+?5, last_answer=?6,"                                       \
                  " reached_at=CASE WHEN ?3>0 THEN ?7 ELSE reached_at END"                         \
                  " WHERE chat=?1 AND user=?2")                                                    \
    X(TALLY_ADD, "INSERT INTO tallies(chat, day, user, points, answers, score_sum, on_demand,"     \
                 " on_demand_at)"                                                                  \
                 " VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(chat, day, user) DO UPDATE SET"             \
                 " points=points+excluded.points, answers=answers+excluded.answers,"               \
                 " score_sum=score_sum+excluded.score_sum,"                                        \
                 " on_demand=on_demand+excluded.on_demand,"                                        \
                 " on_demand_at=max(on_demand_at, excluded.on_demand_at)")                         \
    /* Days are named by the zone that holds then: no zone's day is more than two names away. */   \
    X(RANKED_TODAY, "SELECT sum(on_demand) FROM tallies WHERE chat=?1 AND user=?2"                 \
                    " AND day BETWEEN ?3-2 AND ?3+2 AND (day>=?3 OR on_demand_at>=?4)")            \
    X(TOTALS, "SELECT points, answers, score_sum FROM members WHERE chat=? AND user=?")            \
    X(ANSWERED_DAYS, "SELECT DISTINCT streak_day FROM answers WHERE chat=? AND user=?"             \
                     " AND streak_day IS NOT NULL ORDER BY streak_day")                            \
    X(DAYS, "SELECT day, points, answers, score_sum FROM tallies"                                  \
            " WHERE chat=? AND user=? ORDER BY day")                                               \
    X(BOARD_ALL_TIME, "SELECT m.user, u.name, u.anonymous, m.points, m.answers, m.score_sum,"      \
                      " m.reached_at FROM members m JOIN users u ON u.id=m.user"                   \
                      " WHERE m.chat=? AND m.left_at=0 AND m.answers>0")                           \
    X(BOARD_DAYS, "SELECT t.user, u.name, u.anonymous, sum(t.points), sum(t.answers),"             \
                  " sum(t.score_sum), m.reached_at FROM tallies t"                                 \
                  " JOIN members m ON m.chat=t.chat AND m.user=t.user"                             \
                  " JOIN users u ON u.id=t.user"                                                   \
                  " WHERE t.chat=? AND t.day>=? AND t.day<? AND m.left_at=0 GROUP BY t.user")      \
    /* the transports' own (store_outbox.c) */                                                     \
    X(OUTBOX_ADD, "INSERT OR REPLACE INTO outbox(platform, chat, lane, kind, body, round, main,"   \
                  " key, created, id, person) VALUES(?,?,?,?,?,?,?,?,?,?,?)")                      \
    X(OUTBOX_LAST, "SELECT max((SELECT coalesce(max(id), 0) FROM outbox),"                         \
                   " (SELECT coalesce(max(id), 0) FROM sent))")                                    \
    X(OUTBOX_SENT, "INSERT OR IGNORE INTO sent(id) VALUES(?)")                                     \
    X(OUTBOX_SWEEP, "DELETE FROM outbox WHERE id IN (SELECT id FROM sent)")                        \
    X(SENT_CLEAR, "DELETE FROM sent")                                                              \
    X(OUTBOX_REMOVE_CHAT, "DELETE FROM outbox WHERE chat=?")                                       \
    X(OUTBOX_ROWS, "SELECT id, chat, lane, kind, round, main, key, created FROM outbox"            \
                   " WHERE platform=? AND id>? AND id NOT IN (SELECT id FROM sent)"                \
                   " ORDER BY id LIMIT ?")                                                         \
    X(OUTBOX_BODY, "SELECT body FROM outbox WHERE id=?")                                           \
    X(REFUSED_ADD, "INSERT INTO refused(platform, chat, kind, at, why) VALUES(?,?,?,?,?)")         \
    X(REFUSED_PURGE, "DELETE FROM refused WHERE at<?")                                             \
    X(INBOX_ADD, "INSERT OR IGNORE INTO inbox(platform, ext, at) VALUES(?,?,?)")                   \
    X(INBOX_PURGE, "DELETE FROM inbox WHERE (platform, ext) IN"                                    \
                   " (SELECT platform, ext FROM inbox WHERE at<? LIMIT 5000)")                     \
    X(WAITING_ADD, "INSERT INTO waiting(platform, body, at) VALUES(?,?,?)")                        \
    X(WAITING_REMOVE, "DELETE FROM waiting WHERE id=?")                                            \
    X(WAITING_ROWS, "SELECT id, body FROM waiting WHERE platform=? ORDER BY id")                   \
    X(OFFSET_GET, "SELECT offset, at FROM transports WHERE platform=?")                            \
    X(OFFSET_PUT, "INSERT INTO transports(platform, offset, at) VALUES(?,?,?)"                     \
                  " ON CONFLICT(platform) DO UPDATE SET offset=excluded.offset, at=excluded.at")   \
    X(PLACE_GET, "SELECT platform, ext, kind, gone, lang FROM chats WHERE id=?")                   \
    X(CHAT_GONE, "UPDATE chats SET gone=?2 WHERE id=?1")                                           \
    X(CHAT_RENAME, "UPDATE chats SET ext=?2 WHERE id=?1")                                          \
    X(CHAT_TAKE_ROUNDS, "UPDATE rounds SET chat=?2 WHERE chat=?1")                                 \
    X(CHAT_TAKE_ANSWERS, "UPDATE answers SET chat=?2 WHERE chat=?1")                               \
    X(CHAT_TAKE_TALLIES, "UPDATE OR IGNORE tallies SET chat=?2 WHERE chat=?1")                     \
    X(CHAT_TAKE_MEMBERS, "UPDATE OR IGNORE members SET chat=?2 WHERE chat=?1")                     \
    X(CHAT_TAKE_OUTBOX, "UPDATE outbox SET chat=?2 WHERE chat=?1")                                 \
    X(CHAT_TAKE_POSTS, "UPDATE posts SET chat=?2 WHERE chat=?1")                                   \
    X(CHAT_DROP_POSTS, "DELETE FROM posts WHERE chat=?")                                           \
    X(POST_ADD, "INSERT OR REPLACE INTO posts(chat, message, round, main) VALUES(?,?,?,?)")        \
    X(POST_MAIN, "SELECT message FROM posts WHERE round=? AND main=1"                              \
                 " ORDER BY CAST(message AS REAL) DESC LIMIT 1")                                   \
    X(ANSWER_WAS, "SELECT 1 FROM members m JOIN answers a ON a.chat=m.chat AND a.user=m.user"      \
                  " WHERE m.user=(SELECT user FROM accounts WHERE platform=?1 AND ext=?2)"         \
                  " AND a.message=?3 AND (?4=0 OR m.chat=?4) LIMIT 1")                             \
    X(ADMIN_GET, "SELECT admin FROM admins WHERE chat=? AND user=? AND at>=?")                     \
    X(ADMIN_PUT, "INSERT OR REPLACE INTO admins(chat, user, admin, at) VALUES(?,?,?,?)")

#endif
