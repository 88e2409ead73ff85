"""How many logs of the engine stay."""

from pathlib import Path

from laptop.engine_logs import prune


def test_the_newest_logs_of_each_stack_stay(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for stack in ("organization+model+iris-species.local", "organization+platform+local"):
        for minute in range(8):
            (logs / f"{stack}-20261124T12{minute:02}00.log").touch()
    prune(tmp_path)
    left = sorted(file.name for file in logs.iterdir())
    assert left == [
        f"{stack}-20261124T12{minute:02}00.log"
        for stack in ("organization+model+iris-species.local", "organization+platform+local")
        for minute in range(3, 8)
    ]


def test_where_nothing_was_logged_nothing_is_removed(tmp_path: Path) -> None:
    prune(tmp_path)
