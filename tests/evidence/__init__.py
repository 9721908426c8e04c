"""Evidence: samples of real rows with labels given by reading, and what is measured against them."""
