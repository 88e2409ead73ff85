"""When what the stacks' states say of the local Azure is not so any more, each update looks there first: a refresh.

A file keeps it in mind, because a run may end before every stack has looked.
"""

from delivery.files import write_whole
from laptop.layout import Layout
from laptop.ports import Ports, remembered

_MARKER = "outdated"


def note(layout: Layout, ports: Ports) -> str:
    """Keep in mind what the states do not know; call before anything is started on `ports`.

    Return a sentence that says what that is, empty when nothing is outdated.
    """
    marker = layout.run / _MARKER
    if why := _why(layout, ports):
        write_whole(marker, f"{why}\n")
    return marker.read_text(encoding="utf-8").strip() if marker.is_file() else ""


def settle(layout: Layout) -> None:
    """Forget it: call when every stack has looked."""
    (layout.run / _MARKER).unlink(missing_ok=True)


def _why(layout: Layout, ports: Ports) -> str:
    if not any((layout.backend / ".pulumi" / "stacks").rglob("*.json")):
        return ""
    if not any(layout.azure.glob("*.db")):
        return "The local Azure has lost what was deployed: every stack looks there first and makes it anew."
    if remembered(layout.run) != ports:
        return "The gateway is on another port now: every stack looks at the local Azure first."
    return ""
