#!/usr/bin/env bash
# What can be wrong with a folder of parts, each fault alone and all together: the merge lists them all and writes nothing. What
# docs/clusters.md says about parts that are made again repairs them.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
source "$root/tests/clusters/common.sh"
workspace faults

spec=experiments/coin.toml
part() { runner shard "$spec" --part "$1/12" --out "${2-parts}" --quiet "${@:3}"; }
for k in {1..12}; do part "$k" good; done
part 7 other --seed 58

missing() { rm parts/coin/{2,11,12}-of-12.part; }
cut_short() { head --bytes=-7 good/coin/4-of-12.part >parts/coin/4-of-12.part; }
foreign() { cp other/coin/7-of-12.part parts/coin; }
doubled() { cp good/coin/10-of-12.part parts/coin/9-of-12.part; }

# Plants the faults $1 among good parts: the merge must refuse, say all of the texts that follow, and write nothing.
refused() {
    local fault
    echo "$1"
    rm -rf parts before
    cp -r good parts
    for fault in $1; do "$fault"; done
    cp -r parts before
    exits 2 runner merge "$spec" --parts parts
    holds "$err" "${@:2}"
    [ -z "$out" ] || fail "a merge that refuses has printed: $out"
    [ ! -e results ] || fail 'a merge that refuses has written results'
    diff -r before parts >&2 || fail 'a merge that refuses has changed the parts'
}

is_cut_short='4-of-12.part: it is cut short'
is_foreign='7-of-12.part is of another seed: 58, and the spec has 57'
refused missing 'missing: parts 2,11-12 of 12'
refused cut_short "$is_cut_short"
refused foreign "$is_foreign"
refused doubled 'missing: part 9 of 12' 'is a copy of'
refused 'missing cut_short foreign doubled' 'missing: parts 2,9,11-12 of 12' "$is_cut_short" "$is_foreign" 'is a copy of'

echo 'parts that are made again'
exits 0 runner merge "$spec" --parts parts --missing
[ "$out" = 2,4,7,9,11-12 ] || fail "the parts to make again are not $out"
exits 2 part 7
exits 2 part 9
diff other/coin/7-of-12.part parts/coin/7-of-12.part >&2 || fail 'a part of another run was overwritten'
diff good/coin/10-of-12.part parts/coin/9-of-12.part >&2 || fail 'another part was overwritten'
rm parts/coin/{7,9}-of-12.part
for k in 2 4 7 9 11 12; do part "$k"; done
diff -r good parts >&2 || fail 'parts that are made again are not the same'
cp parts/coin/3-of-12.part parts/coin/copy.part
exits 0 runner merge "$spec" --parts parts
holds "$err" copy.part
as_committed coin results
