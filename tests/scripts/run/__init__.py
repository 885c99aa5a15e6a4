"""The run scripts, on stand-ins for the vendors' programs."""
