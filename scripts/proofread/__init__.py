"""The proof-reader: checks every number of a text about runs against their logs."""
