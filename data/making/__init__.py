"""How the sample corpora are made; started by ``data/make_samples.py``."""
