"""A statement that holds others needs a dataclass, its facts and a registration, and no other change."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from shared.azure.policy_statements import POLICY_STATEMENTS, StatementFacts
from shared.policies import (
    STATEMENTS,
    Base,
    Element,
    Expression,
    IncludeFragment,
    PolicyDocument,
    PolicyError,
    RewriteUri,
    Scope,
    SetBackendService,
    SetHeader,
    Statement,
    check,
    included_fragments,
    named_values,
    parse,
    references,
    render,
)


@dataclass(frozen=True)
class When(Element):
    """A branch."""

    element: ClassVar[str] = "when"

    condition: Expression
    body: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Choose(Statement):
    """A statement that flows."""

    element: ClassVar[str] = "choose"

    branches: tuple[When, ...] = ()


@pytest.fixture
def _choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(dict_of_statements(), "choose", Choose)
    monkeypatch.setitem(dict_of_facts(), "choose", StatementFacts("learn.microsoft.com/choose-policy"))


def dict_of_statements() -> dict[str, type[Statement]]:
    """Return the registry as the dictionary it is."""
    assert isinstance(STATEMENTS, dict)
    return STATEMENTS


def dict_of_facts() -> dict[str, StatementFacts]:
    """Return the facts as the dictionary they are."""
    assert isinstance(POLICY_STATEMENTS, dict)
    return POLICY_STATEMENTS


def chosen(*statements: Statement) -> PolicyDocument:
    """Return a document that runs the statements in a branch."""
    return PolicyDocument(inbound=(Choose((When(Expression('a == "b"'), statements),)),))


def test_every_statement_has_facts() -> None:
    assert STATEMENTS.keys() == POLICY_STATEMENTS.keys()


@pytest.mark.usefixtures("_choose")
def test_nested_statements_read_back() -> None:
    document = chosen(Base(), SetHeader("x", values=("1",)), *(chosen(RewriteUri("/v2")).inbound or ()))
    assert parse(render(document)) == document


@pytest.mark.usefixtures("_choose")
def test_nested_statements_are_checked() -> None:
    with pytest.raises(PolicyError, match="<set-backend-service> needs one of"):
        check(chosen(SetBackendService()), Scope.API)


@pytest.mark.usefixtures("_choose")
def test_named_values_and_backends_are_found_in_nested_statements() -> None:
    document = chosen(SetBackendService(backend_id="iris"), SetHeader("x", values=("{{secret}}",)))
    assert references(document) == {"iris"}
    assert named_values(document) == {"secret"}


@pytest.mark.usefixtures("_choose")
def test_a_fragment_takes_its_place_among_nested_statements() -> None:
    document = chosen(Base(), IncludeFragment("v2"))
    assert included_fragments(document) == {"v2"}
    fragments = {"v2": '<fragment><rewrite-uri template="/v2" /></fragment>'}
    assert parse(render(document), fragments=fragments) == chosen(Base(), RewriteUri("/v2"))


@pytest.mark.usefixtures("_choose")
def test_an_unknown_nested_statement_is_refused_with_its_line() -> None:
    xml = '<policies><inbound><choose><when condition="@(a)">\n<based /></when></choose></inbound></policies>'
    with pytest.raises(
        PolicyError, match="<based> in <when> is not a statement known here: did you mean base"
    ) as refusal:
        parse(xml)
    assert refusal.value.line == 2
