"""`python -m kl_runner` is the command `runner`."""

import sys

from ._command import main

sys.exit(main())
