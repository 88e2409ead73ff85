"""The ports of the laptop: consecutive, free, remembered."""

import socket
from pathlib import Path

import pytest

from laptop.errors import LaptopError
from laptop.ports import Ports, remember, remembered, require_free


def test_ports_follow_each_other_from_the_base() -> None:
    ports = Ports(8000)
    assert (ports.arm, ports.gateway, ports.mlserver) == (8000, 8001, 8002)
    assert ports.mlflow_server == 8005
    assert list(ports.named()) == [8000, 8001, 8002, 8003, 8004, 8005]


@pytest.mark.parametrize("base", [0, 80, 65531, 70000])
def test_a_base_that_leaves_no_room_is_refused(base: int) -> None:
    with pytest.raises(LaptopError, match=f"--port {base}: .* between 1024 and 65530"):
        Ports(base)


def test_a_port_in_use_is_named_with_its_user_and_a_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LaptopError) as caught:
            require_free({port: "the gateway"})
    assert f"Port {port} (the gateway) is in use by `" in str(caught.value)
    assert "./dev local --port" in str(caught.value)


def test_a_free_port_passes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    require_free({port: "the gateway"})


def test_ports_are_remembered(tmp_path: Path) -> None:
    assert remembered(tmp_path) is None
    remember(tmp_path, Ports(8100))
    assert remembered(tmp_path) == Ports(8100)


def test_a_damaged_record_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{")
    with pytest.raises(LaptopError, match=r"ports\.json is damaged: remove it"):
        remembered(tmp_path)
