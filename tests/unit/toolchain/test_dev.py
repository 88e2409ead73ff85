"""./dev itself, in a small copy of the repository where a module named nox tells how it was called."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import bootstrap

ROOT = Path(__file__).resolve().parents[3]
NOXFILE = '''
import nox

@nox.session
def greet(session):
    """Say hello.

    More.
    """

def helper():
    """No session."""
'''
FAKE_NOX = "import json, os, sys; print(json.dumps([os.getcwd(), *sys.argv[1:]])); sys.exit(7)"
MAKING = "dev: making .dev"

WriteProgram = Callable[[Path, str], Path]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "a clone"
    for part in ("tools", "requirements", "nox"):
        (folder / part).mkdir(parents=True)
    shutil.copy(ROOT / "dev", folder / "dev")
    shutil.copy(ROOT / "tools" / "bootstrap.py", folder / "tools" / "bootstrap.py")
    (folder / "requirements" / "dev-tools.txt").write_text("", encoding="utf-8")
    (folder / "noxfile.py").write_text(NOXFILE, encoding="utf-8")
    (folder / "nox" / "nox.py").write_text(FAKE_NOX, encoding="utf-8")
    return folder


def start(clone: Path, *arguments: str, path: str | None = None) -> subprocess.Popen[str]:
    variables = os.environ | {"PYTHONPATH": str(clone / "nox")}
    base = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    return subprocess.Popen(
        [clone / "dev", *arguments],
        cwd=clone.parent,
        env=variables | {"PATH": base if path is None else path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(clone: Path, *arguments: str, path: str | None = None) -> tuple[int, str, str]:
    process = start(clone, *arguments, path=path)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_alone_it_lists_the_sessions_and_makes_nothing(clone: Path) -> None:
    assert run(clone) == (0, "./dev SESSION ARGS\n\n  greet  Say hello.\n", "")
    assert not (clone / ".dev").exists()


def test_an_unknown_session_is_a_sentence(clone: Path) -> None:
    assert run(clone, "helper") == (2, "", "dev: there is no session 'helper'. ./dev lists the sessions.\n")


def test_a_session_is_noxs_from_any_folder_with_its_arguments_and_its_exit_code(clone: Path) -> None:
    code, out, err = run(clone, "greet", "a b", "--flag")
    again = run(clone, "greet", "a b", "--flag")

    expected = f'["{clone.parent}", "-f", "{clone}/noxfile.py", "-s", "greet", "--", "a b", "--flag"]\n'
    assert (code, out) == (7, expected)
    assert err.startswith(MAKING)
    assert again == (7, expected, "")


def test_an_environment_made_from_something_else_is_made_anew(
    clone: Path, write_program: WriteProgram
) -> None:
    write_program(clone / ".dev" / "bin" / "python", "exit 9")
    (clone / ".dev" / "stamp").write_text("something else", encoding="utf-8")

    code, _, err = run(clone, "greet")

    assert code == 7
    assert err.startswith(MAKING)


@pytest.mark.parametrize("changed", ["pins", "place", "python"])
def test_pins_place_and_python_are_what_it_is_made_from(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pins = tmp_path / "dev-tools.txt"
    pins.write_text("a", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "PINS", pins)
    before = bootstrap.stamp()

    if changed == "pins":
        pins.write_text("b", encoding="utf-8")
    elif changed == "place":
        monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    else:
        monkeypatch.setattr(sys, "version", "3.99")

    assert bootstrap.stamp() != before


def test_of_two_at_once_one_makes_the_environment_and_the_other_waits(clone: Path) -> None:
    one, two = start(clone, "greet"), start(clone, "greet")
    told = one.communicate(timeout=120)[1] + two.communicate(timeout=120)[1]

    assert (one.returncode, two.returncode) == (7, 7)
    assert told.count(MAKING) == 1


def test_a_killed_start_does_no_harm(clone: Path) -> None:
    killed = start(clone, "greet")
    deadline = time.monotonic() + 60
    while not (clone / ".dev" / "bin").exists():
        assert time.monotonic() < deadline, "the environment was not begun"
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()

    code, _, err = run(clone, "greet")

    assert code == 7
    assert err.startswith(MAKING)


@pytest.mark.parametrize("loading", ["bootstrap.py", "nox"])
def test_an_interrupt_while_it_loads_is_no_traceback(clone: Path, loading: str) -> None:
    run(clone, "greet")
    module = clone / "tools" / loading if loading == "bootstrap.py" else clone / "nox" / "nox.py"
    module.write_text("print('loading', flush=True)\nimport time\ntime.sleep(60)\n", encoding="utf-8")
    process = start(clone, "greet")
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    process.send_signal(signal.SIGINT)

    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == -signal.SIGINT


def test_pins_that_cannot_be_installed_are_a_sentence(clone: Path) -> None:
    pin = f"nothing==1 --hash=sha256:{'0' * 64}\n"
    (clone / "requirements" / "dev-tools.txt").write_text(f"--no-index\n{pin}", encoding="utf-8")

    code, _, err = run(clone, "greet")

    assert code == 1
    assert "dev: .dev could not be made, see above" in err


def test_the_first_python_that_runs_and_is_new_enough_is_used(
    clone: Path, tmp_path: Path, write_program: WriteProgram
) -> None:
    write_program(tmp_path / "bin" / "python3", "exit 3")  # older
    write_program(tmp_path / "bin" / "python3.13", "echo no such version >&2; exit 127")  # a shim
    write_program(tmp_path / "bin" / "python3.12", f'exec "{sys.executable}" "$@"')

    assert run(clone, path=f"{tmp_path}/bin:/usr/bin:/bin")[0] == 0


def test_without_a_python_that_suits_it_says_what_it_found(
    clone: Path, tmp_path: Path, write_program: WriteProgram
) -> None:
    for name in ("dirname", "sh"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    nothing = run(clone, path=str(tmp_path))
    write_program(tmp_path / "python3", "exit 3")
    write_program(tmp_path / "python3.12", "exit 1")
    write_program(tmp_path / "python3.13", "exit 127")
    unfit = run(clone, path=str(tmp_path))

    assert (nothing[0], unfit[0]) == (1, 1)
    assert "Python 3.11 or newer is needed, and there is no python3 on PATH." in nothing[2]
    assert "python3 is older" in unfit[2]
    assert "python3.12 lacks venv (Debian and Ubuntu: apt install python3.12-venv)" in unfit[2]
    assert "python3.13 does not run" in unfit[2]
