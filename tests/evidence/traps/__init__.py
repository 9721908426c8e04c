"""Rows in which something looks like a mistake and is none."""
