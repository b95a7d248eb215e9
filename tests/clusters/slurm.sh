#!/usr/bin/env bash
# Runs as Slurm arrays, by the scripts and commands of docs/clusters.md. A node dies in the middle of one, a task is told to end, and still
# the results are those of one machine, byte for byte. The tasks that this happens to are stopped before, so that none of it is luck.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
source "$root/tests/clusters/common.sh"
source "$root/tests/clusters/slurm_cluster.sh"
workspace slurm
trap cluster_down EXIT
cluster_up "$work/cluster" 3

# Tasks of some seconds, and what the merge must make of them.
long=(experiments/die.toml --trials 5e7)
shipped=(small-samples trillion nearest-neighbours weather)

# The processes of `runner` on node $1.
runners() {
    local process
    # shellcheck disable=SC2046
    for process in $(with_children $(holding "$cluster/log/slurmd.$1.log")); do
        [[ $(cat "/proc/$process/comm" 2>/dev/null) != runner ]] || echo "$process"
    done
}

# Stops the processes of node $1 that have saved a part of their work, and notes their tasks in `stopped`. Succeeds if they are $2.
stops() {
    local process task
    stopped=() processes=()
    for process in $(runners "$1"); do
        task=$(tr '\0' '\n' <"/proc/$process/environ" | sed -n 's/^SLURM_ARRAY_TASK_ID=//p') || continue
        kill -STOP "$process" 2>/dev/null || continue
        wait_until 10 is_stopped "$process"
        if [ -e "parts/die/$task-of-12.unfinished" ] && [ ! -e "parts/die/$task-of-12.part" ]; then
            stopped+=("$task") processes+=("$process")
        else
            kill -CONT "$process" 2>/dev/null || true
        fi
        ((${#stopped[@]} < $2)) || return 0
    done
    for process in "${processes[@]}"; do kill -CONT "$process" 2>/dev/null || true; done
    return 1
}
is_stopped() { [[ $(ps -o state= -p "$1") != [RSD] ]]; }
# A signal waits for process $1.
has_signal() { ! grep --quiet '^ShdPnd:.0*$' "/proc/$1/status"; }

task_is() { [[ $(scontrol --oneliner show job "$1") == *JobState="$2"*ExitCode="$3"* ]]; }
jobs_are_done() { [ -z "$(squeue --noheader --jobs "$1" 2>/dev/null)" ]; }
nothing_is_queued() { [ -z "$(squeue --noheader)" ]; }

array=$(sbatch --parsable docs/clusters/array.sbatch "${long[@]}" --checkpoint 0.1s)
wait_until 60 stops n1 1
told=${stopped[0]} told_process=${processes[0]}
wait_until 60 stops n2 2
requeued=${stopped[0]} lost=${stopped[1]}

echo 'tasks still run: the merge refuses'
exits 2 runner merge "${long[@]}" --parts parts
for k in "$told" "$requeued" "$lost"; do holds "$err" "unfinished: parts/die/$k-of-12.unfinished"; done
[ ! -e results ] || fail 'a merge that refuses has written'

echo 'a task is told to end, as before its time limit: it saves its work'
scancel --batch --signal=TERM "${array}_$told" & # It does not return before the process goes on.
wait_until 30 has_signal "$told_process"
kill -CONT "$told_process"
wait_until 30 task_is "${array}_$told" FAILED 143:0
[ -e "parts/die/$told-of-12.unfinished" ] || fail 'the task that was told to end has saved nothing'

echo 'a node dies: one of its tasks is queued again, the other one must not be'
scontrol update "jobid=${array}_$lost" requeue=0
node_crash n2

echo 'shipped experiments on the other nodes'
page submit >/dev/null
for name in "${shipped[@]}"; do
    job=$(sbatch --parsable docs/clusters/array.sbatch "experiments/$name.toml")
    sbatch --dependency="afterany:$job" docs/clusters/merge.sbatch "experiments/$name.toml" >/dev/null
done

wait_until 300 jobs_are_done "$array"
task_is "${array}_$lost" NODE_FAIL 0:0 || fail 'the task of the dead node was not lost'
exits 2 runner merge "${long[@]}" --parts parts
for k in "$told" "$lost"; do holds "$err" "unfinished: parts/die/$k-of-12.unfinished"; done
holds "$(<"slurm-${array}_$requeued.out")" "part $requeued/12 goes on from its last checkpoint"
[ ! -e results/die ] || fail 'a merge that refuses has written'

echo 'the missing parts alone are submitted again'
first=$((told < lost ? told : lost)) last=$((told < lost ? lost : told)) separator=,
((first + 1 < last)) || separator=-
exits 0 runner merge "${long[@]}" --parts parts --missing
[ "$out" = "$first$separator$last" ] || fail "missing are $told and $lost, not $out"
node_up n2
again=$(sbatch --parsable --array="$out" docs/clusters/array.sbatch "${long[@]}")
wait_until 300 nothing_is_queued
for k in "$told" "$lost"; do holds "$(<"slurm-${again}_$k.out")" "part $k/12 goes on from its last checkpoint"; done
exits 0 runner merge "${long[@]}" --parts parts --missing
[ -z "$out$err" ] || fail "nothing is missing, but the merge says: $out$err"

exits 0 runner merge "${long[@]}" --parts parts
exits 0 runner run "${long[@]}" --out whole
diff -r whole/die results/die >&2 || fail 'the merged results are not those of one machine'
for name in coin "${shipped[@]}"; do as_committed "$name" results; done

echo 'the commands for missing parts, as the page has them'
exits 0 page resubmit
[ -z "$out" ] || fail "nothing is missing, but something was submitted: $out"
rm -r results/coin parts/coin/{5,8,9}-of-12.part
exits 0 page resubmit
wait_until 60 nothing_is_queued
as_committed coin results
