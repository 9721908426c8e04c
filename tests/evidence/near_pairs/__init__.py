"""Pairs of near-duplicate rows, labelled by hand before the guard that judges them was seen."""
