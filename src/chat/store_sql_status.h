/* The second part of the schema and of the statements: what an operator sees of the daemon. */
#ifndef INTERVIEWD_CHAT_STORE_SQL_STATUS_H
#define INTERVIEWD_CHAT_STORE_SQL_STATUS_H

#define STORE_SCHEMA_2                                                                               \
    /* The one daemon: which it is and when it gave its last sign of life. stopped 0: it runs, */    \
    /* or died. */                                                                                   \
    "CREATE TABLE daemon("                                                                           \
    " id INTEGER PRIMARY KEY CHECK(id=1), version TEXT NOT NULL, started INTEGER NOT NULL,"          \
    " alive INTEGER NOT NULL, stopped INTEGER NOT NULL, bank INTEGER NOT NULL) STRICT;" /* When a    \
                                                                                           platform  \
                                                                                           last      \
                                                                                           did       \
                                                                                           what it   \
                                                                                           was       \
                                                                                           asked.    \
                                                                                         */          \
    "CREATE TABLE liveness("                                                                         \
    " platform INTEGER PRIMARY KEY, last_ok INTEGER NOT NULL) STRICT;" /* For                        \
                                                                          limits.answers_per_minute. \
                                                                        */                           \
    "CREATE INDEX answers_recent ON answers(user, at);"                                              \
    "CREATE INDEX answers_busy ON answers(chat, at);"

#define STORE_STATUS_STATEMENTS(X)                                                                 \
    X(DAEMON_PUT, "INSERT INTO daemon(id, version, started, alive, stopped, bank)"                 \
                  " VALUES(1,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET version=excluded.version,"   \
                  " started=excluded.started, alive=excluded.alive, stopped=excluded.stopped,"     \
                  " bank=excluded.bank")                                                           \
    X(DAEMON_GET, "SELECT version, started, alive, stopped, bank FROM daemon")                     \
    X(LIVENESS_PUT, "INSERT INTO liveness(platform, last_ok) VALUES(?,?)"                          \
                    " ON CONFLICT(platform) DO UPDATE SET last_ok=max(last_ok, excluded.last_ok)") \
    X(STATUS_TRANSPORTS, "SELECT p.platform, coalesce(l.last_ok, 0), count(o.id),"                 \
                         " coalesce(min(o.created), 0)"                                            \
                         " FROM (SELECT platform FROM chats UNION SELECT platform FROM liveness"   \
                         "  UNION SELECT platform FROM outbox) p"                                  \
                         " LEFT JOIN liveness l ON l.platform=p.platform"                          \
                         " LEFT JOIN outbox o ON o.platform=p.platform"                            \
                         "  AND o.id NOT IN (SELECT id FROM sent)"                                 \
                         " WHERE p.platform<>1 GROUP BY p.platform ORDER BY p.platform")           \
    X(STATUS_COUNTS, "SELECT (SELECT count(*) FROM chats WHERE gone=0),"                           \
                     " (SELECT count(*) FROM accounts), (SELECT count(*) FROM answers),"           \
                     " (SELECT count(*) FROM rounds WHERE closed=0 AND closes>0)")                 \
    X(STATUS_DUE, "SELECT platform, title, next_due, zone FROM chats"                              \
                  " WHERE next_due>0 AND gone=0 ORDER BY next_due, id LIMIT ?")                    \
    X(ANSWERS_OF_USER, "SELECT count(*) FROM answers WHERE user=? AND at>? AND at<=?")             \
    X(ANSWERS_OF_CHAT, "SELECT count(*) FROM answers WHERE chat=? AND at>? AND at<=?")

#endif
