"""Files that are copied into bundles as they stand. They import nothing of curate: a server has none."""
