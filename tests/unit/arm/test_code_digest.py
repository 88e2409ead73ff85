"""The digest that tells which code runs."""

import shutil
from pathlib import Path

import pytest

from local_azure import code_digest


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for package in ("local_azure/arm", "local_azure/metadata", "shared/azure"):
        shutil.copytree(Path(code_digest.__file__).parents[1] / package, tmp_path / package)
    monkeypatch.setattr(code_digest, "_ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "file", ["local_azure/arm/app.py", "local_azure/metadata/metadata.json", "shared/azure/skus.py"]
)
def test_it_moves_with_every_source(copy: Path, file: str) -> None:
    before = code_digest.code_digest()
    with (copy / file).open("a") as source:
        source.write("\n")
    assert code_digest.code_digest() != before


def test_it_does_not_move_with_what_python_leaves_behind(copy: Path) -> None:
    before = code_digest.code_digest()
    (copy / "shared" / "__pycache__").mkdir(exist_ok=True)
    (copy / "shared" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert code_digest.code_digest() == before
