import pytest

import noxfile
from tools import bootstrap


@pytest.mark.parametrize(
    ("arguments", "without_engine"),
    [
        ([], False),
        (["-k", "retry"], False),
        (["tests/unit"], True),
        (["tests/unit/policies", "tests/gateway/test_cors.py", "-x"], True),
        (["tests/unit", "tests/integration"], False),
        (["tests/e2e"], False),
    ],
)
def test_the_tool_chain_is_prepared_unless_only_other_tests_are_named(
    arguments: list[str], *, without_engine: bool
) -> None:
    assert noxfile.only_without_engine(arguments) is without_engine


def test_every_session_says_in_one_short_line_what_it_does() -> None:
    sessions = bootstrap.sessions()

    assert {"local", "env", "test", "lint", "format", "lock", "generate", "toolchain"} <= sessions.keys()
    assert all(summary.endswith(".") for summary in sessions.values())
    assert all(len(line) <= 120 for line in bootstrap.listing(sessions).splitlines())


def test_a_session_keeps_bytecode_on_a_machine_that_does_not() -> None:
    variables = noxfile.variables({"PATH": "/bin", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C"})

    assert variables["PYTHONDONTWRITEBYTECODE"] == ""  # what Python takes as unset
    assert variables["PATH"] == f"{noxfile.VENV / 'bin'}:/bin"
    assert variables["LANG"] == "C"
