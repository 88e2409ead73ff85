"""`python scoring.py PORT FOLDER`: MLflow's scoring server for all models in a folder, on 127.0.0.1.

It runs in the model servers' environment, as a file: nothing imports it. `mlflow models serve` takes a process for each
model, which for many models takes more memory than a laptop has. Here each model is the same application
(`mlflow.pyfunc.scoring_server.init`) below its own name: `/<name>/invocations`, `/<name>/ping`.
"""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from mlflow.pyfunc import load_model  # noqa: TID251 - this runs where MLflow is
from mlflow.pyfunc.scoring_server import init  # noqa: TID251 - as above


def serve(port: int, repository: Path) -> None:
    """Load each model of the repository (`<name>/model/MLmodel`) and serve them until the process is ended."""
    application = FastAPI(openapi_url=None)
    for description in sorted(repository.glob("*/model/MLmodel")):
        application.mount(f"/{description.parent.parent.name}", init(load_model(str(description.parent))))
    uvicorn.run(application, host="127.0.0.1", port=port)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
