"""Ways in which a log travels before somebody reads it, and what they cost: `python -m tests.transformations`."""
