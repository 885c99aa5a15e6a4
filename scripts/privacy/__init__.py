"""Private things about people and machines in a log: found, and replaced by stand-ins."""
