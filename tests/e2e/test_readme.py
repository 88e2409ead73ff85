"""The README's own commands, in its order, in a copy of the repository that has nothing installed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clone import Clone, copy_repository
from tests.support.pages import Page, shape

_README = Page(Path(__file__).parents[2] / "README.md")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    clone = copy_repository(tmp_path_factory.mktemp("fresh") / "repository", installed=False)
    yield clone
    clone.outside("./dev local down")


@pytest.fixture(scope="module")
def first_run(fresh: Clone) -> str:
    """What the README's first command prints."""
    done = fresh.outside(_README.command("./dev local\n"))
    assert done.returncode == 0, done.stdout + done.stderr + fresh.logs()
    return done.stdout


def test_the_first_command_prints_what_the_readme_shows(first_run: str) -> None:
    (shown,) = (block for block in _README.blocks("text") if "Gateway" in block)
    assert shape(first_run) == shape(shown)


def test_the_curl_lines_work_when_pasted(fresh: Clone, first_run: str) -> None:
    found = re.findall(r"^curl .*?[^\\]$", first_run, re.MULTILINE | re.DOTALL)
    assert found
    for line in found:
        answered = fresh.outside(line)
        assert answered.returncode == 0, answered.stderr
        assert re.match(r'\{"(model_name|predictions)": ?', answered.stdout), answered.stdout


def test_a_second_run_changes_nothing(fresh: Clone, first_run: str) -> None:
    done = fresh.outside(_README.command("./dev local\n"))
    assert done.returncode == 0, done.stdout + done.stderr
    stacks = len(("foundation", "platform", *fresh.root.glob("models/*/model.yaml")))
    assert len(re.findall(r" no changes$", done.stdout, re.MULTILINE)) == stacks
    assert len(re.findall(r" \d+ created$", first_run, re.MULTILINE)) == stacks


@pytest.mark.usefixtures("first_run")
def test_a_preview_tells_what_a_change_means_as_the_readme_shows(fresh: Clone) -> None:
    described = fresh.root / "models" / "iris-species" / "model.yaml"
    before = described.read_text()
    described.write_text(before.replace("calls: 300", "calls: 600"))
    done = fresh.outside(_README.command("./dev preview"))
    described.write_text(before)
    assert done.returncode == 0, done.stdout + done.stderr
    (shown,) = (block for block in _README.blocks("text") if "rate limit" in block)
    # Stacks that are previewed beside each other end in any order.
    assert sorted(shape(done.stdout)) == sorted(shape(shown))
    report = fresh.outside("./dev report .delivery/preview")
    assert "rate limit for each subscription: 300 → 600 calls per minute" in report.stdout


@pytest.mark.usefixtures("first_run")
def test_pulumi_by_hand_previews_the_platform(fresh: Clone) -> None:
    done = fresh.outside(_README.command("pulumi preview"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ unchanged", done.stdout)


def test_the_test_command_ends_with_pytests_closing_line(fresh: Clone) -> None:
    # One test in place of all: this one would run itself again.
    done = fresh.outside(
        _README.command("./dev test"), PYTEST_ADDOPTS="-k test_ports_follow_each_other_from_the_base"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"=+ 1 passed in .* =+", done.stdout.splitlines()[-1])


def test_the_sessions_are_listed_with_a_line_each(fresh: Clone) -> None:
    listed = fresh.outside("./dev").stdout
    for session in ("local", "env", "test", "lint"):
        assert re.search(rf"^ *{session} +\w.*$", listed, re.MULTILINE), listed


@pytest.mark.usefixtures("first_run")
def test_status_down_and_reset(fresh: Clone) -> None:
    assert "running (process" in fresh.outside("./dev local status").stdout
    assert "Local Azure: ended." in fresh.outside("./dev local down").stdout
    assert "running (process" not in fresh.outside("./dev local status").stdout
    assert fresh.outside("./dev local reset").returncode == 0
    assert not (fresh.root / ".local").exists()
