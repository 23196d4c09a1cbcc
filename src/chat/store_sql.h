/*
 * Every SQL statement of the program: STORE_STATEMENTS is a table of (name,
 * SQL), and STORE_STATUS_STATEMENTS of store_sql_status.h its second part. The
 * tables are in store_schema.h.
 */
#ifndef INTERVIEWD_CHAT_STORE_SQL_H
#define INTERVIEWD_CHAT_STORE_SQL_H

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
                " reminder, fired, last_weekly, next_due, close_hours, platform, ext"              \
                " FROM chats WHERE id=?")                                                          \
    X(CHAT_PUT, "UPDATE chats SET kind=?2, title=?3, lang=?4, zone=?5, reveal=?6, schedule=?7,"    \
                " topics_off=?8, weekly=?9, gone=?10, reminder=?11, fired=?12,"                    \
                " last_weekly=?13, next_due=?14, close_hours=?15 WHERE id=?1")                     \
    X(SEAT_GET, "SELECT left_at, round, last_round, practice_left, practice_total, practice_done," \
                " practice_sum, practice_topic, waiting, history, points, answers, score_sum,"     \
                " last_answer, reached_at FROM members WHERE chat=? AND user=?")                   \
    /* changing a row is cheaper than offering one: which it is, is known */                       \
    X(SEAT_ADD, "INSERT INTO members(chat, user, left_at, round, last_round, practice_left,"       \
                " practice_total, practice_done, practice_sum, practice_topic, waiting, points,"   \
                " answers, score_sum, last_answer, reached_at)"                                    \
                " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")                                        \
    X(SEAT_PUT, "UPDATE members SET left_at=?3, round=?4, last_round=?5, practice_left=?6,"        \
                " practice_total=?7, practice_done=?8, practice_sum=?9, practice_topic=?10,"       \
                " waiting=?11, points=?12, answers=?13, score_sum=?14, last_answer=?15,"           \
                " reached_at=?16 WHERE chat=?1 AND user=?2")                                       \
    X(SEAT_ENSURE, "INSERT OR IGNORE INTO members(chat, user) VALUES(?,?)")                        \
    X(POST_ROUND, "SELECT round FROM posts WHERE chat=? AND message=?")                            \
    /* questions */                                                                                \
    X(QUESTION_FIND, "SELECT id FROM questions WHERE ext=?")                                       \
    X(QUESTION_ADD, "INSERT INTO questions(ext, text) VALUES(?,?)")                                \
    X(ASKED_ALL, "SELECT question, last, round, pass, answers, score_sum FROM asked WHERE chat=?"  \
                 " ORDER BY question")                                                             \
    X(ASKED_ADD, "INSERT INTO asked(chat, question, last, round, pass) VALUES(?,?,?,?,?)")         \
    X(ASKED_PUT, "UPDATE asked SET last=?3, round=?4, pass=?5 WHERE chat=?1 AND question=?2")      \
    X(ASKED_ANSWERED, "UPDATE asked SET answers=answers+1, score_sum=score_sum+?3"                 \
                      " WHERE chat=?1 AND question=?2")                                            \
    /* rounds */                                                                                   \
    X(ROUND_ADD, "INSERT INTO rounds(chat, question, kind, asker, opened, closes, day, minute)"    \
                 " VALUES(?,?,?,0,?,?,?,?)")                                                       \
    X(ROUND_GET, "SELECT id, chat, question, kind, opened, closes, closed, revealed, day,"         \
                 " minute, answers, score_sum, reminded, token FROM rounds WHERE id=?")            \
    X(ROUND_DAILY, "SELECT id, chat, question, kind, opened, closes, closed, revealed,"            \
                   " day, minute, answers, score_sum, reminded, token FROM rounds"                 \
                   " WHERE chat=? AND day=? AND kind=1 ORDER BY id DESC LIMIT 1")                  \
    X(ROUND_OPEN, "SELECT id, chat, question, kind, opened, closes, closed, revealed, day,"        \
                  " minute, answers, score_sum, reminded, token FROM rounds"                       \
                  " WHERE chat=? AND closed=0 AND closes>0 ORDER BY opened DESC, id DESC LIMIT 1") \
    X(ROUND_PUT, "UPDATE rounds SET closes=?2, closed=?3, revealed=?4, minute=?5, answers=?6,"     \
                 " score_sum=?7, reminded=?8 WHERE id=?1")                                         \
    X(QUESTION_DAYS, "SELECT DISTINCT day FROM rounds WHERE chat=? AND kind=1 AND quiet=0"         \
                     " ORDER BY day")                                                              \
    X(ROUNDS_QUIET,                                                                                \
      "UPDATE rounds SET quiet=?3 WHERE chat=?1 AND day=?2 AND kind=1 AND quiet<>?3")              \
    X(ROUNDS_CLOSING, "SELECT id FROM rounds WHERE chat=?1 AND closed=0 AND closes>0"              \
                      " AND closes<=?2 ORDER BY opened")                                           \
    /* first by place in the sheet: reading a text out of one costs more than counting */          \
    X(ROUND_MISSED,                                                                                \
      "SELECT m.question, json_extract(s.points, '$['||m.k||']') AS t, sum(m.n) AS n"              \
      " FROM (SELECT a.question, a.sheet, p.key AS k, count(*) AS n"                               \
      "  FROM answers a, json_each(a.points, '$.points') p"                                        \
      "  WHERE a.round=? AND a.attempt=1 AND json_extract(p.value, '$.earned')=0"                  \
      "  AND json_extract(p.value, '$.weight')>0"                                                  \
      "  GROUP BY a.sheet, k) m JOIN sheets s ON s.id=m.sheet"                                     \
      " GROUP BY t ORDER BY n DESC, t LIMIT 1")                                                    \
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
    X(ENTRY_GET, "SELECT (SELECT hints FROM entries WHERE round=?1 AND user=?2),"                  \
                 " (SELECT revealed FROM entries WHERE round=?1 AND user=?2),"                     \
                 " count(*), max(shown) FROM answers WHERE round=?1 AND user=?2")                  \
    X(ENTRY_PUT, "INSERT INTO entries(round, user, question, hints, revealed)"                     \
                 " SELECT ?1, ?2, question, ?3, ?4 FROM rounds WHERE id=?1"                        \
                 " ON CONFLICT(round, user) DO UPDATE SET hints=excluded.hints,"                   \
                 " revealed=excluded.revealed")                                                    \
    /* answers */                                                                                  \
    X(ANSWER_ADD,                                                                                  \
      "INSERT INTO answers(round, chat, user, question, attempt, text, score, points,"             \
      " ranked, reason, copied, hints, late, day, at, message, streak_day, shown, sheet)"          \
      " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,"                            \
      " CASE WHEN ?5=1 THEN ?17 END,?18,?19)")                                                     \
    X(SHEET_FIND, "SELECT id FROM sheets WHERE question=? AND points=?")                           \
    X(SHEET_ADD, "INSERT INTO sheets(question, points) VALUES(?,?)")                               \
    X(ANYONE_SHOWN, "SELECT 1 FROM entries WHERE round=?1 AND revealed>0"                          \
                    " UNION ALL SELECT 1 FROM answers WHERE round=?1 AND shown>0 LIMIT 1")         \
    X(SHOWN, "SELECT max(revealed), sum(CASE WHEN round>?3 THEN hints ELSE 0 END)"                 \
             " FROM entries WHERE user=?1 AND question=?2")                                        \
    X(SHOWN_WITH, "SELECT max(shown) FROM answers WHERE user=? AND question=?")                    \
    /* a private one closes without a summary */                                                   \
    X(SHOWN_AT_CLOSE, "SELECT max(closed) FROM rounds WHERE question=?2 AND chat IN (SELECT ?3"    \
                      " UNION ALL SELECT chat FROM members WHERE user=?1 AND left_at=0)"           \
                      " AND kind<>2 AND closes>0 AND answers>0"                                    \
                      " AND (SELECT kind FROM chats WHERE id=rounds.chat)=1")                      \
    X(ASKED_ELSE, "SELECT 1 FROM rounds WHERE chat=? AND question=? AND id<>?"                     \
                  " AND kind<>2 LIMIT 1")                                                          \
    X(HELD, "SELECT count(*), sum(ranked), max(score) FROM answers"                                \
            " WHERE chat=? AND user=? AND question=?")                                             \
    X(OWN_TEXTS, "SELECT text FROM answers WHERE chat=? AND user=? AND question=?"                 \
                 " ORDER BY id DESC LIMIT 50")                                                     \
    X(OTHER_TEXTS,                                                                                 \
      "SELECT a.text FROM rounds r JOIN answers a ON a.round=r.id"                                 \
      " WHERE r.chat=?1 AND r.question=?3 AND r.kind<>2 AND a.user<>?2 AND a.text<>''"             \
      " ORDER BY a.id DESC LIMIT 100")                                                             \
    X(ROUND_ANSWERS, "SELECT id, user, attempt, text, score, ranked, copied, late, at"             \
                     " FROM answers WHERE round=? ORDER BY id")                                    \
    X(RESULT_LAST, "SELECT a.id, a.round, a.question, a.attempt, a.text, a.score, a.points,"       \
                   " a.ranked, a.at, s.points FROM members m JOIN answers a ON a.id=m.last_answer" \
                   " LEFT JOIN sheets s ON s.id=a.sheet WHERE m.chat=? AND m.user=?")              \
    X(RESULT_ROUND, "SELECT a.id, a.round, a.question, a.attempt, a.text, a.score, a.points,"      \
                    " a.ranked, a.at, s.points FROM answers a LEFT JOIN sheets s ON s.id=a.sheet"  \
                    " WHERE a.round=? AND a.user=? ORDER BY a.id DESC LIMIT 1")                    \
    X(BY_QUESTION, "SELECT question, sum(ranked), count(*), sum(score) FROM answers"               \
                   " WHERE chat=? AND user=? AND streak_day IS NOT NULL GROUP BY question")        \
    X(MISSED, "SELECT m.question, json_extract(s.points, '$['||m.k||']') AS t, sum(m.n) AS n"      \
              " FROM (SELECT a.question, a.sheet, p.key AS k, count(*) AS n"                       \
              "  FROM (SELECT question, sheet, points FROM answers WHERE chat=?1 AND user=?2"      \
              "   ORDER BY id DESC LIMIT 200) a, json_each(a.points, '$.points') p"                \
              "  WHERE json_extract(p.value, '$.earned')=0"                                        \
              "  AND json_extract(p.value, '$.weight')>0 GROUP BY a.sheet, k) m"                   \
              " JOIN sheets s ON s.id=m.sheet"                                                     \
              " GROUP BY m.question, t ORDER BY n DESC, m.question, t LIMIT ?3")                   \
    /* a person's own affairs */                                                                   \
    X(EXPORT_ANSWERS,                                                                              \
      "SELECT c.title, q.text, a.attempt, a.text, a.score, a.ranked, a.reason,"                    \
      " a.hints, a.at, CASE WHEN c.kind=0 OR r.closed>0 OR a.shown>0 THEN a.points END,"           \
      " s.points FROM answers a JOIN chats c ON c.id=a.chat JOIN rounds r ON r.id=a.round"         \
      " LEFT JOIN sheets s ON s.id=a.sheet"                                                        \
      " JOIN questions q ON q.id=a.question WHERE a.user=? ORDER BY a.id")                         \
    X(EXPORT_ACCOUNTS, "SELECT platform, ext FROM accounts WHERE user=? ORDER BY platform, ext")   \
    X(EXPORT_SEATS, "SELECT c.title, c.kind, m.points, m.answers, m.score_sum FROM members m"      \
                    " JOIN chats c ON c.id=m.chat WHERE m.user=? ORDER BY m.chat")                 \
    /* /forgetme: ?1 the person, ?2 the random number that the scores stay under. Users' own       \
       numbers count up below 2^52, so that the random ones lie above and neither tells the other. \
     */                                                                                            \
    X(FORGET_NUMBER, "SELECT (1<<52) + (random() & ((1<<52)-1))")                                  \
    X(FORGET_REPLIES, "DELETE FROM outbox WHERE person=?1")                                        \
    X(FORGET_ASKED, "DELETE FROM waiting WHERE EXISTS (SELECT 1 FROM accounts a WHERE a.user=?1"   \
                    " AND a.platform=waiting.platform AND CASE json_valid(waiting.body) WHEN 1"    \
                    " THEN EXISTS (SELECT 1 FROM json_tree(waiting.body) j WHERE"                  \
                    " j.key IN ('id', 'from') AND CAST(j.atom AS TEXT)=a.ext)"                     \
                    " ELSE instr(waiting.body, a.ext)>0 END)")                                     \
    X(FORGET_WAITING, "SELECT id, body FROM outbox WHERE chat IN"                                  \
                      " (SELECT chat FROM members WHERE user=?)")                                  \
    X(FORGET_WAITING_ONE, "DELETE FROM outbox WHERE id=?")                                         \
    X(FORGET_SAID,                                                                                 \
      "SELECT a.text FROM members m JOIN answers a ON a.chat=m.chat"                               \
      " AND a.user=m.user WHERE m.user=? AND a.text<>'' ORDER BY a.id DESC LIMIT 200")             \
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
    X(ERASE_WALK, "SELECT id, at, text<>'' FROM answers WHERE id>? ORDER BY id LIMIT ?")           \
    X(ERASE_TEXT, "UPDATE answers SET text='',"                                                    \
                  " points='{\"model\":0,\"points\":[],\"deductions\":[]}' WHERE id=?")            \
    /* joining accounts (store_link.c) */                                                          \
    X(LINK_ADD, "INSERT INTO links(code, user, expires) VALUES(?,?,?)")                            \
    X(LINK_GET, "SELECT user FROM links WHERE code=? AND expires>?")                               \
    X(LINK_DROP, "DELETE FROM links WHERE user=?")                                                 \
    X(LINK_DROP_OLD, "DELETE FROM links WHERE expires<=?")                                         \
    X(HISTORY_PUT, "UPDATE members SET history=?3, points=0, answers=0, score_sum=0,"              \
                   " last_answer=0, reached_at=0 WHERE chat=?1 AND user=?2")                       \
    X(LINK_CHATS, "SELECT m.chat, c.kind, m.user, m.history, m.points, m.answers, m.score_sum,"    \
                  " m.last_answer, m.reached_at FROM members m JOIN chats c ON c.id=m.chat"        \
                  " WHERE m.user IN (?,?) ORDER BY m.chat, m.user")                                \
    /* of (chat ?1, user ?2) what (?3, ?4) has answered too: no other rows are read */             \
    X(LINK_COMMON, "SELECT id, round, question, attempt, score, ranked, late, day, at"             \
                   " FROM answers a WHERE user=?2 AND chat=?1 AND EXISTS (SELECT 1 FROM answers"   \
                   " WHERE user=?4 AND question=a.question AND chat=?3)")                          \
    X(LINK_TAKE_ANSWERS, "UPDATE answers SET chat=?3, user=?4 WHERE chat=?1 AND user=?2")          \
    X(LINK_RANKED, "UPDATE answers SET ranked=?2 WHERE id=?1")                                     \
    X(LINK_LATER, "UPDATE answers SET attempt=?2, ranked=?3, streak_day=NULL WHERE id=?1")         \
    X(LINK_REACHED, "SELECT coalesce(max(at), 0) FROM answers"                                     \
                    " WHERE chat=? AND user=? AND ranked>0")                                       \
    X(LINK_ROUND_LESS, "UPDATE rounds SET answers=answers-1, score_sum=score_sum-?2"               \
                       " WHERE id=?1 AND answers>0")                                               \
    X(LINK_TALLY_ADD, "INSERT INTO tallies(chat, day, user, points, answers, score_sum,"           \
                      " on_demand, on_demand_at) SELECT ?3, day, ?4, points, answers, score_sum,"  \
                      " on_demand, on_demand_at FROM tallies INDEXED BY tallies_user"              \
                      " WHERE chat=?1 AND user=?2 ON CONFLICT(chat, day, user) DO UPDATE SET"      \
                      " points=points+excluded.points, answers=answers+excluded.answers,"          \
                      " score_sum=score_sum+excluded.score_sum,"                                   \
                      " on_demand=on_demand+excluded.on_demand,"                                   \
                      " on_demand_at=max(on_demand_at, excluded.on_demand_at)")                    \
    X(LINK_TALLY_DROP, "DELETE FROM tallies WHERE chat=? AND user=?")                              \
    X(LINK_TOTALS, "UPDATE members SET points=?3, answers=?4, score_sum=?5, last_answer=?6,"       \
                   " reached_at=?7 WHERE chat=?1 AND user=?2")                                     \
    /* in a group with one account is in it */                                                     \
    X(LINK_SEATS_STAY, "UPDATE members SET left_at=0 WHERE user=?2 AND left_at<>0 AND chat IN"     \
                       " (SELECT chat FROM members WHERE user=?1 AND left_at=0)")                  \
    X(LINK_SEATS, "UPDATE OR IGNORE members SET user=?2 WHERE user=?1")                            \
    X(LINK_SEATS_DROP, "DELETE FROM members WHERE user=?")                                         \
    /* nearly all of them; what both have done in a round is left to the next */                   \
    X(LINK_ENTRIES_MOVE, "UPDATE OR IGNORE entries SET user=?2 WHERE user=?1")                     \
    X(LINK_ENTRIES, "INSERT INTO entries(round, user, question, hints, revealed)"                  \
                    " SELECT round, ?2, question, hints, revealed FROM entries WHERE user=?1"      \
                    " ON CONFLICT(round, user) DO UPDATE SET hints=max(hints, excluded.hints),"    \
                    " revealed=max(revealed, excluded.revealed)")                                  \
    X(LINK_ENTRIES_DROP, "DELETE FROM entries WHERE user=?")                                       \
    X(LINK_ACCOUNTS, "UPDATE accounts SET user=?2 WHERE user=?1")                                  \
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
    X(TALLY_ADD, "INSERT INTO tallies(chat, day, user, points, answers, score_sum, on_demand,"     \
                 " on_demand_at) VALUES(?,?,?,?,?,?,?,?)")                                         \
    X(TALLY_MORE, "UPDATE tallies SET points=points+?4, answers=answers+?5,"                       \
                  " score_sum=score_sum+?6, on_demand=on_demand+?7,"                               \
                  " on_demand_at=max(on_demand_at, ?8) WHERE chat=?1 AND day=?2 AND user=?3")      \
    /* Days are named by the zone that holds then: no zone's day is more than two names away. */   \
    X(RANKED_TODAY, "SELECT sum(on_demand) FROM tallies INDEXED BY tallies_user"                   \
                    " WHERE chat=?1 AND user=?2 AND day BETWEEN ?3-2 AND ?3+2"                     \
                    " AND (day>=?3 OR on_demand_at>=?4)")                                          \
    X(ANSWERED_DAYS, "SELECT DISTINCT streak_day FROM answers WHERE chat=? AND user=?"             \
                     " AND streak_day IS NOT NULL ORDER BY streak_day")                            \
    /* SQLite would go through the days of all of the chat's members */                            \
    X(DAYS, "SELECT day, points, answers, score_sum FROM tallies INDEXED BY tallies_user"          \
            " WHERE chat=? AND user=? ORDER BY day")                                               \
    X(BOARD_ALL_TIME, "SELECT m.user, u.name, u.anonymous, m.points, m.answers, m.score_sum,"      \
                      " m.reached_at FROM members m JOIN users u ON u.id=m.user"                   \
                      " WHERE m.chat=? AND m.left_at=0 AND m.answers>0")                           \
    X(BOARD_DAYS, "SELECT t.user, u.name, u.anonymous, sum(t.points), sum(t.answers),"             \
                  " sum(t.score_sum), m.reached_at FROM tallies t"                                 \
                  " JOIN members m ON m.chat=t.chat AND m.user=t.user"                             \
                  " JOIN users u ON u.id=t.user"                                                   \
                  " WHERE t.chat=? AND t.day>=? AND t.day<? AND t.answers>0 AND m.left_at=0"       \
                  " GROUP BY t.user")                                                              \
    /* the transports' own (store_outbox.c) */                                                     \
    X(OUTBOX_ADD,                                                                                  \
      "INSERT INTO outbox(platform, chat, lane, kind, body, round, main, key, created,"            \
      " seq, person) VALUES(?,?,?,?,?,?,?,?,?,?,?)")                                               \
    X(OUTBOX_FILL, "UPDATE outbox SET platform=?1, chat=?2, lane=?3, kind=?4, body=?5, round=?6,"  \
                   " main=?7, key=?8, created=?9, seq=?10, person=?11"                             \
                   " WHERE id=?12 AND (seq=?13 OR (key=?8 AND platform=?1))")                      \
    X(OUTBOX_KEYED, "SELECT id FROM outbox WHERE platform=? AND key=?")                            \
    X(OUTBOX_FREE_SLOTS, "SELECT id, seq FROM outbox WHERE seq IN (SELECT seq FROM sent)")         \
    X(OUTBOX_LAST, "SELECT max(coalesce((SELECT max(seq) FROM outbox), 0),"                        \
                   " coalesce((SELECT max(seq) FROM sent), 0))")                                   \
    X(OUTBOX_NOTE_SENT, "UPDATE outbox_sent SET seqs=? WHERE id=1")                                \
    X(OUTBOX_DELETE, "DELETE FROM outbox WHERE id=? AND seq=?")                                    \
    X(OUTBOX_REMOVE_CHAT, "DELETE FROM outbox WHERE chat=?")                                       \
    X(OUTBOX_ROWS, "SELECT seq, chat, lane, kind, round, main, key, created, id FROM unsent"       \
                   " WHERE platform=? AND seq>? ORDER BY seq LIMIT ?")                             \
    X(OUTBOX_BODY, "SELECT body FROM outbox WHERE id=? AND seq=?")                                 \
    X(REFUSED_ADD, "INSERT INTO refused(platform, chat, kind, at, why) VALUES(?,?,?,?,?)")         \
    X(REFUSED_PURGE, "DELETE FROM refused WHERE at<?")                                             \
    X(INBOX_ADD, "INSERT OR IGNORE INTO inbox(platform, ext, at) VALUES(?,?,?)")                   \
    /* Reads all of it, once a day: an index would cost every update a page. What is found old is  \
       looked up by its whole key, on every platform, for (platform, ext) IN (...) is not. */      \
    X(INBOX_PURGE, "DELETE FROM inbox WHERE platform IN (1,2,3) AND at<?1"                         \
                   " AND ext IN (SELECT ext FROM inbox WHERE at<?1 LIMIT 5000)")                   \
    X(WAITING_ADD, "INSERT INTO waiting(platform, body, at) VALUES(?,?,?)")                        \
    X(WAITING_IS, "SELECT 1 FROM waiting WHERE id=? AND body=?")                                   \
    X(WAITING_REMOVE, "DELETE FROM waiting WHERE id=? AND body=?")                                 \
    X(WAITING_ROWS, "SELECT id, body FROM waiting WHERE platform=? ORDER BY id")                   \
    X(OFFSET_GET, "SELECT offset, at FROM transports WHERE platform=?")                            \
    X(OFFSET_PUT, "INSERT INTO transports(platform, offset, at) VALUES(?,?,?)"                     \
                  " ON CONFLICT(platform) DO UPDATE SET offset=excluded.offset, at=excluded.at")   \
    X(CHAT_GONE, "UPDATE chats SET gone=?2 WHERE id=?1")                                           \
    X(CHAT_RENAME, "UPDATE chats SET ext=?2 WHERE id=?1")                                          \
    /* a group that became another one: groups have no practice */                                 \
    X(CHAT_TAKE_ROUNDS, "UPDATE rounds SET chat=?2 WHERE chat=?1 AND kind<>2")                     \
    X(CHAT_TAKE_ANSWERS, "UPDATE answers SET chat=?2 WHERE chat=?1"                                \
                         " AND round IN (SELECT id FROM rounds WHERE chat=?1 AND kind<>2)")        \
    X(CHAT_TAKE_TALLIES, "UPDATE OR IGNORE tallies SET chat=?2 WHERE chat=?1")                     \
    X(CHAT_TAKE_MEMBERS, "UPDATE OR IGNORE members SET chat=?2 WHERE chat=?1")                     \
    X(CHAT_TAKE_ASKED, "UPDATE OR IGNORE asked SET chat=?2 WHERE chat=?1")                         \
    /* Of what has sums in both. */                                                                \
    X(CHAT_ADD_TALLIES, "UPDATE tallies SET points=tallies.points+o.points,"                       \
                        " answers=tallies.answers+o.answers,"                                      \
                        " score_sum=tallies.score_sum+o.score_sum,"                                \
                        " on_demand=tallies.on_demand+o.on_demand,"                                \
                        " on_demand_at=max(tallies.on_demand_at, o.on_demand_at)"                  \
                        " FROM tallies o WHERE o.chat=?1 AND tallies.chat=?2"                      \
                        " AND tallies.day=o.day AND tallies.user=o.user")                          \
    X(CHAT_ADD_MEMBERS, "UPDATE members SET points=members.points+o.points,"                       \
                        " answers=members.answers+o.answers,"                                      \
                        " score_sum=members.score_sum+o.score_sum,"                                \
                        " reached_at=max(members.reached_at, o.reached_at),"                       \
                        " left_at=o.left_at, last_answer=max(members.last_answer, o.last_answer)"  \
                        " FROM members o WHERE o.chat=?1 AND members.chat=?2"                      \
                        " AND members.user=o.user")                                                \
    X(CHAT_ADD_ASKED, "UPDATE asked SET last=max(asked.last, o.last),"                             \
                      " round=max(asked.round, o.round), pass=max(asked.pass, o.pass),"            \
                      " answers=asked.answers+o.answers, score_sum=asked.score_sum+o.score_sum"    \
                      " FROM asked o WHERE o.chat=?1 AND asked.chat=?2"                            \
                      " AND asked.question=o.question")                                            \
    X(CHAT_DROP_TALLIES, "DELETE FROM tallies WHERE chat=?1")                                      \
    X(CHAT_DROP_MEMBERS, "DELETE FROM members WHERE chat=?1")                                      \
    X(CHAT_DROP_ASKED, "DELETE FROM asked WHERE chat=?1")                                          \
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
