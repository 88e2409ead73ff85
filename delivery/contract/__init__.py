"""`./dev contract`: what consumers of a model read."""
