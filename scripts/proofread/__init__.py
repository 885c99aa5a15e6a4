"""The proof-reader: every number of a text about runs, held against their logs."""
