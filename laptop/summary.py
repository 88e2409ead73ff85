"""What `./dev local` shows at its end: where everything is, and a line to try it."""

import json
from collections.abc import Sequence

import httpx
from rich.console import Console

from delivery.smoke.call import Call


def show(
    console: Console,
    gateway_url: str,
    answered: Sequence[tuple[Call, httpx.Response | None]],
    left_over: Sequence[str],
) -> None:
    """Print the gateway's URL; for each version its operations, a key, a command to paste, its answer."""
    lines = ["", f"Gateway  {gateway_url}"]
    for call, answer in answered:
        lines += ["", str(call.deployed)]
        lines += [f"  {operation}" for operation in call.operations]
        lines += [] if call.key is None else [f"  key  {call.key}"]
        lines += ["", call.curl(), "", _told(call, answer)]
    lines += [
        f"\n{model} is still deployed, but has no folder in models/ any more. To remove it: "
        f'eval "$(./dev env local)"; cd stacks/model && pulumi destroy -s {model}.local --remove'
        for model in left_over
    ]
    lines += ["", "./dev local status shows what runs, down ends it, reset forgets its state."]
    # Lines to paste must come out as they are: no markup, no highlighting, no wrapping.
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


def _told(call: Call, answer: httpx.Response | None) -> str:
    """Return the answer, or what is missing for one."""
    if answer is not None:
        return json.dumps(answer.json())
    places = " and ".join(call.deployed.endpoints.values())
    return f"Nothing answers at {places} yet: start the model's server there, and the line above works."
