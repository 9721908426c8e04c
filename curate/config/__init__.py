"""From a file and flags to one Plan."""
