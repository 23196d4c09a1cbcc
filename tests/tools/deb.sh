#!/bin/sh
# Builds the Debian package of VERSION (as git describes it) in DIR, from config/debian and a copy of the sources.
# With a third argument "lint" it runs lintian too. The package's name is printed last.
set -eu
dir=$1 version=$2 lint=${3-}
sh tests/tools/deps.sh build-essential debhelper dpkg-dev fakeroot gcc libcmark-dev libcurl4-openssl-dev libedit-dev libglib2.0-dev \
    libjansson-dev libsqlite3-dev libstemmer-dev libwslay-dev pkg-config tzdata
# 0.1-12-gabcdef and a bare abcdef sort rightly as 0.1+12.gabcdef and 0+DATE.gabcdef.
case $version in
    v[0-9]* ) debian=$(echo "${version#v}" | sed 's/-/+/; s/-/./g') ;;
    [0-9]*.[0-9]* ) debian=$(echo "$version" | sed 's/-/+/; s/-/./g') ;;
    * ) debian=0+$(git log -1 --format=%cd --date=format:%Y%m%d%H%M%S 2>/dev/null || echo 0).g$(echo "$version" | sed 's/-/./g') ;;
esac
date=$(git log -1 --format=%cD 2>/dev/null || date -R -r Makefile)
src=$dir/interviewd
rm -rf "$src" "$dir"/*.deb "$dir"/*.changes "$dir"/*.buildinfo
mkdir -p "$src/debian"
tar -cf - --exclude='__pycache__' LICENSE Makefile README.md config data docs include src systemd tests/tools | tar -xf - -C "$src"
echo "$version" > "$src/VERSION"
cp -p config/debian/* "$src/debian"
mkdir "$src/debian/source"
echo '3.0 (native)' > "$src/debian/source/format"
printf 'interviewd (%s) unstable; urgency=medium\n\n  * Built from version %s of the sources.\n\n -- interviewd maintainers <maintainers@interviewd.invalid>  %s\n' \
    "$debian" "$version" "$date" > "$src/debian/changelog"
(cd "$src" && unset MAKEFLAGS MFLAGS MAKELEVEL && IV_VERSION=$version dpkg-buildpackage -b -us -uc -rfakeroot > ../build.log 2>&1) ||
    { tail -40 "$dir/build.log" >&2; exit 1; }
deb=$(ls "$dir"/interviewd_*.deb)
[ -z "$lint" ] || { sh tests/tools/deps.sh lintian; lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$dir"/*.changes; }
echo "$deb"
