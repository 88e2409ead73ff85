"""`;rev=N` in the ids of APIs: which revision of an API is meant.

Without it the current revision is meant, with the number of the current one too
(learn.microsoft.com/azure/api-management/api-management-revisions).
"""

import re

from local_azure.arm.json_values import text
from local_azure.arm.store import Entity, Store

_MARK = ";rev="
_REVISION = re.compile(
    r"(?P<api>.*/apis/[^/;]+);rev=(?P<number>[^/]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)


def without_current_revision(path: str, store: Store) -> str:
    """Return a path or id as it is kept: `/apis/iris` for `/apis/iris;rev=1` while revision 1 is the current one."""
    found = _REVISION.fullmatch(path)
    api = store.get(found["api"]) if found else None
    if found is None or api is None or text(api.body, "properties", "apiRevision") != found["number"]:
        return path
    return found["api"] + found["rest"]


def is_revision(name: str) -> bool:
    """Tell whether this is the name of a revision that is not the current one."""
    return _MARK in name.lower()


def split(name: str) -> tuple[str, str]:
    """Return the name that the revisions of an API share, and the number: `iris` and `2` for `iris;rev=2`."""
    position = name.lower().find(_MARK)
    return (name, "") if position < 0 else (name[:position], name[position + len(_MARK) :])


def is_current(entity: Entity) -> bool:
    """Tell whether an API is a current revision, the only one that lists tell."""
    return not is_revision(entity.name)
