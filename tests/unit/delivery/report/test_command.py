"""`./dev report FOLDER`."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from delivery import command, records
from delivery.context import Context
from delivery.report.fitting import LIMIT
from tests.unit.delivery.report.making import change, record, stack

_ROOT = Path(__file__).resolve().parents[4]
_RECORDS = Path(__file__).parent / "records"


def _run(*arguments: str) -> int:
    context = Context(_ROOT, Console(file=StringIO()), lambda _: {})
    return command.main(["report", *arguments], context)


def test_it_prints_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(_RECORDS / "platform")) == 0
    assert capsys.readouterr().out == (_RECORDS.parent / "golden" / "platform.md").read_text(encoding="utf-8")


def test_it_gathers_the_records_of_several_folders_into_a_file(tmp_path: Path) -> None:
    shutil.copytree(_RECORDS / "environments", tmp_path / "artifacts" / "one")
    shutil.copytree(_RECORDS / "up", tmp_path / "artifacts" / "two")
    file = tmp_path / "made" / "report.md"
    assert _run(str(tmp_path / "artifacts"), "--markdown", str(file)) == 0
    text = file.read_text(encoding="utf-8")
    assert "## Preview" in text
    assert "## Deployment" in text
    assert [each.name for each in file.parent.iterdir()] == ["report.md"]


def test_what_one_runner_previewed_is_noted_on_the_models_of_another(tmp_path: Path) -> None:
    changed = change("Other", {"p": "x"}, {"p": "y"})
    above = record(stack(changed, project="platform", name="dev"))
    below = record(stack(changed))
    records.write(above.model_copy(update={"part": "1/2"}), tmp_path / "one")
    records.write(below.model_copy(update={"part": "2/2"}), tmp_path / "two")
    file = tmp_path / "report.md"
    assert _run(str(tmp_path), "--markdown", str(file)) == 0
    assert "not visible before it is deployed" in file.read_text(encoding="utf-8")


def test_a_report_that_is_too_long_lies_whole_beside_the_one_that_is_cut(tmp_path: Path) -> None:
    long = [
        stack(
            *(
                change("Other", {f"p{number}": "x" * 100}, {f"p{number}": "y" * 100}, name=f"r{number}")
                for number in range(100)
            ),
            name=f"m{model}.dev",
        )
        for model in range(5)
    ]
    records.write(record(*long), tmp_path / "results")
    file = tmp_path / "report.md"
    assert (
        _run(str(tmp_path / "results"), "--markdown", str(file), "--artifact-url", "https://a.example/1") == 0
    )
    whole = file.with_suffix(".whole.md")
    assert len(file.read_bytes()) <= LIMIT < len(whole.read_bytes())
    assert "<https://a.example/1>" in file.read_text(encoding="utf-8")
    records.write(record(), tmp_path / "results")
    assert _run(str(tmp_path / "results"), "--markdown", str(file)) == 0
    assert not whole.exists()  # of the report before


def test_a_folder_without_records_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(tmp_path)) == 1
    assert (
        capsys.readouterr().err
        == f"{tmp_path} holds no record of a delivery: name the folder given as --results.\n"
    )
