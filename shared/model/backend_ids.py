"""How the backends of a version are called, by what registers them and by the policies that name them."""

POOL = "pool"
"""What no deployment is called: it ends the identifier of the pool, which is a backend like theirs."""


def pool_id(model: str, version: str) -> str:
    """Return the identifier of the pool of a version."""
    return backend_id(model, version, POOL)


def backend_id(model: str, version: str, deployment: str) -> str:
    """Return the identifier of the backend of one deployment."""
    return f"{model}-{version}-{deployment}"
