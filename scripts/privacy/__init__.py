"""What a log may tell of people and machines that is nobody's business: found, and replaced by stand-ins."""
