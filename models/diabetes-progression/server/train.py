"""Trains a regression on the diabetes data set that scikit-learn ships.

`python train.py FOLDER` writes the model to FOLDER, as MLflow saves it. It runs in the model servers' environment
(requirements/model-server.txt), never in the project's own.
"""

import sys

import mlflow.sklearn  # noqa: TID251 - this runs where MLflow is
from mlflow.models import infer_signature  # noqa: TID251 - as above
from sklearn.datasets import load_diabetes
from sklearn.ensemble import HistGradientBoostingRegressor


def main() -> None:
    """Train on ten standardized measurements of each patient; the target is a measure of progression after a year."""
    measurements, progression = load_diabetes(return_X_y=True, as_frame=True)
    model = HistGradientBoostingRegressor(max_iter=50, random_state=0).fit(measurements, progression)
    mlflow.sklearn.save_model(
        model,
        sys.argv[1],
        serialization_format=mlflow.sklearn.SERIALIZATION_FORMAT_CLOUDPICKLE,
        signature=infer_signature(measurements, model.predict(measurements)),
        # What serves it is pinned already; MLflow would start processes to find out what the model imports.
        pip_requirements=["scikit-learn"],
    )


if __name__ == "__main__":
    main()
