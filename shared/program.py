"""How a stack program ends when a person made a mistake."""

from collections.abc import Iterator
from contextlib import contextmanager

import pulumi

from shared.errors import UserError
from shared.policies import PolicyError


@contextmanager
def shown_as_sentences() -> Iterator[None]:
    """Let a stack program end with the sentences of an error that a person can mend, without a traceback.

    Programs run whole within it and check before they register resources, so an error means that nothing
    changed.
    """
    try:
        yield
    except (UserError, PolicyError) as error:
        raise pulumi.RunError(str(error)) from None
