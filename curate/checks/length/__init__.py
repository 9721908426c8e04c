"""How long a row is for the model that reads it."""
