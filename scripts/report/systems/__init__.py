"""How each system is reported: one module per system, which `system.py` finds by listing this folder."""
