/* The second part of the statements: what an operator sees of the daemon. */
#ifndef INTERVIEWD_CHAT_STORE_SQL_STATUS_H
#define INTERVIEWD_CHAT_STORE_SQL_STATUS_H

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
                         "  UNION SELECT platform FROM unsent) p"                                  \
                         " LEFT JOIN liveness l ON l.platform=p.platform"                          \
                         " LEFT JOIN unsent o ON o.platform=p.platform"                            \
                         " WHERE p.platform<>1 GROUP BY p.platform ORDER BY p.platform")           \
    X(STATUS_COUNTS, "SELECT (SELECT count(*) FROM chats WHERE gone=0),"                           \
                     " (SELECT count(*) FROM accounts), (SELECT count(*) FROM answers),"           \
                     " (SELECT count(*) FROM rounds WHERE closed=0 AND closes>0)")                 \
    X(STATUS_DUE, "SELECT platform, title, next_due, zone FROM chats"                              \
                  " WHERE next_due>0 AND gone=0 ORDER BY next_due, id LIMIT ?")

#endif
