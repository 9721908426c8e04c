"""Pure algorithms on strings and columns of strings."""
