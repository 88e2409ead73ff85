"""`./dev local status`: what runs, on which ports, and where its logs are."""

from rich.console import Console

from laptop import servers
from laptop.layout import Layout
from laptop.ports import remembered
from laptop.processes import Background


def status(layout: Layout, console: Console) -> None:
    """Print a row for each server of this clone."""
    ports = remembered(layout.run)
    if ports is None:
        console.print("Nothing was started in this clone yet: `./dev local` starts everything.")
        return
    azure = servers.azure(layout)
    rows = (
        ("Azure Resource Manager", ports.arm_url, azure),
        ("Gateway", ports.gateway_url, azure),
        ("MLServer", ports.mlserver_url, servers.mlserver(layout)),
        ("MLflow", ports.mlflow_server_url, servers.mlflow_server(layout)),
    )
    for title, url, background in rows:
        log = background.log.relative_to(layout.root)
        console.print(f"{title:<24} {url:<24} {_state(background):<24} {log}", highlight=False)


def _state(background: Background) -> str:
    process = background.process()
    return "not running" if process is None else f"running (process {process.pid})"
