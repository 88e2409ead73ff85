"""Whether the stacks' states know the local Azure of this run."""

from pathlib import Path

import pytest

from laptop import outdated
from laptop.layout import Layout
from laptop.ports import Ports, remember

_SAME, _OTHER = Ports(7500), Ports(8600)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A clone in which something was deployed, with its gateway on the port after 7500."""
    layout = Layout(tmp_path)
    checkpoint = layout.backend / ".pulumi" / "stacks" / "platform" / "local.json"
    for file in (checkpoint, layout.azure / "azure.db"):
        file.parent.mkdir(parents=True)
        file.write_text("{}")
    remember(layout.run, _SAME)
    return layout


def test_what_has_not_changed_is_known(layout: Layout) -> None:
    assert outdated.note(layout, _SAME) == ""


def test_before_the_first_deployment_there_is_nothing_to_know(tmp_path: Path) -> None:
    assert outdated.note(Layout(tmp_path), _SAME) == ""


def test_another_port_is_kept_in_mind_until_every_stack_has_looked(layout: Layout) -> None:
    why = outdated.note(layout, _OTHER)
    assert why.startswith("The gateway is on another port now")
    remember(layout.run, _OTHER)
    assert outdated.note(layout, _OTHER) == why
    outdated.settle(layout)
    assert outdated.note(layout, _OTHER) == ""


def test_a_lost_database_is_kept_in_mind_until_every_stack_has_looked(layout: Layout) -> None:
    (layout.azure / "azure.db").unlink()
    why = outdated.note(layout, _SAME)
    assert why.startswith("The local Azure has lost what was deployed")
    (layout.azure / "azure.db").write_text("anew")
    assert outdated.note(layout, _SAME) == why
    outdated.settle(layout)
    assert outdated.note(layout, _SAME) == ""
