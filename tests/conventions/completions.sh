#!/usr/bin/env bash
# Installs the completions of each shell that there is, and completes in it. RUNNER is the program.
set -euo pipefail
: "${RUNNER:?}"

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/bin"
ln -s "$RUNNER" "$home/bin/runner"
export PATH="$home/bin:$PATH"

# expect SHELL WHAT WANTED… : the words on standard input hold those that are wanted.
expect() {
    local found
    found=$(cat)
    for wanted in "${@:3}"; do
        if ! grep --quiet --line-regexp --fixed-strings -e "$wanted" <<<"$found"; then
            printf '%s completes %s without %s:\n%s\n' "$1" "$2" "$wanted" "$found" >&2
            exit 1
        fi
    done
    printf '%s: %s\n' "$1" "$2"
}

# In bash by bash-completion, which finds the file by the name of the command and calls its function.
export XDG_DATA_HOME="$home/data"
mkdir -p "$XDG_DATA_HOME/bash-completion/completions"
runner completions bash >"$XDG_DATA_HOME/bash-completion/completions/runner"
# complete_in_bash WORD… : what Tab gives after the last word.
complete_in_bash() {
    bash --norc --noprofile -c '
        source /usr/share/bash-completion/bash_completion
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        # It is loaded at the first Tab: then bash tries again.
        __load_completion runner || _comp_load runner
        function=$(complete -p runner | sed "s/.*-F \([^ ]*\) .*/\1/")
        "$function" runner "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"
    ' bash "$@"
}
complete_in_bash runner re | expect bash 'runner re' report replay
complete_in_bash runner check --an | expect bash 'runner check --an' --anytime --annotations
complete_in_bash runner check --only '' | expect bash 'runner check --only' bytes law
complete_in_bash runner completions '' | expect bash 'runner completions' bash zsh fish

if command -v zsh >/dev/null; then
    mkdir -p "$home/zfunc"
    runner completions zsh >"$home/zfunc/_runner"
    # A terminal of its own, in which Tab is pressed; the offers are shown between marks.
    cat >"$home/complete.zsh" <<'SCRIPT'
zmodload zsh/zpty
zpty -b shell zsh -f -i
ask() { zpty -w shell "$1"; }
ask "PS1= PS2= RPS1= ; unsetopt zle_bracketed_paste; stty -echo; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -d $1/dump"
ask "zstyle ':completion:*' list-separator '#'; zstyle ':completion:*' menu no; LISTMAX=1000; COLUMNS=200; LINES=100; bindkey '^I' list-choices; print READY"
found= piece=
until [[ $found == *READY* ]]; do zpty -r shell piece && found+=$piece || sleep 0.1; done
zpty -w -n shell "$2"$'\t'
found=
repeat 30; do
    while zpty -r -t shell piece; do found+=$piece; done
    sleep 0.1
done
zpty -d shell
print -r -- "$found"
SCRIPT
    complete_in_zsh() {
        timeout 60 zsh -f "$home/complete.zsh" "$home/zfunc" "$1" | sed 's/\x1b\[[0-9;?]*[A-Za-z]//g' | tr '\r' '\n' |
            sed -n 's/^ *\([a-z-][a-z-]*\)  *#.*/\1/p'
    }
    complete_in_zsh 'runner re' | expect zsh 'runner re' report replay
    complete_in_zsh 'runner check --only ' | expect zsh 'runner check --only' bytes law
    complete_in_zsh 'runner check --an' | expect zsh 'runner check --an' --anytime --annotations
fi

if command -v fish >/dev/null; then
    export XDG_CONFIG_HOME="$home/config"
    mkdir -p "$XDG_CONFIG_HOME/fish/completions"
    runner completions fish >"$XDG_CONFIG_HOME/fish/completions/runner.fish"
    complete_in_fish() { fish --command 'complete --do-complete "$argv[1]"' -- "$1" | cut --fields=1; }
    complete_in_fish 'runner re' | expect fish 'runner re' report replay
    complete_in_fish 'runner check --an' | expect fish 'runner check --an' --anytime --annotations
    complete_in_fish 'runner check --only ' | expect fish 'runner check --only' bytes law
fi
