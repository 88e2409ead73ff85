"""What was not said on the command line: asked for in a terminal, else told as what is missing."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.prompt import Prompt

from delivery.errors import DeliveryError


@dataclass(frozen=True)
class Question:
    """One thing that is to be known."""

    flag: str
    """The flag that says it, with its value: ``--owner E-MAIL``."""
    words: str
    """What a person is asked."""
    default: str | None = None
    """What is meant by an empty answer; None where there has to be one."""
    problem: Callable[[str], str | None] = lambda _answer: None
    """What is wrong with an answer, or None."""


def ask(console: Console, question: Question) -> str:
    """Return the answer of a person, which is asked again as long as it cannot be right."""
    while True:
        default = question.default or ""
        answer = Prompt.ask(
            question.words, console=console, default=default, show_default=bool(default)
        ).strip()
        wrong = question.problem(answer) if answer else None
        if wrong is None and (answer or question.default == ""):
            return answer
        console.print(wrong or "An answer is needed.", highlight=False, markup=False)


def refuse(missing: list[Question]) -> None:
    """Raise DeliveryError for what nobody can be asked."""
    if missing:
        flags = ", ".join(question.flag for question in missing)
        raise DeliveryError(f"Nobody can be asked here, so say more on the command line: {flags}.")
