"""Rows that say the same, or contradict each other."""
