"""Faults of structure: what makes a row impossible to train on, or to train on as meant."""
