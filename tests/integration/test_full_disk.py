"""A full disk under the clone: `./dev local` says so in one sentence, and the next one with room goes on."""

import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import httpx
import pytest

from benchmarks.ports import free_block
from tests.support.clone import Clone, copy_repository
from tests.support.condition import Condition, condition, left_behind
from tests.support.serving import await_served, serve_command
from tests.support.small_disk import SmallDisk, small_disk
from tests.support.watching import await_engine, forget_deployment

_MEGABYTES = 64
_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/"
_REFUSED = "No room is left on the disk of {folder}: make room there and run `./dev local` again"


@dataclass(frozen=True)
class Fill:
    """The moment at which the disk fills: in which run of the engine, and how long after its beginning."""

    stack: int
    seconds: float
    anew: bool
    """Whether nothing is deployed yet: the first update of a stack has no checkpoint to go back to."""


def _fills(count: int, seed: int) -> list[Fill]:
    chance = random.Random(seed)  # noqa: S311 - no secret
    # Late enough to hit what the engine writes, early enough that there is still something to write.
    return [Fill(n % 3, chance.uniform(0, 1), anew=n % 2 == 0 or n % 3 == 2) for n in range(count)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "fill" in metafunc.fixturenames:
        count, seed = metafunc.config.getoption("--kills"), metafunc.config.getoption("--kills-seed")
        metafunc.parametrize(
            "fill", _fills(count // 2, seed), ids=lambda fill: f"{fill.stack}-{fill.seconds:.1f}s"
        )


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    with small_disk(tmp_path_factory.mktemp("small") / "disk", _MEGABYTES) as mounted:
        yield mounted


@pytest.fixture(autouse=True)
def _room(disk: SmallDisk) -> Iterator[None]:
    """Leave the disk with room, whatever a test did."""
    yield
    disk.make_room()


@pytest.fixture(scope="module")
def clone(disk: SmallDisk) -> Iterator[Clone]:
    copied = copy_repository(disk.folder / "repository", disk=disk)
    copied.keep_one_model()
    yield copied
    copied.laptop("down")


@pytest.fixture(scope="module")
def undisturbed(clone: Clone) -> Condition:
    """What a run with room ends in."""
    clone.up()
    return condition(clone)


@pytest.mark.parametrize("kilobytes", [0, 300, 4000])
def test_where_there_is_no_room_to_begin_nothing_is_begun(
    clone: Clone, disk: SmallDisk, kilobytes: int
) -> None:
    disk.fill(leaving=kilobytes * 1024)
    done = clone.laptop("up")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(_REFUSED.format(folder=clone.root))
    assert done.stderr.count("\n") == 1
    assert not (clone.files / ".local").exists()


def test_a_disk_that_fills_during_an_update(
    undisturbed: Condition, clone: Clone, disk: SmallDisk, fill: Fill
) -> None:
    if fill.anew:
        forget_deployment(clone)
    running = clone.start("up", stderr=subprocess.PIPE)
    await_engine(clone, running, fill.stack)
    time.sleep(fill.seconds)
    disk.fill()
    printed, told = running.communicate(timeout=200)
    assert "Traceback" not in printed + told
    if running.returncode != 0:  # a quick machine may have been done before
        assert running.returncode == 1, printed + told
        assert told.splitlines()[-1].startswith(_REFUSED.format(folder=clone.root / ".local")), told
    assert httpx.get(f"{clone.arm_url}/health", trust_env=False).status_code == HTTPStatus.OK
    assert httpx.get(f"{clone.gateway_url}/none", trust_env=False).status_code == HTTPStatus.NOT_FOUND

    disk.make_room()

    recovered = clone.laptop("up")
    said = f"{fill}\n{printed}{told}\n--\n{recovered.stdout}{recovered.stderr}"
    assert recovered.returncode == 0, said + clone.logs()
    assert undisturbed.difference(condition(clone)) == [], said
    assert left_behind(clone) == [], said


def test_reset_works_on_a_full_disk(undisturbed: Condition, clone: Clone, disk: SmallDisk) -> None:
    assert undisturbed.difference(condition(clone)) == []
    disk.fill()
    done = clone.laptop("reset")
    assert done.returncode == 0, done.stderr
    assert not (clone.files / ".local").exists()


def test_the_local_azure_refuses_what_it_cannot_keep_and_answers_on(disk: SmallDisk) -> None:
    port, state = free_block(), disk.folder / "azure"
    with _serving(disk, port) as url:
        assert _arm("PUT", url, "before").status_code == HTTPStatus.CREATED
        disk.fill()
        refused = [_arm("PUT", url, f"{number}-{'x' * 60}") for number in range(50)]
        failed = [answer for answer in refused if answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR]
        assert failed
        assert failed[-1].json()["error"]["message"].startswith("The local Azure cannot keep its state: ")
        assert _arm("GET", url, "before").status_code == HTTPStatus.OK
        for number, answer in enumerate(refused):
            kept = _arm("GET", url, f"{number}-{'x' * 60}").status_code
            assert kept == (HTTPStatus.NOT_FOUND if answer in failed else HTTPStatus.OK)
        disk.make_room()
        assert _arm("PUT", url, "after").status_code == HTTPStatus.CREATED
    with _serving(disk, port) as url:
        assert [_arm("GET", url, name).status_code for name in ("before", "after")] == [HTTPStatus.OK] * 2
    shutil.rmtree(disk.seen(state))


def test_a_local_azure_without_room_to_start_says_so_and_loses_nothing(disk: SmallDisk) -> None:
    disk.fill()
    state = disk.folder / "new"
    started = subprocess.run(
        disk.command(disk.folder, serve_command(free_block(), state)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert f"There is no room on the disk of '{state}" in started.stderr
    assert "Remove" not in started.stderr


@contextmanager
def _serving(disk: SmallDisk, port: int) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    log = disk.seen(disk.folder) / "log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            disk.command(disk.folder, serve_command(port, disk.folder / "azure")),
            stdout=output,
            stderr=output,
        )
    try:
        await_served(url, lambda: running.poll() is not None, log.read_text)
        yield url
        assert running.poll() is None
    finally:
        running.terminate()
        running.wait(timeout=20)


def _arm(method: str, url: str, group: str) -> httpx.Response:
    return httpx.request(
        method,
        f"{url}{_GROUP}{group}",
        params={"api-version": "2021-04-01"},
        headers={"Authorization": "Bearer operator"},
        json={"location": "westeurope", "tags": {"filler": "x" * 200}} if method == "PUT" else None,
        timeout=10,
        trust_env=False,
    )
