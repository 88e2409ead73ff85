"""`./dev check`, on copies of this repository in which something is wrong."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from delivery.check.command import main
from shared.environments import REPOSITORY
from tests.support.checked import copy_checked
from tests.unit.delivery.repository import edit

_IRIS = "models/iris-species/model.yaml"
_TODAY = ("--today", "2026-11-24")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_checked(tmp_path)


def _add(root: Path, text: str) -> None:
    with (root / _IRIS).open("a") as file:
        file.write(text)


def _told(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what the check says about a repository that is wrong."""
    assert main([*_TODAY, *arguments], root) == 1
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


def test_the_models_of_this_repository_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], REPOSITORY) == 0
    assert re.search(
        r"^All is right: \d+ models with \d+ versions in local, dev, staging, prod\.$",
        capsys.readouterr().out,
        re.MULTILINE,
    )


def test_everything_wrong_with_all_models_is_told_at_once(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, _IRIS, "limits:\n  calls: 300", "limits:\n  calls: 0")
    edit(root, _IRIS, "owner:", "ownr: x\nowner:")
    edit(root, _IRIS, "[trial, standard]", "[tral]")
    (root / "models/iris-species/contracts/v1.json").write_text("{")
    edit(root, "models/diabetes-progression/model.yaml", "products: [standard]", "products: [standrd]")
    assert _told(root, capsys) == (
        "diabetes-progression\n"
        '  models/diabetes-progression/model.yaml: `access.products` names "standrd", which the platform does not '
        "have. Did you mean `standard`? Its products are: standard, trial.\n"
        "\n"
        "iris-species\n"
        "  models/iris-species/model.yaml: `limits.calls` is 0; it must be a whole number of calls from 1.\n"
        "  models/iris-species/model.yaml: `ownr` is not known. Did you mean `owner`?\n"
        "  models/iris-species/contracts/v1.json, line 1: is not JSON (Expecting property name enclosed in double "
        "quotes). Correct the syntax.\n"
        '  models/iris-species/model.yaml: `access.products` names "tral", which the platform does not have. '
        "Did you mean `trial`? Its products are: standard, trial.\n"
        "\n"
        "5 problems in 2 of 2 models.\n"
    )


def test_what_is_wrong_in_some_environments_names_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, _IRIS, "https://iris-species.dev", "http://iris-species.dev")
    edit(root, _IRIS, "https://iris-species.prod", "http://iris-species.prod")
    told = _told(root, capsys)
    assert f"{_IRIS} (dev): `versions.v1.deployments.main.endpoint` is" in told
    assert f"{_IRIS} (prod): `versions.v1.deployments.main.endpoint` is" in told
    assert "2 problems in 1 of 2 models." in told


def test_a_product_that_one_platform_lacks_is_told_for_its_environment(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, "stacks/platform/Pulumi.prod.yaml", "    trial:\n", "    tryout:\n")
    assert (
        f'{_IRIS} (prod): `access.products` names "trial", which the platform does not have. '
        "Its products are: standard, tryout."
    ) in _told(root, capsys)


def test_a_tag_that_the_platforms_do_not_know_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(root, _IRIS, "tags: [tabular]", "tags: [tabulr]")
    assert f'{_IRIS}: `tags` names "tabulr", which the platform does not have. Did you mean `tabular`?' in (
        _told(root, capsys)
    )


def test_a_limit_that_the_tier_of_a_platform_cannot_keep_is_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, "stacks/platform/Pulumi.dev.yaml", "sku: Developer", "sku: Consumption")
    told = _told(root, capsys)
    assert f"{_IRIS} (dev): `versions.v1`: <rate-limit-by-key>" in told
    assert "Consumption" in told


@pytest.mark.parametrize(
    ("sunset", "sentence"),
    [
        ("2026-11-10", "serves beyond its sunset of 2026-11-10, 14 days ago."),
        ("2026-11-24", "has its sunset today, 2026-11-24."),
        ("2026-11-25", "has its sunset in 1 day, on 2026-11-25."),
        ("2026-12-08", "has its sunset in 14 days, on 2026-12-08."),
    ],
)
def test_a_version_near_or_past_its_sunset_fails_and_names_its_owner(
    root: Path, capsys: pytest.CaptureFixture[str], sunset: str, sentence: str
) -> None:
    _add(root, f"lifecycle: {{stage: deprecated, since: 2026-01-01, sunset: {sunset}}}\n")
    assert (
        f"{_IRIS}: `versions.v1` {sentence} Its owner plant-science@contoso.example retires it "
        "(`lifecycle: {stage: retired}`), or agrees with its consumers on a later sunset.\n"
    ) in _told(root, capsys)


def test_a_version_whose_sunset_comes_soon_is_noted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _add(root, "lifecycle: {stage: deprecated, since: 2026-01-01, sunset: 2026-12-09}\n")
    assert main(_TODAY, root) == 0
    assert "`versions.v1` has its sunset in 15 days, on 2026-12-09." in capsys.readouterr().out


def test_a_sunset_that_is_far_is_not_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _add(root, "lifecycle: {stage: deprecated, since: 2026-01-01, sunset: 2027-12-09}\n")
    assert main(_TODAY, root) == 0
    assert "sunset" not in capsys.readouterr().out


def test_two_folders_that_are_one_path_to_azure_are_refused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(root / "models/iris-species", root / "models/Iris-Species")
    told = _told(root, capsys)
    assert (
        "models/iris-species: has the path of models/Iris-Species, and API Management takes capital" in told
    )
    assert "models/Iris-Species: a model's folder is named with 2 to 53 lower-case letters" in told


def test_a_folder_with_a_misnamed_description_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "models/iris-species/model.yaml").rename(root / "models/iris-species/model.yml")
    assert (
        "models/iris-species: has no model.yaml. Did you mean `model.yml`? Add it, or remove the folder."
        in (_told(root, capsys))
    )


def test_files_made_from_models_are_told_when_they_are_not_current_and_written_anew(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, _IRIS, "@contoso/plant-science", "@contoso/botany")
    (root / "models/model.schema.json").unlink()
    told = _told(root, capsys)
    for path in ("models/model.schema.json", ".github/CODEOWNERS"):
        assert f"{path}: is not what the models make of it. Write it anew: ./dev check --write" in told
    assert main([*_TODAY, "--write"], root) == 0
    assert "/models/iris-species/         @contoso/botany\n" in (root / ".github/CODEOWNERS").read_text()
    assert (root / "models/model.schema.json").read_bytes() == (
        REPOSITORY / "models/model.schema.json"
    ).read_bytes()


def test_a_model_without_a_team_is_owned_by_the_address_of_its_owner(root: Path) -> None:
    edit(root, _IRIS, 'team: "@contoso/plant-science"', "")
    assert main([*_TODAY, "--write"], root) == 0
    assert (
        "/models/iris-species/         plant-science@contoso.example\n"
        in (root / ".github/CODEOWNERS").read_text()
    )


@pytest.mark.parametrize(
    "mistake", ["versions: [", "ownr: plant-science@contoso.example"], ids=["no YAML", "no owner"]
)
def test_a_model_whose_description_names_nobody_keeps_its_owner(
    root: Path, capsys: pytest.CaptureFixture[str], mistake: str
) -> None:
    owners = (root / ".github/CODEOWNERS").read_text()
    edit(root, _IRIS, 'team: "@contoso/plant-science"', "")
    edit(root, _IRIS, "owner: plant-science@contoso.example", mistake)
    assert "CODEOWNERS" not in _told(root, capsys)
    _told(root, capsys, "--write")
    assert (root / ".github/CODEOWNERS").read_text() == owners


def test_what_no_model_owns_is_owned_by_the_platform_team() -> None:
    lines = (REPOSITORY / ".github/CODEOWNERS").read_text().splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0].split() == ["*", "@contoso/ml-platform"]  # first, for the last line that fits decides


def test_a_day_that_is_none_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--today", "tomorrow"], root)
    assert "'tomorrow' is no day: write one like 2026-11-24" in capsys.readouterr().err


def test_environments_that_cannot_be_read_are_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments/dev.yaml").write_text("order: [")
    assert "environments/dev.yaml, line 1: is not YAML" in _told(root, capsys)


def test_the_check_does_not_wait_for_pulumi() -> None:
    program = "import sys, delivery.check.command; sys.exit('pulumi' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=True)
