"""All models of a repository, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from delivery.check import folders, generated
from delivery.check.models import Checked, check_model
from delivery.check.surroundings import Surroundings
from shared.documents import DocumentError
from shared.model import description


@dataclass(frozen=True)
class Report:
    """What was found out."""

    models: tuple[Checked, ...]
    """Each model, by name."""
    environments: tuple[str, ...]
    """The environments in which they were checked, in the order of promotion."""
    problems: tuple[str, ...]
    """What is wrong beside the models: their folders, and the files that are made from them."""

    @property
    def count(self) -> int:
        """How many problems there are."""
        return len(self.problems) + sum(len(each.problems) for each in self.models)


def check(root: Path, everywhere: Mapping[str, Surroundings], today: date) -> Report:
    """Check all models of the repository in all environments, and the files that are made from them."""
    names = description.names(root)
    problems = [*folders.problems(names, root)]
    try:
        problems += generated.outdated(root, generated.texts(root, everywhere))
    except DocumentError as error:
        problems += error.problems
    checked = tuple(check_model(name, root, everywhere, today) for name in names)
    return Report(checked, tuple(everywhere), tuple(problems))
