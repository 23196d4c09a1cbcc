#!/usr/bin/env python3
"""The program's face: usage, exit codes, options and their precedence, the configuration file, secrets."""
import os
import re
import shutil
import signal
import subprocess

from support import BINARY, MIXED, Place, case, main, question

COMMANDS = ["run", "chat", "check", "bank", "grade", "backup"]


@case("--help goes to standard output with every command, exit 0")
def help_text():
    with Place() as p:
        r = p.run("--help")
        assert r.code == 0 and not r.err, r
        for word in COMMANDS + ["-c", "-o", "--version", "export", "list", "show"]:
            assert re.search(r"(?<![\w-])" + re.escape(word) + r"(?!\w)", r.out), "no %s in %s" % (word, r)


@case("--version names the program, exit 0")
def version():
    with Place() as p:
        r = p.run("--version")
        assert r.code == 0 and re.match(r"interviewd \S+\n$", r.out) and not r.err, r


def wrong(*args):
    def test():
        with Place() as p:
            r = p.run(*args)
            assert r.code == 2, r
            assert "usage" in r.err.lower(), "wrong use is explained: %s" % r
            assert not r.out, r
            assert not os.path.exists(p.state), "wrong use must not make a database"
    return test


for arguments in ([], ["bogus"], ["-x", "check"], ["--bogus"], ["-c"], ["-o"], ["chat", "extra"], ["chat", "--user"],
                  ["chat", "--lang", "fr"], ["chat", "--lang"], ["check", "extra"], ["bank"], ["bank", "bogus"],
                  ["bank", "show"], ["bank", "show", "a", "b"], ["bank", "list", "extra"], ["grade", "extra"],
                  ["grade", "--bank"], ["backup"], ["backup", "a", "b"], ["run", "extra"]):
    case("wrong use is told on standard error, exit 2: %s" % (" ".join(arguments) or "no command"))(wrong(*arguments))


@case("wrong use names what was wrong")
def wrong_names():
    with Place() as p:
        assert "bogus" in p.run("bogus").err, p.run("bogus")
        assert "--bogus" in p.run("--bogus").err, p.run("--bogus")
        assert "fr" in p.run("chat", "--lang", "fr").err.replace("usage: interviewd chat [--user NAME]", ""), \
            p.run("chat", "--lang", "fr")


@case("run without any token says what to set, exit 1")
def run_without_token():
    with Place() as p:
        r = p.run("run")
        assert r.code == 1, r
        assert "INTERVIEWD_TELEGRAM_TOKEN" in r.err and "INTERVIEWD_SLACK_BOT_TOKEN" in r.err, r


@case("run with only one of Slack's tokens is an error that names the other")
def run_half_slack():
    with Place() as p:
        r = p.run("run", env=p.env(INTERVIEWD_SLACK_BOT_TOKEN="xoxb-123-secretpart"))
        assert r.code == 1 and "INTERVIEWD_SLACK_APP_TOKEN" in r.err, r
        assert "secretpart" not in r.all, "a secret reached the output: %s" % r
        r = p.run("run", env=p.env(INTERVIEWD_SLACK_APP_TOKEN="xapp-123-secretpart"))
        assert r.code == 1 and "INTERVIEWD_SLACK_BOT_TOKEN" in r.err, r
        assert "secretpart" not in r.all, "a secret reached the output: %s" % r


def bank_of(place, name, text):
    return place.write(name, "# %s\n\n%s" % (text, question("What is %s?" % text, "It is %s, as everyone says." % text)))


def topics(place, *args):
    r = place.run(*args)
    assert r.code == 0, r
    return r.out


@case("-o before the command")
def o_before():
    with Place() as p:
        a = bank_of(p, "a.md", "Apples")
        assert "Apples" in topics(p, "-o", "bot.bank=" + a, "bank", "list")


@case("-o after the command, also between its words")
def o_after():
    with Place() as p:
        a = bank_of(p, "a.md", "Apples")
        assert "Apples" in topics(p, "bank", "list", "-o", "bot.bank=" + a)
        assert "Apples" in topics(p, "bank", "-o", "bot.bank=" + a, "list")


@case("the last -o wins, wherever it stands")
def o_last():
    with Place() as p:
        a, b = bank_of(p, "a.md", "Apples"), bank_of(p, "b.md", "Bridges")
        out = topics(p, "-o", "bot.bank=" + a, "-o", "bot.bank=" + b, "bank", "list")
        assert "Bridges" in out and "Apples" not in out, out
        out = topics(p, "-o", "bot.bank=" + b, "bank", "list", "-o", "bot.bank=" + a)
        assert "Apples" in out and "Bridges" not in out, out


@case("-o overrides the file, -c before or after the command")
def o_over_file():
    with Place() as p:
        a, b = bank_of(p, "a.md", "Apples"), bank_of(p, "b.md", "Bridges")
        conf = p.write("my.conf", "[bot]\nbank = %s\n" % a)
        assert "Apples" in topics(p, "-c", conf, "bank", "list")
        assert "Apples" in topics(p, "bank", "list", "-c", conf)
        for args in (["-c", conf, "-o", "bot.bank=" + b, "bank", "list"], ["-o", "bot.bank=" + b, "-c", conf, "bank", "list"],
                     ["bank", "list", "-o", "bot.bank=" + b, "-c", conf]):
            out = topics(p, *args)
            assert "Bridges" in out and "Apples" not in out, (args, out)


@case("lists are separated by semicolons, in -o and in the file")
def lists():
    with Place() as p:
        a, b = bank_of(p, "a.md", "Apples"), bank_of(p, "b.md", "Bridges")
        out = topics(p, "-o", "bot.bank=%s;%s" % (a, b), "bank", "list")
        assert "Apples" in out and "Bridges" in out, out
        conf = p.write("my.conf", "[bot]\nbank = %s; %s\n" % (a, b))
        out = topics(p, "-c", conf, "bank", "list")
        assert "Apples" in out and "Bridges" in out, out


@case("without -c no file is read")
def no_file():
    with Place() as p:
        bad = "[bot]\nlanguage = nonsense\n"
        for name in ("interviewd.conf", "config/interviewd.conf", ".interviewd.conf", "home/.interviewd.conf",
                     "home/.config/interviewd/interviewd.conf", "home/.config/interviewd.conf"):
            p.write(name, bad)
        r = p.run("check", env=p.env(XDG_CONFIG_HOME=p.home + "/.config"))
        assert r.code == 0, r


def refused(content, line, word=""):
    def test():
        with Place() as p:
            conf = p.write("my.conf", content)
            where = re.compile(re.escape("my.conf:%d: " % line) + ".*" + re.escape(word))
            for command in (["check"], ["chat"]):
                r = p.run("-c", conf, *command, stdin="/help\n")
                assert r.code == 1 if command == ["check"] else r.code in (1, 2), r
                assert where.search(r.all), "no %s in %s" % (where.pattern, r)
            assert not os.path.exists(p.state), "a bad configuration must not make a database"
    return test


for title, content, line, word in (
        ("unknown key", "[bot]\n\nlangauge = ko\n", 3, "langauge"),
        ("unknown section", "# a comment\n[bott]\nlanguage = ko\n", 2, "bott"),
        ("duplicate key", "[bot]\nlanguage = ko\ntimezone = UTC\nlanguage = en\n", 4, "language"),
        ("duplicate key over a repeated section", "[bot]\nlanguage = ko\n[log]\n[bot]\nlanguage = ko\n", 5, "language"),
        ("bad choice", "[bot]\nlanguage = fr\n", 2, "fr"),
        ("bad time zone", "[bot]\ntimezone = Asia/Soeul\n", 2, "Soeul"),
        ("number out of range", "[bot]\nlanguage = ko\nranked_asks = -1\n", 3, "ranked_asks"),
        ("not a number", "[bot]\nranked_asks = many\n", 2, "ranked_asks"),
        ("bad yes or no", "[telegram]\nimport = perhaps\n", 2, "import"),
        ("line without =", "[bot]\nlanguage\n", 2, ""),
        ("key before any section", "language = ko\n", 1, ""),
        ("bad URL", "[telegram]\n\n\n\napi_url = nonsense\n", 5, "api_url")):
    case("a configuration's error has file and line: %s" % title)(refused(content, line, word))


@case("every problem of a configuration is told, not only the first")
def all_problems():
    with Place() as p:
        conf = p.write("my.conf", "[bot]\nlanguage = fr\nfoo = 1\n[nope]\nx = 1\ntimezone = Mars\n[slack]\nbar = 2\n")
        r = p.run("-c", conf, "check")
        assert r.code == 1, r
        for line in (2, 3, 4, 8):
            assert "my.conf:%d: " % line in r.all, "line %d: %s" % (line, r)


@case("a missing or unreadable configuration file is a clear error, exit 1")
def missing_conf():
    with Place() as p:
        for path in (p.path("absent.conf"), p.root):
            for command in ("check", "chat"):
                r = p.run("-c", path, command)
                assert (r.code == 1 if command == "check" else r.code in (1, 2)) and path in r.all, r


@case("a bad -o is an error that names it; no chat begins")
def bad_o():
    with Place() as p:
        for value in ("bot.langauge=ko", "bott.language=ko", "bot.language=fr", "bot.timezone=Mars", "nonsense",
                      "bot.language", "=x", ".=x", ""):
            r = p.run("-o", value, "chat", stdin="/help\n")
            assert r.code in (1, 2), (value, r)
            name, _, given = value.partition("=")
            assert (name in r.err or name == value) and "-o" in r.err and r.err.strip(), (value, str(r))
            assert given in r.err or name not in ("bot.language", "bot.timezone"), (value, str(r))
            assert not r.out, (value, str(r))


@case("a token cannot be given with -o")
def no_secret_option():
    with Place() as p:
        for name in ("telegram.token", "slack.bot_token", "slack.app_token"):
            r = p.run("-o", name + "=123:secretpart", "check")
            assert r.code in (1, 2), r
            assert "secretpart" not in r.all, "the secret was echoed: %s" % r


@case("a token in the configuration file itself is refused and not repeated")
def no_secret_in_file():
    with Place() as p:
        conf = p.write("my.conf", "[telegram]\ntoken = 123:secretpart\n")
        r = p.run("-c", conf, "check")
        assert r.code == 1 and "my.conf:2: " in r.all, r
        assert "secretpart" not in r.all, r


@case("tokens in the environment never reach the output of any command")
def no_secret_shown():
    with Place() as p:
        env = p.env(INTERVIEWD_TELEGRAM_TOKEN="123:secretpart", INTERVIEWD_SLACK_BOT_TOKEN="xoxb-secretpart",
                    INTERVIEWD_SLACK_APP_TOKEN="xapp-secretpart")
        for command in (["check"], ["chat"], ["bank", "list"], ["config-sample"]):
            r = p.run("-o", "log.level=debug", *command, stdin="/settings\n/export\n", env=env)
            assert "secretpart" not in r.all, r


@case("nothing is looked up relative to the working folder: the binary alone in an empty folder")
def binary_alone():
    with Place() as p:
        folder = p.path("empty")
        os.mkdir(folder)
        alone = shutil.copy(BINARY, folder)
        r = p.run("chat", stdin="/question\n모르겠습니다\n/leaderboard\n", binary=alone, cwd=folder)
        assert r.code == 0 and "interviewd.db" not in os.listdir(folder), r
        assert os.listdir(folder) == [os.path.basename(alone)], os.listdir(folder)
        here = p.run("bank", "export", binary=alone, cwd=folder)
        assert here.code == 0 and here.raw == p.run("bank", "export", cwd="/").raw, here
        assert here.out.count("\n") == 12, here


@case("files of the working folder with the project's names change nothing")
def traps_in_folder():
    with Place() as p:
        clean = p.run("bank", "export", cwd="/").raw
        p.write("data/virtualization.md", MIXED)
        p.write("virtualization.md", MIXED)
        p.write("data/aliases/a.tsv", "x\ty\n\n\n")
        p.write("data/catalog.ko", "broken")
        p.write("config/interviewd.conf", "[broken\n")
        assert p.run("bank", "export").raw == clean
        assert p.run("check").code == 0


@case("the default database: $STATE_DIRECTORY, else $XDG_STATE_HOME/interviewd, else ~/.local/state/interviewd")
def default_database():
    with Place() as p:
        service = p.path("service")
        os.mkdir(service)
        for env, expected in ((p.env(STATE_DIRECTORY=service), service + "/interviewd.db"),
                              (p.env(), p.state + "/interviewd/interviewd.db"),
                              (p.env(XDG_STATE_HOME=None), p.home + "/.local/state/interviewd/interviewd.db"),
                              (p.env(XDG_STATE_HOME=""), p.home + "/.local/state/interviewd/interviewd.db")):
            if os.path.exists(expected):
                os.remove(expected)
            r = p.run("chat", stdin="/help\n", env=env)
            assert r.code == 0 and os.path.exists(expected), "%s: %s" % (expected, r)


@case("bot.database is used as given")
def given_database():
    with Place() as p:
        path = p.path("sub.db")
        r = p.run("chat", "-o", "bot.database=" + path, stdin="/help\n")
        assert r.code == 0 and os.path.exists(path) and not os.path.exists(p.state), r


@case("end of input is a good end, with and without a last newline, empty input too")
def end_of_input():
    with Place() as p:
        for text in ("", "/help", "/help\n", "\\\nunfinished\n"):
            r = p.run("chat", stdin=text)
            assert r.code == 0 and r.out, (text, r)


@case("standard output that closes early ends the program, as SIGPIPE or as an error, without a hang")
def closed_output():
    with Place() as p:
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([BINARY, "chat"], input=b"/help\n" * 50, stdout=write, stderr=subprocess.PIPE,
                              env=p.env(), timeout=60)
        os.close(write)
        assert done.returncode in (0, 1, -signal.SIGPIPE), done
        assert b"Sanitizer" not in done.stderr, done


@case("bot.language and --lang decide the first words")
def first_language():
    with Place() as p:
        assert re.search("[가-힣]", p.run("chat").out)
    with Place() as p:
        assert not re.search("[가-힣]", p.run("chat", "-o", "bot.language=en").out.replace("/질문", "").replace("/도움말", ""))
    with Place() as p:
        assert not re.search("[가-힣]", p.run("chat", "--lang", "en").out)
    with Place() as p:
        assert re.search("[가-힣]", p.run("chat", "--lang", "ko", "-o", "bot.language=en").out)


main()
