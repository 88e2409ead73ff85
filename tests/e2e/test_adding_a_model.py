"""The commands of docs/adding-a-model.md, in its order, in a copy of the repository."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clone import Clone, copy_repository
from tests.support.pages import Page, as_shown, shape

_PAGE = Page(Path(__file__).parents[2] / "docs" / "adding-a-model.md")
_MODEL = Path("models") / "pear-ripeness"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    clone = copy_repository(tmp_path_factory.mktemp("adding") / "repository")
    clone.commit("Begin")
    subprocess.run(["git", "branch", "--move", "main"], cwd=clone.root, check=True)
    yield clone
    clone.laptop("down")


def _prints_what_is_shown(clone: Clone, containing: str, code: int = 0, **variables: str) -> str:
    """Run the page's command with those words; return what it prints, which is what the page shows."""
    done = clone.outside(_PAGE.command(containing), **variables)
    printed = done.stdout if code == 0 else done.stdout + done.stderr
    shown = _PAGE.output(containing)
    assert done.returncode == code, done.stdout + done.stderr
    assert as_shown(printed, shown) == shape(shown)
    return printed


def _edit(clone: Clone, path: Path, *changes: tuple[str, str]) -> str:
    """Change a file as the page tells; return what it held."""
    before = (clone.root / path).read_text()
    after = before
    for old, new in changes:
        assert old in after
        after = after.replace(old, new)
    (clone.root / path).write_text(after)
    return before


@pytest.fixture(scope="module")
def added(repository: Clone) -> Clone:
    """A copy in which the page's first command has added its model."""
    _prints_what_is_shown(repository, "./dev new-model pear-ripeness")
    return repository


@pytest.fixture(scope="module")
def deployed(added: Clone) -> str:
    """What the page's `./dev local` prints."""
    return _prints_what_is_shown(added, "./dev local --model pear-ripeness")


def test_a_right_folder_is_told_as_the_page_shows(added: Clone) -> None:
    _prints_what_is_shown(added, "./dev check\n")


def test_mistakes_are_told_as_the_page_shows(added: Clone) -> None:
    mistakes = (("  calls: 60", "  call: 60"), ("[trial]", "[trail]"))
    before = _edit(added, _MODEL / "model.yaml", *mistakes)
    try:
        _prints_what_is_shown(added, "./dev check  #", code=1)
    finally:
        (added.root / _MODEL / "model.yaml").write_text(before)


def test_the_curl_line_works_when_pasted(added: Clone, deployed: str) -> None:
    (line,) = re.findall(r"^curl .*?[^\\]$", deployed, re.MULTILINE | re.DOTALL)
    answered = added.outside(line)
    assert answered.returncode == 0, answered.stderr
    assert '"data":[3.0]' in answered.stdout


def test_the_gateway_refuses_what_the_contract_forbids_as_the_page_shows(added: Clone, deployed: str) -> None:
    found = re.search(r"key +(\w+)", deployed)
    assert found is not None
    _prints_what_is_shown(added, "KILOGRAMS", GATEWAY=added.gateway_url, KEY=found[1])


@pytest.mark.usefixtures("deployed")
def test_what_consumers_read_is_written_where_the_page_says(added: Clone) -> None:
    printed = _prints_what_is_shown(added, "./dev contract pear-ripeness")
    assert all((added.root / path).is_file() for path in printed.split())


def test_a_change_that_breaks_consumers_is_told_as_the_page_shows(added: Clone) -> None:
    contract = Path("models") / "iris-species" / "contracts" / "v1.json"
    before = _edit(added, contract, ('"INT64"', '"FP64"'))
    try:
        _prints_what_is_shown(added, "./dev compat", code=1)
    finally:
        (added.root / contract).write_text(before)
