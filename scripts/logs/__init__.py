"""The logs: the catalog of those that are kept, folders and data sets of others, and what their authors declare."""
