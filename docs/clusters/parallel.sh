#!/bin/bash
# All parts of a run with GNU parallel, then the merge: docs/clusters/parallel.sh SPEC [OPTIONS OF runner run]
set -euo pipefail

parts=12

seq "$parts" | parallel --quote --retries 3 runner shard "$@" --part "{}/$parts" --out parts --threads 1 --quiet
exec runner merge "$@" --parts parts
