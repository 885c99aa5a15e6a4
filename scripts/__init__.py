"""From facts to pages: the commands of the project, and `report/`, which they work with."""
