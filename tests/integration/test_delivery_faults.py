"""What goes wrong in the middle of deliveries, in an environment that is not local."""

import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest
from pydantic import JsonValue

from delivery import records
from delivery.records import DeliveryRecord, Outcome, StackRecord
from delivery.recovery import lock_folder
from delivery.stacks import StackId
from delivery.stacks import model as model_stack
from tests.support.azures import Company, founded
from tests.support.condition import Condition, condition_of
from tests.support.faults import Rule, await_hit, faulty, hits

_DIABETES, _IRIS = (model_stack(name, "dev") for name in ("diabetes-progression", "iris-species"))
_API_OF = "/apis/{}[^/]*$"
_PAUSE: Rule = {"method": "PUT", "path": _API_OF.format("iris"), "count": 1, "delay": 3}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with founded(tmp_path_factory.mktemp("company"), ("dev",), options=("--faults",)) as begun:
        begun.deploy("dev")
        yield begun


@pytest.fixture(scope="module")
def undisturbed(company: Company) -> Condition:
    """What deliveries that nothing disturbed end in."""
    return _condition(company)


@pytest.fixture
def without_models(company: Company, undisturbed: Condition) -> Company:  # noqa: ARG001 - read before
    """The environment with its layers, and no model."""
    models = (word for stack in (_DIABETES, _IRIS) for word in ("--model", stack.name.removesuffix(".dev")))
    _delivered(company, "destroy", *models)
    return company


def test_what_a_killed_engine_was_creating_is_taken_over(
    without_models: Company, undisturbed: Condition
) -> None:
    company, url = without_models, _arm(without_models)
    with faulty(url, _PAUSE), company.started("up", "--env", "dev", env="dev") as running:
        await_hit(url, running)
        _engine(running, _IRIS).kill()
        printed, _ = running.communicate(timeout=100)
        assert running.returncode == 1, printed
        assert "ended by signal 9 in its middle" in _record(company, _IRIS).error
        refused = company.dev("destroy", "--env", "dev", "--model", "iris-species", env="dev")
    assert refused.returncode == 1
    assert "cut off while it created iris-species-v1-api" in refused.stdout

    _delivered(company, "up")

    notes = _record(company, _IRIS).notes
    assert any(note.startswith("removing the lock of an update that was killed") for note in notes), notes
    assert any(note.startswith("taking over iris-species-v1-api") for note in notes), notes
    assert undisturbed.difference(_condition(company)) == []


def test_what_no_update_of_ours_had_begun_is_left_alone_until_somebody_imports_it(
    company: Company, undisturbed: Condition
) -> None:
    urn = next(urn for urn in _urns(company, _IRIS) if urn.endswith("-smoke-subscription"))
    forgotten = _pulumi(company, f"pulumi state delete --yes --force -s {_IRIS.name} '{urn}'")
    assert forgotten.returncode == 0, forgotten.stderr

    refused = company.dev("up", "--env", "dev", "--model", "iris-species", env="dev")

    assert refused.returncode == 1
    (command,) = re.findall(r"pulumi import .*", _record(company, _IRIS).error)
    imported = _pulumi(company, command)
    assert imported.returncode == 0, imported.stdout + imported.stderr
    _delivered(company, "up", "--model", "iris-species")
    assert undisturbed.difference(_condition(company)) == []


def test_faults_that_pass_are_tried_again_and_told(without_models: Company, undisturbed: Condition) -> None:
    conflict = {"code": "PessimisticConcurrencyConflict", "message": "Operation on the API is in progress"}
    busy = {"code": "Conflict", "message": "The request conflicts with another one."}
    url = _arm(without_models)
    with faulty(
        url,
        _refused(_API_OF.format("iris"), 409, conflict, count=1),
        _refused("/schemas/", 409, busy, count=1),
        # As often as the provider tries: the resource is there, and no answer says so.
        {"method": "PUT", "path": _API_OF.format("diabetes"), "count": 4, "cut": "after"},
        {
            "method": "PUT",
            "path": "/backends/",
            "rate": 0.3,
            "seed": 1,
            "answer": {"status": 429, "retry_after": 1},
        },
        {"method": "PUT", "path": "/operations/[^/]+$", "rate": 0.2, "seed": 2, "answer": {"status": 500}},
        {"method": "PUT", "path": "/policies/", "count": 1, "cut": "before"},
    ):
        _delivered(without_models, "up")
        assert hits(url)[:3] == [1, 1, 4]
    told = {stack: "\n".join(_record(without_models, stack).notes) for stack in (_DIABETES, _IRIS)}
    assert "PessimisticConcurrencyConflict" in told[_IRIS]
    assert "trying again in" in told[_IRIS]
    assert "taking over diabetes-progression-v1-api" in told[_DIABETES]
    assert undisturbed.difference(_condition(without_models)) == []


def test_a_failure_that_does_not_pass_stops_what_has_not_begun(
    without_models: Company, undisturbed: Condition
) -> None:
    invalid = {"code": "ValidationError", "message": "One or more fields contain incorrect values"}
    url = _arm(without_models)
    with faulty(url, _refused(_API_OF.format("diabetes"), 400, invalid)):
        failed = without_models.dev("up", "--env", "dev", "--parallel", "1", env="dev")
        assert hits(url) == [1]
    assert failed.returncode == 1
    assert _record(without_models, _DIABETES).outcome is Outcome.FAILED
    assert _record(without_models, _IRIS).outcome is Outcome.NOT_BEGUN
    assert "ValidationError" in failed.stdout
    assert "Not begun: model/iris-species.dev." in failed.stdout
    (again,) = re.findall(r"Go on with: \./dev (.*)", failed.stdout)

    _delivered(without_models, *shlex.split(again.replace("--env dev", "")))

    assert undisturbed.difference(_condition(without_models)) == []


def test_a_delivery_that_is_stopped_ends_what_it_has_begun_and_the_next_goes_on(
    without_models: Company, undisturbed: Condition
) -> None:
    company, url = without_models, _arm(without_models)
    with (
        faulty(url, {**_PAUSE, "path": _API_OF.format("diabetes")}),
        company.started("up", "--env", "dev", "--parallel", "1", env="dev") as running,
    ):
        await_hit(url, running)
        running.send_signal(signal.SIGINT)
        printed, told = running.communicate(timeout=100)
    assert running.returncode == 130, printed + told
    assert "Traceback" not in printed + told
    assert "Not begun: model/iris-species.dev." in printed
    assert _record(company, _DIABETES).outcome is Outcome.INTERRUPTED
    assert _locks(company) == []

    _delivered(company, "up")

    assert undisturbed.difference(_condition(company)) == []


def test_a_preview_that_is_stopped_leaves_nothing_behind(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with company.started("preview", "--env", "dev", "--all", env="dev") as running:
        while not psutil.Process(running.pid).children():
            assert running.poll() is None, running.communicate()
        running.send_signal(signal.SIGTERM)
        printed, told = running.communicate(timeout=100)
    assert running.returncode == 130, printed + told
    assert "Traceback" not in printed + told
    assert [path for path in tmp_path.iterdir() if path.name.startswith("model-gateway")] == []


@pytest.mark.skipif(
    shutil.which("setsid") is None, reason="setsid of util-linux gives the delivery a terminal"
)
def test_a_terminal_that_is_closed_stops_nothing(company: Company) -> None:
    ours, theirs = pty.openpty()
    command = ["setsid", "--ctty", sys.executable, "-m", "laptop.delivering", "up", "--env", "dev", "--all"]
    with subprocess.Popen(
        command, cwd=company.root, env=company.variables("dev"), stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        while not _is_updating(running.pid):
            assert running.poll() is None, "it ended before an engine was started"
            time.sleep(0.02)
        os.close(ours)
        assert running.wait(timeout=200) == 0
    (record,) = records.read(company.root / ".delivery" / "up")
    assert [each.outcome for each in record.stacks] == [Outcome.DONE] * 4
    assert _locks(company) == []


def _is_updating(pid: int) -> bool:
    """Tell whether an engine of the delivery updates a stack: it is also started to ask for its version."""
    return any(
        _words(child)[:3] == ["pulumi", "--non-interactive", "up"] for child in psutil.Process(pid).children()
    )


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def test_of_two_deliveries_at_once_the_second_waits(
    company: Company, undisturbed: Condition, tmp_path: Path
) -> None:
    command = ("up", "--env", "dev", "--model", "iris-species", "--results")
    with (
        company.started(*command, str(tmp_path / "first"), env="dev") as first,
        company.started(*command, str(tmp_path / "second"), env="dev") as second,
    ):
        ended = [running.communicate(timeout=200) for running in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], ended
    assert undisturbed.difference(_condition(company)) == []
    assert _locks(company) == []


def test_a_lock_of_another_machine_is_never_taken(company: Company) -> None:
    lock = lock_folder(company.played["dev"].backend, _IRIS) / "1.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    holder = {"pid": 7, "username": "ada", "hostname": "runner-7", "timestamp": "2026-01-02T03:04:05Z"}
    lock.write_text(json.dumps(holder), encoding="utf-8")
    try:
        refused = company.dev("up", "--env", "dev", "--model", "iris-species", env="dev")
        assert lock.exists()
    finally:
        lock.unlink()
    assert refused.returncode == 1
    assert "locked by an update that ada@runner-7 (process 7) began at 2026-01-02T03:04:05Z" in refused.stdout
    assert "`pulumi cancel --yes -s iris-species.dev` in stacks/model" in refused.stdout


def test_a_damaged_state_stops_only_its_stack_and_the_way_that_is_named_leads_back(
    company: Company, undisturbed: Condition
) -> None:
    backend = company.played["dev"].backend
    file = backend / ".pulumi/stacks/model/iris-species.dev.json"
    file.write_text(file.read_text(encoding="utf-8")[:1000], encoding="utf-8")

    previewed = company.dev("preview", "--env", "dev", "--all", env="dev")

    assert previewed.returncode == 1
    found = {each.stack: each for each in _records(company, "preview").stacks}
    assert found[_IRIS].outcome is Outcome.FAILED
    assert found[_DIABETES].outcome is Outcome.DONE
    (good,) = re.findall(r"The last good one is (\S+): copy it over the damaged file", found[_IRIS].error)
    (then,) = re.findall(r"`\./dev (refresh [^`]*)`", found[_IRIS].error)
    file.write_bytes((backend / good).read_bytes())
    refreshed = company.dev(*shlex.split(then), env="dev")
    assert refreshed.returncode == 0, refreshed.stdout
    _delivered(company, "up", "--model", "iris-species")
    assert undisturbed.difference(_condition(company)) == []


def test_nothing_below_a_layer_with_a_damaged_state_is_begun(company: Company) -> None:
    file = company.played["dev"].backend / ".pulumi/stacks/platform/dev.json"
    whole = file.read_bytes()
    file.write_bytes(whole[:1000])
    try:
        refused = company.dev("up", "--env", "dev", "--all", env="dev")
    finally:
        file.write_bytes(whole)
    assert refused.returncode == 1
    outcomes = {str(each.stack): each.outcome for each in _records(company, "up").stacks}
    assert outcomes == {
        "foundation/dev": Outcome.DONE,
        "platform/dev": Outcome.FAILED,
        str(_DIABETES): Outcome.NOT_BEGUN,
        str(_IRIS): Outcome.NOT_BEGUN,
    }


def _refused(path: str, status: int, error: Mapping[str, JsonValue], **share: int) -> Rule:
    return {
        "method": "PUT",
        "path": path,
        "answer": {"status": status, "body": {"error": dict(error)}},
        **share,
    }


def _delivered(company: Company, operation: str, *arguments: str) -> None:
    done = company.dev(operation, "--env", "dev", *arguments, env="dev")
    assert done.returncode == 0, done.stdout + done.stderr


def _arm(company: Company) -> str:
    return company.played["dev"].ports.arm_url


def _condition(company: Company) -> Condition:
    return condition_of(company.played["dev"].azure, company.played["dev"].backend)


def _records(company: Company, operation: str) -> DeliveryRecord:
    found = records.read(company.root / ".delivery" / operation)
    return next(each for each in found if each.operation == operation)


def _record(company: Company, stack: StackId) -> StackRecord:
    return next(each for each in _records(company, "up").stacks if each.stack == stack)


def _engine(delivery: "subprocess.Popen[str]", stack: StackId) -> psutil.Process:
    engines = psutil.Process(delivery.pid).children()
    return next(each for each in engines if stack.name in each.cmdline())


def _locks(company: Company) -> list[Path]:
    return list((company.played["dev"].backend / ".pulumi" / "locks").rglob("*.json"))


def _urns(company: Company, stack: StackId) -> list[str]:
    file = company.played["dev"].backend / ".pulumi/stacks" / stack.project / f"{stack.name}.json"
    latest = json.loads(file.read_text(encoding="utf-8"))["checkpoint"]["latest"]
    return [resource["urn"] for resource in latest["resources"]]


def _pulumi(company: Company, command: str) -> "subprocess.CompletedProcess[str]":
    """Type a command in the folder of the model's project."""
    backend = {"PULUMI_BACKEND_URL": f"file://{company.played['dev'].backend}"}
    return subprocess.run(
        shlex.split(command),
        cwd=company.root / "stacks" / "model",
        env={**company.variables("dev"), **backend},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
