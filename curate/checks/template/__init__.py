"""Leftovers of chat templates and prompts in the text itself."""
