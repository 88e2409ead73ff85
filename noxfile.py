"""Every task, on a laptop and in CI. `./dev SESSION ARGS` is `nox -s SESSION -- ARGS`.

The sessions share one environment, `.venv`: the one that the stacks' Pulumi.yaml name. A session that is one
command becomes that command, so that its output, signals and exit code are the user's.
"""

import fcntl
import hashlib
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ("dev-tools", "stacks", "dev", "model-server")  # in this order: dev is constrained by stacks

# Files stay whole: tests of one file share what they deploy.
IN_PARALLEL = ("--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile")

nox.options.default_venv_backend = "none"
logging.getLogger("nox").setLevel(logging.ERROR)  # a user reads the command's output, not how it is started


@nox.session
def local(session: nox.Session) -> None:
    """Deploy all layers on this machine and call a model through the gateway; or: status, down, reset."""
    become(session, "-m", "laptop", *session.posargs)


@nox.session
def env(session: nox.Session) -> None:
    """Print the variables with which pulumi works by hand: eval "$(./dev env local)"."""
    become(session, "-m", "laptop", "env", *session.posargs)


@nox.session
def contract(session: nox.Session) -> None:
    """Write what consumers of a model read: OpenAPI document and page (MODEL [VERSION] --env, --format)."""
    become(session, "-m", "laptop.contracting", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Check all models in all environments (--write: first write anew what is made from them)."""
    become(session, "-m", "delivery.check", *session.posargs)


@nox.session(name="new-model")
def new_model(session: nox.Session) -> None:
    """Write the folder of a new model, from its contract or from none (NAME --from SOURCE)."""
    become(session, "-m", "delivery.new_model", *session.posargs)


@nox.session
def plan(session: nox.Session) -> None:
    """Show which stacks a change affects, and why (--base REV, --env, --json FILE)."""
    become(session, "-m", "laptop.delivering", "plan", *session.posargs)


@nox.session
def compat(session: nox.Session) -> None:
    """Show what a change breaks for consumers of each model (--base REV, --model, --env, --json FILE)."""
    become(session, "-m", "laptop.delivering", "compat", *session.posargs)


@nox.session
def preview(session: nox.Session) -> None:
    """Show what would change in dev, staging and prod (--env, --model, --all, --base REV)."""
    become(session, "-m", "laptop.delivering", "preview", *session.posargs)


@nox.session
def up(session: nox.Session) -> None:
    """Deploy what differs from what is deployed in an environment (--env, --model, --all)."""
    become(session, "-m", "laptop.delivering", "up", *session.posargs)


@nox.session
def refresh(session: nox.Session) -> None:
    """Bring the state of an environment's stacks to what Azure has (--env, --model)."""
    become(session, "-m", "laptop.delivering", "refresh", *session.posargs)


@nox.session
def destroy(session: nox.Session) -> None:
    """Delete a model's stack, or all of an environment (--env, --model, --all)."""
    become(session, "-m", "laptop.delivering", "destroy", *session.posargs)


@nox.session
def smoke(session: nox.Session) -> None:
    """Call every model of an environment through its gateway (--env, --model)."""
    become(session, "-m", "laptop.delivering", "smoke", *session.posargs)


@nox.session
def drift(session: nox.Session) -> None:
    """Tell what was changed in an environment without the repository (--env)."""
    become(session, "-m", "laptop.delivering", "drift", *session.posargs)


@nox.session
def rollback(session: nox.Session) -> None:
    """Take a model back to what was deployed before (MODEL --env, --to)."""
    become(session, "-m", "laptop.delivering", "rollback", *session.posargs)


@nox.session
def bootstrap(session: nox.Session) -> None:
    """Create or check what an environment needs before its first delivery (--env, --dry-run)."""
    become(session, "-m", "laptop.delivering", "bootstrap", *session.posargs)


@nox.session
def publish(session: nox.Session) -> None:
    """Tell GitHub what a delivery did, and the next jobs of a workflow what to do; for workflows."""
    become(session, "-m", "laptop.delivering", "publish", *session.posargs)


@nox.session
def report(session: nox.Session) -> None:
    """Tell what recorded previews and deployments change, as Markdown (FOLDER, --markdown FILE)."""
    become(session, "-m", "laptop.delivering", "report", *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Run the tests; arguments are pytest's. The real engine takes part unless they name unit tests alone."""
    pytest = ("-m", "pytest", *(session.posargs or IN_PARALLEL))
    if only_without_engine(session.posargs):
        become(session, *pytest)
    become(session, "-m", "delivery.toolchain", os.fspath(PYTHON), *pytest)


@nox.session
def kills(session: nox.Session) -> None:
    """Disturb ./dev local and up at random moments (kills, Ctrl-C, full disks); --kills N: how often."""
    tests = [f"tests/integration/test_{name}.py" for name in ("interruptions", "full_disk")]
    arguments = session.posargs or ("--kills=50",)
    become(session, "-m", "delivery.toolchain", os.fspath(PYTHON), "-m", "pytest", *tests, *arguments)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure deployments and the gateway, and write docs/benchmarks.md; --quick: roughly."""
    become(session, "-m", "benchmarks", "bench", *session.posargs)


@nox.session(name="bench-delivery")
def bench_delivery(session: nox.Session) -> None:
    """Measure previews and updates of 40 models, and write docs/benchmarks.md; --quick: roughly."""
    become(session, "-m", "benchmarks", "bench-delivery", *session.posargs)


@nox.session
def fleet(session: nox.Session) -> None:
    """Make N model folders in a scratch copy, for tests of scale; --into FOLDER says where."""
    become(session, "-m", "benchmarks", "fleet", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check everything: ruff, mypy, imports, shell scripts, locks, models, the tree's own rules."""
    prepare(session)
    checks = (
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("mypy", "."),
        *(("mypy", os.fspath(script)) for script in sorted(ROOT.glob("models/*/server/*.py"))),
        ("lint-imports", "--no-logo"),
        ("shellcheck", "dev", ".ci/run"),
        ("python", "-m", "tools.guards"),
        ("python", "-m", "delivery.check"),
    )
    failed = [" ".join(check) for check in checks if not passes(session, *check)]
    if failed:
        session.error(f"failed: {', '.join(failed)}")


@nox.session
def workflows(session: nox.Session) -> None:
    """Check .github: actionlint with shellcheck, zizmor, and the repository's own rules. Needs Go, once."""
    become(session, "-m", "tools.workflows", *session.posargs)


@nox.session
def format(session: nox.Session) -> None:  # noqa: A001 - the session's name
    """Format the code and fix what ruff can fix."""
    prepare(session)
    for command in (("check", "--fix-only", "."), ("format", ".")):
        session.run(VENV / "bin" / "ruff", *command, external=True)


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve requirements/*.in to hash-pinned *.txt; --upgrade and other arguments are uv's."""
    universal = ("--universal", "--python-version=3.11")
    plain = ("--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet")
    for name in LOCKS:
        files = (f"requirements/{name}.in", f"--output-file=requirements/{name}.txt")
        uv(session, "pip", "compile", *universal, *plain, *files, *session.posargs)


@nox.session
def generate(session: nox.Session) -> None:
    """Generate the local Azure's ARM mapping from Microsoft's packages."""
    become(session, "-m", "local_azure.metadata.generate", *session.posargs)


@nox.session
def toolchain(session: nox.Session) -> None:
    """Print where pulumi comes from; a command that follows runs with it on PATH."""
    become(session, "-m", "delivery.toolchain", *session.posargs)


def only_without_engine(arguments: list[str]) -> bool:
    """Whether pytest's arguments name tests, and none that starts the engine."""
    named = [argument for argument in arguments if argument.startswith("tests")]
    return bool(named) and all(name.startswith(("tests/unit", "tests/gateway")) for name in named)


def become(session: nox.Session, *arguments: str) -> NoReturn:
    """Replace this process by the environment's Python."""
    prepare(session)
    os.execve(PYTHON, [os.fspath(PYTHON), *arguments], variables(os.environ))  # noqa: S606 - no shell is wanted


def variables(outside: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a session's command: that of `outside`, with the project's programs found first.

    Bytecode is kept even on a machine that says otherwise, as many container images do. A deployment starts three
    Python programs for each stack; compiling what they import would take half of their time, each time.
    """
    search_path = os.pathsep.join([os.fspath(VENV / "bin"), outside.get("PATH", os.defpath)])
    return {**outside, "PATH": search_path, "PYTHONDONTWRITEBYTECODE": ""}


def passes(session: nox.Session, program: str, *arguments: str) -> bool:
    """Run one check with its output shown, and go on when it fails."""
    try:
        session.run(VENV / "bin" / program, *arguments, external=True)
    except CommandFailed:
        return False
    return True


def prepare(session: nox.Session) -> None:
    """Make `.venv` from requirements/dev.txt unless it is current; the stamp is written last."""
    stamp = VENV / "stamp"
    pins = hashlib.sha256((ROOT / "requirements" / "dev.txt").read_bytes()).hexdigest()
    wanted = f"{pins}\n{sys.base_prefix}\n{sys.version}\n{ROOT}\n"
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # a second session waits for the first
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return
        sys.stderr.write("dev: making .venv from requirements/dev.txt (once, a minute or less)\n")
        uv(session, "venv", "--quiet", "--clear", "--python", sys.executable, os.fspath(VENV))
        into = ("--python", os.fspath(PYTHON))
        uv(session, "pip", "sync", "--quiet", *into, "--require-hashes", "requirements/dev.txt")
        uv(
            session,
            "pip",
            "install",
            "--quiet",
            *into,
            "--no-deps",
            "--no-build-isolation",
            "--editable",
            ".",
        )
        stamp.write_text(wanted, encoding="utf-8")
    finally:
        os.close(folder)


def uv(session: nox.Session, *arguments: str) -> None:
    """Run the pinned uv with the Python that ./dev found; it downloads no other one."""
    try:
        session.run(
            sys.executable, "-m", "uv", *arguments, env={"UV_PYTHON_DOWNLOADS": "never"}, external=True
        )
    except CommandFailed:
        session.error(
            "uv failed, see above. When the package index cannot be reached, set UV_DEFAULT_INDEX to one that can"
        )
