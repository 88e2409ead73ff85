"""`./dev local down` and `reset`: end what runs in the background, and forget its state."""

import shutil

from rich.console import Console

from laptop import servers
from laptop.layout import Layout
from laptop.locking import only_one


def down(layout: Layout, console: Console) -> None:
    """End the model servers and the local Azure. Their state stays: the next `./dev local` finds it."""
    with only_one(layout, console.print):
        _end(layout, console)


def reset(layout: Layout, console: Console) -> None:
    """End everything and remove `.local/`: deployed resources, checkpoints, trained models, logs."""
    with only_one(layout, console.print):
        _end(layout, console)
        # Renamed first: an interruption leaves either the whole state or none under its name.
        doomed = layout.local.with_name(".local-removing")
        shutil.rmtree(doomed, ignore_errors=True)
        if layout.local.exists():
            layout.local.rename(doomed)
            shutil.rmtree(doomed)
        for stack_file in (layout.root / "stacks" / "model").glob("Pulumi.*.local.yaml"):
            stack_file.unlink()
        console.print("State of the local environment: removed.")


def _end(layout: Layout, console: Console) -> None:
    for title, background in (
        ("MLServer", servers.mlserver(layout)),
        ("MLflow", servers.mlflow_server(layout)),
        ("Local Azure", servers.azure(layout)),
    ):
        console.print(f"{title}: {'ended' if background.stop() else 'was not running'}.")
