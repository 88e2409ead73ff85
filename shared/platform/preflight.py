"""What Azure would refuse after half an hour is refused here, before anything is registered."""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi
from pydantic import JsonValue

from shared.azure.capabilities import CAPABILITIES, VirtualNetworkMode
from shared.errors import UserError
from shared.platform.settings import ServiceSettings


class PreflightError(UserError):
    """Settings ask for what the tier cannot do; one sentence a line."""


@dataclass(frozen=True)
class Preflight:
    """The service as settings describe it, beside the subnet as the foundation made it."""

    service: ServiceSettings
    """Tier, units and network."""
    subnet_purpose: JsonValue
    """What the foundation's subnet is made for; None when that is not known yet."""
    source: str
    """The file of the settings, for sentences."""

    def check(self) -> None:
        """Warn of what Azure may refuse.

        Raises PreflightError with a sentence for each thing that it would refuse.
        """
        refusals = (*self._network_refusals(), *self._unit_refusals())
        if refusals:
            raise PreflightError("\n".join(refusals))
        for warning in self._warnings():
            pulumi.log.warn(warning)

    def _unit_refusals(self) -> Iterator[str]:
        sku, units = self.service.sku, self.service.units
        most = CAPABILITIES[sku].most_units
        key = f"{self.source}: `platform:service.units` is {units}"
        if most is None:
            if units != 0:
                yield f"{key}, but {sku} scales by itself; set it to 0."
            return
        possible = "1" if most == 1 else f"1 to {most}"
        if units == 0:
            yield f"{key}, but {sku} needs at least 1 unit; set it to {possible}."
        elif units > most and CAPABILITIES[sku].most_units_is_certain:
            yield f"{key}, but {sku} has at most {most}; set it to {possible}, or choose a larger sku."

    def _network_refusals(self) -> Iterator[str]:
        sku, mode = self.service.sku, self.service.virtual_network
        if mode is VirtualNetworkMode.NONE:
            return
        networks = CAPABILITIES[sku].networks
        key = f"{self.source}: `platform:service.virtualNetwork` is {mode}"
        if mode not in networks:
            possible = " or ".join((*networks, VirtualNetworkMode.NONE))
            yield f"{key}, which {sku} cannot do; set it to {possible}, or choose another sku."
        elif self.subnet_purpose is not None and self.subnet_purpose != networks[mode]:
            reason = f"for which {sku} needs a subnet for {networks[mode]}, not for {self.subnet_purpose}"
            remedy = (
                f"set `foundation:network.subnetPurpose` to {networks[mode]} and deploy the foundation first"
            )
            yield f"{key}, {reason}; {remedy}."

    def _warnings(self) -> Iterator[str]:
        sku, units = self.service.sku, self.service.units
        most = CAPABILITIES[sku].most_units
        if most is not None and units > most:
            doubt = f"{sku} is said to have at most {most} in a region, so Azure may refuse it"
            yield f"{self.source}: `platform:service.units` is {units}; {doubt}."
