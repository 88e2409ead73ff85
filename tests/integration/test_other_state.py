"""State that another version, another clock or a failing machine left: `./dev local` goes on, or says what helps."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path

import pytest

from benchmarks.ports import free_block
from tests.support.clone import Clone
from tests.support.condition import Condition, condition, left_behind
from tests.support.watching import AZURE, end_azure, working

_MODEL = "diabetes-progression"
_SERVER = "scoring.py"
"""What the command line of its server holds."""
_CHECKPOINT = ".local/state/.pulumi/stacks/foundation/local.json"


@pytest.fixture(scope="module")
def undisturbed(one_model: Clone) -> Condition:
    return condition(one_model)


@contextmanager
def _put_back(file: Path) -> Iterator[Path]:
    before = file.read_bytes()
    try:
        yield file
    finally:
        file.write_bytes(before)


def _refused(clone: Clone) -> str:
    """Return the sentence with which `./dev local` ends."""
    done = clone.laptop("up")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr


def _goes_on(clone: Clone, undisturbed: Condition) -> str:
    """Return what a `./dev local` prints that succeeds and ends in the undisturbed condition."""
    done = clone.laptop("up")
    told = done.stdout + done.stderr
    assert done.returncode == 0, told + clone.logs()
    assert undisturbed.difference(condition(clone)) == [], told
    assert left_behind(clone) == []
    return told


def test_a_database_of_another_layout_is_refused_and_stays(one_model: Clone, undisturbed: Condition) -> None:
    end_azure(one_model)
    file = one_model.root / ".local" / "azure" / "azure.db"
    with _put_back(file):
        with closing(sqlite3.connect(file)) as database:
            database.execute("pragma user_version = 99")
        newer = file.read_bytes()
        told = _refused(one_model)
        assert "was written by another version of the local Azure (layout 99;" in told
        assert "`./dev local reset` starts afresh" in told
        assert file.read_bytes() == newer
    assert undisturbed.difference(condition(one_model)) == []


def test_a_checkpoint_of_a_newer_engine_is_refused_and_stays(
    one_model: Clone, undisturbed: Condition
) -> None:
    with _put_back(one_model.root / _CHECKPOINT) as file:
        newer = file.read_text().replace('"version":3', '"version":99', 1)
        file.write_text(newer)
        assert "was written by a newer Pulumi than this one" in _refused(one_model)
        assert file.read_text() == newer
    assert undisturbed.difference(condition(one_model)) == []


def test_a_damaged_checkpoint_of_which_no_copy_was_kept_is_refused_and_stays(
    one_model: Clone, undisturbed: Condition
) -> None:
    shutil.rmtree(one_model.root / ".local" / "checkpoints")
    with _put_back(one_model.root / _CHECKPOINT) as file:
        file.with_name(f"{file.name}.bak").write_text("")
        file.write_text('{"version":3,"check')
        assert "local.json is damaged, and with it what foundation/local has" in _refused(one_model)
        assert file.read_text() == '{"version":3,"check'
    assert undisturbed.difference(condition(one_model)) == []


@pytest.mark.parametrize("project", ["foundation", "platform", "model"])
def test_a_first_update_whose_checkpoint_was_lost_is_taken_over(
    one_model: Clone, undisturbed: Condition, project: str
) -> None:
    local = one_model.root / ".local"
    (file,) = (local / "state" / ".pulumi" / "stacks" / project).glob("*.json")
    file.write_bytes(file.read_bytes()[:3000])
    file.with_name(f"{file.name}.bak").write_text("")
    kept = local / "checkpoints" / project / file.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("")
    told = _goes_on(one_model, undisturbed)
    assert "forgetting the damaged checkpoint" in told
    assert "taking over what a killed update left half made" in told


def test_small_files_that_are_damaged_are_made_anew(one_model: Clone, undisturbed: Condition) -> None:
    local, backend = one_model.root / ".local", one_model.root / ".local" / "state" / ".pulumi"
    lock = backend / "locks" / "organization" / "foundation" / "local" / "lock.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    damaged = {
        lock: "",
        backend / "meta.yaml": "",
        local / "run" / "azure.json": '{"pi',
        local / "run" / "mlflow-server.json": '{"layout": 2}',
        local / "azure" / "azure.lock": "{",
        local / "mlflow-models" / _MODEL / "trained-from": "",
        local / "pulumi" / "credentials.json": "{",
        one_model.root / "stacks" / "model" / f"Pulumi.{_MODEL}.local.yaml": "",
        one_model.root / ".local.lock": "{",
    }
    damaged |= dict.fromkeys((local / "pulumi" / "workspaces").glob("*.json"), "")
    damaged |= dict.fromkeys(
        (local / "pulumi" / "plugins").glob("resource-azure-native-*/*"), "#!/bin/sh\nexit 1\n"
    )
    damaged |= dict.fromkeys(backend.rglob("*.json.attrs"), "")
    for file, text in damaged.items():
        file.write_text(text)
    _goes_on(one_model, undisturbed)


def test_a_local_azure_that_lost_everything_is_filled_anew(one_model: Clone, undisturbed: Condition) -> None:
    assert one_model.laptop("down").returncode == 0
    shutil.rmtree(one_model.root / ".local" / "azure")
    told = _goes_on(one_model, undisturbed)
    assert told.startswith("The local Azure has lost what was deployed: every stack looks there first")
    assert "looks there first" not in _goes_on(one_model, undisturbed)


def test_servers_can_move_to_other_ports_and_back(one_model: Clone, undisturbed: Condition) -> None:
    before = str(one_model.outputs("platform", "local")["gateway_url"])
    assert one_model.laptop("down").returncode == 0
    elsewhere = free_block()
    moved = one_model.laptop("up", "--port", str(elsewhere))
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert moved.stdout.startswith("The gateway is on another port now: every stack looks")
    assert (
        one_model.outputs("platform", "local")["gateway_url"] == f"http://127.0.0.1:{elsewhere + 1}" != before
    )
    assert one_model.laptop("down").returncode == 0
    _goes_on(one_model, undisturbed)


def test_a_server_of_older_code_is_started_anew(one_model: Clone, undisturbed: Condition) -> None:
    (before,) = working(one_model, AZURE)
    code = one_model.root / "local_azure" / "serve.py"
    code.write_text(code.read_text() + "\n# newer\n")
    _goes_on(one_model, undisturbed)
    (newer,) = working(one_model, AZURE)
    assert newer.pid != before.pid


def test_files_of_other_times_change_nothing(one_model: Clone, undisturbed: Condition) -> None:
    servers = {process.pid for words in (AZURE, _SERVER) for process in working(one_model, words)}
    assert len(servers) == 2
    files = (
        file
        for folder in (".local", "models", "local_azure")
        for file in (one_model.root / folder).rglob("*")
    )
    for file, moment in zip(files, cycle([1.0, 4e9]), strict=False):
        os.utime(file, (moment, moment))
    told = _goes_on(one_model, undisturbed)
    assert told.count("no changes") == 3
    assert "training" not in told
    assert {process.pid for words in (AZURE, _SERVER) for process in working(one_model, words)} == servers
