"""How the backends of a version are called, by what registers them and by the policies that name them."""


def pool_id(model: str, version: str) -> str:
    """Return the identifier of the pool of a version."""
    return f"{model}-{version}"


def backend_id(model: str, version: str, deployment: str) -> str:
    """Return the identifier of the backend of one deployment."""
    return f"{pool_id(model, version)}-{deployment}"
