"""Asks in which one thing was exchanged for another."""
