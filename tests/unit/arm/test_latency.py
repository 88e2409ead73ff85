"""The write times of the service, imitated."""

import pytest

from local_azure.arm.latency import seconds
from tests.unit.arm.local_arm import GROUP, SERVICE, request_for

GROUP_CHILD = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("PUT", SERVICE, 60.0),
        ("DELETE", SERVICE, 30.0),
        ("PUT", f"{SERVICE}/apis/iris", 4.0),
        ("PUT", f"{SERVICE}/APIS/iris", 4.0),
        ("PUT", f"{SERVICE}/apis/iris/operations/predict", 1.5),
        ("DELETE", f"{SERVICE}/apis/iris/operations/predict", 1.5),
        ("PUT", GROUP_CHILD, 5.0),
        ("PUT", f"{GROUP}/providers/Microsoft.Insights/components/appi", 2.0),
        ("GET", SERVICE, 0.0),
        ("POST", f"{SERVICE}/subscriptions/smoke/listSecrets", 0.0),
        ("PUT", "/nowhere", 0.0),
    ],
)
def test_a_write_takes_as_long_as_its_type_and_method_say(method: str, path: str, expected: float) -> None:
    assert seconds(request_for(method, path)) == expected
