"""The bars: one file each, named as its command. ``python -m benchmarks.acceptance NAME`` runs one."""
