"""The command `runner`."""

import signal
import sys

from . import _kl_runner


def main() -> int:
    """Executes the command line, and returns the exit code."""
    # Python's handler would wait for Python code to run: Ctrl-C ends the command as it ends the program without Python.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _kl_runner.execute(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
