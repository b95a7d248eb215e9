#!/usr/bin/env bash
# Packs the crates as a registry gets them, looks what is in the packages, and builds each from its package alone.
set -euo pipefail

# Packing refuses files that are not committed; what is packed here goes nowhere. The packages are verified: each is unpacked and built, with
# those that it needs from their packages, not from the working tree.
cargo package --locked --workspace --exclude kl-runner-python --allow-dirty --quiet

version=$(.ci/version)
for crate in kl-math kl-sim kl-runner; do
    tar --list --gzip --file "target/package/$crate-${version#version=}.crate" >target/package/list
    for file in Cargo.toml README.md LICENSE-APACHE LICENSE-MIT src/lib.rs; do
        grep --quiet "/$file\$" target/package/list
    done
    # No test data, no documents, no results; and one experiment, that of `runner demo`.
    if grep --invert-match '/experiments/coin.toml$' target/package/list | grep --extended-regexp "^[^/]*/(tests|docs|results|experiments|benches|python|crates|\.ci|\.github)/" target/package/list; then
        exit 1
    fi
    printf '%s: %s files\n' "$crate" "$(wc -l <target/package/list)"
done
