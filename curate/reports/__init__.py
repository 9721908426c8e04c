"""Renderers: each a pure function of the Report."""
