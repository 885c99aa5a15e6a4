"""Programs that make new logs; they run on the systems' own log-in nodes, from Python 3.8 on."""
