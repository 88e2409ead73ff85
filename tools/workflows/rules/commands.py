"""Rule: a step runs one command of ./dev, and gets what it needs through its environment.

What a step decides would be tested nowhere; and an expression in a script is pasted into it, so that a branch's
name could become a command (https://docs.github.com/en/actions/reference/security/secure-use).
"""

import re

from tools.workflows.documents import Document, scalar

_COMMAND = re.compile(r"\./dev [^\n;&|`$()<>]*(?:\"\$[A-Z_]+\"[^\n;&|`$()<>]*)*\n?")
_PLAIN = ("exit 1", 'echo "Approved."')


def findings(document: Document) -> list[str]:
    """Find scripts that contain an expression, and those that are more than one command of ./dev."""
    found = []
    for script in (step["run"] for step in document.steps if "run" in step):
        written, where = scalar(script), document.at(script)
        if "${{" in written:
            found.append(f"{where}: an expression in `run` is pasted into the script: pass it through `env`")
        elif written not in _PLAIN and not _COMMAND.fullmatch(written):
            found.append(
                f"{where}: `run` is more than one command of ./dev: move the logic to where it is tested"
            )
    return found
