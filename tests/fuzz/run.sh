#!/bin/sh
# Runs each fuzz target in DIR for SECONDS (only those whose name contains MATCH). New inputs go to DIR/corpus, a crash to
# tests/fuzz/crashes/NAME, where `make test` replays it from then on.
set -u
dir=$1 seconds=$2 match=$3 status=0
for target in "$dir"/fuzz_*"$match"*; do
    [ -x "$target" ] || continue
    name=$(basename "$target" | sed 's/^fuzz_//')
    work=$dir/corpus/$name
    mkdir -p "$work" "tests/fuzz/crashes/$name"
    dict=
    [ -f "tests/fuzz/$name.dict" ] && dict="-dict=tests/fuzz/$name.dict"
    seeds=
    [ -d "tests/fuzz/corpus/$name" ] && seeds="tests/fuzz/corpus/$name"
    echo "== $name"
    # shellcheck disable=SC2086 # $dict and $seeds are one word or none
    "$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 $dict \
        -artifact_prefix="tests/fuzz/crashes/$name/" "$work" $seeds 2>"$dir/$name.log" || { status=1; tail -40 "$dir/$name.log"; }
    grep -E 'number_of_executed_units|average_exec_per_sec|new_units_added' "$dir/$name.log"
    grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+/[0-9KMb]+' "$dir/$name.log" | tail -1
    rmdir "tests/fuzz/crashes/$name" 2>/dev/null
done
exit $status
