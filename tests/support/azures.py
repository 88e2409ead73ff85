"""A company of three environments on one machine: a copy of the repository, and a local Azure for each of them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

from pydantic import JsonValue

from benchmarks.ports import free_block
from benchmarks.scratch import copy_repository
from laptop.arm import Arm
from laptop.engine_environment import LOCAL_PASSPHRASE, write_plugin
from laptop.ports import Ports
from shared import environments
from shared.platform.headers import BACKEND_SECRET
from tests.support.serving import await_served, serve_command

NAMES = ("dev", "staging", "prod")
_AUTHOR = ("-c", "user.name=Tests", "-c", "user.email=tests@contoso.example")


@dataclass(frozen=True)
class Played:
    """An environment that a local Azure plays."""

    name: str
    home: Path
    """Its PULUMI_HOME, whose stand-in plugin talks to its own local Azure."""
    backend: Path
    """Its file backend."""
    azure: Path
    """Where its local Azure keeps its state."""
    ports: Ports

    @property
    def login(self) -> dict[str, str]:
        """The variables that somebody has who is logged in."""
        return {
            "PULUMI_HOME": str(self.home),
            "PULUMI_CONFIG_PASSPHRASE": LOCAL_PASSPHRASE,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "MODEL_GATEWAY_MANAGEMENT_URL": self.ports.arm_url,
        }


@dataclass(frozen=True)
class Company:
    """A copy of the repository under git, whose environments local Azures play."""

    root: Path
    played: Mapping[str, Played]

    def dev(self, *arguments: str, env: str, timeout: float = 280) -> CompletedProcess[str]:
        """Run a command of `./dev`, as somebody who is logged in to the environment `env`."""
        with self.started(*arguments, env=env) as process:
            printed, told = process.communicate(timeout=timeout)
        return CompletedProcess(process.args, process.returncode, printed, told)

    @contextmanager
    def started(self, *arguments: str, env: str) -> "Iterator[subprocess.Popen[str]]":
        """Start a command of `./dev` in a session of its own; it is over when the body is."""
        process = subprocess.Popen(
            [sys.executable, "-m", "laptop.delivering", *arguments],
            cwd=self.root,
            env=self.variables(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def deploy(self, env: str) -> None:
        """Bring everything to an environment for the first time, and do between what an operator does once."""
        done = self.dev("up", "--env", env, "--layer", "foundation", env=env)
        assert done.returncode == 0, done.stdout + done.stderr
        vault = self.outputs("foundation", env, env=env)["vault_id"]
        Arm(self.played[env].ports.arm_url).ensure_secret(str(vault), BACKEND_SECRET)
        done = self.dev("up", "--env", env, env=env)
        assert done.returncode == 0, done.stdout + done.stderr

    def outputs(self, project: str, stack: str, *, env: str) -> dict[str, JsonValue]:
        """Return the outputs of a stack, as its checkpoint has them."""
        file = self.played[env].backend / ".pulumi" / "stacks" / project / f"{stack}.json"
        resources = json.loads(file.read_text(encoding="utf-8"))["checkpoint"]["latest"]["resources"]
        found: dict[str, JsonValue] = resources[0]["outputs"]
        return found

    def tags(self, project: str, stack: str, *, env: str) -> dict[str, str]:
        """Return the tags of a stack."""
        file = self.played[env].backend / ".pulumi" / "stacks" / project / f"{stack}.pulumi-tags"
        found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))["tags"]
        return found

    def variables(self, env: str) -> dict[str, str]:
        """Return the process environment of somebody who is logged in to the environment `env`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        return {**kept, **self.played[env].login, "PYTHONPATH": str(self.root)}

    def git(self, *arguments: str) -> str:
        """Run git in the copy; return what it printed."""
        command = ["git", *_AUTHOR, *arguments]
        return subprocess.run(
            command, cwd=self.root, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, subject: str) -> str:
        """Commit everything; return the revision."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", subject)
        return self.git("rev-parse", "HEAD")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text of a file, which must be there."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} does not hold {old!r}"
        file.write_text(text.replace(old, new), encoding="utf-8")


@contextmanager
def founded(folder: Path, names: Sequence[str] = NAMES, *, options: Sequence[str] = ()) -> Iterator[Company]:
    """Give a company in `folder` whose local Azures, started with `options`, are ended with the body."""
    root = copy_repository(folder / "repository").root
    company = Company(root, {name: _settle(root, folder, name) for name in names})
    company.git("init", "--quiet", "--initial-branch=main")
    company.commit("Begin")
    servers = [_serve(played, folder, options) for played in company.played.values()]
    try:
        for played, server in zip(company.played.values(), servers, strict=True):
            await_served(played.ports.arm_url, partial(_is_over, server))
        yield company
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(timeout=30)


def _serve(played: Played, folder: Path, options: Sequence[str]) -> "subprocess.Popen[bytes]":
    command = serve_command(played.ports.base, played.azure, *options)
    with (folder / f"{played.name}.log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)


def _is_over(process: "subprocess.Popen[bytes]") -> bool:
    return process.poll() is not None


def _settle(root: Path, folder: Path, name: str) -> Played:
    """Let the environment keep its state in a folder, with the passphrase of `local`, and reach its local Azure."""
    home, backend, azure = (folder / place / name for place in ("homes", "state", "azure"))
    played = Played(name, home, backend, azure, Ports(free_block()))
    played.backend.mkdir(parents=True)
    salt = f"encryptionsalt: {environments.load('local', root).encryptionsalt}"
    described = root / "environments" / f"{name}.yaml"
    _replace_line(described, "backend", f"backend: file://{played.backend}")
    _replace_line(described, "secretsprovider", f"secretsprovider: passphrase\n{salt}\ntransport: loopback")
    for project in ("foundation", "platform"):
        _replace_line(root / "stacks" / project / f"Pulumi.{name}.yaml", "secretsprovider", salt)
    subscription = environments.load(name, root).azure.subscription_id
    write_plugin(played.home, root, played.ports.arm_url, subscription)
    return played


def _replace_line(file: Path, key: str, line: str) -> None:
    text, count = re.subn(rf"(?m)^{key}: .*$", line, file.read_text(encoding="utf-8"))
    assert count == 1, f"{file} has not one line {key}"
    file.write_text(text, encoding="utf-8")
