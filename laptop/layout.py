"""Where the laptop keeps what it makes: everything is below `.local/` of the clone."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Paths of one clone."""

    root: Path
    """The repository."""

    @property
    def local(self) -> Path:
        """All state of the environment `local`; `./dev local reset` removes it."""
        return self.root / ".local"

    @property
    def azure(self) -> Path:
        """State of the local Azure (SQLite)."""
        return self.local / "azure"

    @property
    def pulumi_home(self) -> Path:
        """PULUMI_HOME of the engine, with the stand-in plugin: a person's own ~/.pulumi stays as it is."""
        return self.local / "pulumi"

    @property
    def backend(self) -> Path:
        """File backend with the checkpoints of the stacks."""
        return self.local / "state"

    @property
    def checkpoints(self) -> Path:
        """Copies of the checkpoints from before the last update: see laptop.checkpoints."""
        return self.local / "checkpoints"

    @property
    def model_repository(self) -> Path:
        """What MLServer loads: one folder per model with its trained model and settings."""
        return self.local / "models"

    @property
    def mlflow_models(self) -> Path:
        """What MLflow's scoring server loads: one folder per model with the saved model."""
        return self.local / "mlflow-models"

    @property
    def logs(self) -> Path:
        """One log per process that runs in the background."""
        return self.local / "logs"

    @property
    def run(self) -> Path:
        """One record per process that runs in the background, and the ports in use."""
        return self.local / "run"

    @property
    def lock(self) -> Path:
        """Held by the one `./dev local` that may work in this clone; outside `.local/`, which reset removes."""
        return self.root / ".local.lock"
