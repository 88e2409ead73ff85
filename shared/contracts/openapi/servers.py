"""Where the document says that the server is: its path counts, its host is that of the deployments."""

import re
from urllib.parse import urlsplit

from shared.contracts.dialect import Node
from shared.contracts.json_values import mapping
from shared.contracts.openapi.reading import Reading, text
from shared.documents import DocumentError, shown


def path_prefix(reading: Reading, *holders: Node) -> str:
    """Return the path before those of the operations, from the first of these that names servers."""
    for holder in holders:
        servers = list(reading.items(holder, "servers"))
        if not servers:
            continue
        prefixes = [_prefix(reading, server) for server in servers]
        if len(set(prefixes)) > 1:
            reading.gap(
                holder,
                ("servers",),
                f"The servers have different paths; that of the first one, {prefixes[0] or '/'}, is used for all.",
            )
        return prefixes[0]
    return ""


def _prefix(reading: Reading, server: Node) -> str:
    """Return the path of a server's URL, with the default of each variable. Raises DocumentError for no URL."""
    variables = mapping(mapping(server.contents).get("variables"))
    url = re.sub(
        r"\{([^{}]+)\}",
        lambda match: str(mapping(variables.get(match[1])).get("default", "")),
        text(server, "url"),
    )
    try:
        path = urlsplit(url).path.rstrip("/")
    except ValueError as error:
        place = reading.documents.where(server.contents, "url")
        problem = f"`{place}` is {shown(url)}, which is no URL ({error})"
        raise DocumentError([f"{reading.documents.source}: {problem}. Correct it."]) from error
    return path if not path or path.startswith("/") else f"/{path}"
