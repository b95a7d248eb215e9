#!/usr/bin/env bash
# Tries the hooks on experiment files in a repository of their own: pre_commit.sh PRE-COMMIT. With --build pre-commit installs the program as it
# does for users, which compiles it once more; else the hooks call the one that is built.
set -euo pipefail
pre_commit=$1
source=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The hooks are built from what is in the working tree; what is built already is not built again.
export CARGO_TARGET_DIR="$source/target" PRE_COMMIT_HOME="$folder/home"
git clone --quiet --shared "$source" "$folder/hooks"
git ls-files --cached --others --exclude-standard -z | xargs -0 cp --parents --no-dereference --target-directory "$folder/hooks"
[ "${2-}" = --build ] || sed -i 's/language: rust/language: system/' "$folder/hooks/.pre-commit-hooks.yaml"
export PATH="$source/target/release:$PATH"
git -C "$folder/hooks" add --all
git -C "$folder/hooks" -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false commit --quiet --allow-empty --no-verify --message 'the tree'

mkdir -p "$folder/user/experiments"
cd "$folder/user"
git init --quiet .
cp "$source/experiments/coin.toml" experiments/coin.toml
"$source/target/release/runner" experiments/coin.toml --quiet
git add --all

try() { "$pre_commit" try-repo "$folder/hooks" "$@" --all-files --verbose >"$folder/output" 2>&1; }
try runner-plan || { cat "$folder/output"; exit 1; }
grep --quiet 'coin: ' "$folder/output"
try runner-check --hook-stage manual || { cat "$folder/output"; exit 1; }
grep --quiet 'PASS: 1 experiment' "$folder/output"

sed -i 's/^trials/trails/' experiments/coin.toml
git add --all
if try runner-plan; then
    echo 'a mistake is let through' >&2
    exit 1
fi
grep --quiet 'did you mean `trials`' "$folder/output"
echo 'the hooks let right files pass, and no wrong one'
