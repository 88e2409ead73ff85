"""Components of the foundation: what an environment stands on before it has a gateway."""
