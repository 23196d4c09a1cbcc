#!/bin/sh
# Checks formatting with the clang-format major version that .clang-format names; with another one it says skipped.
set -eu
want=$(sed -n 's/^# clang-format \([0-9]*\)$/\1/p' .clang-format)
have=$(clang-format --version 2>/dev/null | sed -n 's/.*version \([0-9]*\)\..*/\1/p')
if [ "$want" != "$have" ]; then
    echo "format: skipped (.clang-format is for clang-format $want, here is '${have:-none}')"
    exit 0
fi
clang-format --dry-run --Werror "$@"
echo "format: clean"
