#!/usr/bin/env python3
"""A flood: updates of 4,096 characters as fast as they are fetched, from a few people and from many. Memory stays bounded
(its growth between a third of the flood and its end), and every update is taken in once. TAP.

UPDATES=1000000 in the environment for the long version (with the release build: INTERVIEWD=build/interviewd).
"""
import http.server
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from support import BINARY, Place, case, main

UPDATES = int(os.environ.get("UPDATES", "3000"))
PATIENCE = int(os.environ.get("PATIENCE", "600"))
MB = 1024
GROWTH = 24 * MB
# AddressSanitizer would keep the last 256 MB that were freed.
ASAN = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64"
WORDS = "하이퍼바이저는 물리 서버 하나에서 여러 가상 머신을 실행하고 <b>자원</b>을 나누어 줍니다 & more. "
LONG = (WORDS * 100)[:4090]


class Flood(http.server.ThreadingHTTPServer):
    """As much of Telegram as a flood needs. Update 1 to 2*users are /question, the others answers."""

    daemon_threads = True

    def __init__(self, people, total):
        super().__init__(("127.0.0.1", 0), Handler)
        self.people, self.total, self.offset, self.sent = people, total, 1, 0
        self.url = "http://127.0.0.1:%d" % self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, address):
        pass  # the bot has hung up

    def update(self, number):
        person = 1000 + number % self.people
        who = {"id": person, "is_bot": False, "first_name": "P%d" % person, "language_code": "ko"}
        text = "/question" if number <= self.people else "%06x" % number + LONG
        return {"update_id": number, "message": {"message_id": number, "date": int(time.time()), "text": text, "from": who,
                                                 "chat": {"id": person, "type": "private", "first_name": who["first_name"]}}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one segment: else each answer waits 40 ms for an acknowledgement

    def do_POST(self):
        flood, method = self.server, self.path.rsplit("/", 1)[-1]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        result = True
        if method == "getUpdates":
            flood.offset = max(flood.offset, json.loads(body or b"{}").get("offset", 1))
            result = [flood.update(n) for n in range(flood.offset, min(flood.offset + 100, flood.total + 1))]
            if not result:
                time.sleep(0.5)
        elif method == "getMe":
            result = {"id": 1, "is_bot": True, "first_name": "bot", "username": "flood_bot"}
        elif method.startswith("send"):
            flood.sent += 1
            result = {"message_id": 10 ** 9 + flood.sent, "date": 1, "chat": {"id": 1, "type": "private"}}
        data = json.dumps({"ok": True, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST

    def log_message(self, *unused):
        pass


def rss_kb(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(re.search(r"RssAnon:\s+(\d+)", f.read()).group(1))


def flood(people, *options):
    with Place() as place:
        server, log = Flood(people, UPDATES), open(place.path("log"), "wb+")
        database = place.path("f.db")
        process = subprocess.Popen([BINARY, "-o", "bot.database=" + database, "-o", "telegram.api_url=" + server.url,
                                    *(x for o in options for x in ("-o", o)), "run"], stdin=subprocess.DEVNULL, stderr=log,
                                   env=place.env(INTERVIEWD_TELEGRAM_TOKEN="1:flood", ASAN_OPTIONS=ASAN))
        try:
            began, third, most = time.monotonic(), 0, 0
            while server.offset <= UPDATES:
                assert process.poll() is None, open(place.path("log")).read()[-2000:]
                assert time.monotonic() - began < PATIENCE, "%d of %d updates taken" % (server.offset, UPDATES)
                now = rss_kb(process.pid)
                if server.offset <= UPDATES / 3:
                    third = max(third, now)
                most = max(most, now)
                time.sleep(0.05)
            most = max(most, rss_kb(process.pid))
            took = time.monotonic() - began
            db = sqlite3.connect("file:%s?mode=ro" % database, uri=True)
            answers, = db.execute("SELECT count(*) FROM answers").fetchone()
            waiting, = db.execute("SELECT count(*) FROM unsent").fetchone()
            db.close()
            print("# %d updates of %d people in %.1f s; RssAnon %d MB at a third, %d MB at most; %d answers, %d messages sent, %d wait"
                  % (UPDATES, people, took, third / MB, most / MB, answers, server.sent, waiting), flush=True)
            assert most - third < GROWTH, "grew by %d MB" % ((most - third) / MB)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            return answers
        finally:
            process.kill()
            process.wait()
            log.close()
            server.shutdown()


@case("a few people flood: every answer is stored, memory stays bounded")
def few():
    flood(5)


@case("many people flood: every answer is stored, memory stays bounded")
def many():
    answers = flood(UPDATES // 4, "telegram.unlimited=yes")  # thirty a second would take a minute and a half
    assert answers >= UPDATES // 4, answers


main()
