"""Which patterns are kept: what all engines agree on, and what none of them takes long for."""

import re

import pytest

from shared.contracts.dialect.patterns import why_not_portable


@pytest.mark.parametrize(
    "pattern",
    [
        "^a",
        "[a-z]+",
        "^[a-z0-9]+(-[a-z0-9]+)*$",
        r"^\d{4}-\d{2}-\d{2}$",
        r"^(25[0-5]|2[0-4]\d|1\d{2}|[1-9]?\d)$",
        "^[A-Z]{2}[A-Z0-9]{3,5}$",
        "^(red|green|blue)$",
        "^$|^[a-z]+$",
        r"^\/v\d+\.\d+$",
        "^[^/]+/[^/]+$",
        r"^[\w.-]+$",
        "^data:[a-z]+/[a-z]+;base64,",
    ],
)
def test_kept(pattern: str) -> None:
    re.compile(pattern)
    assert why_not_portable(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(?=.*[A-Z]).{8,}", "a group with (?"),
        ("(?i)abc", "a group with (?"),
        (r"^(a)\1$", r"\1"),
        (r"\p{L}+", r"\p"),
        (r"^\S+$", r"\S"),
        (r"\bword\b", r"\b"),
        (r"[^\d]", "excludes a class"),
        ("[a-z&&[b]]", "in a set"),
        ("[]a]", "empty set"),
        ("a{,3}", "brace"),
        ("a**", "repeats a repetition"),
        ("[z-a]", "range"),
        ("(a", "open"),
        ("a)", "not opened"),
        ("a" * 1001, "longer than 1000"),
        ("(" * 30 + "a" + ")" * 30, "nested too deeply"),
    ],
)
def test_not_portable(pattern: str, why: str) -> None:
    problem = why_not_portable(pattern)
    assert problem is not None
    assert why in problem


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a+)+$",
        "^(a|a)*$",
        "^(a|aa)+$",
        "^([a-z]+)*$",
        "^a*a*a*b$",
        "^.*foo.*bar$",
        "[a-z]+@",
        "(a?){30}a{30}",
        "^(a*)*$",
        r"^(\d+|[0-9])*x",
        "^(x|x){40}y$",
        "a{1,9999}b",
        "^(a?b?)*$",
        # These have more ways than anybody can count.
        "(" * 19 + "a" + "{9999})" * 19,
        "(a|" * 19 + "b" + ")*" * 19,
        "[a-z]{0,400}" * 40,
    ],
)
def test_slow(pattern: str) -> None:
    assert "very long" in (why_not_portable(pattern) or "")
