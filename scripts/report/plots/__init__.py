"""How plots are drawn: one module per kind of plot. Only these modules import matplotlib."""
