#!/usr/bin/env bash
# Installs the manual pages, checks their language, and reads them with `man`. RUNNER is the program.
set -euo pipefail
: "${RUNNER:?}"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$RUNNER" man --out "$folder/man/man1" 2>/dev/null
count=0
for page in "$folder"/man/man1/*.1; do
    # A page without a date is the same bytes each day.
    found=$(mandoc -T lint -W warning "$page" | grep --invert-match 'missing date, using "": TH' || true)
    if [ -n "$found" ]; then
        printf '%s\n' "$found" >&2
        exit 1
    fi
    found=$(man --warnings --local-file "$page" 2>&1 >/dev/null || echo "man fails")
    if [ -n "$found" ]; then
        printf '%s: %s\n' "$page" "$found" >&2
        exit 1
    fi
    count=$((count + 1))
done

# Each verb has a page, found by its name as `man` finds it.
shown() { MANPATH="$folder/man" MANWIDTH=80 MANPAGER=cat man "$1" | col -b >"$folder/shown"; }
for verb in $("$RUNNER" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | grep --invert-match '^help$'); do
    shown "runner-$verb"
    grep --quiet "runner-$verb" "$folder/shown"
done
shown runner-check
grep --quiet '^EXIT STATUS$' "$folder/shown"
shown runner
grep --quiet 'runner-completions(1)' "$folder/shown"
"$RUNNER" man check | diff - "$folder/man/man1/runner-check.1"
printf '%s pages\n' "$count"
