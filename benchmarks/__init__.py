"""Measurements: bars that must hold, and paired runs against peers."""
