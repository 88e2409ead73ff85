from pathlib import Path

import pytest

from tools.guards import addresses, locks, share, tree

HASH = f"--hash=sha256:{'a' * 64}"


def lock(folder: Path, asked: str, locked: str) -> list[str]:
    (folder / "x.in").write_text(asked, encoding="utf-8")
    (folder / "x.txt").write_text(locked, encoding="utf-8")
    return locks.findings(folder)


def pin(requirement: str, asked_by: str = "-r requirements/x.in", hashes: str = HASH) -> str:
    return f"{requirement} \\\n    {hashes}\n    # via {asked_by}\n"


def test_a_lock_that_is_what_is_asked_for_passes(tmp_path: Path) -> None:
    locked = pin("a-b==1.2") + pin("c==1") + pin("d==3 ; sys_platform == 'x'", "c")

    assert not lock(tmp_path, "A_b>1 # why\nc==1\n-c y.txt\n", locked)


@pytest.mark.parametrize(
    ("asked", "locked", "finding"),
    [
        ("a\nb\n", pin("a==1"), "lacks b, which x.in asks for"),
        ("a\n", pin("a==1") + pin("b==1"), "holds b, which x.in does not ask for"),
        ("a==2\n", pin("a==1"), "a==1 is not what x.in asks for, a==2"),
        ("a\n", pin("a>=1"), "a>=1 is not what x.in asks for"),
        ("a\n", pin("a==1", hashes=""), "a==1 has no hash"),
        ("a\n", "--find-links x\n" + pin("a==1"), "holds an address: --find-links x"),
        ("a\n", pin("a==1") + "# from https://contoso.example/a\n", "holds an address: # from"),
        ("a\n", pin("a @ file:///a"), "holds an address: a @ file:///a"),
    ],
)
def test_a_stale_lock_is_found(asked: str, locked: str, finding: str, tmp_path: Path) -> None:
    assert any(found.startswith(f"x.txt: {finding}") for found in lock(tmp_path, asked, locked))


def test_a_requirement_of_an_included_file_counts_as_that_files(tmp_path: Path) -> None:
    (tmp_path / "base.in").write_text("b\n", encoding="utf-8")
    (tmp_path / "base.txt").write_text(pin("b==1", "-r requirements/base.in"), encoding="utf-8")
    several = (
        f"b==1 \\\n    {HASH}\n    # via\n    #   -c requirements/base.txt\n    #   -r requirements/base.in\n"
    )

    assert not lock(tmp_path, "-r base.in\na\n", pin("a==1") + several)
    assert lock(tmp_path, "-r base.in\na\n", pin("a==1")) == [
        "x.txt: lacks b, which base.in asks for: run ./dev lock"
    ]


def test_a_missing_lock_and_a_lock_of_nothing_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.in").write_text("a\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text(pin("b==1"), encoding="utf-8")

    assert locks.findings(tmp_path) == ["b.txt has no b.in", "a.txt: is missing: run ./dev lock"]


def test_this_trees_locks_are_current_and_hold_no_address() -> None:
    assert not locks.findings(tree.ROOT / "requirements")


# Put together here, so that this file passes the rule too.
@pytest.mark.parametrize("host", ["PyPI org", "files.pythonhosted org", "registry.npmjs org", "crates io"])
def test_a_registry_is_found_in_any_file(host: str) -> None:
    line = f"see https://{host.replace(' ', '.')}/simple"
    found = addresses.findings([(Path("docs/x.md"), f"fine\n{line}")])

    assert len(found) == 1
    assert found[0].startswith("docs/x.md:2: names the package registry")


@pytest.mark.parametrize("path", ["home/ada/x", "Users/ada", "root/.cache", "work/here"])
def test_a_machines_folder_is_found(path: str) -> None:
    assert addresses.findings([(Path("x"), f'open("/{path}")')])


@pytest.mark.parametrize(
    "line",
    [
        "https://learn.microsoft.com/en-us/azure/work/items",
        "https://contoso.example/home/news",
        "$HOME/x ~/x models/work/x {root}/work/x",
        "/subscriptions/0/resourceGroups/root",
    ],
)
def test_addresses_and_relative_paths_are_no_machines_folder(line: str) -> None:
    assert not addresses.findings([(Path("x"), line)])


def test_this_tree_names_no_registry_and_no_machines_folder() -> None:
    assert not addresses.findings(tree.texts(tree.ROOT, tree.files(tree.ROOT)))


def test_the_share_counts_code_and_not_tests() -> None:
    texts = [
        (Path("local_azure/a.py"), "x\n\nx\n"),
        (Path("shared/a.py"), "x\n" * 6),
        (Path("local_azure/a.json"), "x\n" * 99),
        (Path("tests/a.py"), "x\n" * 99),
    ]

    assert share.line(texts) == "local_azure is 25 % of 8 lines of code without tests"


def test_a_share_above_the_limit_is_said() -> None:
    assert "above 40 %" in share.line([(Path("local_azure/a.py"), "x\n"), (Path("shared/a.py"), "x\n")])
