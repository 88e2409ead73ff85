"""MLflow's scoring server: serves saved MLflow models, each below its own name."""

from pathlib import Path

PATHS = frozenset({"/invocations", "/ping"})
"""What the server answers of each model: predictions, and whether the model is ready."""

_PROGRAM = Path(__file__).with_name("scoring.py")


def command(environment: Path, repository: Path, port: int) -> list[str]:
    """Return the command that serves the models of `repository` on `port`, loopback only."""
    # -P: Python is not to look for modules beside the program, where this one is called like the library.
    return [str(environment / "python"), "-P", str(_PROGRAM), str(port), str(repository)]


def base_path(model: str) -> str:
    """Return the path below which a model answers as a server of its own would."""
    return f"/{model}"


def ready_path(model: str) -> str:
    """Return the path that answers when a model is ready."""
    return f"{base_path(model)}/ping"
