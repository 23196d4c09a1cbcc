#!/bin/sh
# Builds the package inside Debian 12 and 13 (debootstrap, as root, with a network), checks it with lintian, installs, runs,
# upgrades and purges it there. DIR holds the chroots; VERSION is git's. The log of each is DIR/NAME.log. With a third
# argument only that release.
set -eu
dir=$1 version=$2 only=${3-}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" = 0 ] || { echo 'deb-test: needs root (debootstrap, chroot)' >&2; exit 1; }
sh tests/tools/deps.sh debootstrap
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

# Everything that happens inside; $1 is the version. Stops at the first thing that is wrong.
inside='
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 V="$1"
step() { echo "== $1"; }
# What an earlier run that failed has left.
apt-get purge -y -qq interviewd >/dev/null 2>&1 || true
rm -rf /root/.local /var/lib/private/interviewd /etc/interviewd /copy.db
cd /src
step "build and lintian"
sh tests/tools/deb.sh build/deb "$V" lint
old=$(ls build/deb/interviewd_*.deb); cp "$old" /old.deb
sh tests/tools/deb.sh build/deb2 "9.0-1-g$V"
new=$(ls build/deb2/interviewd_*.deb); cp "$new" /new.deb
cd /

step "install"
apt-get install -y -qq --no-install-recommends /old.deb >/dev/null
interviewd --version; interviewd check
test -e /etc/interviewd/interviewd.conf; test -e /usr/share/man/man1/interviewd.1.gz
bash -n /usr/share/bash-completion/completions/interviewd

step "run"
answer="링은 권한 수준이고 0이 가장 높은 권한, 리눅스는 커널이 링 0, 유저는 링 3"
printf "%s\n" "/질문 링 보호" "$answer" "/내기록" | interviewd -o bot.database=/var/lib/private/interviewd/interviewd.db chat > /talk.txt
grep -q "점" /talk.txt
code=0; interviewd -c /etc/interviewd/interviewd.conf -o bot.database=/var/lib/private/interviewd/interviewd.db run 2>/err.txt || code=$?
test "$code" != 0; grep -q "INTERVIEWD_TELEGRAM_TOKEN" /err.txt
mkdir -p /etc/interviewd; echo 1:not-a-token > /etc/interviewd/telegram_token

step "upgrade"
echo "# by the operator" >> /etc/interviewd/interviewd.conf
apt-get install -y -qq --no-install-recommends /new.deb >/dev/null
interviewd --version | grep -q "9\."
grep -q "by the operator" /etc/interviewd/interviewd.conf
interviewd -o bot.database=/var/lib/private/interviewd/interviewd.db backup /copy.db; test -s /copy.db

step "remove keeps, purge erases"
apt-get remove -y -qq interviewd >/dev/null
test ! -e /usr/bin/interviewd; test -e /etc/interviewd/telegram_token; test -e /var/lib/private/interviewd/interviewd.db
apt-get purge -y -qq interviewd >/dev/null
test ! -e /etc/interviewd; test ! -e /var/lib/private/interviewd
left=$(find / -xdev -name "*interviewd*" -not -path "/src/*" -not -path "/proc/*" | sort)
test -z "$left" || { echo "left behind: $left"; exit 1; }
echo "all right"
'

one() {
    release=$1 root=$dir/$1
    echo "== $release"
    if [ ! -e "$root/.done" ]; then
        rm -rf "$root"
        # Mount nothing of the host in there: a chroot that is thrown away must not be able to take the host along.
        debootstrap --variant=minbase --include=ca-certificates "$release" "$root" "$mirror" > "$dir/$release.log" 2>&1
        touch "$root/.done"
    fi
    rm -rf "$root/src"
    mkdir "$root/src"
    tar -cf - --exclude='__pycache__' LICENSE Makefile README.md config data docs include src systemd tests/tools | tar -xf - -C "$root/src"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    # Packages' scripts start no service in a chroot.
    printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"; chmod 755 "$root/usr/sbin/policy-rc.d"
    if chroot "$root" sh -c "$inside" inside "$version" > "$dir/$release.log" 2>&1; then
        grep -E '^(==|all right|interviewd [0-9])' "$dir/$release.log" | tail -8
    else
        tail -30 "$dir/$release.log"
        return 1
    fi
}

status=0
for release in ${only:-bookworm trixie}; do
    one "$release" || { echo "$release: NOT all right"; status=1; }
done
exit $status
