"""A bad release, the way back from it, and what holds it back afterwards."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from pydantic import JsonValue

from tests.support.azures import Company, founded
from tests.support.replies import Replies, serving

_MODEL = "iris-species"
_STACK = f"{_MODEL}.dev"
_INFER = f"/v2/models/{_MODEL}/infer"
_ANSWER: JsonValue = {
    "model_name": _MODEL,
    "outputs": [{"name": "predict", "shape": [1, 1], "datatype": "INT64", "data": [0]}],
}


@pytest.fixture(scope="module")
def server() -> Iterator[Replies]:
    """The model's server: the good release answers as its contract says, the bad one does not."""
    with serving() as replies:
        replies.answer(f"POST /good{_INFER}", 200, _ANSWER)
        replies.answer(f"POST /bad{_INFER}", 200, {"species": "setosa"})
        yield replies


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, server: Replies) -> Iterator[Company]:
    """An environment whose one model was released well, and then badly."""
    with founded(tmp_path_factory.mktemp("company"), ("dev",)) as found:
        shutil.rmtree(found.root / "models" / "diabetes-progression")
        described = f"models/{_MODEL}/model.yaml"
        found.edit(described, f"https://{_MODEL}.dev.models.contoso.example", f"{server.url}/good")
        found.commit("Release well")
        found.deploy("dev")
        yield found


def _run(company: Company, *arguments: str) -> CompletedProcess[str]:
    return company.dev(*arguments, env="dev")


def _done(company: Company, *arguments: str) -> str:
    done = _run(company, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _refused(company: Company, *arguments: str) -> str:
    done = _run(company, *arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr


def _tags(company: Company) -> dict[str, str]:
    return company.tags("model", _STACK, env="dev")


def _planned(company: Company) -> dict[str, list[str]]:
    """Return what a deployment would do: by stack, why."""
    plan = json.loads(_done(company, "plan", "--env", "dev", "--json", "-"))
    return {each["stack"]: each["reasons"] for each in plan["environments"]["dev"]}


def _state(company: Company) -> dict[Path, bytes]:
    files = sorted(company.played["dev"].backend.rglob("*"))
    return {file: file.read_bytes() for file in files if file.is_file()}


def test_a_bad_release_is_taken_back_and_stays_so_until_the_folder_changes(
    company: Company, server: Replies
) -> None:
    good = company.git("rev-parse", "HEAD")
    described = f"models/{_MODEL}/model.yaml"
    assert "dev: 1 answered" in _done(company, "smoke", "--env", "dev")
    assert "was deployed from no other revision" in _refused(
        company, "rollback", _MODEL, "--env", "dev", "--yes"
    )

    company.edit(described, f"{server.url}/good", f"{server.url}/bad")
    company.edit(described, "calls: 300", "calls: 3")
    bad = company.commit("Release badly")
    _done(company, "up", "--env", "dev", "--model", _MODEL)
    told = _refused(company, "smoke", "--env", "dev")
    assert "does not fit the contract" in told
    assert "Its owner is plant-science@contoso.example." in told

    before = _state(company)
    asked = _run(company, "rollback", _MODEL, "--env", "dev")
    assert asked.returncode == 1
    assert "3 → 300 calls" in asked.stdout, asked.stdout
    assert "there is no terminal to ask on" in asked.stderr
    assert _state(company) == before, "a rollback that nobody agreed to writes nothing"

    _done(company, "rollback", _MODEL, "--env", "dev", "--yes")
    assert "dev: 1 answered" in _done(company, "smoke", "--env", "dev")
    assert (_tags(company)["revision"], "previous-revision" in _tags(company)) == (good, False)

    assert _planned(company) == {}
    company.edit("shared/model/urls.py", "import pulumi\n", "import pulumi  # another change is merged\n")
    company.commit("Change what every model is made from")
    assert _planned(company) == {}
    assert "was rolled back already" in _refused(company, "rollback", _MODEL, "--env", "dev", "--yes")
    assert "is the same in" in _refused(company, "rollback", _MODEL, "--env", "dev", "--to", bad, "--yes")

    company.edit(described, f"{server.url}/bad", f"{server.url}/good")
    company.commit("Mend the release")
    assert "changed since it was rolled back" in _planned(company)[f"model/{_STACK}"]
    _done(company, "up", "--env", "dev", "--model", _MODEL)
    assert "held" not in _tags(company)
    assert "dev: 1 answered" in _done(company, "smoke", "--env", "dev")
    assert _planned(company) == {}


def test_a_rollback_that_was_killed_goes_on(company: Company, server: Replies) -> None:
    described = f"models/{_MODEL}/model.yaml"
    good = company.git("rev-parse", "HEAD")
    company.edit(described, f"{server.url}/good", f"{server.url}/bad")
    company.commit("Release badly again")
    _done(company, "up", "--env", "dev", "--model", _MODEL)

    with company.started("rollback", _MODEL, "--env", "dev", "--yes", env="dev") as process:
        while _tags(company).get("inputs") != "under way":
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    assert _planned(company) == {}, "no deployment brings the bad release over a rollback that was cut off"

    _done(company, "rollback", _MODEL, "--env", "dev", "--yes")
    assert _tags(company)["revision"] == good
    assert "dev: 1 answered" in _done(company, "smoke", "--env", "dev")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("iris-specie",), "Did you mean `iris-species`?"),
        ((_MODEL, "--to", "nowhere"), 'There is no revision "nowhere"'),
        ((_MODEL, "--to", "HEAD~1000"), 'There is no revision "HEAD~1000"'),
    ],
)
def test_what_is_not_there_is_told(company: Company, arguments: tuple[str, ...], told: str) -> None:
    assert told in _refused(company, "rollback", *arguments, "--env", "dev", "--yes")


def test_an_unknown_environment_is_told(company: Company) -> None:
    assert 'There is no environment "deb".' in _refused(company, "rollback", _MODEL, "--env", "deb", "--yes")


def test_a_folder_that_did_not_exist_then_is_told(company: Company) -> None:
    company.git("mv", f"models/{_MODEL}", "models/other")
    without = company.commit("Without it")
    company.git("revert", "--no-edit", "HEAD")
    assert f"models/{_MODEL}/ is not in {without[:12]}: name a revision that has it." in _refused(
        company, "rollback", _MODEL, "--env", "dev", "--to", without, "--yes"
    )


def test_a_folder_of_then_that_the_programs_of_today_refuse_is_told_with_file_and_revision(
    company: Company,
) -> None:
    company.edit(f"models/{_MODEL}/model.yaml", "renewal-period", "renewal-seconds")
    old = company.commit("As it was written long ago")
    company.git("revert", "--no-edit", "HEAD")
    before = _state(company)
    told = _refused(company, "rollback", _MODEL, "--env", "dev", "--to", old, "--yes")
    assert told.startswith(
        f"models/{_MODEL}/ of {old[:12]} does not fit the programs of today:\nmodels/{_MODEL}/model.yaml"
    )
    assert _state(company) == before


def test_a_tree_with_changes_that_are_not_committed_is_refused(company: Company) -> None:
    (company.root / "shared" / "new.py").write_text("")
    try:
        assert "The tree has changes that are not committed" in _refused(
            company, "rollback", _MODEL, "--env", "dev", "--yes"
        )
    finally:
        (company.root / "shared" / "new.py").unlink()
