"""A small machine: its own PATH, cache and Go modules, and a network that refuses."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from delivery.toolchain import Settings

WriteProgram = Callable[[Path, str], Path]

# Stands in for go: takes a moment, writes what -o names, and knows the folder of the sdk module.
GO = """
case $1 in
  version) echo "go version go1.99.0 linux/amd64" ;;
  list) echo "{sdk}" ;;
  build)
    while [ "$1" != -o ]; do shift; done
    echo "half" > "$2"
    echo "$2" >> "{log}"
    sleep {seconds}
    printf '#!/bin/sh\\necho v3.259.0\\n' > "$2"
    ;;
esac
"""


@pytest.fixture
def refusing_address() -> str:
    """An address on this machine where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def silent_address() -> Iterator[str]:
    """An address on this machine that answers nobody: its queue of callers is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, ExitStack() as callers:
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.settimeout(0)
            caller.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def write_program() -> WriteProgram:
    """Write an executable shell script."""

    def write(path: Path, body: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """The two Go modules."""
    for name in ("cli", "language-python"):
        folder = tmp_path / "modules" / name
        folder.mkdir(parents=True)
        (folder / "go.mod").write_text(f"module {name}\n\ngo 1.25.11\n", encoding="utf-8")
        (folder / "go.sum").write_text("", encoding="utf-8")
    return tmp_path / "modules"


@pytest.fixture
def settings(tmp_path: Path, modules: Path, refusing_address: str) -> Settings:
    """A machine without pulumi and go."""
    (tmp_path / "bin").mkdir()
    return Settings(
        path=str(tmp_path / "bin"),
        cache=tmp_path / "cache",
        modules=modules,
        archives=f"{refusing_address}/sdk",
        checksums=f"{refusing_address}/download",
    )


@pytest.fixture
def install_go(tmp_path: Path, write_program: WriteProgram) -> Callable[[float], Path]:
    """Put a go on the machine's PATH whose builds take so many seconds; return the log of its builds."""

    def install(seconds: float) -> Path:
        sdk = tmp_path / "sdk"
        write_program(sdk / "python" / "cmd" / "pulumi-language-python-exec", "exit 0")
        log = tmp_path / "builds"
        write_program(tmp_path / "bin" / "go", GO.format(sdk=sdk, log=log, seconds=seconds))
        return log

    return install
