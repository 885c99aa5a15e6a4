"""`python -m testbed_report COMMAND`: the same as `testbed-report COMMAND`."""

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main())
