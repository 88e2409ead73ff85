"""The second half of ./dev: make `.dev` with the pinned nox and uv, then become nox.

Runs on a bare Python, so it imports the standard library only. `.dev` is made again when
requirements/dev-tools.txt or the Python changes. A lock on the repository's folder makes the second of two
processes wait; the stamp is written last, so an environment whose making was interrupted is made again.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
NOXFILE = ROOT / "noxfile.py"
ENVIRONMENT = ROOT / ".dev"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "stamp"
PINS = ROOT / "requirements" / "dev-tools.txt"
# Loading takes half a second, in which an interrupt would be a traceback, as it is in ./dev.
_NOX = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT}); runpy.run_module('nox', None, '__main__', True)"
)


def main(arguments: list[str]) -> int:
    """List the sessions, refuse one that does not exist, or run one in this process; return an exit code."""
    session, *rest = arguments or ["--help"]
    known = sessions()
    if session in {"-h", "--help"}:
        sys.stdout.write(listing(known))
        return 0
    if session not in known:
        close = "".join(f" Did you mean {name}?" for name in get_close_matches(session, known, n=1))
        sys.stderr.write(f"dev: there is no session {session!r}.{close} ./dev lists the sessions.\n")
        return 2
    if not make_environment():
        return 1
    return become_nox(session, rest)


def become_nox(session: str, arguments: list[str]) -> NoReturn:
    """Replace this process, so that the exit code is nox's own; an interrupt ends it without a word."""
    command = [
        os.fspath(PYTHON),
        "-P",
        "-c",
        _NOX,
        "-f",
        os.fspath(NOXFILE),
        "-s",
        session,
        "--",
        *arguments,
    ]
    # Until Python has started: an interrupt waits for that, it is not lost.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.execv(PYTHON, command)  # noqa: S606 - no shell is wanted


def sessions() -> dict[str, str]:
    """Name and first docstring line of each session of the noxfile, in its order, without running it.

    Where Python wants an underscore in a name, the session's has a hyphen.
    """
    module = ast.parse(NOXFILE.read_text(encoding="utf-8"))
    return {
        node.name.replace("_", "-"): (ast.get_docstring(node) or "").partition("\n")[0]
        for node in module.body
        if isinstance(node, ast.FunctionDef) and node.decorator_list
    }


def listing(known: dict[str, str]) -> str:
    """Render what `./dev` alone prints."""
    width = max(map(len, known))
    lines = [f"  {name:<{width}}  {summary}" for name, summary in known.items()]
    return "\n".join(["./dev SESSION ARGS", "", *lines, ""])


def make_environment() -> bool:
    """Make `.dev` unless it is current; tell on standard error why it cannot be made."""
    with exclusive():
        wanted = stamp()
        if PYTHON.exists() and STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
            return True
        sys.stderr.write("dev: making .dev with the pinned nox and uv (once, some seconds)\n")
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        install = (
            "pip",
            "--disable-pip-version-check",
            "--quiet",
            "install",
            "--require-hashes",
            "--no-deps",
        )
        commands: tuple[list[str | Path], ...] = (
            [sys.executable, "-m", "venv", ENVIRONMENT],
            [PYTHON, "-m", *install, "--requirement", PINS],
        )
        for command in commands:
            if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - our own arguments
                sys.stderr.write(
                    "dev: .dev could not be made, see above. Its packages come from the index that pip is "
                    "configured for: when it cannot be reached, set PIP_INDEX_URL to one that can.\n"
                )
                return False
        STAMP.write_text(wanted, encoding="utf-8")
        return True


def stamp() -> str:
    """Tell what `.dev` is made from: the pins, this Python, and the place, which its scripts name."""
    pins = hashlib.sha256(PINS.read_bytes()).hexdigest()
    return f"{pins}\n{sys.base_prefix}\n{sys.version}\n{ROOT}\n"


@contextmanager
def exclusive() -> Iterator[None]:
    """Let one process at a time make environments; the kernel ends the lock with its process."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
