"""Keeps the checkpoint of a stack from before each update, and puts it back when the update left none to read.

On a full disk the engine's file backend renames over the checkpoint whatever part of the new one it could write, and
over its own backup too (gocloud.dev/blob, `WriteAll` closes the writer that failed).
"""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from delivery.files import write_whole
from delivery.recovery import await_engines, lock_folder, locks
from delivery.stacks import StackId
from laptop.errors import LaptopError
from laptop.layout import Layout

_META = (
    "version: 1\n"  # the file backend's layout; without it the engine takes the folder for one of before 2023
)


def remove_damaged(layout: Layout, report: Callable[[str], None]) -> None:
    """Remove small files that the engine writes anew or does without, and cannot read.

    Call before the first update of a run, and while no other run works on the same state: a file that an engine is
    about to write looks damaged too. `report` takes a line for what was done.
    """
    home, backend = layout.pulumi_home, layout.backend / ".pulumi"
    for file in (
        home / "credentials.json",
        *(home / "workspaces").glob("*.json"),
        # All of them, whatever they are called: the engine reads what the backend could not yet name a lock, too.
        *(backend / "locks").rglob("*"),
        *backend.rglob("*.attrs"),
    ):
        if file.is_file() and not _is_whole(file):
            report(f"removing {file.relative_to(layout.root)}, which is damaged")
            file.unlink()
    meta = backend / "meta.yaml"
    if meta.is_file() and not meta.read_bytes().startswith(b"version:"):
        report(f"mending {meta.relative_to(layout.root)}, which is damaged")
        write_whole(meta, _META)


def mend(layout: Layout, stack: StackId, report: Callable[[str], None]) -> None:
    """Make the stack's checkpoint readable; call before an update. `report` takes a line for what was done.

    A checkpoint that is put back may lack what the update made in Azure: that is an update which was cut off.
    Raises LaptopError when the checkpoint cannot be read and none is kept, or an engine still works on it.
    """
    file, kept = _checkpoint(layout, stack), _kept(layout, stack)
    if not file.is_file() or _is_whole(file, "checkpoint"):
        return
    if not await_engines(layout.backend, stack, report):
        raise LaptopError(
            f"{stack} is locked by another update: wait until it ends and run `./dev local` again."
        )
    if _is_whole(file, "checkpoint"):  # an engine that was still at work has mended it
        return
    before = _latest(kept, file.with_name(f"{file.name}.bak"))
    if not before and not kept.is_file():
        raise LaptopError(
            f"{file} is damaged, and with it what {stack} has in the local Azure: `./dev local reset` starts afresh."
        )
    for other in file.parent.glob(f"{file.name}.*"):
        other.unlink()
    if before:
        report("putting back the checkpoint from before an update that was cut off")
        write_whole(file, before)
    else:
        report("forgetting the damaged checkpoint of a first update that was cut off")
        shutil.rmtree(lock_folder(layout.backend, stack), ignore_errors=True)
        file.unlink()


def keep(layout: Layout, stack: StackId) -> None:
    """Keep the checkpoint as it is now; nothing, where the stack is new. Call before and after an update.

    What an engine that was killed was writing of it goes, once no engine has the stack's lock.
    """
    file = _checkpoint(layout, stack)
    write_whole(_kept(layout, stack), file.read_text(encoding="utf-8") if file.is_file() else "", mode=0o600)
    if not locks(layout.backend, stack):
        _remove_unfinished(layout, stack)


def _remove_unfinished(layout: Layout, stack: StackId) -> None:
    """Remove what a killed engine was about to write of `stack`: call when no engine has its lock."""
    file, home = _checkpoint(layout, stack), layout.backend / ".pulumi"
    written = [home / kind / stack.project / stack.name for kind in ("backups", "history")]
    for folder in (*written, lock_folder(layout.backend, stack)):
        for unfinished in folder.glob("*.tmp"):
            unfinished.unlink()
    for unfinished in file.parent.glob(f"{file.name}*.tmp"):
        unfinished.unlink()
    # The backend's own file, which an engine writes where it is missing: what is beside it comes from another.
    if (home / "meta.yaml").is_file():
        for unfinished in home.glob("meta.yaml*.tmp"):
            unfinished.unlink()


def _latest(*candidates: Path) -> str:
    """Return the text of the newest of these checkpoints that is whole, empty when there is none.

    The engine keeps a copy too, which is the newer one after a `pulumi up` by hand.
    """
    whole = [
        file.read_text(encoding="utf-8")
        for file in candidates
        if file.is_file() and _is_whole(file, "checkpoint")
    ]
    return max(whole, key=_written, default="")


def _written(checkpoint: str) -> datetime:
    """Return when the engine wrote a checkpoint; that of a stack without any update is the oldest."""
    latest = json.loads(checkpoint)["checkpoint"].get("latest") or {}
    moment = latest.get("manifest", {}).get("time")
    return datetime.fromisoformat(moment) if moment else datetime.min.replace(tzinfo=UTC)


def _is_whole(file: Path, *members: str) -> bool:
    """Return whether `file` is a JSON object with these members; the engine takes any other for an empty checkpoint."""
    try:
        content = json.loads(file.read_bytes())
    except ValueError:
        return False
    return isinstance(content, dict) and all(member in content for member in members)


def _checkpoint(layout: Layout, stack: StackId) -> Path:
    return layout.backend / ".pulumi" / "stacks" / stack.project / f"{stack.name}.json"


def _kept(layout: Layout, stack: StackId) -> Path:
    return layout.checkpoints / stack.project / f"{stack.name}.json"
