"""The parts of a run as tasks of Dask, then the merge: python dask_parts.py SPEC [OPTIONS OF runner run]"""

import os
import subprocess
import sys

from dask.distributed import Client

PARTS = 12


def part(k: int, arguments: list[str], folder: str) -> None:
    """Makes part k; the folder is one that all workers share."""
    command = ["runner", "shard", *arguments, "--part", f"{k}/{PARTS}", "--out", "parts", "--threads", "1", "--quiet"]
    ended = subprocess.run(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    if ended.returncode != 0:
        raise RuntimeError(f"part {k} of {PARTS}, exit code {ended.returncode}: {ended.stderr}")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    with Client() as client:  # The scheduler that DASK_SCHEDULER_ADDRESS names, else workers on this machine.
        tasks = client.map(part, range(1, PARTS + 1), arguments=arguments, folder=os.getcwd(), pure=False, retries=2)
        client.gather(tasks)
    sys.exit(subprocess.run(["runner", "merge", *arguments, "--parts", "parts"]).returncode)
