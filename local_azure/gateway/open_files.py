"""How many connections the process may hold open at once."""

import logging
import resource

logger = logging.getLogger(__name__)

WANTED = 16_384
"""Open files: each call in progress holds two, its caller's connection and the backend's."""


def allow_connections() -> None:
    """Raise the process's limit of open files to `WANTED`, or as far as the system lets it.

    Shells start programs with 256 (macOS) or 1,024 (Linux), and a call that comes when they are used up is lost.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    reachable = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft == resource.RLIM_INFINITY or soft >= reachable:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
    except (OSError, ValueError) as error:
        logger.warning("No more than %s files can be open at once: %s", soft, error)
