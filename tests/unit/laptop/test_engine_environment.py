"""The variables that `./dev env` prints and the launcher of the stand-in plugin."""

import subprocess
from importlib.metadata import version
from pathlib import Path

from laptop.engine_environment import as_shell, as_unset, common_variables, install_plugin, local_variables
from laptop.layout import Layout
from laptop.ports import Ports


def test_the_tool_chain_comes_first_on_path() -> None:
    variables = common_variables(Layout(Path("/clone")), Path("/tools"), "/usr/bin")
    assert variables["PATH"] == "/tools:/clone/.venv/bin:/usr/bin"


def test_programs_of_the_engine_keep_their_bytecode() -> None:
    variables = common_variables(Layout(Path("/clone")), Path("/tools"), "/usr/bin")
    assert variables["PYTHONDONTWRITEBYTECODE"] == ""  # what Python takes as unset


def test_local_keeps_to_the_clone() -> None:
    variables = local_variables(Layout(Path("/clone")))
    assert variables["PULUMI_HOME"] == "/clone/.local/pulumi"
    assert variables["PULUMI_BACKEND_URL"] == "file:///clone/.local/state"


def test_only_local_does_without_downloads_of_plugins() -> None:
    layout = Layout(Path("/clone"))
    name = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"
    assert name in local_variables(layout)
    assert name not in common_variables(layout, Path("/tools"), "/usr/bin")


def test_variables_of_another_environment_are_taken_back() -> None:
    printed = subprocess.run(
        ["/bin/sh", "-c", f'A=1 B=2\n{as_unset(["A", "B"])}\nprintf "%s%s" "$A" "$B"'],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed == ""


def test_shell_lines_survive_quotes_and_spaces() -> None:
    lines = as_shell({"A": "it's", "B": "two words"})
    printed = subprocess.run(
        ["/bin/sh", "-c", f'{lines}\nprintf "%s|%s" "$A" "$B"'], capture_output=True, text=True, check=True
    ).stdout
    assert printed == "it's|two words"


def test_the_plugin_stands_where_the_engine_looks(tmp_path: Path) -> None:
    install_plugin(Layout(tmp_path), Ports(8200), "s1")
    folder = tmp_path / ".local/pulumi/plugins" / f"resource-azure-native-v{version('pulumi-azure-native')}"
    launcher = folder / "pulumi-resource-azure-native"
    assert "LOCAL_AZURE_ARM=http://127.0.0.1:8200" in launcher.read_text()
    assert "LOCAL_AZURE_SUBSCRIPTION=s1" in launcher.read_text()
    assert launcher.stat().st_mode & 0o777 == 0o700


def test_another_port_makes_another_launcher(tmp_path: Path) -> None:
    install_plugin(Layout(tmp_path), Ports(8200), "s1")
    install_plugin(Layout(tmp_path), Ports(8300), "s1")
    (launcher,) = tmp_path.glob(".local/pulumi/plugins/*/pulumi-resource-azure-native")
    assert "127.0.0.1:8300" in launcher.read_text()
