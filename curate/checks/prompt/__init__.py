"""Prompts that do not hold what they ask about."""
