"""How fast the project is and how it grows: start-up, reading beside other readers, builds, processes, reports."""
