"""What a person sees while stacks are worked on."""

import re
from io import StringIO

from rich.console import Console

from delivery.records import Outcome
from delivery.running.board import Board
from tests.unit.delivery.running.making import IRIS, ROSE, ended


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_without_a_terminal_each_stack_that_ends_is_a_line() -> None:
    out = StringIO()
    board = Board(Console(file=out, width=100), total=2)
    with board.shown():
        board.begin(IRIS)
        board.now(IRIS, "created backend")
        board.remark(IRIS, "waiting for the update that works on it")
        board.end(IRIS, ended(IRIS.stack, seconds=3.25), "2 created")
        board.begin(ROSE)
        board.end(ROSE, ended(ROSE.stack, Outcome.FAILED, seconds=1.0), "no [bold]such[/] model")
    assert out.getvalue().splitlines() == [
        "  model/iris.dev                     waiting for the update that works on it",
        "✓ model/iris.dev                        3.2 s  2 created",
        "✗ model/rose.dev                        1.0 s  no [bold]such[/] model",
    ]


def test_a_terminal_shows_what_each_stack_does_now_and_how_many_have_ended() -> None:
    out = StringIO()
    console = Console(file=out, width=60, force_terminal=True)
    board = Board(console, total=2)
    board.begin(IRIS)
    board.now(IRIS, "created a-resource-whose-name-is-longer-than-a-terminal-is-wide")
    console.print(board)
    shown = plain(out.getvalue()).splitlines()
    assert re.fullmatch(r"  model/iris\.dev +\d\.\d s  created a-re…", shown[0])
    assert shown[1] == "  0 of 2 stacks"
