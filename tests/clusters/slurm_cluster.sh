# A Slurm cluster on this machine, for tests: a controller and several nodes, all on the loopback interface, all files in one folder, no
# system service, no files in /etc. To be sourced. Other Slurm instances on the machine are left alone.

# Starts the cluster in the folder $1, with nodes n1 to n$2 of two processors each, and exports SLURM_CONF.
cluster_up() {
    cluster=$(realpath -m "$1")
    local nodes=$2 host user port node plugin=disabled
    host=$(hostname -s) user=$(id -un)
    rm -rf "$cluster"
    mkdir -p "$cluster"/{state,spool,log,run}
    port=$(free_ports $((nodes + 1)))
    # The plugin called `disabled` is younger than version 23.11.
    [[ $(dpkg-query --show --showformat '${Version}' slurmctld) == 2[0-2].* ]] && plugin=cgroup/v1

    (umask 077 && head -c 1024 /dev/urandom >"$cluster/munge.key")
    munged --force --num-threads=2 --key-file="$cluster/munge.key" --socket="$cluster/run/munge" --pid-file="$cluster/run/munged.pid" \
        --seed-file="$cluster/munge.seed" --log-file="$cluster/log/munged.log"

    # A short life of credentials: so long a task waits that is queued again after its node has died.
    cat >"$cluster/slurm.conf" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$cluster/run/munge,cred_expire=5
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool/%n
SlurmctldPidFile=$cluster/run/slurmctld.pid
SlurmdPidFile=$cluster/run/slurmd.%n.pid
SlurmctldLogFile=$cluster/log/slurmctld.log
SlurmdLogFile=$cluster/log/slurmd.%n.log
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SlurmdTimeout=10
ReturnToService=2
KillWait=2
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
    for ((node = 1; node <= nodes; node++)); do
        echo "NodeName=n$node NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + node)) CPUs=2 RealMemory=1000" >>"$cluster/slurm.conf"
    done
    printf 'CgroupPlugin=%s\nConstrainCores=no\nConstrainRAMSpace=no\n' "$plugin" >"$cluster/cgroup.conf"
    export SLURM_CONF=$cluster/slurm.conf
    slurmctld
    for ((node = 1; node <= nodes; node++)); do node_up "n$node"; done
}

# Starts node $1 and waits until it is ready for tasks.
node_up() {
    mkdir -p "$cluster/spool/$1"
    slurmd -N "$1"
    wait_until 60 node_is "$1" idle
}

node_is() { [[ $(sinfo --noheader --nodes "$1" --format %T) == "$2"* ]]; }

# Takes the power from node $1: kills its daemon and all that it has started, at once, without a word to the controller.
node_crash() {
    # shellcheck disable=SC2046 # A list of processes.
    kill -KILL $(with_children $(holding "$cluster/log/slurmd.$1.log"))
}

# Ends the cluster and all of its tasks, those that are stopped too. Does nothing if there is none.
cluster_down() {
    [ -n "${cluster-}" ] || return 0
    local left _
    # shellcheck disable=SC2046 # A list of processes.
    kill -KILL $(with_children $(holding "$cluster/log/slurmd.*")) 2>/dev/null || true
    for _ in {1..100}; do
        left=$(holding "$cluster/log/*")
        [ -n "$left" ] || return 0
        # shellcheck disable=SC2086
        kill -TERM $left 2>/dev/null || true
        sleep 0.1
    done
    # shellcheck disable=SC2086
    kill -KILL $left 2>/dev/null || true
}

# The processes that have a file open which matches the pattern $1.
holding() { { find /proc/[0-9]*/fd -lname "$1" 2>/dev/null || true; } | cut -d/ -f3 | sort -u; }

# The processes given, and all that they have started.
with_children() {
    local process
    for process in "$@"; do
        echo "$process"
        # shellcheck disable=SC2046 # A list of processes.
        with_children $(ps -o pid= --ppid "$process" || true)
    done
}

# The first of $1 neighbouring ports that nothing listens on.
free_ports() {
    python3 - "$1" <<'END'
import random, socket, sys

def free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True

while True:
    first = random.randrange(20_000, 30_000)
    if all(free(first + i) for i in range(int(sys.argv[1]))):
        print(first)
        break
END
}
