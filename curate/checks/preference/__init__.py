"""Pairs of a chosen and a rejected answer."""
