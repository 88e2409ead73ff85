"""Which modules a program is made from, read from its source."""

from modulefinder import ModuleFinder
from pathlib import Path

import pytest

from delivery.planning.imports import modules
from delivery.planning.tree_files import OnDisk
from shared.environments import REPOSITORY
from shared.projects import FOUNDATION, MODEL, PLATFORM


@pytest.fixture
def found(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, ...]:
    for path, text in {"stacks/model/__main__.py": "", **request.param}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return modules(OnDisk(tmp_path), "stacks/model")


def program(text: str, *files: str, **others: str) -> dict[str, str]:
    return {"stacks/model/__main__.py": text, **dict.fromkeys(files, ""), **others}


A, IN_P = "shared/a.py", "shared/p/m.py"
PACKAGES = ("shared/__init__.py", "shared/p/__init__.py")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (program("import shared.a", A), {A}),
        (program("import shared.a as b, shared.p.m", A, IN_P), {A, IN_P}),
        (program("from shared import a", A), {A}),
        (program("from shared.p import m, n", IN_P), {IN_P}),
        (program("from shared.p.m import f", IN_P, *PACKAGES), {IN_P, *PACKAGES}),
        (program("import shared.a", **{A: "from .p import m"}, **{IN_P: "from .. import b"}, **{"shared/b.py": ""}),
         {A, IN_P, "shared/b.py"}),
        (program("import shared.p", **{"shared/p/__init__.py": "from . import m", IN_P: ""}),
         {"shared/p/__init__.py", IN_P}),
        (program("def f():\n    from shared import a", A), {A}),
        (program("if TYPE_CHECKING:\n    from shared import a", A), {A}),
        (program("try:\n    import shared.a\nexcept ImportError:\n    pass", A), {A}),
        (program("import shared.a", **{A: "import shared.b", "shared/b.py": "import shared.a"}), {A, "shared/b.py"}),
        (program("import helper", "stacks/model/helper.py"), {"stacks/model/helper.py"}),
        (program("import shared.a", **{A: "this does not parse"}), {A}),
        (program("import json, pulumi, missing.module", A), set()),
        (program("from ... import nothing\nfrom ..... import beyond", A), set()),
    ],
    indirect=["found"],
)  # fmt: skip
def test_a_module_counts_however_it_is_imported(found: tuple[str, ...], expected: set[str]) -> None:
    assert set(found) == {"stacks/model/__main__.py", *expected}


@pytest.mark.parametrize("project", [FOUNDATION, PLATFORM, MODEL])
def test_the_standard_library_s_finder_finds_no_module_that_is_missed(project: str) -> None:
    folder = REPOSITORY / "stacks" / project
    finder = ModuleFinder(path=[str(folder), str(REPOSITORY)])
    finder.run_script(str(folder / "__main__.py"))
    files = (
        getattr(module, "__file__", None) for module in finder.modules.values()
    )  # built-in ones have none
    found = {Path(file).relative_to(REPOSITORY).as_posix() for file in files if file}
    assert found <= set(modules(OnDisk(REPOSITORY), f"stacks/{project}"))
    assert len(found) > 10
