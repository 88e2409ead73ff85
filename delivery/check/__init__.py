"""Whether all models are right in all environments, as far as the repository itself tells."""
