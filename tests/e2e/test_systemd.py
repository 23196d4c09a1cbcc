#!/usr/bin/env python3
"""The committed units under a real systemd, which runs in namespaces of its own: this host's is left alone. TAP.

Where there is no systemd, or no right to make namespaces, the tests say so.
"""
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from telegram_server import TelegramServer  # noqa: E402

ROOT = os.environ.get("TEST_SOURCE", os.getcwd())
BINARY = os.environ["INTERVIEWD"]
SYSTEMD = "/lib/systemd/systemd"
START = SYSTEMD + " --system --unit=test.target --log-target=null --show-status=no"
EXPOSURE = 1.1
PATIENCE = 60  # a hang's end, not a measure

# A systemd would run the host's units on the host's files: this one sees only the units below (SYSTEMD_UNIT_PATH,
# SYSTEMD_GENERATOR_PATH), and everything of the host is read-only to it before it starts, or it does not start.
INSIDE = r"""
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
units=/mnt/run/systemd/system
mkdir -p "$units/interviewd.service.d" "$units/interviewd-backup.service.d" /mnt/run/nothing /mnt/bin
cp "$BINARY" /mnt/bin/interviewd
cp "$ROOT"/systemd/interviewd.service "$ROOT"/systemd/interviewd-backup.* "$units"
cp "$ROOT/config/interviewd.conf" /mnt/sample.conf
printf '[telegram]\napi_url = %s\n' "$API" >> /mnt/sample.conf
# The sanitizers' leak checker traces its own process, which the sandbox rightly forbids; their memory is their own.
for u in interviewd interviewd-backup; do
    printf '[Service]\nEnvironment=ASAN_OPTIONS=detect_leaks=0\nMemoryMax=infinity\nStandardError=append:/run/%s.log\n' \
        "$u" > "$units/$u.service.d/test.conf"
done
for t in test sysinit basic shutdown multi-user timers network-online nss-lookup; do
    printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' "$t" > "$units/$t.target"
done
for d in etc var usr/local; do
    mkdir -p "/mnt/over/$d/up" "/mnt/over/$d/work"
    mount -t overlay overlay -o "lowerdir=/$d,upperdir=/mnt/over/$d/up,workdir=/mnt/over/$d/work" "/$d"
done
mkdir -p /etc/interviewd /usr/local/bin
cp /mnt/sample.conf /etc/interviewd/interviewd.conf
cp /mnt/bin/interviewd /usr/local/bin/interviewd
for d in /tmp /root /home /dev/shm; do mount -t tmpfs tmpfs "$d"; done
mount --bind /mnt/run /run
mount -o bind,ro /proc/sys /proc/sys
mount -o remount,bind,ro /sys
mount -o remount,bind,ro /dev
mount -o remount,bind,ro /
for d in / /sys /dev /proc/sys "$ROOT"; do
    if touch "$d/interviewd-test" 2>/dev/null; then echo "$d is writable, so nothing is started"; exit 1; fi
done
test "$(stat -f -c %T /tmp)" = tmpfs
mount --make-rshared /
export SYSTEMD_UNIT_PATH=/run/systemd/system SYSTEMD_GENERATOR_PATH=/run/nothing SYSTEMD_ENVIRONMENT_GENERATOR_PATH=/run/nothing
exec $SYSTEMD
"""


class World:
    """A systemd as process 1 of its own namespaces."""

    def __init__(self, api):
        env = dict(os.environ, ROOT=ROOT, BINARY=BINARY, API=api, SYSTEMD=START, container="interviewd-test")
        self.unshare = subprocess.Popen(
            ["unshare", "--kill-child", "-m", "-p", "-f", "--mount-proc", "-u", "-i", "-C", "sh", "-c", INSIDE],
            env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.pid = None

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.2)
        raise AssertionError("never came: %s" % what)

    def find(self):
        """The process 1 of the namespaces, once it answers; None when it ended."""
        if self.unshare.poll() is not None:
            return "ended"
        done = subprocess.run(["pgrep", "-P", str(self.unshare.pid)], stdout=subprocess.PIPE)
        self.pid = done.stdout.decode().strip()
        if self.pid and self.run("systemctl", "list-units").returncode == 0:
            return "up"
        return None

    def run(self, *command):
        return subprocess.run(["nsenter", "-t", self.pid, "-m", "-p", *command], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)

    def text(self, *command):
        return self.run(*command).stdout.decode("utf-8", "replace").strip()

    def show(self, what, unit="interviewd.service"):
        return self.text("systemctl", "show", "-P", what, unit)

    def put(self, path, text):
        subprocess.run(["nsenter", "-t", self.pid, "-m", "-p", "sh", "-c", 'umask 077; cat > "$0"', path],
                       input=text.encode(), check=True)

    def log(self, unit="interviewd"):
        return self.text("cat", "/run/%s.log" % unit)

    def end(self):
        self.unshare.kill()
        self.unshare.wait()


def need(condition, what):
    if not condition:
        raise AssertionError(what)


def no_token_at_all(w, tg):
    w.run("systemctl", "start", "interviewd")
    w.wait(lambda: "no transport is configured" in w.log(), "the line that says what to set")
    w.run("systemctl", "stop", "interviewd")


def starts_with_only_telegrams_token(w, tg):
    w.put("/etc/interviewd/telegram_token", tg.token + "\n")
    done = w.run("systemctl", "start", "interviewd")
    need(done.returncode == 0, "start: %s\n%s" % (done.stdout.decode(), w.log()))
    need(w.show("ActiveState") == "active", "not active: %s" % w.log())


def is_sandboxed(w, tg):
    status = w.text("cat", "/proc/%s/status" % w.show("MainPID"))
    for pattern in (r"NoNewPrivs:\s*1", r"Seccomp:\s*2", r"CapEff:\s*0{16}\b", r"CapBnd:\s*0{16}\b"):
        need(re.search(pattern, status), "%s is not in %s" % (pattern, status))
    uid = int(re.search(r"Uid:\s*(\d+)", status).group(1))
    need(uid >= 61184, "uid %d is not a dynamic one" % uid)
    need("0                    0" in w.text("sh", "-c", "grep core /proc/%s/limits" % w.show("MainPID")), "core dumps")


def keeps_the_database_to_itself(w, tg):
    need(w.text("stat", "-L", "-c", "%a %U", "/var/lib/interviewd/interviewd.db").startswith("600 "), "mode of the database")
    need(w.text("stat", "-L", "-c", "%a", "/var/lib/private/interviewd") == "700", "mode of its folder")


def the_token_is_nowhere_to_see(w, tg):
    pid = w.show("MainPID")
    seen = w.text("sh", "-c", "cat /proc/%s/cmdline /proc/%s/environ | tr '\\0' '\\n'" % (pid, pid)) + w.log()
    need(tg.token not in seen, "the token in arguments, environment or log")


def reloads(w, tg):
    pid = w.show("MainPID")
    need(w.run("systemctl", "reload", "interviewd").returncode == 0, "reload")
    w.wait(lambda: "reloading" in w.log(), "the line of the reload")
    need(w.show("ActiveState") == "active" and w.show("MainPID") == pid, "another process after a reload")


def backs_up(w, tg):
    done = w.run("systemctl", "start", "interviewd-backup")
    need(done.returncode == 0, "backup: %s %s" % (done.stdout.decode(), w.log("interviewd-backup")))
    files = w.text("find", "-L", "/var/lib/interviewd/backup", "-type", "f", "-printf", "%m %f\\n").splitlines()
    need(len(files) == 1 and re.fullmatch(r"600 interviewd-\d{8}T\d{6}Z\.db", files[0]), "backups: %s" % files)
    need(w.run("systemctl", "start", "interviewd-backup.timer").returncode == 0, "timer")
    need(w.show("NextElapseUSecRealtime", "interviewd-backup.timer") not in ("", "0"), "the timer has no next time")


def restarts_after_a_kill(w, tg):
    pid = w.show("MainPID")
    w.run("kill", "-KILL", pid)
    w.wait(lambda: w.show("MainPID") not in ("0", "", pid) and w.show("ActiveState") == "active", "the restart")


def feeds_the_watchdog_and_is_killed_without(w, tg):
    w.put("/run/systemd/system/interviewd.service.d/watch.conf", "[Service]\nWatchdogSec=4\n")
    w.run("systemctl", "daemon-reload")
    w.run("systemctl", "restart", "interviewd")
    pid = w.show("MainPID")
    first = w.show("WatchdogTimestampMonotonic")
    w.wait(lambda: w.show("WatchdogTimestampMonotonic") != first, "a second sign of life")
    need(w.show("MainPID") == pid, "killed although alive: %s" % w.log())
    w.run("kill", "-STOP", pid)
    w.wait(lambda: w.show("MainPID") not in ("0", "", pid) and w.show("ActiveState") == "active",
           "the restart after standing still")


def stops_cleanly(w, tg):
    w.run("systemctl", "stop", "interviewd")
    need(w.show("ActiveState") == "inactive" and w.show("Result") == "success",
         "%s %s: %s" % (w.show("ActiveState"), w.show("Result"), w.log()))


def exposure(unit):
    """What systemd-analyze makes of a unit, or None where it cannot."""
    if not shutil.which("systemd-analyze"):
        return None
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager",
                           os.path.join(ROOT, "systemd", unit)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout.decode("utf-8", "replace"))
    return float(found.group(1)) if found else None


TESTS = [no_token_at_all, starts_with_only_telegrams_token, is_sandboxed, keeps_the_database_to_itself,
         the_token_is_nowhere_to_see, reloads, backs_up, restarts_after_a_kill,
         feeds_the_watchdog_and_is_killed_without, stops_cleanly]


def report(number, name, error):
    print("%s %d - %s" % ("ok" if error is None else "not ok", number, name), flush=True)
    if error is not None:
        print("\n".join("# " + line for line in str(error).splitlines()), flush=True)


def main():
    print("1..%d" % (len(TESTS) + 2))
    for i, unit in enumerate(("interviewd.service", "interviewd-backup.service"), 1):
        value = exposure(unit)
        if value is None:
            print("ok %d - exposure of %s # SKIP no systemd-analyze that takes --offline" % (i, unit))
        else:
            report(i, "exposure of %s is at most %s" % (unit, EXPOSURE),
                   None if value <= EXPOSURE else "it is %s" % value)
    why, world = "", None
    if os.geteuid() != 0:
        why = "making namespaces takes root"
    elif not os.path.exists(SYSTEMD) or not shutil.which("nsenter"):
        why = "no systemd here"
    with TelegramServer() as tg:
        try:
            if not why:
                world = World(tg.url)
                if world.wait(world.find, "systemd's start") != "up":
                    why = "systemd does not start here: " + world.unshare.stdout.read().decode("utf-8", "replace").strip()
            for i, test in enumerate(TESTS, 3):
                name = test.__name__.replace("_", " ")
                if why:
                    print("ok %d - %s # SKIP %s" % (i, name, why.replace("\n", " ")))
                    continue
                try:
                    test(world, tg)
                    report(i, name, None)
                except (AssertionError, subprocess.SubprocessError) as error:
                    report(i, name, error)
        finally:
            if world is not None:
                world.end()


main()
