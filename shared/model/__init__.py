"""A model: its description in `models/<name>/`, and the components of its API."""
