"""What a dialect of one's own is written with: the same names in the checkout and in the installed package.

>>> from testbed_report.grammar import OPENS, Dialect, Shape, line
>>> Dialect("Mine", signs=(b"mine: batch",), shapes=(Shape(line("mine: batch {batch_size:int}"), OPENS),)).system
'Mine'
"""

from parsers.grammar import *  # noqa: F403
