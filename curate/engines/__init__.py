"""Running checks over sources: pure tasks, an engine that maps them, and the assembly of what they return."""
