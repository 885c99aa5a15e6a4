"""Raw logs of AI accelerators, read into facts: every value as printed, with the line that states it.

The package knows nothing about pages. `python -m parsers --help` is the command, `parsers.reading.read` the function
behind it.
"""

__version__ = "0.2.0"

from . import stopping

if stopping.is_starting(__name__):
    stopping.handle_signals()
