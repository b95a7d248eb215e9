#!/usr/bin/env bash
# The recipes of docs/clusters.md other than Slurm, as written. In each one the first attempt at a part is killed.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
source "$root/tests/clusters/common.sh"

# A `runner` before the real one that kills itself when it is first asked for part 5.
mkdir -p "$root/target/clusters/killed"
cat >"$root/target/clusters/killed/runner" <<END
#!/bin/bash
if [[ " \$* " == *' --part 5/12 '* ]] && mkdir "$root/target/clusters/killed/once" 2>/dev/null; then kill -KILL \$\$; fi
exec $(command -v runner) "\$@"
END
chmod +x "$root/target/clusters/killed/runner"
export PATH="$root/target/clusters/killed:$PATH"

for recipe in parallel snakemake dask; do
    echo "$recipe"
    workspace "$recipe"
    rm -rf "$root/target/clusters/killed/once"
    exits 0 page "$recipe"
    [ -e "$root/target/clusters/killed/once" ] || fail "$recipe has not asked for part 5"
    as_committed coin results
done

echo 'how other systems name a part'
named=0
while IFS='|' read -r _ system _ first part _; do
    variable=$(grep --only-matching --extended-regexp '[A-Z_]{6,}' <<<"$part") || continue # No variable of the environment.
    words=$(env "$variable=${first// /}" bash -c "echo ${part//\`/}")
    [ "$words" = 1/12 ] || fail "the first part of$system is $words"
    named=$((named + 1))
done < <(grep --extended-regexp '^\| .*/12"?` \|$' "$root/docs/clusters.md")
((named == 5)) || fail "the table of other systems has $named rows with a variable"
