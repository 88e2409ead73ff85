"""Model servers: real ones, each in a Python environment of its own, for the models of this repository."""
