"""Gates: what makes a dataset pass or fail."""
