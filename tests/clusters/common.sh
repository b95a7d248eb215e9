# What the tests of docs/clusters.md share. To be sourced, by scripts that set `root` to the root of the repository.
# shellcheck disable=SC2154

# Says what is wrong and ends.
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

# Waits at most $1 seconds until the command that follows succeeds.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || fail "waited in vain for: $*"
        sleep 0.05
    done
}

# Runs a command that must exit with $1. What it prints is then in `out` and `err`.
exits() {
    local expected=$1 code=0
    shift
    "$@" >"$work/.out" 2>"$work/.err" || code=$?
    out=$(<"$work/.out") err=$(<"$work/.err")
    ((code == expected)) || fail "exit code $code in place of $expected: $*"$'\n'"$out"$'\n'"$err"
}

# The text $1 holds each of the others.
holds() {
    local text=$1 part
    shift
    for part; do [[ $text == *"$part"* ]] || fail "'$part' is not in:"$'\n'"$text"; done
}

# The results of experiment $1 in the folder $2 are those that are committed, byte for byte.
as_committed() { diff -r "$root/results/$1" "$2/$1" >&2 || fail "$2/$1 is not $root/results/$1"; }

# Runs the commands of the page that are marked with `<!-- sh $1 -->`.
page() {
    local commands
    commands=$(awk -v marker="<!-- sh $1 -->" '/^```$/ { on = 0 } on { print } $0 == marker { getline; on = 1 }' "$root/docs/clusters.md")
    [ -n "$commands" ] || fail "docs/clusters.md has no commands marked $1"
    bash -euo pipefail -c "$commands"
}

# A new empty folder for the test $1, with the experiments and the recipes as in the repository; it becomes the current folder.
workspace() {
    work=$root/target/clusters/$1
    rm -rf "$work"
    mkdir -p "$work"
    ln -s "$root/experiments" "$root/docs" "$work"
    cd "$work" || exit
}
