#!/usr/bin/env bash
# Packs the crates as a registry gets them, and looks what is in the packages. With --build each is unpacked and built, too, with those that
# it needs from their packages, not from the working tree: that compiles everything once more, and the workflow of releases does it.
set -euo pipefail

verify=(--no-verify)
[ "${1-}" = --build ] && verify=()
# Packing refuses files that are not committed; what is packed here goes nowhere.
cargo package --locked --workspace --exclude kl-runner-python --allow-dirty --quiet "${verify[@]}"

version=$(.ci/version)
for crate in kl-math kl-sim kl-runner; do
    folder=crates/$crate/
    [ "$crate" = kl-runner ] && folder=''
    package="$crate-${version#version=}"
    tar --list --gzip --file "target/package/$package.crate" | sort >target/package/list
    # All sources, and what they include.
    {
        printf '%s\n' Cargo.toml README.md LICENSE-APACHE LICENSE-MIT
        git ls-files --cached --others --exclude-standard "${folder}src" | sed "s#^$folder##"
        if [ "$crate" = kl-runner ]; then echo experiments/coin.toml; fi
    } | sed "s#^#$package/#" | sort >target/package/wanted
    missing=$(comm -13 target/package/list target/package/wanted)
    [ -z "$missing" ] || { printf 'not in the package:\n%s\n' "$missing" >&2; exit 1; }
    # No test data, no documents, no results; and one experiment, that of `runner demo`.
    if grep --invert-match '/experiments/coin.toml$' target/package/list | grep --extended-regexp "^[^/]*/(tests|docs|results|experiments|benches|python|crates|\.ci|\.github)/"; then
        exit 1
    fi
    printf '%s: %s files\n' "$crate" "$(wc -l <target/package/list)"
done
