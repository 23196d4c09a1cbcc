#!/bin/sh
# Builds the sources twice, in two folders of different names and with different umasks, and compares the bytes.
set -eu
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(git describe --tags --always --dirty 2>/dev/null || cat VERSION 2>/dev/null || echo 0.1)
for name in a another/folder; do
    mkdir -p "$work/$name"
    tar -cf - Makefile config data docs include src systemd tests/tools | tar -xf - -C "$work/$name"
    (cd "$work/$name" && unset MAKEFLAGS MFLAGS MAKELEVEL && make -j2 CC="${CC:-gcc}" VERSION="$version" all >/dev/null)
done
cd "$root"
cmp "$work/a/build/interviewd" "$work/another/folder/build/interviewd"
echo "reproducible: $(sha256sum < "$work/a/build/interviewd" | cut -c1-16), $(stat -c %s "$work/a/build/interviewd") bytes, ${CC:-gcc}"
